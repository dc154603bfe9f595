"""What an installer is told about a site: what is configured, what is missing, what is unsafe."""

import json
import os
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from course_engine.crypto import new_data_key, new_token
from course_engine.domain.errors import Unavailable
from course_engine.engine import Engine
from course_engine.rendering import pdf
from course_engine.services import demo, editions, people
from course_engine.services.backups import LEDGER
from tests.cast import BREAD, COURSES, PASSWORD, Clock
from tests.cli.conftest import Terminal

Told = list[tuple[str, str, str]]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the small course is shipped; to read the large one takes seconds."""
    monkeypatch.setattr(editions, "MODULES", COURSES / BREAD)


@pytest.fixture
def prints(monkeypatch: pytest.MonkeyPatch) -> None:
    """Printing works, without a document being made."""
    monkeypatch.setattr(pdf, "missing_libraries", list)


def doctor(terminal: Terminal, code: int, **settings: str) -> Told:
    """What is said of each part, with the exit code that goes with it."""
    result = terminal.type("doctor", "--json", **settings)
    assert result.exit_code == code, result.output
    assert len(result.stderr.splitlines()) == code
    return [(row["part"], row["state"], row["what"]) for row in json.loads(result.stdout)]


def of(told: Told, *states: str) -> str:
    return "\n".join(f"{part}: {what}" for part, state, what in told if state in states)


def production(**more: str) -> dict[str, str]:
    return {
        "ENV": "production",
        "SECRET_KEY": new_token(),
        "SIGNING_KEY": new_token(),
        "DATA_KEYS": new_data_key(),
        "BASE_URL": "https://course.example.org",
        "PROXY_HOPS": "1",
        **more,
    }


def test_a_site_that_stands_is_told_so_and_what_could_be_better(at_home: Terminal, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    settings = production()
    told = doctor(at_home, 0, **settings)

    assert {part for part, state, _what in told if state == "configured"} == {
        "site", "keys", "data", "jobs", "printing", "courses", "database",
    }  # fmt: skip
    assert of(told, "missing", "unsafe") == ""
    assert "No mail server" in of(told, "advice")
    assert "No backup" in of(told, "advice")
    shown = at_home.does("doctor", **settings)
    assert shown.splitlines()[0].split() == ["part", "state", "what"]
    assert not any(settings[name] in shown for name in ("SECRET_KEY", "SIGNING_KEY", "DATA_KEYS"))


def test_every_setting_that_is_missing_is_named_at_once(bare: Terminal) -> None:
    missing = of(doctor(bare, 1, ENV="production", PAPER="a3"), "missing")

    for name in ("SECRET_KEY", "SIGNING_KEY", "DATA_KEYS", "BASE_URL", "PAPER"):
        assert f"COURSE_ENGINE_{name} is" in missing


@pytest.mark.usefixtures("prints")
def test_what_is_unsafe_is_named_with_what_mends_it(at_home: Terminal, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    key = new_token()
    file = tmp_path / "site.env"
    file.write_text("COURSE_ENGINE_PAPER=letter\n", encoding="utf-8")
    file.chmod(0o644)
    plain = production(BASE_URL="http://course.example.org", SECRET_KEY=key, SIGNING_KEY=key)

    unsafe = of(doctor(at_home, 1, **plain, CONFIG=str(file)), "unsafe")
    for words in (
        "without encryption",
        "Two keys are the same",
        f"chmod 700 {tmp_path}",
        f"chmod 600 {file}",
    ):
        assert words in unsafe
    assert "PROXY_HOPS is 0" in of(doctor(at_home, 1, **production(PROXY_HOPS="0")), "unsafe")


def test_a_machine_that_cannot_print_is_told_what_to_install(
    at_home: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> list[str]:
        raise Unavailable("No child answers.")

    tmp_path.chmod(0o700)
    monkeypatch.setattr(pdf, "missing_libraries", broken)
    missing = of(doctor(at_home, 1), "missing")
    assert "apt-get install -y --no-install-recommends libpango-1.0-0" in missing

    monkeypatch.setattr(pdf, "missing_libraries", lambda: ["A library makes it faster."])
    assert "printing: A library makes it faster." in of(doctor(at_home, 0), "advice")


@pytest.mark.usefixtures("prints")
def test_a_demo_that_would_be_run_in_production_is_unsafe(
    terminal: Terminal, engine: Engine, tmp_path: Path, clock: Clock
) -> None:
    tmp_path.chmod(0o700)
    assert "is a demo" not in of(doctor(terminal, 0, **production()), "unsafe")
    people.add(engine, "Dov", demo.ADMIN, PASSWORD, clock())
    assert "This database is a demo" in of(doctor(terminal, 1, **production()), "unsafe")


@pytest.mark.usefixtures("prints")
def test_a_server_that_does_not_answer_is_missing(at_home: Terminal, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        servers = {
            "MAIL_URL": f"smtp://name:canary@127.0.0.1:{port}",
            "REDIS_URL": f"redis://:canary@127.0.0.1:{port}/0",
        }
        told = doctor(at_home, 0, **servers)
    assert of(told, "configured").count(f"There is an answer at 127.0.0.1, port {port}.") == 2

    told = doctor(at_home, 1, **servers)
    assert of(told, "missing").count(f"Nobody answers at 127.0.0.1, port {port}.") == 2
    assert "canary" not in str(told)

    told = doctor(at_home, 1, MAIL_URL="smtp://mail..example.org")
    assert "Nobody answers at mail..example.org, port 587." in of(told, "missing")


@pytest.mark.usefixtures("prints")
def test_a_database_behind_or_away_is_missing(bare: Terminal, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    assert "database: There is no database of this site yet" in of(doctor(bare, 1), "missing")
    away = doctor(bare, 1, DATABASE_URL="postgresql://nobody@127.0.0.1:1/nowhere")
    assert "database: The database does not answer" in of(away, "missing")
    assert "Connection refused" in of(away, "missing")
    behind = f"sqlite:///{tmp_path / 'nowhere' / 'site.db'}"
    assert "(unable to open database file)" in of(doctor(bare, 1, DATABASE_URL=behind), "missing")
    (tmp_path / "photograph").write_bytes(b"no database" * 500)
    told = doctor(bare, 1, DATABASE_URL=f"sqlite:///{tmp_path / 'photograph'}")
    assert "database: The database file is damaged" in of(told, "missing")


@pytest.mark.usefixtures("prints")
def test_a_copy_from_before_an_update_is_named_with_its_last_day(at_home: Terminal, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    folder = tmp_path / "backups"
    folder.mkdir(exist_ok=True)
    copy = folder / "before-0002_access-20260317183000000000.db"
    copy.touch()
    made = datetime(2026, 3, 17, tzinfo=UTC).timestamp()
    os.utime(copy, (made, made))

    told = of(doctor(at_home, 0), "advice")

    assert f"data: {copy} is a copy from before an update" in told
    assert "deleted on 2026-04-16" in told


@pytest.mark.usefixtures("prints")
def test_a_course_with_faults_and_a_ledger_that_is_gone_are_missing(
    at_home: Terminal, tmp_path: Path
) -> None:
    tmp_path.chmod(0o700)
    broken = COURSES / "broken-times"
    told = doctor(at_home, 1, COURSES=str(broken))
    assert f"course-engine check {broken}" in of(told, "missing")

    at_home.does("backup", "site.backup")
    assert "ledger" not in of(doctor(at_home, 0), "missing")
    (tmp_path / LEDGER).unlink()
    assert "The ledger of erased people is gone" in of(doctor(at_home, 1), "missing")


@pytest.mark.parametrize("words", [["doctor", "now"], ["doctor", "--all"]])
def test_doctor_takes_no_words(bare: Terminal, words: list[str]) -> None:
    assert "Usage: course-engine doctor" in bare.misused(*words)
