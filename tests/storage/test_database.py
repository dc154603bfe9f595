# ruff: noqa: PT012 — what is tested is how a block of several statements ends
"""The database keeps its promises: all or nothing, one writer at a time, plain words when it is away."""

import multiprocessing
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from peewee import IntegrityError

from course_engine.domain.errors import Misconfigured, Unavailable
from course_engine.storage import connections, people, site
from course_engine.storage import tables as t
from course_engine.storage.database import Database, fetch, fetch_named, open_database
from tests.storage.cast import ADA, NOW, RUN, add_ada
from tests.storage.conftest import Cluster


def test_a_run_of_nobody_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError):
        t.Device.insert(
            id="d", person="nobody", digest=b"x", label="", created_at=NOW, seen_at=NOW, expires_at=NOW
        ).execute()


def test_sqlite_waits_writes_through_and_minds_its_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "PATIENCE", 5)
    database = open_database(f"sqlite:///{tmp_path / 'site.db'}")
    names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    assert [fetch(f"PRAGMA {name}")[0][0] for name in names] == ["wal", 2, 1, 5000]
    database.close()


def test_postgresql_speaks_utc(postgres: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "PATIENCE", 5)
    database = open_database(postgres.url())
    assert fetch("SHOW timezone") == [("UTC",)]
    assert fetch("SHOW statement_timeout") == [("5s",)]
    database.close()


@pytest.mark.parametrize("url", ["mysql://x/y", "sqlite://", "sqlite:///:memory:", "site.db"])
def test_an_address_that_cannot_be_used_is_explained(url: str) -> None:
    with pytest.raises(Misconfigured, match="sqlite:///FILE"):
        open_database(url)


def test_a_transaction_is_all_or_nothing_and_a_part_of_it_can_be_undone_alone(database: Database) -> None:
    with pytest.raises(RuntimeError, match="no"), database.transaction():
        site.put("a", "1")
        raise RuntimeError("no")
    assert site.get("a") is None
    with database.transaction():
        site.put("a", "1")
        with pytest.raises(RuntimeError, match="part"), database.transaction():
            site.put("b", "2")
            raise RuntimeError("part")
    assert (site.get("a"), site.get("b")) == ("1", None)


def test_what_follows_a_change_happens_after_it_is_written_and_never_without_it(database: Database) -> None:
    calls: list[str] = []
    with database.transaction():
        database.after_commit(lambda: calls.append(str(site.get("a"))))
        with pytest.raises(RuntimeError), database.transaction():
            database.after_commit(lambda: calls.append("of the part that was undone"))
            raise RuntimeError
        site.put("a", "1")
        assert calls == []
    assert calls == ["1"]
    with pytest.raises(RuntimeError), database.transaction():
        database.after_commit(lambda: calls.append("undone"))
        raise RuntimeError
    database.after_commit(lambda: calls.append("at once"))
    assert calls == ["1", "at once"]


def test_a_fault_in_what_follows_is_logged_and_the_change_stays(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with database.transaction():
        site.put("a", "1")
        database.after_commit(lambda: 1 // 0)
    assert site.get("a") == "1"
    assert "ZeroDivisionError" in caplog.text


def test_what_follows_may_open_a_transaction_of_its_own(database: Database) -> None:
    with database.transaction():
        database.after_commit(lambda: site.put("after", "1"))
    assert site.get("after") == "1"


def test_reading_sees_one_moment(database: Database) -> None:
    site.put("a", "1")
    with database.reading():
        assert site.get("a") == "1"
        other = threading.Thread(target=site.put, args=("a", "2"))
        other.start()
        other.join()
        assert site.get("a") == "1"
    assert site.get("a") == "2"


def _count_up(url: str, times: int) -> None:
    database = open_database(url)
    for _n in range(times):
        with database.transaction():
            if database.is_sqlite:
                site.put("count", str(int(site.get("count") or 0) + 1))
            else:
                found = fetch("SELECT value FROM site WHERE key = 'count' FOR UPDATE")
                site.put("count", str(int(found[0][0]) + 1))
    database.close()


def test_four_processes_read_and_write_without_losing_a_change(database: Database, url: str) -> None:
    site.put("count", "0")
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_count_up, args=(url, 50)) for _n in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(240)
    assert [process.exitcode for process in processes] == [0, 0, 0, 0]
    assert site.get("count") == "200"


def test_a_database_someone_else_holds_is_called_busy_and_works_again(
    tmp_path: Path, migrated_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "PATIENCE", 0.2)
    path = tmp_path / "site.db"
    path.write_bytes(migrated_file.read_bytes())
    database = open_database(f"sqlite:///{path}")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Unavailable, match="busy"):
            site.put("a", "1")
        with pytest.raises(Unavailable, match="busy"):
            people.change(ADA.id, name="A")
        assert site.get("a") is None
        other.execute("ROLLBACK")
    site.put("a", "1")
    assert site.get("a") == "1"
    database.close()


def test_a_thread_that_holds_the_writing_for_long_lets_others_know(
    tmp_path: Path, migrated_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "PATIENCE", 0.2)
    path = tmp_path / "site.db"
    path.write_bytes(migrated_file.read_bytes())
    database = open_database(f"sqlite:///{path}")
    began, end = threading.Event(), threading.Event()

    def hold() -> None:
        with database.transaction():
            began.set()
            end.wait(60)

    holding = threading.Thread(target=hold)
    holding.start()
    began.wait(60)
    with pytest.raises(Unavailable, match="busy"):
        site.put("a", "1")
    end.set()
    holding.join()
    site.put("a", "1")
    database.close()


