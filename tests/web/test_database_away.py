"""The database busy, gone or without room: a clear answer, words given back, and all well afterwards."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from html import unescape
from pathlib import Path

import psycopg
import pytest

from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.services import writings
from course_engine.storage import connections, tables
from tests.cast import Browser
from tests.tools.servers import Postgres

As = Callable[[Person], Browser]
WORDS = "The heron came back this morning, and I was there."


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait a moment only, so that the test does too."""
    monkeypatch.setattr(connections, "PATIENCE", 0.3)


@pytest.fixture
def hurried(impatient: None, engine: Engine) -> Engine:
    """The site, its connections opened anew with less patience."""
    if engine.database.is_sqlite:
        engine.database.peewee.run("PRAGMA busy_timeout = 300")
    else:
        engine.database.peewee.run("SET lock_timeout = '300ms'")
    return engine


def test_words_come_back_while_the_database_is_busy_and_are_kept_afterwards(
    hurried: Engine, ada: Person, run: Run, as_: As
) -> None:
    browser = as_(ada)
    with _busy(hurried):
        answer = browser.fill("/journal", text=WORDS)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert WORDS in unescape(answer.text)

    assert browser.fill("/journal", text=WORDS).status_code == 303
    assert [one.text for one in writings.entries(hurried, ada)] == [WORDS]


def test_a_full_disk_refuses_kindly_keeps_reading_and_heals(
    engine: Engine, ada: Person, run: Run, as_: As
) -> None:
    browser = as_(ada)
    with _full(engine):
        answer = browser.fill("/journal", text=WORDS * 400)
        today = browser.get("/today")

    assert answer.status_code == 503
    assert "Retry-After" in answer.headers
    assert WORDS in unescape(answer.text)
    assert today.status_code == 200
    assert writings.entries(engine, ada) == []
    assert browser.fill("/journal", text=WORDS).status_code == 303


def test_pages_say_so_while_the_database_is_gone_and_work_when_it_is_back(
    engine: Engine, ada: Person, run: Run, as_: As, postgres: Postgres
) -> None:
    browser = as_(ada)
    assert browser.get("/today").status_code == 200
    with _gone(engine, postgres):
        page, sent, ready = (
            browser.get("/today"),
            browser.fill("/journal", text=WORDS),
            browser.get("/readyz"),
        )
        assert browser.get("/healthz").status_code == 200
        assert browser.get("/steady").status_code == 200

    assert (page.status_code, sent.status_code, ready.status_code) == (503, 503, 503)
    assert "Retry-After" in page.headers
    assert WORDS in unescape(sent.text)
    assert "Send it once more" in sent.text
    assert "site.css" in sent.text
    assert browser.get("/today").status_code == 200
    assert browser.get("/readyz").status_code == 200


def test_a_form_with_an_old_token_gives_words_back_while_the_database_is_gone(
    engine: Engine, ada: Person, run: Run, as_: As, postgres: Postgres
) -> None:
    browser = as_(ada)
    with _gone(engine, postgres):
        answer = browser.post("/journal", data={"text": WORDS, "csrf_token": "too old"})

    assert answer.status_code == 400
    assert WORDS in unescape(answer.text)


@pytest.mark.parametrize("path", ["/weeks/1", "/steps/what-lives"])
def test_reading_goes_on_while_nothing_can_be_written(
    hurried: Engine, ada: Person, run: Run, as_: As, path: str
) -> None:
    with hurried.database.transaction():
        tables.WeekMark.delete().execute()
    browser = as_(ada)
    with _busy(hurried):
        assert browser.get(path).status_code == 200


@contextmanager
def _busy(engine: Engine) -> Iterator[None]:
    """Someone else is writing, and does not end."""
    if engine.database.is_sqlite:
        with closing(sqlite3.connect(_file(engine), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
        return
    with psycopg.connect(engine.config.database_url) as other:
        other.execute("LOCK TABLE journal, week_mark IN EXCLUSIVE MODE")
        yield
        other.rollback()


@contextmanager
def _full(engine: Engine) -> Iterator[None]:
    """The journal finds no room on the disk."""
    inner = engine.database.peewee
    if engine.database.is_sqlite:
        pages = inner.fetch("PRAGMA page_count")[0][0]
        inner.run(f"PRAGMA max_page_count = {pages}")
        yield
        inner.run("PRAGMA max_page_count = 1073741823")
        return
    inner.run(
        "CREATE FUNCTION no_room() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'could not extend file: "
        "No space left on device' USING ERRCODE = '53100'; END $$ LANGUAGE plpgsql"
    )
    inner.run("CREATE TRIGGER full_disk BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION no_room()")
    yield
    inner.run("DROP TRIGGER full_disk ON journal")


@contextmanager
def _gone(engine: Engine, postgres: Postgres) -> Iterator[None]:
    """No connection works any more, and no new one can be made."""
    if engine.database.is_sqlite:
        engine.database.peewee.close_everything()
        file = _file(engine)
        away = file.rename(file.with_suffix(".away"))
        file.mkdir()
        yield
        file.rmdir()
        away.rename(file)
        return
    name = engine.config.database_url.rpartition("/")[2]
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as admin:
        admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'.encode())
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        yield
        admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'.encode())


def _file(engine: Engine) -> Path:
    return Path(engine.config.database_url.removeprefix("sqlite:///"))
