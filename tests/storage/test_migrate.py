"""A migrated database has the very shape of a fresh one, however the migration went."""

import multiprocessing
import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from course_engine.domain.errors import Refused
from course_engine.storage import people
from course_engine.storage import tables as t
from course_engine.storage.database import Database, fetch, open_database
from course_engine.storage.migrate import MIGRATIONS, level, migrate, pending
from tests.storage.cast import ADA, add_ada
from tests.storage.conftest import Cluster

Shape = dict[str, object]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with nothing in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    cluster: Cluster = request.getfixturevalue("postgres")
    name = f"empty_{uuid4().hex[:12]}"
    cluster.sql(f"CREATE DATABASE {name}")
    yield cluster.url(name)
    cluster.sql(f"DROP DATABASE {name} WITH (FORCE)")


def _shape(database: Database) -> Shape:
    """Columns with types, NULLs and defaults; indexes; foreign keys with what happens on deletion."""
    inner = database.peewee
    return {
        name: (
            [
                (c.name, c.data_type, c.full_type, c.null, c.primary_key, c.default, c.identity)
                for c in inner.get_columns(name)
            ],
            sorted((i.name, tuple(i.columns), i.unique) for i in inner.get_indexes(name)),
            sorted(
                (k.column, k.dest_table, k.dest_column, k.on_delete, k.on_update)
                for k in inner.get_foreign_keys(name)
            ),
            list(inner.get_primary_keys(name)),
        )
        for name in inner.get_tables()
        if name != "schema_migration"
    }


def _fresh_shape(database: Database) -> Shape:
    database.peewee.drop_tables(t.ALL)
    database.peewee.create_tables(t.ALL)
    return _shape(database)


def test_a_migrated_database_is_like_a_fresh_one(database: Database) -> None:
    migrated = _shape(database)
    assert len(migrated) == len(t.ALL)
    assert migrated == _fresh_shape(database)


@pytest.mark.parametrize(
    ("sqlite", "postgresql"),
    [
        ("ALTER TABLE run ADD COLUMN extra TEXT", "ALTER TABLE run ADD COLUMN extra TEXT"),
        ("DROP INDEX run_person_course", "DROP INDEX run_person_course"),
        (
            "CREATE TABLE site2 AS SELECT * FROM site; DROP TABLE site; ALTER TABLE site2 RENAME TO site",
            "ALTER TABLE site ALTER COLUMN value DROP NOT NULL",
        ),
        (
            "DROP TABLE hold; CREATE TABLE hold (id VARCHAR(16) NOT NULL PRIMARY KEY)",
            "ALTER TABLE hold ALTER COLUMN id TYPE VARCHAR(16)",
        ),
        (
            "DROP TABLE consent; CREATE TABLE consent (person TEXT NOT NULL REFERENCES person (id))",
            "ALTER TABLE consent DROP CONSTRAINT consent_person_fkey",
        ),
    ],
)
def test_the_comparison_sees_a_planted_difference(database: Database, sqlite: str, postgresql: str) -> None:
    for statement in (sqlite if database.is_sqlite else postgresql).split("; "):
        database.peewee.run(statement)
    assert _shape(database) != _fresh_shape(database)


def test_what_is_pending_is_named_and_then_nothing_is(empty_url: str) -> None:
    database = open_database(empty_url)
    names = sorted(path.stem for path in MIGRATIONS.glob("0*.py"))
    assert pending(database) == names
    assert level(database) is None
    assert migrate(database) == names
    assert migrate(database) == pending(database) == []
    assert level(database) == names[-1]
    database.close()


def test_a_database_of_a_newer_version_is_refused(database: Database) -> None:
    database.peewee.run(
        "INSERT INTO schema_migration SELECT '9999_later', MAX(applied) FROM schema_migration"
    )
    with pytest.raises(Refused, match="9999_later"):
        migrate(database)


def test_a_database_of_another_program_is_refused_and_left_as_it_was(empty_url: str) -> None:
    database = open_database(empty_url)
    for name in ("person", "bread"):
        database.peewee.run(f"CREATE TABLE {name} (id INTEGER)")
    for refused in (pending, migrate):
        with pytest.raises(Refused, match="called person already"):
            refused(database)
    assert {"person", "bread"} == set(database.peewee.get_tables()) - {"schema_migration"}
    database.close()


def test_a_stranger_s_table_of_another_name_is_no_hindrance(empty_url: str) -> None:
    database = open_database(empty_url)
    database.peewee.run("CREATE TABLE bread (id INTEGER)")
    assert migrate(database)
    assert pending(database) == []
    database.close()


def test_migrations_import_nothing_of_the_program() -> None:
    for path in MIGRATIONS.glob("0*.py"):
        assert "course_engine" not in path.read_text()


