"""What the program says of itself: a line of JSON on stderr in production, a short line elsewhere.

Lines carry ids, kinds and counts. Fields that could hold what people wrote or keep secret are left out
here, whoever tries to log them, and so is whatever a message of an exception says below its first line.
"""

import json
import logging
import logging.config
import re
import traceback
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime

LEFT_OUT = frozenset(
    {
        "address", "answer", "answers", "body", "code", "cookie", "data", "email", "entry", "form", "journal",
        "key", "name", "note", "password", "recipient", "secret", "subject", "text", "to",
        "token", "value", "values", "word", "words",
    }
)  # fmt: skip
request: ContextVar[str] = ContextVar("request", default="")
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_SECRET_PART = re.compile(r"(?<=/)[^/?]{20,}")
_LONGEST = 300


def configure(level: str, *, as_json: bool) -> None:
    """Set up logging for this process."""
    logging.config.dictConfig(settings(level, as_json=as_json))


def settings(level: str, *, as_json: bool) -> dict[str, object]:
    """The same as `logging.config` reads it, for a server that sets logging up in its own processes."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": JsonLine if as_json else PlainLine}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "course_engine": {"level": level.upper()},
            "_granian": {"level": "WARNING"},
            "huey": {"level": "WARNING"},
        },
    }


class JsonLine(logging.Formatter):
    """One record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(said(record), ensure_ascii=False, default=str)


class PlainLine(logging.Formatter):
    """One record as a short line to read, its traceback below."""

    def format(self, record: logging.LogRecord) -> str:
        line = said(record)
        del line["at"], line["logger"]
        level, event, trace = line.pop("level"), line.pop("event"), line.pop("trace", "")
        more = " ".join(f"{name}={value}" for name, value in line.items())
        return "\n".join(filter(None, [f"{level}: {event} {more}".rstrip(), str(trace)]))


def said(record: logging.LogRecord) -> dict[str, object]:
    """What a line says: when, how grave, where, what, in which request, and the fields that may be said."""
    line: dict[str, object] = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "event": record.getMessage(),
    }
    if number := request.get():
        line["request"] = number
    line.update(_allowed(vars(record)))
    if record.exc_info and record.exc_info[1] is not None:
        line["trace"] = _trace(record.exc_info[1])
    return line


def _allowed(fields: Mapping[str, object]) -> dict[str, object]:
    extra = {
        name: value for name, value in fields.items() if name not in _OWN and name.lower() not in LEFT_OUT
    }
    if "path" in extra:
        # The secret of a link stands in its path.
        extra["path"] = _SECRET_PART.sub("…", str(extra["path"]))
    return extra


def _trace(error: BaseException) -> str:
    """The way to an exception and its causes; of what they say only the first line, for the database
    quotes values in those below."""
    parts = []
    seen: BaseException | None = error
    while seen is not None:
        first = str(seen).split("\n", 1)[0][:_LONGEST]
        parts.append("".join(traceback.format_tb(seen.__traceback__)) + f"{type(seen).__qualname__}: {first}")
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return "\nThat came from this:\n".join(parts)
