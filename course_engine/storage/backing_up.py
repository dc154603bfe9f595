"""Backing up: a whole site, from either database, into one file."""

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from course_engine.domain.errors import Refused
from course_engine.i18n import gettext as _
from course_engine.storage import backup_files as files
from course_engine.storage import tables as t
from course_engine.storage.backup_files import FORMAT, About
from course_engine.storage.database import Database
from course_engine.storage.fields import micros
from course_engine.storage.migrate import level, pending


def count(database: Database) -> int:
    """How many rows there are in all."""
    with database.reading():
        return sum(table.select().count() for table in t.ALL)


def backup(database: Database, target: Path, now: datetime, done: Callable[[int], object] = int) -> About:
    """Write everything, as it is at this moment, to a new file; people go on working meanwhile.

    The file appears whole or not at all; `done` is told how many more rows are written. Raises Refused
    when it exists already, cannot be written, or migrations wait.
    """
    if target.exists():
        raise Refused(_("%(file)s is there already. Choose another name.", file=str(target)))
    if pending(database):
        raise Refused(_("This database is not up to date. Run course-engine migrate first."))
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        about = write(database, draft, now, done)
        draft.rename(target)
    except sqlite3.Error as error:
        raise Refused(_("%(file)s cannot be written: %(why)s.", file=str(target), why=str(error))) from error
    finally:
        draft.unlink(missing_ok=True)
    return about


def write(database: Database, draft: Path, now: datetime, done: Callable[[int], object] = int) -> About:
    """Write everything to this file, whatever lies there."""
    draft.unlink(missing_ok=True)
    with closing(sqlite3.connect(draft, isolation_level=None)) as file:
        draft.chmod(0o600)
        file.execute("BEGIN")
        file.execute("CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL)")
        with database.reading():
            rows = {files.name_of(table): _keep(database, file, table, done) for table in t.ALL}
            about = About(FORMAT, str(level(database)), now, rows)
        about = replace(about, digest=files.digest_of(file, about))
        facts = {**files.facts_of(about), "digest": about.digest}
        file.executemany("INSERT INTO about VALUES (?, ?)", [(k, json.dumps(v)) for k, v in facts.items()])
        file.execute("COMMIT")
    return about


def _keep(
    database: Database, file: sqlite3.Connection, table: type[t.Table], done: Callable[[int], object]
) -> int:
    names = files.names_of(table)
    holes = ", ".join("?" for _column in files.columns_of(table))
    file.execute(f'CREATE TABLE "{files.name_of(table)}" ({names})')
    count = 0
    query = f'SELECT {_copied(table)} FROM "{files.name_of(table)}"'  # noqa: S608 — our own names
    for rows in files.in_parts(database.peewee.stream(query)):
        values = [[_plain(value) for value in row] for row in rows]
        file.executemany(f'INSERT INTO "{files.name_of(table)}" VALUES ({holes})', values)  # noqa: S608 — our own names
        count += len(rows)
        done(len(rows))
    return count


def _copied(table: type[t.Table]) -> str:
    """The columns as they are read.

    What stands in a letter stays here: it may open an account, and a restored site sends none that waited.
    """
    if table is not t.Outbox:
        return files.names_of(table)
    names = [str(column.column_name) for column in files.columns_of(table)]
    return ", ".join(
        f"'' AS \"{name}\"" if name == t.Outbox.text.column_name else f'"{name}"' for name in names
    )


def _plain(value: Any) -> Any:
    return micros(value) if isinstance(value, datetime) else value