def test_writers_of_one_process_stand_in_line_before_they_reach_sqlite(
    tmp_path: Path, migrated_file: Path
) -> None:
    path = tmp_path / "site.db"
    path.write_bytes(migrated_file.read_bytes())
    database = open_database(f"sqlite:///{path}")
    began, asked = threading.Event(), threading.Event()

    def hold() -> None:
        with database.transaction():
            began.set()
            asked.wait(60)
            time.sleep(0.2)

    holding = threading.Thread(target=hold)
    holding.start()
    began.wait(60)
    # SQLite itself would not wait at all now.
    fetch("PRAGMA busy_timeout = 0")
    asked.set()
    with database.transaction():
        site.put("a", "1")
    holding.join()
    database.close()


def test_a_full_disk_is_told_and_reading_goes_on(database: Database) -> None:
    if not database.is_sqlite:
        return
    add_ada()
    pages = fetch("PRAGMA page_count")[0][0]
    fetch(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(Unavailable, match="full"), database.transaction():
        site.put("a", "x" * 100_000)
    assert people.get(ADA.id) == ADA
    fetch("PRAGMA max_page_count = 1000000")
    site.put("a", "x" * 100_000)


def test_a_folder_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'nowhere' / 'site.db'}")
    with pytest.raises(Unavailable, match="cannot be read"):
        database.ping()
    database.close()


def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "site.db").write_bytes(b"a photograph" * 500)
    database = open_database(f"sqlite:///{tmp_path / 'site.db'}")
    with pytest.raises(Misconfigured, match="damaged"):
        database.ping()
    database.close()


def test_an_address_with_something_postgresql_does_not_know_is_explained() -> None:
    database = open_database("postgresql://site:canary@127.0.0.1:1/site?colour=blue")
    with pytest.raises(Misconfigured, match="COURSE_ENGINE_DATABASE_URL") as told:
        database.ping()
    assert "canary" not in str(told.value)
    database.close()


def test_postgresql_may_restart_and_every_thread_goes_on(own_postgres: Cluster) -> None:
    database = open_database(own_postgres.url())
    t.Site.create_table()
    site.put("a", "1")
    own_postgres.stop()
    with pytest.raises(Unavailable, match="does not answer"):
        site.get("a")
    with pytest.raises(Unavailable, match="does not answer"):
        site.put("a", "2")
    own_postgres.start()
    assert site.get("a") == "1"
    own_postgres.stop()
    own_postgres.start()
    with pytest.raises(Unavailable), database.transaction():
        site.put("a", "3")
    site.put("a", "4")
    with pytest.raises(Unavailable), database.transaction():
        site.put("a", "5")
        own_postgres.stop()
        own_postgres.start()
        site.put("a", "6")
    assert site.get("a") == "4"
    database.close()


def test_a_server_that_hangs_is_waited_for_a_while_only(
    own_postgres: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "PATIENCE", 3)
    database = open_database(own_postgres.url())
    backend = fetch("SELECT pg_backend_pid()")[0][0]
    own_postgres.pause(backend)
    began = time.monotonic()
    with pytest.raises(Unavailable, match="does not answer"):
        database.ping()
    assert time.monotonic() - began < 30, "paused, it would never answer"
    own_postgres.resume(backend)
    database.ping()
    database.close()


def test_too_many_connections_are_called_busy(postgres: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST", 1)
    database = open_database(postgres.url())
    database.ping()
    faults: list[Exception] = []

    def ask() -> None:
        try:
            database.ping()
        except Unavailable as fault:
            faults.append(fault)

    other = threading.Thread(target=ask)
    other.start()
    other.join()
    assert [str(fault) for fault in faults] == ["The database is busy. Please try again in a moment."]
    database.close()


def test_a_thread_that_ended_gives_its_connection_back(database: Database) -> None:
    for _n in range(40):
        thread = threading.Thread(target=database.ping)
        thread.start()
        thread.join()
    assert len(database.peewee._held) <= 2


def test_the_connection_of_a_thread_stays_open_between_pages(database: Database) -> None:
    database.ping()
    before = database.peewee._state.conn
    with database.transaction():
        site.put("a", "1")
    assert database.peewee._state.conn is before


def test_what_a_learner_asks_for_is_counted(database: Database) -> None:
    add_ada()
    with database.count_queries() as queries:
        people.get(ADA.id)
        fetch("SELECT id FROM run WHERE id = ?", RUN.id)
    assert queries.count == 2


def test_a_value_with_a_name_may_stand_in_a_statement_several_times(database: Database) -> None:
    people.add(ADA, "hash", b"wrapped")
    text = "SELECT name FROM person WHERE (id = :id OR id = :id_too) AND :most >= 1 AND id = :id"
    assert fetch_named(text, {"id": ADA.id, "id_too": "b", "most": 3, "other": ""}) == [("Ada",)]
    with pytest.raises(KeyError, match="most"):
        fetch_named(text, {"id": ADA.id, "id_too": "b"})
