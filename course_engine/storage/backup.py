"""One file that holds a whole site, from either database and into either.

The file is a SQLite database of its own: the rows of every table as they were at one moment, and a table
`about` with the format, the migration level and a digest of all this, so that a file whose bytes have
changed on the way is not taken for the site. It never holds the secret, data or signing keys: without
them nobody can read what people wrote, so they are kept apart.
"""

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from peewee import AutoField, BlobField, BooleanField, DataError, Field, IntegrityError

from course_engine.domain.errors import Refused
from course_engine.domain.messages import MessageState
from course_engine.i18n import gettext as _
from course_engine.storage import tables as t
from course_engine.storage.database import Database
from course_engine.storage.fields import JsonText, UtcDateTime, instant, micros, moment
from course_engine.storage.migrate import level, pending

FORMAT = 2
_AT_ONCE = 500
_YEARS = range(2000, 2500)
# What rows that never were rows of a site lead to, while they are read or written.
_ODD = (sqlite3.Error, IntegrityError, DataError, ArithmeticError, AttributeError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class About:
    """What a backup says of itself."""

    format: int
    level: str
    made_at: datetime
    rows: dict[str, int]
    digest: str = ""


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


def read_about(source: Path) -> About:
    """What a backup says of itself. Raises Refused when the file is not a backup that can be read here."""
    if not source.is_file():
        raise Refused(_("There is no file %(file)s.", file=str(source)))
    try:
        with closing(_read_only(source)) as file:
            facts = {key: json.loads(value) for key, value in file.execute("SELECT key, value FROM about")}
            broken = file.execute("PRAGMA quick_check").fetchone() != ("ok",)
        about = _about(facts)
    except (*_ODD, KeyError, RecursionError) as error:
        raise Refused(_("%(file)s is not a backup of course-engine.", file=str(source))) from error
    if broken:
        raise damaged(source)
    if about.format > FORMAT:
        raise Refused(_("This backup was made by a newer version of course-engine. Install that version."))
    return about


def read_whole(source: Path) -> About:
    """The same, once every row of it has been read and is as it was written. Raises Refused.

    A backup of format 1 has no digest, so of it only the structure is known.
    """
    about = read_about(source)
    if about.format == 1:
        return about
    try:
        with closing(_read_only(source)) as file:
            whole = _digest(file, about) == about.digest
    except sqlite3.Error as error:
        raise damaged(source) from error
    if not whole:
        raise damaged(source)
    return about


@contextmanager
def undamaged(source: Path) -> Iterator[None]:
    """Inside, rows that cannot be rows of a site are told as what they are: a damaged backup, Refused."""
    try:
        yield
    except _ODD as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
            raise
        raise damaged(source) from error


def damaged(source: Path) -> Refused:
    """What is told of a backup that is not as it was written."""
    return Refused(_("%(file)s is damaged. Use another backup.", file=str(source)))


def restore(database: Database, source: Path, done: Callable[[int], object] = int) -> About:
    """Fill an empty, migrated database from a backup, all or nothing. Raises Refused.

    `done` is told how many more rows are in place.
    """
    about = read_about(source)
    if about.level != level(database):
        raise Refused(
            _(
                "This backup is at %(theirs)s and the database at %(ours)s. Restore it with the version that "
                "made it, then run course-engine migrate.",
                theirs=about.level,
                ours=str(level(database)),
            )
        )
    with closing(_read_only(source)) as file, database.transaction():
        if any(table.select().exists() for table in t.ALL):
            raise Refused(_("This database holds something already. Restore into an empty one."))
        with undamaged(source):
            for table in t.ALL:
                _fill(database, file, table, done)
    return about


def empty(database: Database) -> None:
    """Delete every row of a migrated database."""
    with database.transaction():
        for table in reversed(t.ALL):
            table.delete().execute()


def calm(database: Database, made_at: datetime, short: timedelta) -> None:
    """Let nothing of a restored site begin again: sign-ins, keys, work, links of a `short` life, mail.

    Messages that waited for their hour are drafts again: they may have gone out since.
    """
    with database.transaction():
        for table in (t.Device, t.Token, t.Attempt, t.Tick, t.Job):
            table.delete().execute()
        scheduled = t.Announcement.state == MessageState.SCHEDULED
        t.Announcement.update(state=MessageState.DRAFT, due_at=None).where(scheduled).execute()
        gone = t.ResetLink.used_at.is_null(False) | (t.ResetLink.expires_at <= made_at + short)
        t.ResetLink.delete().where(gone).execute()
        waiting = t.Outbox.sent_at.is_null()
        t.Outbox.update(sent_at=made_at, claimed_until=None, text="").where(waiting).execute()


def write(database: Database, draft: Path, now: datetime, done: Callable[[int], object] = int) -> About:
    """Write everything to this file, whatever lies there."""
    draft.unlink(missing_ok=True)
    with closing(sqlite3.connect(draft, isolation_level=None)) as file:
        draft.chmod(0o600)
        file.execute("BEGIN")
        file.execute("CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL)")
        with database.reading():
            rows = {_name(table): _keep(database, file, table, done) for table in t.ALL}
            about = About(FORMAT, str(level(database)), now, rows)
        about = replace(about, digest=_digest(file, about))
        facts = {**_facts(about), "digest": about.digest}
        file.executemany("INSERT INTO about VALUES (?, ?)", [(k, json.dumps(v)) for k, v in facts.items()])
        file.execute("COMMIT")
    return about


def _facts(about: About) -> dict[str, Any]:
    return {
        "format": about.format, "level": about.level, "made_at": micros(about.made_at), "rows": about.rows,
    }  # fmt: skip


def _about(facts: dict[str, Any]) -> About:
    """Raises ValueError and others for what was never written like this."""
    about = About(
        facts["format"], facts["level"], moment(facts["made_at"]), facts["rows"], facts.get("digest", "")
    )
    kinds = [(about.format, int), (about.level, str), (about.rows, dict), (about.digest, str)]
    kinds += [(number, int) for number in about.rows.values()]
    if not all(type(fact) is kind for fact, kind in kinds) or about.made_at.year not in _YEARS:
        raise ValueError("This says something else than a backup does.")
    return about


def _digest(file: sqlite3.Connection, about: About) -> str:
    """One sum of what a backup says of itself and of every row in it; `ascii` is the same in each Python."""
    sum = sha256(json.dumps(_facts(about), sort_keys=True).encode())
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'about' ORDER BY name"
    for (name,) in file.execute(tables).fetchall():
        sum.update(f"\n{name}\n".encode())
        for row in file.execute(f'SELECT * FROM "{name}" ORDER BY rowid'):  # noqa: S608 — our own names
            sum.update(ascii(row).encode())
    return sum.hexdigest()


def _keep(
    database: Database, file: sqlite3.Connection, table: type[t.Table], done: Callable[[int], object]
) -> int:
    names = _names(table)
    holes = ", ".join("?" for _column in _columns(table))
    file.execute(f'CREATE TABLE "{_name(table)}" ({names})')
    count = 0
    query = f'SELECT {names} FROM "{_name(table)}"'  # noqa: S608 — our own names
    for rows in _chunks(database.peewee.stream(query)):
        values = [[_plain(value) for value in row] for row in rows]
        file.executemany(f'INSERT INTO "{_name(table)}" VALUES ({holes})', values)  # noqa: S608 — our own names
        count += len(rows)
        done(len(rows))
    return count


def _fill(
    database: Database, file: sqlite3.Connection, table: type[t.Table], done: Callable[[int], object]
) -> None:
    columns = _columns(table)
    rows = file.execute(f'SELECT {_names(table)} FROM "{_name(table)}"')  # noqa: S608 — our own names
    for some in _chunks(rows):
        made = [
            tuple(_made(column, value) for column, value in zip(columns, row, strict=True)) for row in some
        ]
        for part in range(0, len(made), 50):
            table.insert_many(made[part : part + 50], fields=columns).execute()
        done(len(made))
    if isinstance(table._meta.primary_key, AutoField) and not database.is_sqlite:
        name = _name(table)
        database.peewee.run(
            f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), "  # noqa: S608 — our own names
            f"(SELECT COALESCE(MAX(id), 0) + 1 FROM {name}), false)"
        )


def _plain(value: Any) -> Any:
    return micros(value) if isinstance(value, datetime) else value


def _made(column: "Field[Any]", value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column, UtcDateTime):
        return instant(value)
    if isinstance(column, JsonText):
        return json.loads(value)
    if isinstance(column, BooleanField):
        return bool(value)
    return bytes(value) if isinstance(column, BlobField) else value


def _chunks(rows: Any) -> Iterator[list[tuple[Any, ...]]]:
    some: list[tuple[Any, ...]] = []
    for row in rows:
        some.append(row)
        if len(some) == _AT_ONCE:
            yield some
            some = []
    if some:
        yield some


def _columns(table: type[t.Table]) -> "list[Field[Any]]":
    return list(table._meta.sorted_fields)


def _names(table: type[t.Table]) -> str:
    return ", ".join(f'"{column.column_name}"' for column in _columns(table))


def _name(table: type[t.Table]) -> str:
    return str(table._meta.table_name)


def _read_only(source: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)
