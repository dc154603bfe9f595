"""A backup as an older version would have made it: without what later migrations brought."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from course_engine.storage.connections import Sqlite
from course_engine.storage.database import Database
from course_engine.storage.migrate import MIGRATIONS, Steps

FIRST = "0001_initial"
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'about'"


def age(backup: Path, level: str = FIRST) -> Path:
    """Turn a backup of today into one of this level."""
    columns = columns_of(backup.with_suffix(".shape"), level)
    with closing(sqlite3.connect(backup)) as file, file:
        for (name,) in file.execute(_TABLES).fetchall():
            if name not in columns:
                file.execute(f'DROP TABLE "{name}"')
                continue
            for row in file.execute(f'PRAGMA table_info("{name}")').fetchall():
                if row[1] not in columns[name]:
                    file.execute(f'ALTER TABLE "{name}" DROP COLUMN "{row[1]}"')
        file.execute("UPDATE about SET value = ? WHERE key = 'level'", (json.dumps(level),))
        file.execute("UPDATE about SET value = '1' WHERE key = 'format'")
        file.execute("DELETE FROM about WHERE key = 'digest'")
    return backup


def columns_of(scratch: Path, level: str) -> dict[str, list[str]]:
    """The columns of every table that a database of this level has; `scratch` is a file to make one in."""
    database = Database(Sqlite(str(scratch)))
    try:
        Steps(database, MIGRATIONS).up(level)
        inner = database.peewee
        return {name: [column.name for column in inner.get_columns(name)] for name in inner.get_tables()}
    finally:
        database.close()
