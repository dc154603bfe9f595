"""A backup of an older version is read by this one: its rows go through the same migrations as a database."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from course_engine.domain.errors import Refused
from course_engine.storage import help_lines, people
from course_engine.storage.backing_up import backup
from course_engine.storage.backup_files import read_about
from course_engine.storage.database import Database, fetch
from course_engine.storage.migrate import MIGRATIONS, level
from course_engine.storage.older import in_this_shape
from course_engine.storage.restoring import empty, restore
from tests.storage.aged import FIRST, age, columns_of
from tests.storage.cast import ADA, NOW, RUN, add_ada, add_ben

LEVELS = sorted(path.stem for path in MIGRATIONS.glob("0*.py"))


@pytest.mark.parametrize("then", LEVELS)
def test_a_backup_of_any_level_is_restored_whole(database: Database, tmp_path: Path, then: str) -> None:
    add_ada()
    add_ben()
    columns = columns_of(tmp_path / "then.db", then)
    before = _rows(columns)
    backup(database, tmp_path / "site.backup", NOW)
    source = age(tmp_path / "site.backup", then)
    empty(database)
    with in_this_shape(source) as today:
        about = restore(database, today)

    assert about.level == level(database) == LEVELS[-1]
    assert about.made_at == NOW
    assert _rows(columns) == before
    assert people.get(ADA.id) == ADA
    assert read_about(source).level == then


def test_what_came_later_is_empty_and_works(database: Database, tmp_path: Path) -> None:
    add_ada()
    help_lines.confirm("digest-1", "pt-crust", ADA.id, NOW)
    backup(database, tmp_path / "site.backup", NOW)
    source = age(tmp_path / "site.backup", FIRST)
    empty(database)
    with in_this_shape(source) as today:
        restore(database, today)

    assert help_lines.confirmed() == {}
    assert help_lines.confirm("digest-1", "pt-crust", ADA.id, NOW)


def test_a_backup_of_this_version_is_read_where_it_lies(database: Database, tmp_path: Path) -> None:
    backup(database, tmp_path / "site.backup", NOW)

    with in_this_shape(tmp_path / "site.backup") as today:
        assert today == tmp_path / "site.backup"


def test_a_backup_of_a_newer_version_is_refused_and_says_so(database: Database, tmp_path: Path) -> None:
    backup(database, tmp_path / "site.backup", NOW)
    with closing(sqlite3.connect(tmp_path / "site.backup")) as file, file:
        file.execute("UPDATE about SET value = '\"9999_later\"' WHERE key = 'level'")

    with pytest.raises(Refused, match="newer version"), in_this_shape(tmp_path / "site.backup"):
        pass


def test_nothing_of_the_copy_stays_behind(database: Database, tmp_path: Path) -> None:
    add_ada()
    backup(database, tmp_path / "site.backup", NOW)
    with in_this_shape(age(tmp_path / "site.backup")) as today:
        folder = today.parent
        assert RUN.id.encode() in today.read_bytes()

    assert not folder.exists()


def _rows(columns: dict[str, list[str]]) -> dict[str, list[tuple[object, ...]]]:
    """Every row of these tables, as far as these columns go."""
    return {
        table: sorted(fetch(_select(table, names)), key=repr)
        for table, names in columns.items()
        if table != "schema_migration"
    }


def _select(table: str, names: list[str]) -> str:
    quoted = ", ".join(f'"{name}"' for name in names)
    return f'SELECT {quoted} FROM "{table}"'
