"""A backup of an older version, brought to the shape of this one: by the same migrations as any database."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from course_engine.domain.errors import Refused
from course_engine.i18n import gettext as _
from course_engine.storage.backing_up import write
from course_engine.storage.backup_files import About, read_about, undamaged
from course_engine.storage.connections import Sqlite
from course_engine.storage.database import Database
from course_engine.storage.migrate import MIGRATIONS, Steps


@contextmanager
def in_this_shape(source: Path, scripts: Path = MIGRATIONS) -> Iterator[Path]:
    """The backup itself, or a copy of it in the shape that this version reads; the copy is gone afterwards.

    Raises Refused for a file that is not a backup that can be read here.
    """
    about = read_about(source)
    levels = sorted(path.stem for path in scripts.glob("[0-9]*.py"))
    if about.level == levels[-1]:
        yield source
        return
    if about.level not in levels:
        raise Refused(_("This backup was made by a newer version of course-engine. Install that version."))
    with TemporaryDirectory() as folder:
        yield _brought_forward(source, about, Path(folder), scripts)


def _brought_forward(source: Path, about: About, folder: Path, scripts: Path) -> Path:
    """A site of the backup's own level is made, filled and migrated; then it is backed up anew."""
    target = folder / "today.backup"
    database = Database(Sqlite(str(folder / "then.db")))
    steps = Steps(database, scripts)
    try:
        steps.up(about.level)
        with undamaged(source):
            _copy(source, folder / "then.db")
            steps.up()
        write(database, target, about.made_at)
    finally:
        database.close()
    return target


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(target)) as site, site:
        site.execute("ATTACH ? AS kept", (str(source),))
        tables = [
            name for (name,) in site.execute("SELECT name FROM kept.sqlite_master WHERE type = 'table'")
        ]
        for table in tables:
            if table != "about":
                columns = ", ".join(
                    f'"{row[1]}"' for row in site.execute(f'PRAGMA kept.table_info("{table}")')
                )
                site.execute(f'INSERT INTO main."{table}" ({columns}) SELECT {columns} FROM kept."{table}"')  # noqa: S608 — our own names
