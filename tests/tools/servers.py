"""PostgreSQL and Redis of our own for tests: started when first asked for, shared by all workers.

The process that began the run makes a folder, names it in the environment, and stops at the end
whatever was started there. Workers start a server under a lock, so that each starts once.
"""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psutil
import psycopg
import pytest
import redis

from tests.tools import installed, scratch
from tests.tools.ports import FOLDER, free_port


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running PostgreSQL server in which a test may do as it likes."""

    port: int

    def fresh(self, template: str = "template1") -> str:
        """The URL of a new database, empty or a copy of `template` (a database nobody is connected to)."""
        name = f"test_{uuid4().hex}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def drop(self, url: str) -> None:
        """Remove a database, ending whatever is still connected to it."""
        self._run(f'DROP DATABASE "{url.rpartition("/")[2]}" WITH (FORCE)')

    def url(self, name: str) -> str:
        """The URL of a database by its name."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


@pytest.fixture(scope="session")
def postgres() -> Postgres:
    """A PostgreSQL server of this test run."""
    return Postgres(_once("postgres", _start_postgres))


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """An empty PostgreSQL database for one test."""
    url = postgres.fresh()
    yield url
    postgres.drop(url)


@pytest.fixture
def redis_url() -> str:
    """An empty Redis database for one test; each worker has its own number on a shared server."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    url = f"redis://127.0.0.1:{_once('redis', _start_redis)}/{worker}"
    with redis.Redis.from_url(url) as connection:
        connection.flushdb()
    return url


def pytest_configure(config: pytest.Config) -> None:
    if not _is_worker(config):
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="test-servers-", dir=scratch.folder())


def pytest_unconfigure(config: pytest.Config) -> None:
    if _is_worker(config) or FOLDER not in os.environ:
        return
    folder = Path(os.environ.pop(FOLDER))
    for pidfile in (folder / "postgres/data/postmaster.pid", folder / "redis/redis.pid"):
        if pidfile.exists():
            _stop(int(pidfile.read_text(encoding="utf-8").split()[0]))
    shutil.rmtree(folder, ignore_errors=True)


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def _once(name: str, start: Callable[[Path, int], None]) -> int:
    """The port of a server, which the first to ask starts."""
    folder = Path(os.environ[FOLDER])
    folder.chmod(0o711)  # the account that runs PostgreSQL passes through
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known = folder / f"{name}.port"
        if not known.exists():
            port = free_port()
            home = folder / name
            shutil.rmtree(home, ignore_errors=True)
            home.mkdir()
            start(home, port)
            known.write_text(str(port), encoding="utf-8")
        return int(known.read_text(encoding="utf-8"))


def _start_postgres(home: Path, port: int) -> None:
    newest = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    initdb, control = (installed.command(name, "postgresql", *newest[-1:]) for name in ("initdb", "pg_ctl"))
    account = "postgres" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root
    if account:
        shutil.chown(home, account)
    data = home / "data"
    _run(
        [initdb, "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"], account
    )
    # A test database need not survive a power cut.
    options = f"-p {port} -h 127.0.0.1 -k '' -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
    # Twenty who press at once, in tests of several workers at once.
    options += " -c max_connections=400"
    _run([control, "-D", data, "-w", "-l", home / "log", "-o", options, "start"], account)


def _start_redis(home: Path, port: int) -> None:
    server = installed.command("redis-server", "redis-server")
    at: list[str | Path] = [
        "--bind",
        "127.0.0.1",
        "--port",
        str(port),
        "--dir",
        home,
        "--pidfile",
        home / "redis.pid",
    ]
    _run([server, *at, "--daemonize", "yes", "--save", "", "--databases", "64"], None)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
            return
        time.sleep(0.05)
    pytest.fail(f"redis-server did not answer on port {port} within a minute.", pytrace=False)


def _run(command: list[str | Path], account: str | None) -> None:
    # No pipe: a server that goes on running would hold it open, and the wait for its end would not end.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False, cwd="/",
            user=account, group=account, extra_groups=[] if account else None,
        )  # fmt: skip
        output.seek(0)
        if done.returncode:
            pytest.fail(f"{command[0]} failed:\n{output.read().decode()}", pytrace=False)


def _stop(pid: int) -> None:
    with suppress(psutil.NoSuchProcess):
        server = psutil.Process(pid)
        server.send_signal(signal.SIGINT)  # for PostgreSQL: end now, wait for nobody
        deadline = time.monotonic() + 60
        while server.is_running() and server.status() != psutil.STATUS_ZOMBIE and time.monotonic() < deadline:
            time.sleep(0.02)
