"""Real servers on a site with four people who each have many runs, and what is needed to write to them."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from flask import session
from flask_wtf.csrf import generate_csrf

from course_engine.config import read_config
from course_engine.domain.progress import Run
from course_engine.engine import Engine, open_engine
from course_engine.services import devices, editions, people
from course_engine.storage import runs
from course_engine.storage.migrate import migrate
from course_engine.web import create_app
from tests.tools.ports import free_port

COURSE = Path(__file__).parents[1] / "courses" / "slow-bread"
STEPS = ("what-lives", "day-four", "stir-and-look", "journal-1")
WRITERS = 4


@dataclass(frozen=True, slots=True)
class Writer:
    """Someone signed in: the cookie and form token of their browser, and what they can complete."""

    cookie: str
    token: str
    things: list[tuple[str, str]]

    def complete(self, connection: http.client.HTTPConnection, thing: tuple[str, str]) -> int:
        """Complete one step of one run: the status of the answer."""
        run, step = thing
        body = urlencode({"how": "done", "csrf_token": self.token})
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", f"/runs/{run}/steps/{step}/done", body, headers)
        answer = connection.getresponse()
        answer.read()
        to = answer.getheader("Location", "") or ""
        return answer.status if "sign-in" not in to else 401


class Nursery:
    """The process that starts servers."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("nursery.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(
        self, data: Path, *, url: str = "", workers: int = 1, plant: str = "", port: int = 0
    ) -> tuple[int, int]:
        """The process id and port of a new server that answers."""
        port = port or free_port()
        wanted = {
            "data": str(data), "url": url, "port": str(port), "workers": str(workers), "plant": plant
        }  # fmt: skip
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(wanted) + "\n")
        self._process.stdin.flush()
        pid = int(self.wait_for("started").split()[1])
        self.wait_for("ready")
        return pid, port

    def wait_for(self, word: str) -> str:
        """The next line that begins like this."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith(word):
                return line
        raise RuntimeError(f"The servers ended before one said {word}.")

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


@contextmanager
def serving(
    nursery: Nursery, data: Path, *, url: str = "", workers: int = 1, plant: str = ""
) -> Iterator[tuple[int, int]]:
    """A server, killed with all its processes in the end."""
    pid, port = nursery.start(data, url=url, workers=workers, plant=plant)
    try:
        yield pid, port
    finally:
        kill(pid)


def kill(pid: int) -> None:
    """End a server and all its processes without warning."""
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def new_site(data: Path, runs_each: int, url: str = "") -> list[Writer]:
    """A site with people who each have so many runs of a course, four steps open in each."""
    config = read_config({}, env="demo", data=str(data), database_url=url)
    engine = open_engine(config)
    now = datetime.now(UTC)
    try:
        migrate(engine.database)
        edition = editions.publish(engine, COURSE, now)
        found = []
        for number in range(WRITERS):
            address = f"writer-{number}@example.org"
            person = people.add(engine, f"Writer {number}", address, "a quiet morning by the lake", now)
            ids = [f"run-{number}-{count}" for count in range(runs_each)]
            with engine.database.transaction():
                for id in ids:
                    runs.add(Run(id, person.id, "slow-bread", edition, "free", None, now), now)
            signed_in = devices.sign_in_new(engine, person, "Firefox", now)
            cookie, token = _session(engine, signed_in.token)
            found.append(Writer(cookie, token, [(id, step) for id in ids for step in STEPS]))
    finally:
        engine.close()
    return found


def _session(engine: Engine, device: str) -> tuple[str, str]:
    app = create_app(engine)
    with app.test_request_context():
        session["_user_id"] = device
        token = generate_csrf()
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        cookie = f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(dict(session))}"
    return cookie, token


def answers(port: int, seconds: float = 0) -> bool:
    """Whether someone answers there within that time."""
    deadline = time.monotonic() + seconds
    while True:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=30):
            return True
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.05)
