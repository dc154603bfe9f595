"""A database that this program has not made its own yet: looked into, and left as it is."""

import sqlite3
from contextlib import closing
from pathlib import Path


def addresses(file: Path) -> set[str] | None:
    """Of everybody in a SQLite database: their addresses, empty for who has none; None when nobody can tell.

    One that is not there, or that was not migrated, has nobody.
    """
    if not file.is_file():
        return set()
    # A connection that may only read would leave files beside it.
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True)) as found:
            found.execute("PRAGMA query_only = 1")
            tables = found.execute("SELECT 1 FROM sqlite_master WHERE name = 'person'").fetchone()
            rows = found.execute("SELECT email FROM person").fetchall() if tables else []
    except sqlite3.Error:
        return None
    return {email or "" for (email,) in rows}
