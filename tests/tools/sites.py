"""The database of one site for a test, with the small course in it: in SQLite or in PostgreSQL."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from course_engine.engine import open_engine
from course_engine.services import editions
from course_engine.storage.migrate import migrate
from tests.cast import BREAD, COURSES, config_for
from tests.make import MONDAY
from tests.tools.copies import Copies
from tests.tools.servers import Postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def site_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The database of one site, with the small course in it."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("published_file"), tmp_path / "site.db")
        yield f"sqlite:///{tmp_path / 'site.db'}"
        return
    copies: Copies = request.getfixturevalue("published_copies")
    with copies.lent() as url:
        yield url


@pytest.fixture(scope="session")
def published_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file with the small course in it, to be copied."""
    path = tmp_path_factory.mktemp("published") / "site.db"
    _publish(f"sqlite:///{path}", path.parent)
    return path


@pytest.fixture(scope="session")
def published_copies(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copies]:
    """Copies of a PostgreSQL database that is the same."""
    url = postgres.fresh()
    _publish(url, tmp_path_factory.mktemp("published"))
    with closing(Copies(postgres, url.rpartition("/")[2])) as copies:
        yield copies


def _publish(url: str, data: Path) -> None:
    engine = open_engine(config_for(data, url))
    migrate(engine.database)
    editions.publish(engine, COURSES / BREAD, MONDAY)
    engine.close()
