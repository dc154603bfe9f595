"""Restoring: a site from the file of its backup, into either database, where nothing of it begins again."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from peewee import AutoField, BlobField, BooleanField, Field

from course_engine.domain.errors import Refused
from course_engine.domain.messages import MessageState
from course_engine.i18n import gettext as _
from course_engine.storage import backup_files as files
from course_engine.storage import tables as t
from course_engine.storage.backup_files import About
from course_engine.storage.database import Database
from course_engine.storage.fields import JsonText, UtcDateTime, instant
from course_engine.storage.migrate import level


def restore(database: Database, source: Path, done: Callable[[int], object] = int) -> About:
    """Fill an empty, migrated database from a backup, all or nothing. Raises Refused.

    `done` is told how many more rows are in place.
    """
    about = files.read_about(source)
    if about.level != level(database):
        raise Refused(
            _(
                "This backup is at %(theirs)s and the database at %(ours)s. Restore it with the version that "
                "made it, then run course-engine migrate.",
                theirs=about.level,
                ours=str(level(database)),
            )
        )
    with closing(files.open_to_read(source)) as file, database.transaction():
        if any(table.select().exists() for table in t.ALL):
            raise Refused(_("This database holds something already. Restore into an empty one."))
        with files.undamaged(source):
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

    Messages that waited for their hour are drafts again: they may have gone out since. Who was warned that
    something will be deleted is so anew: the letter may have waited, and they may have come back since.
    """
    with database.transaction():
        for warned in (t.Run, t.Cohort, t.Person):
            warned.update(warned_at=None).where(warned.warned_at.is_null(False)).execute()
        for table in (t.Device, t.Token, t.Attempt, t.Tick, t.Job):
            table.delete().execute()
        scheduled = t.Announcement.state == MessageState.SCHEDULED
        t.Announcement.update(state=MessageState.DRAFT, due_at=None).where(scheduled).execute()
        gone = t.ResetLink.used_at.is_null(False) | (t.ResetLink.expires_at <= made_at + short)
        t.ResetLink.delete().where(gone).execute()
        waiting = t.Outbox.sent_at.is_null()
        t.Outbox.update(sent_at=made_at, claimed_until=None, text="").where(waiting).execute()


def _fill(
    database: Database, file: sqlite3.Connection, table: type[t.Table], done: Callable[[int], object]
) -> None:
    columns = files.columns_of(table)
    rows = file.execute(f'SELECT {files.names_of(table)} FROM "{files.name_of(table)}"')  # noqa: S608 — our own names
    for some in files.in_parts(rows):
        made = [
            tuple(_made(column, value) for column, value in zip(columns, row, strict=True)) for row in some
        ]
        for part in range(0, len(made), 50):
            table.insert_many(made[part : part + 50], fields=columns).execute()
        done(len(made))
    if isinstance(table._meta.primary_key, AutoField) and not database.is_sqlite:
        name = files.name_of(table)
        database.peewee.run(
            f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), "  # noqa: S608 — our own names
            f"(SELECT COALESCE(MAX(id), 0) + 1 FROM {name}), false)"
        )


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
