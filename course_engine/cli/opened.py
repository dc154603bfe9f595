"""What every command shares: the engine of this installation, the time, and tables."""

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

    from course_engine.engine import Engine

_YEARS = range(1900, 2201)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")


@contextmanager
def opened(*, migrated: bool = True) -> Iterator["Engine"]:
    """The engine of this installation. Raises Misconfigured, or Refused on a schema behind the code."""
    from course_engine.config import read_config
    from course_engine.domain.errors import Refused
    from course_engine.engine import open_engine
    from course_engine.services import health, installation

    engine = open_engine(read_config(os.environ))
    try:
        if migrated:
            if old := health.behind(engine):
                raise Refused(old)
            installation.follow(engine)
        yield engine
    finally:
        engine.close()


@contextmanager
def reading(*, migrated: bool = True) -> Iterator["Engine"]:
    """The engine of this installation, for what needs its courses only.

    Where no installation is named, as on a machine that has just got the program, it is an empty one that is
    gone afterwards: courses are then read from their folders.
    """
    from course_engine.config import names_a_site, read_demo_config
    from course_engine.engine import open_engine
    from course_engine.storage import migrate

    if names_a_site(os.environ):
        with opened(migrated=migrated) as engine:
            yield engine
        return
    with TemporaryDirectory() as folder:
        engine = open_engine(read_demo_config(os.environ, Path(folder), "http://127.0.0.1"))
        try:
            migrate.migrate(engine.database)
            yield engine
        finally:
            engine.close()


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


def moment(text: str | None, zone: str) -> datetime:
    """An ISO date (its noon) or instant from the command line, in a zone unless it says its own."""
    from zoneinfo import ZoneInfo

    if not text:
        return now()
    try:
        found = datetime.fromisoformat(text)
        if len(text) == len("2026-03-17"):
            found = found.replace(hour=12)
        instant = (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise click.BadParameter(
            f"{text} is no date. Write one like 2026-03-17 or 2026-03-17T18:30."
        ) from error
    if instant.year not in _YEARS:
        raise click.BadParameter(
            f"{text} is too far away. Write a date from {_YEARS[0]} to {_YEARS[-1]}, like 2026-03-17."
        )
    return instant


def bar(label: str, length: int) -> "ProgressBar[int]":
    """A progress bar on stderr, where somebody is looking at it."""
    return click.progressbar(length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty())


def write(output: Path, data: bytes) -> None:
    """Write a document that was made, and say so. What could be written in part only is taken away again."""
    try:
        output.write_bytes(data)
    except OSError as error:
        if error.filename is None and output.is_file():
            output.unlink()
        raise OSError(error.errno, error.strerror, str(output)) from error
    click.echo(f"{output}: {len(data) // 1024 + 1} kB")


def table(rows: Sequence[Mapping[str, object]], as_json: bool) -> None:
    """Print rows as JSON, or as columns under their names."""
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2, default=str))
        return
    if not rows:
        click.echo("Nothing to show.")
        return
    texts = [{name: _short(value) for name, value in row.items()} for row in rows]
    widths = {name: max(len(name), *(len(row[name]) for row in texts)) for name in texts[0]}
    click.echo("  ".join(name.ljust(width) for name, width in widths.items()).rstrip())
    for row in texts:
        click.echo("  ".join(row[name].ljust(width) for name, width in widths.items()).rstrip())


def _short(value: object) -> str:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M UTC")
    return (
        ", ".join(map(str, value))
        if isinstance(value, list | tuple)
        else str(value if value is not None else "")
    )
