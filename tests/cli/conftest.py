"""A terminal at a site: commands as somebody types them, and what they see."""

import json
import os
import pty
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pytest
from click.testing import CliRunner, Result

from course_engine.cli import main
from course_engine.config import PREFIX
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.services import runs
from tests.cast import PASSWORD, ZONE, Clock, do, week_steps

COMMAND = [sys.executable, "-m", "course_engine"]


@dataclass
class Terminal:
    """Where commands are typed: an empty folder, and the settings of the site."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    def type(self, *words: object, stdin: str = "", **settings: str) -> Result:
        """Run a command in this process."""
        given = [str(word) for word in words]
        return CliRunner(env=self._environment(settings)).invoke(
            main, given, input=stdin, prog_name="course-engine"
        )

    def does(self, *words: object, stdin: str = "", **settings: str) -> str:
        """What a command prints that does what it was asked for."""
        result = self.type(*words, stdin=stdin, **settings)
        assert result.exit_code == 0, result.output
        return result.stdout

    def rows(self, *words: object, **settings: str) -> Any:
        """What a command prints with --json."""
        return json.loads(self.does(*words, "--json", **settings))

    def refused(self, *words: object, stdin: str = "", **settings: str) -> str:
        """The one sentence on stderr of a command that is refused."""
        result = self.type(*words, stdin=stdin, **settings)
        assert result.exit_code == 1, result.output
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert "Traceback" not in result.output
        assert result.stdout == ""
        return result.stderr.rstrip("\n")

    def misused(self, *words: object, **settings: str) -> str:
        """What is said about a command that cannot be read."""
        result = self.type(*words, **settings)
        assert result.exit_code == 2, result.output
        return result.stderr

    def start(self, *words: object, **settings: str) -> "subprocess.Popen[str]":
        """Run a command in a process of its own."""
        return self._started(words, settings, subprocess.PIPE)

    def start_into(self, out: IO[bytes], *words: object) -> "subprocess.Popen[str]":
        """The same, printing to a file."""
        return self._started(words, {}, out)

    def _started(
        self, words: tuple[object, ...], settings: dict[str, str], out: int | IO[bytes]
    ) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [*COMMAND, *map(str, words)],
            cwd=self.folder,
            env={**_others(), **self._given(settings)},
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
        )

    def watched(self, *words: object, until: bytes = b"100%") -> str:
        """What a command shows on the stderr of somebody who sits at a terminal, up to some words."""
        inner, outer = pty.openpty()
        with subprocess.Popen(
            [*COMMAND, *map(str, words)],
            cwd=self.folder,
            env={**_others(), **self._given({})},
            stdout=subprocess.DEVNULL,
            stderr=outer,
        ) as process:
            os.close(outer)
            shown = b""
            with suppress(OSError):
                while until not in shown and (part := os.read(inner, 4096)):
                    shown += part
            process.terminate()
        os.close(inner)
        return shown.decode()

    def _given(self, settings: dict[str, str]) -> dict[str, str]:
        return {f"{PREFIX}{name}": value for name, value in {**self.settings, **settings}.items() if value}

    def _environment(self, settings: dict[str, str]) -> dict[str, str | None]:
        silenced = {name: None for name in os.environ if name.startswith(PREFIX)}
        return {**silenced, **self._given(settings)}


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal where nothing was set up yet, but the data folder was named."""
    desk = tmp_path / "desk"
    desk.mkdir()
    monkeypatch.chdir(desk)
    return Terminal(desk, {"ENV": "development", "DATA": str(tmp_path), "ZONE": ZONE})


@pytest.fixture
def terminal(bare: Terminal, site_url: str, quick_passwords: None) -> Terminal:
    """A terminal at a site with the small course, on SQLite and on PostgreSQL."""
    bare.settings["DATABASE_URL"] = site_url
    return bare


@pytest.fixture
def at_home(bare: Terminal, published_file: Path, tmp_path: Path, quick_passwords: None) -> Terminal:
    """The same on SQLite only, for what does not ask the database much."""
    shutil.copy(published_file, tmp_path / "course-engine.db")
    return bare


def finish(engine: Engine, person: Person, run: Run, clock: Clock) -> None:
    """Complete what the small course asks for, a week at a time."""
    for number in (1, 2, 3):
        do(
            engine,
            person,
            run,
            clock.move(days=7),
            *week_steps(runs.position(engine, person, run, clock()), number),
        )


def add_ada(terminal: Terminal, address: str = "ada@example.org") -> None:
    """Make an account for Ada as somebody does at the terminal."""
    terminal.does("person", "add", address, "--role", "learner", "--name", "Ada", stdin=f"{PASSWORD}\n")


def _others() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
