"""Bringing a database to the shape this version of the code expects, one numbered script after another.

Each script runs in a transaction of its own, so a kill leaves the old shape or the new one. A lock keeps
two processes from migrating at once; the second finds nothing left to do.
"""

import fcntl
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import connect

from peewee import Model, TextField
from playhouse.migrations import Runner

from course_engine.domain.errors import Refused
from course_engine.i18n import gettext as _
from course_engine.storage.database import Database
from course_engine.storage.fields import UtcDateTime
from course_engine.storage.tables import ALL

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x636F757273650001


class Steps(Runner):  # type: ignore[misc]
    """Peewee's runner, writing down instants in UTC like every other table."""

    def __init__(self, database: Database, scripts: Path) -> None:
        super().__init__(database.peewee, str(scripts))

        class History(Model):
            name = TextField(primary_key=True)
            applied = UtcDateTime(default=_now)

            class Meta:
                database = self.database
                table_name = self.table_name

        self.History = History


def pending(database: Database, scripts: Path = MIGRATIONS) -> list[str]:
    """The migrations that this database still needs, in order.

    Raises Refused if it is of a newer version, or of another program with tables that are called like ours.
    """
    status = Steps(database, scripts).status()
    unknown = [step.name for step in status if step.path is None]
    if unknown:
        raise Refused(
            _(
                "This database is of a newer version of course-engine (%(names)s). Install that version.",
                names=", ".join(unknown),
            )
        )
    if not any(step.applied for step in status):
        _refuse_foreign(database)
    return [step.name for step in status if not step.applied]


def _refuse_foreign(database: Database) -> None:
    """Nothing of ours was ever made here: a table called like one of ours is somebody else's."""
    foreign = sorted({table._meta.table_name for table in ALL} & set(database.peewee.get_tables()))
    if foreign:
        raise Refused(
            _(
                "This database belongs to another program: it has tables called %(names)s already. "
                "Give course-engine a database of its own. Nothing was changed.",
                names=", ".join(foreign),
            )
        )


def migrate(database: Database, backup_to: Path | None = None, scripts: Path = MIGRATIONS) -> list[str]:
    """Run what is pending and give the names of it.

    A SQLite database that holds something is copied into the folder `backup_to` first. Raises Refused.
    """
    with _alone(database):
        steps = pending(database, scripts)
        if steps and backup_to is not None and database.is_sqlite and database.peewee.get_tables():
            _copy(database, backup_to, steps[0])
        if steps:
            Steps(database, scripts).up()
        return steps


def copies(folder: Path) -> list[Path]:
    """The copies that were made in a folder before migrations, by name."""
    return sorted(folder.glob("before-*.db"))


def level(database: Database, scripts: Path = MIGRATIONS) -> str | None:
    """The name of the last migration that was run."""
    applied = [step.name for step in Steps(database, scripts).status() if step.applied]
    return applied[-1] if applied else None


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def _alone(database: Database) -> Iterator[None]:
    if database.is_sqlite:
        with _lock_file(Path(database.peewee.database)):
            yield
        return
    # A long migration may take longer than a page may wait.
    database.peewee.be_patient()
    database.peewee.run("SELECT pg_advisory_lock(%s)", (_LOCK,))
    try:
        yield
    finally:
        database.peewee.let_go()


@contextmanager
def _lock_file(path: Path) -> Iterator[None]:
    with path.with_name(path.name + ".migrating").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _copy(database: Database, folder: Path, step: str) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    moment = re.sub(r"\D", "", _now().isoformat(timespec="microseconds")[:26])
    target = folder / f"before-{step}-{moment}.db"
    target.touch(mode=0o600)
    with closing(connect(database.peewee.database)) as source, closing(connect(target)) as copy:
        source.backup(copy)