def _migrate(url: str, scripts: Path = MIGRATIONS) -> None:
    database = open_database(url)
    migrate(database, scripts=scripts)
    database.close()


def test_two_processes_may_migrate_at_once(empty_url: str) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_migrate, args=(empty_url,)) for _n in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(240)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    database = open_database(empty_url)
    assert pending(database) == []
    assert _shape(database) == _fresh_shape(database)
    database.close()


_SLOW = """
import time
from pathlib import Path


def up(migrator, db):
    db.execute_sql("ALTER TABLE site ADD COLUMN one TEXT")
    Path(__file__).with_name("half").touch()
    time.sleep(WAIT)
    db.execute_sql("ALTER TABLE site ADD COLUMN two TEXT")
"""


def _with_slow_one(folder: Path, wait: str) -> Path:
    """All migrations, and a last one that takes its time."""
    folder.mkdir(exist_ok=True)
    for script in MIGRATIONS.glob("0*.py"):
        (folder / script.name).write_text(script.read_text())
    (folder / "9000_slow.py").write_text(_SLOW.replace("WAIT", wait))
    return folder


def _migrate_and_die(url: str, after: int) -> None:
    """Migrate, killed once so many statements have been sent."""
    database = open_database(url)
    sent = 0

    def count(_event: object) -> None:
        nonlocal sent
        sent += 1
        if sent > after:
            os.kill(os.getpid(), signal.SIGKILL)

    database.peewee.query_hooks.append(count)
    migrate(database)
    database.close()


def test_whatever_the_moment_of_a_kill_the_next_start_finishes(tmp_path: Path) -> None:
    whole = open_database(f"sqlite:///{tmp_path / 'whole.db'}")
    with whole.count_queries() as all_of_them:
        migrate(whole)
    wanted = _shape(whole)
    whole.close()
    urls = [f"sqlite:///{tmp_path / f'{n}.db'}" for n in range(50)]
    afters = [n * all_of_them.count // 50 for n in range(50)]
    context = multiprocessing.get_context("spawn")
    for pair in zip(urls[::2], urls[1::2], afters[::2], afters[1::2], strict=True):
        processes = [
            context.Process(target=_migrate_and_die, args=of) for of in zip(pair[:2], pair[2:], strict=True)
        ]
        for process in processes:
            process.start()
        for process in processes:
            process.join(240)
        assert [process.exitcode for process in processes] == [-signal.SIGKILL] * 2
    for url in urls:
        database = open_database(url)
        migrate(database)
        assert _shape(database) == wanted
        database.close()


def _copy_all(scripts: Path) -> None:
    for path in MIGRATIONS.glob("0*.py"):
        (scripts / path.name).write_text(path.read_text())


def _columns(database: Database) -> set[str]:
    return {column.name for column in database.peewee.get_columns("site")}


def test_a_kill_in_the_middle_leaves_the_old_shape_and_the_next_start_finishes(
    database: Database, url: str, tmp_path: Path
) -> None:
    scripts = _with_slow_one(tmp_path / "scripts", "600")
    process = multiprocessing.get_context("spawn").Process(target=_migrate, args=(url, scripts))
    process.start()
    while not (scripts / "half").exists():
        time.sleep(0.02)
        assert process.is_alive()
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join(60)
    assert _columns(database) == {"key", "value"}
    assert pending(database, scripts) == ["9000_slow"]
    _with_slow_one(scripts, "0")
    assert migrate(database, scripts=scripts) == ["9000_slow"]
    assert _columns(database) == {"key", "value", "one", "two"}


def test_a_script_that_breaks_leaves_the_old_shape(database: Database, tmp_path: Path) -> None:
    scripts = _with_slow_one(tmp_path / "scripts", "1 / 0")
    with pytest.raises(ZeroDivisionError):
        migrate(database, scripts=scripts)
    assert _columns(database) == {"key", "value"}
    assert fetch("SELECT 1") == [(1,)]


def test_sqlite_is_copied_before_it_is_changed(tmp_path: Path, migrated_file: Path) -> None:
    path = tmp_path / "site.db"
    path.write_bytes(migrated_file.read_bytes())
    database = open_database(f"sqlite:///{path}")
    add_ada()
    copies = tmp_path / "copies"
    migrate(database, copies, _with_slow_one(tmp_path / "scripts", "0"))
    assert people.get(ADA.id) == ADA
    database.close()
    (copy,) = copies.glob("before-9000_slow-*.db")
    with closing(sqlite3.connect(copy)) as kept:
        assert kept.execute("SELECT id FROM person").fetchall() == [(ADA.id,)]
        assert len(kept.execute("PRAGMA table_info(site)").fetchall()) == 2
