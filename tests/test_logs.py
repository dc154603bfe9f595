"""What the program says of itself never tells what people wrote or keep secret."""

import json
import logging
from collections.abc import Iterator

import pytest

from course_engine import logs


@pytest.fixture(autouse=True)
def _no_request() -> Iterator[None]:
    token = logs.request.set("")
    yield
    logs.request.reset(token)


@pytest.mark.parametrize(
    "field", ["journal", "text", "password", "token", "email", "answers", "note", "Email"]
)
def test_a_field_that_could_hold_something_private_is_left_out(field: str) -> None:
    line = logs.JsonLine().format(_record("kept", None, **{field: "what Ada wrote", "job": "j1"}))

    assert "what Ada wrote" not in line
    assert json.loads(line)["job"] == "j1"


def test_a_line_says_when_how_grave_where_and_in_which_request() -> None:
    logs.request.set("r1")

    line = json.loads(logs.JsonLine().format(_record("letter not sent", tries=2)))

    assert line["at"].endswith("+00:00")
    assert {name: line[name] for name in ("level", "logger", "event", "request", "tries")} == {
        "level": "warning", "logger": "course_engine.test", "event": "letter not sent", "request": "r1",
        "tries": 2,
    }  # fmt: skip


def test_the_secret_of_a_link_is_cut_out_of_its_path() -> None:
    secret = "Zm9yIHlvdXIgZXllcyBvbmx5LCBBZGE"

    line = logs.PlainLine().format(_record("a page did not work", path=f"/reset/{secret}"))

    assert line == "warning: a page did not work path=/reset/…"


def test_what_a_database_quotes_is_left_out_of_a_trace() -> None:
    fault = ValueError("duplicate key value\nDETAIL: Key (email)=(ada@example.org) already exists.")
    try:
        try:
            raise fault
        except ValueError as error:
            raise RuntimeError("The page did not work.") from error
    except RuntimeError as error:
        line = logs.PlainLine().format(_record("a page did not work", error=error))

    assert "ada@example.org" not in line
    assert line.index("RuntimeError: The page did not work.") < line.index("ValueError: duplicate key value")
    assert "test_logs.py" in line


def test_a_site_says_what_it_is_told_to_and_its_libraries_only_what_is_wrong() -> None:
    settings = logs.settings("info", as_json=True)

    assert settings["root"] == {"handlers": ["stderr"], "level": "WARNING"}
    assert settings["loggers"]["course_engine"] == {"level": "INFO"}  # type: ignore[index]


def _record(event: str, error: BaseException | None = None, **extra: object) -> logging.LogRecord:
    trace = (type(error), error, error.__traceback__) if error else None
    logger = logging.getLogger("course_engine.test")
    return logger.makeRecord(logger.name, logging.WARNING, "x.py", 1, event, (), trace, extra=extra)
