"""An open, migrated database for each test, on SQLite and on PostgreSQL; and a site with Ada in it."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from course_engine.storage.database import Database, open_database
from course_engine.storage.migrate import migrate
from tests.tools import scratch
from tests.tools.copies import Copies

_BIN = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]


@dataclass(frozen=True)
class Cluster:
    """A PostgreSQL server of our own, reached by a socket in its folder."""

    folder: Path

    def start(self) -> None:
        options = f"-c listen_addresses= -k {self.folder} -c fsync=off"
        self._run(
            "pg_ctl", "-D", f"{self.folder}/data", "-o", options, "-w", "-l", f"{self.folder}/log", "start"
        )

    def stop(self, mode: str = "immediate") -> None:
        self._run("pg_ctl", "-D", f"{self.folder}/data", "-m", mode, "-w", "stop")

    def url(self, name: str = "postgres") -> str:
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def sql(self, statement: str) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement.encode())

    def fresh(self, template: str) -> str:
        name = f"site_{uuid4().hex[:12]}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def drop(self, url: str) -> None:
        self.sql(f"DROP DATABASE {conninfo_to_dict(url)['dbname']} WITH (FORCE)")

    def pause(self, pid: int) -> None:
        os.kill(pid, signal.SIGSTOP)

    def resume(self, pid: int) -> None:
        os.kill(pid, signal.SIGCONT)

    def make(self) -> None:
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
        self._run("initdb", "-D", f"{self.folder}/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N")

    def _run(self, program: str, *arguments: str) -> None:
        as_postgres = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        before = as_postgres if os.geteuid() == 0 else []
        subprocess.run(
            [*before, str(_BIN / program), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
        )


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    yield from _cluster()


@pytest.fixture
def own_postgres() -> Iterator[Cluster]:
    """A server that a test may stop."""
    yield from _cluster()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "site.db"
    database = open_database(f"sqlite:///{path}")
    migrate(database)
    database.close()
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres: Cluster) -> Cluster:
    postgres.sql("CREATE DATABASE migrated")
    database = open_database(postgres.url("migrated"))
    migrate(database)
    database.close()
    return postgres


@pytest.fixture(scope="session")
def migrated_copies(migrated_postgres: Cluster) -> Iterator[Copies]:
    with closing(Copies(migrated_postgres, "migrated")) as copies:
        yield copies


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty site, migrated."""
    if request.param == "sqlite":
        path = tmp_path / "site.db"
        shutil.copy(request.getfixturevalue("migrated_file"), path)
        yield f"sqlite:///{path}"
        return
    copies: Copies = request.getfixturevalue("migrated_copies")
    with copies.lent() as url:
        yield url


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = open_database(url)
    yield opened
    opened.close()


def _cluster() -> Iterator[Cluster]:
    # Short, because the path of a socket may not be long.
    folder = scratch.folder() / f"ce-{uuid4().hex[:8]}"
    folder.mkdir(mode=0o700)
    cluster = Cluster(folder)
    try:
        cluster.make()
        cluster.start()
        yield cluster
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)
