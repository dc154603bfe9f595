"""An engine on SQLite and on PostgreSQL, with Ada in it and a mailer that keeps what it sends."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock

import pytest

from course_engine.config import read_config
from course_engine.domain.people import Person
from course_engine.domain.work import Letter
from course_engine.engine import Engine, open_engine
from course_engine.services import people
from course_engine.storage.database import open_database
from course_engine.storage.migrate import migrate
from tests.tools.copies import Copies
from tests.tools.servers import Postgres

NOW = datetime(2026, 3, 2, 9, 30, 15, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that goes on when it is told to."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def go_on(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Box:
    """A mailer that keeps letters; one to an address in `refuses` it does not take."""

    letters: list[Letter] = field(default_factory=list)
    refuses: frozenset[str] = frozenset()
    lock: Lock = field(default_factory=Lock)

    def send(self, letter: Letter) -> None:
        if letter.to in self.refuses:
            raise ValueError(f"{letter.to} is no address")
        with self.lock:
            self.letters.append(letter)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("jobs") / "site.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_copies(postgres: Postgres) -> Iterator[Copies]:
    url = postgres.fresh()
    _migrate(url)
    with closing(Copies(postgres, url.rpartition("/")[2])) as copies:
        yield copies


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty site, migrated."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "site.db")
        yield f"sqlite:///{tmp_path / 'site.db'}"
        return
    copies: Copies = request.getfixturevalue("migrated_copies")
    with copies.lent() as url:
        yield url


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def engine(url: str, tmp_path: Path, box: Box) -> Iterator[Engine]:
    config = read_config({}, env="development", data=str(tmp_path), database_url=url)
    opened = replace(open_engine(config), mailer=box)
    yield opened
    opened.close()


@pytest.fixture
def ada(engine: Engine) -> Person:
    return people.add(engine, "Ada", "ada@example.org", "a quiet morning by the lake", NOW)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def _migrate(url: str) -> None:
    database = open_database(url)
    migrate(database)
    database.close()
