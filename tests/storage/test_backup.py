"""A backup is one file for the whole site, goes from either database into either, and is of one moment."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from course_engine.domain.cohorts import Present, Session
from course_engine.domain.errors import Refused
from course_engine.domain.progress import How
from course_engine.storage import (
    audit,
    certificates,
    cohorts,
    jobs,
    outbox,
    people,
    progress,
    runs,
    site,
    writings,
)
from course_engine.storage import tables as t
from course_engine.storage.backing_up import backup
from course_engine.storage.backup_files import read_about, read_whole
from course_engine.storage.database import Database, all_rows, open_database
from course_engine.storage.migrate import migrate
from course_engine.storage.restoring import empty, restore
from tests.storage.cast import ADA, BEN, CERTIFICATE, COHORT, HOUR, JOB, LETTER, NOW, RUN, add_ada, add_ben
from tests.storage.conftest import Cluster


@pytest.fixture(params=["sqlite", "postgresql"])
def other_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Another empty site, to restore into."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'other.db'}"
        return
    cluster: Cluster = request.getfixturevalue("migrated_postgres")
    cluster.sql("CREATE DATABASE other TEMPLATE migrated")
    yield cluster.url("other")
    cluster.sql("DROP DATABASE other WITH (FORCE)")


def _fill() -> None:
    add_ada()
    add_ben()
    progress.complete(RUN.id, "knead", How.GENTLER, NOW, "digest-1")
    writings.save_journal(writings.Entry("entry00000000000", ADA.id, RUN.id, None, b"\x00\xff", NOW, NOW))
    certificates.award(CERTIFICATE)
    cohorts.add_member(COHORT.id, ADA.id, RUN.id, NOW)
    cohorts.set_sessions(COHORT.id, [Session(COHORT.id, 1, NOW, 90, cancelled=True)])
    cohorts.attend(COHORT.id, 1, ADA.id, Present.PRESENT, NOW, BEN.id)
    jobs.add(JOB)
    outbox.add(LETTER, dedupe="x")
    audit.add(NOW, ADA.id, "run.begin", detail={"ü": [1]})


def _everything() -> dict[str, list[tuple[object, ...]]]:
    """Every row of the site, and of its letters all but what stands in them."""
    held = {table.__name__: sorted(all_rows(table.select()), key=repr) for table in t.ALL}
    letters = t.Outbox.select(
        *(field for field in t.Outbox._meta.sorted_fields if field is not t.Outbox.text)
    )
    return {**held, "Outbox": list(all_rows(letters))}


def test_everything_comes_back_in_either_database(database: Database, other_url: str, tmp_path: Path) -> None:
    _fill()
    before = _everything()
    made = backup(database, tmp_path / "site.backup", NOW)
    database.close()
    other = open_database(other_url)
    migrate(other)
    assert restore(other, tmp_path / "site.backup") == made == read_about(tmp_path / "site.backup")
    assert _everything() == before
    assert cohorts.sessions(COHORT.id)[0].cancelled is True
    audit.add(NOW + HOUR, None, "site.restore")
    assert [line[2] for line in audit.newest()] == ["site.restore", "run.begin"]
    with pytest.raises(Refused, match="holds something already"):
        restore(other, tmp_path / "site.backup")
    other.close()


def test_nobody_who_finds_a_backup_reads_the_letter_that_lets_ada_in(
    database: Database, tmp_path: Path
) -> None:
    link = "https://bread.example.org/reset/the-secret-of-ada"
    outbox.add(replace(LETTER, text=f"Choose a new password: {link}"))
    backup(database, tmp_path / "site.backup", NOW)

    held = (tmp_path / "site.backup").read_bytes()
    assert b"the-secret-of-ada" not in held
    assert b"ada@example.org" in held
    taken = outbox.claim(NOW, HOUR)
    assert taken is not None
    assert link in taken.text


def test_a_backup_is_of_one_moment_while_people_go_on(database: Database, tmp_path: Path) -> None:
    add_ada()
    end = threading.Event()
    written: list[int] = []

    def go_on() -> None:
        while not end.is_set():
            with database.transaction():
                number = len(written)
                site.put("last", str(number))
                audit.add(NOW, ADA.id, str(number))
            written.append(number)

    learner = threading.Thread(target=go_on)
    learner.start()
    try:
        for number in range(5):
            while len(written) <= number + 1 and learner.is_alive():
                time.sleep(0.01)
            acknowledged = len(written)
            backup(database, tmp_path / f"{number}.backup", NOW)
            with closing(sqlite3.connect(tmp_path / f"{number}.backup")) as file:
                lines = [int(act) for (act,) in file.execute("SELECT act FROM audit ORDER BY id")]
                facts = dict(file.execute("SELECT key, value FROM site"))
            assert lines == list(range(len(lines)))
            assert len(lines) >= acknowledged
            assert not lines or facts == {"last": str(lines[-1])}
    finally:
        end.set()
        learner.join()
    assert len(written) > 5


def test_a_backup_never_takes_the_place_of_a_file(database: Database, tmp_path: Path) -> None:
    target = tmp_path / "site.backup"
    target.write_text("mine")
    with pytest.raises(Refused, match="already"):
        backup(database, target, NOW)
    assert target.read_text() == "mine"


def test_only_its_owner_can_read_a_backup(database: Database, tmp_path: Path) -> None:
    backup(database, tmp_path / "site.backup", NOW)
    assert (tmp_path / "site.backup").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("damage", ["gone", "text", "cut", "newer"])
def test_a_file_that_cannot_be_restored_changes_nothing(
    database: Database, tmp_path: Path, damage: str
) -> None:
    source = tmp_path / "site.backup"
    people.add(ADA, "hash", b"key" * 20_000)
    backup(database, source, NOW)
    people.remove(ADA.id)
    if damage == "gone":
        source.unlink()
    elif damage == "text":
        source.write_text("not a backup at all" * 500)
    elif damage == "cut":
        source.write_bytes(source.read_bytes()[:20_000])
    else:
        with closing(sqlite3.connect(source)) as file, file:
            file.execute("UPDATE about SET value = '99' WHERE key = 'format'")
    with pytest.raises(Refused):
        restore(database, source)
    assert people.count() == 0
    assert runs.of(ADA.id) == []


@pytest.mark.parametrize("sign", [b"ada@example.org", b"digest-1", b"run.begin"])
def test_a_backup_in_which_one_bit_has_turned_is_damaged(
    database: Database, tmp_path: Path, sign: bytes
) -> None:
    _fill()
    source = tmp_path / "site.backup"
    assert backup(database, source, NOW) == read_whole(source)
    held = bytearray(source.read_bytes())
    for place in (place for place in range(len(held)) if held.startswith(sign, place)):
        held[place] ^= 1
    source.write_bytes(held)

    with pytest.raises(Refused, match="is damaged"):
        read_whole(source)


def test_a_backup_from_before_there_were_digests_is_read_as_ever(database: Database, tmp_path: Path) -> None:
    _fill()
    before = _everything()
    backup(database, tmp_path / "site.backup", NOW)
    _alter(tmp_path / "site.backup", "UPDATE audit SET act = 'run.begin'")
    empty(database)

    assert read_whole(tmp_path / "site.backup").format == 1
    restore(database, tmp_path / "site.backup")
    assert _everything() == before


@pytest.mark.parametrize(
    "change",
    [
        "DROP TABLE person",
        "ALTER TABLE person DROP COLUMN email",
        "UPDATE about SET value = '[]' WHERE key = 'rows'",
        """UPDATE about SET value = '{"person": "two"}' WHERE key = 'rows'""",
        "UPDATE about SET value = '\"x\"' WHERE key = 'format'",
        "UPDATE about SET value = 1 WHERE key = 'level'",
        "UPDATE about SET value = '\"x\"' WHERE key = 'made_at'",
        "UPDATE about SET value = '99999999999999999999' WHERE key = 'made_at'",
        "UPDATE person SET created_at = 'yesterday'",
        "UPDATE person SET created_at = 9223372036854775807",
        "UPDATE audit SET detail = 'no JSON'",
        "INSERT INTO role SELECT 'nobody', role FROM role LIMIT 1",
        "INSERT INTO person SELECT * FROM person LIMIT 1",
    ],
)
def test_a_backup_that_was_altered_by_hand_is_refused_in_a_sentence(
    database: Database, tmp_path: Path, change: str
) -> None:
    _fill()
    backup(database, tmp_path / "site.backup", NOW)
    _alter(tmp_path / "site.backup", change)
    empty(database)

    with pytest.raises(Refused, match=r"is damaged|is not a backup"):
        restore(database, tmp_path / "site.backup")
    assert people.count() == 0


def _alter(backup: Path, change: str) -> None:
    """Change a backup as one of format 1, which has no digest, can be changed."""
    with closing(sqlite3.connect(backup)) as file, file:
        file.execute("UPDATE about SET value = '1' WHERE key = 'format'")
        file.execute("DELETE FROM about WHERE key = 'digest'")
        file.execute(change)
