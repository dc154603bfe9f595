"""The file of a backup: what it says of itself, whether it is whole, and how its tables are named.

It is a SQLite database of its own: the rows of every table as they were at one moment, and a table `about`
with the format, the migration level and a digest of all this, so that a file whose bytes have changed on
the way is not taken for the site. It never holds the secret, data or signing keys: without them nobody can
read what people wrote, so they are kept apart.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from peewee import DataError, Field, IntegrityError

from course_engine.domain.errors import Refused
from course_engine.i18n import gettext as _
from course_engine.storage import tables as t
from course_engine.storage.fields import micros, moment

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


def read_about(source: Path) -> About:
    """What a backup says of itself. Raises Refused when the file is not a backup that can be read here."""
    if not source.is_file():
        raise Refused(_("There is no file %(file)s.", file=str(source)))
    try:
        with closing(open_to_read(source)) as file:
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
        with closing(open_to_read(source)) as file:
            whole = digest_of(file, about) == about.digest
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


def open_to_read(source: Path) -> sqlite3.Connection:
    """The database that a backup is; nothing can be written to it."""
    return sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)


def facts_of(about: About) -> dict[str, Any]:
    """All of it but the digest, as it is written down."""
    return {
        "format": about.format, "level": about.level, "made_at": micros(about.made_at), "rows": about.rows,
    }  # fmt: skip


def digest_of(file: sqlite3.Connection, about: About) -> str:
    """One sum of what a backup says of itself and of every row in it; `ascii` is the same in each Python."""
    sum = sha256(json.dumps(facts_of(about), sort_keys=True).encode())
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'about' ORDER BY name"
    for (name,) in file.execute(tables).fetchall():
        sum.update(f"\n{name}\n".encode())
        for row in file.execute(f'SELECT * FROM "{name}" ORDER BY rowid'):  # noqa: S608 — our own names
            sum.update(ascii(row).encode())
    return sum.hexdigest()


def in_parts(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    """So many rows at once that few questions are asked, and few enough to hold in memory."""
    some: list[tuple[Any, ...]] = []
    for row in rows:
        some.append(row)
        if len(some) == _AT_ONCE:
            yield some
            some = []
    if some:
        yield some


def columns_of(table: type[t.Table]) -> "list[Field[Any]]":
    """The columns of a table, in the order in which a backup keeps them."""
    return list(table._meta.sorted_fields)


def names_of(table: type[t.Table]) -> str:
    """Their names as SQL lists them."""
    return ", ".join(f'"{column.column_name}"' for column in columns_of(table))


def name_of(table: type[t.Table]) -> str:
    """What a table is called, here and in a backup."""
    return str(table._meta.table_name)


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
