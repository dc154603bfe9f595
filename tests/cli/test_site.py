"""The whole site from the terminal: brought up to date, backed up, restored."""

import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from course_engine.config import read_config
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine, open_engine
from course_engine.services import backups
from course_engine.storage import audit
from course_engine.storage.migrate import level
from tests.cast import Clock, do
from tests.cli.conftest import Terminal, add_ada
from tests.tools.servers import Postgres

KEYS_APART = "The secret, data and signing keys are not in it."


@pytest.fixture
def elsewhere(bare: Terminal, tmp_path: Path) -> Terminal:
    """A new, empty site on SQLite with the same keys, on another machine so to speak."""
    home = str(_new_home(tmp_path))
    return Terminal(bare.folder, {**bare.settings, "DATA": home, "DATABASE_URL": ""})


@pytest.fixture(params=["sqlite", "postgresql"])
def new_site(elsewhere: Terminal, request: pytest.FixtureRequest) -> Iterator[Terminal]:
    """The same, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield elsewhere
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    elsewhere.settings["DATABASE_URL"] = postgres.fresh()
    yield elsewhere
    postgres.drop(elsewhere.settings["DATABASE_URL"])


NEXT = "Nobody has an account yet. Next: course-engine person add you@example.org --role admin\n"


def names(terminal: Terminal) -> list[str]:
    return [row["name"] for row in terminal.rows("person", "list")]


def test_a_new_database_is_brought_up_to_date_once(bare: Terminal, postgres_url: str) -> None:
    for url in ("", postgres_url):
        waiting = [row["migration"] for row in bare.rows("migrate", "--status", DATABASE_URL=url)]
        assert "0001_initial" in waiting
        assert "waiting" in bare.does("migrate", "--status", DATABASE_URL=url)
        assert bare.refused("person", "list", DATABASE_URL=url).endswith("Run: course-engine migrate")

        assert bare.does("migrate", DATABASE_URL=url) == f"Done: {', '.join(waiting)}.\n{NEXT}"

        assert bare.does("migrate", DATABASE_URL=url) == f"The database is up to date.\n{NEXT}"
        assert bare.does("migrate", "--status", DATABASE_URL=url) == "The database is up to date.\n"
        assert bare.rows("migrate", "--status", DATABASE_URL=url) == []


def test_migrating_from_two_places_at_once_is_done_by_one(bare: Terminal) -> None:
    both = [bare.start("migrate") for _place in range(2)]
    told = sorted(process.communicate(timeout=240)[0] for process in both)

    assert [process.returncode for process in both] == [0, 0]
    assert told[0].startswith("Done: ")
    assert told[1] == f"The database is up to date.\n{NEXT}"


def test_once_somebody_has_an_account_no_next_step_is_named(terminal: Terminal, ada: Person) -> None:
    assert terminal.does("migrate") == "The database is up to date.\n"


def test_a_backup_holds_the_site_and_says_what_it_does_not_hold(
    terminal: Terminal, new_site: Terminal, engine: Engine, ada: Person, run: Run, clock: Clock
) -> None:
    do(engine, ada, run, clock(), "what-lives")
    told = terminal.does("backup", "site.backup")
    assert KEYS_APART in told
    assert Path("site.backup").stat().st_mode & 0o077 == 0

    ledger = engine.config.data / backups.LEDGER
    restored = new_site.type("restore", "site.backup", "--ledger", ledger)

    assert (restored.exit_code, restored.stderr) == (0, "")
    assert restored.stdout.startswith("Restored the site as it was on ")
    before, after = (one.rows("access", "ada@example.org") for one in (terminal, new_site))
    assert after == before
    assert sum(row["state"] == "done" for row in after) == 1


def test_a_backup_of_a_site_that_is_new_holds_one_row(bare: Terminal) -> None:
    bare.does("migrate")
    assert "holds the whole site (1 row)." in bare.does("backup", "site.backup")


def test_a_backup_takes_no_file_that_is_there_and_none_that_cannot_be(at_home: Terminal) -> None:
    Path("site.backup").write_text("mine", encoding="utf-8")

    assert at_home.refused("backup", "site.backup") == "site.backup is there already. Choose another name."
    assert Path("site.backup").read_text(encoding="utf-8") == "mine"
    assert at_home.refused("backup", "nowhere/site.backup") == (
        "nowhere/site.backup cannot be written: unable to open database file."
    )


def test_a_site_with_people_is_replaced_only_when_asked(terminal: Terminal) -> None:
    terminal.does("backup", "empty.backup")
    add_ada(terminal)

    assert terminal.refused("restore", "empty.backup") == (
        "This site holds people already. Add --replace to put the backup in their place."
    )
    assert names(terminal) == ["Ada"]

    terminal.does("restore", "empty.backup", "--replace")
    assert names(terminal) == []


def test_without_the_ledger_a_restore_is_refused_or_warns(at_home: Terminal, elsewhere: Terminal) -> None:
    at_home.does("backup", "site.backup")

    told = elsewhere.refused("restore", "site.backup")
    assert told.startswith("There is no ledger of erased people at ")
    assert "--ledger none" in told

    restored = elsewhere.type("restore", "site.backup", "--ledger", "none")
    assert restored.exit_code == 0
    assert restored.stderr.startswith("Without a ledger, people who were erased since then are back.")


def test_a_ledger_that_was_begun_anew_is_not_taken_for_the_whole_one(
    at_home: Terminal, elsewhere: Terminal, tmp_path: Path
) -> None:
    at_home.does("backup", "site.backup")
    elsewhere.does("migrate")
    elsewhere.does("backup", "other.backup")

    assert "is not the one of the site that was backed up" in elsewhere.refused("restore", "site.backup")

    elsewhere.does("restore", "site.backup", "--ledger", tmp_path / backups.LEDGER)
    elsewhere.does("restore", "site.backup", "--replace")
    (tmp_path / backups.LEDGER).unlink()
    at_home.does("backup", "later.backup")
    assert "is not the one" in at_home.refused("restore", "site.backup")


def test_people_who_stand_in_the_ledger_stay_erased(
    terminal: Terminal, new_site: Terminal, engine: Engine, ada: Person, run: Run, cleo: Person, clock: Clock
) -> None:
    do(engine, ada, run, clock(), "what-lives")
    terminal.does("backup", "site.backup")
    ledger = engine.config.data / backups.LEDGER
    with ledger.open("a", encoding="utf-8") as file:
        file.write(f"{ada.id}\n")

    told = new_site.does("restore", "site.backup", "--ledger", ledger)

    assert "1 person who was erased since then is erased again." in told
    assert names(new_site) == ["Cleo"]
    own = Path(new_site.settings["DATA"], backups.LEDGER)
    assert own.read_text(encoding="utf-8") == ledger.read_text(encoding="utf-8")
    new_site.does("restore", "site.backup", "--replace")
    assert names(new_site) == ["Cleo"]


def test_other_keys_are_noticed_before_anybody_writes(
    at_home: Terminal, elsewhere: Terminal, tmp_path: Path
) -> None:
    add_ada(at_home)
    at_home.does("backup", "site.backup")
    (Path(elsewhere.settings["DATA"]) / "secrets.json").unlink()

    restored = elsewhere.type("restore", "site.backup", "--ledger", tmp_path / backups.LEDGER)

    assert restored.exit_code == 0
    assert "The data keys of this site do not open what people wrote." in restored.stderr


@pytest.mark.parametrize("content", [b"", b"words", b"SQLite format 3\x00 and nothing"])
def test_a_file_that_is_no_backup_changes_nothing(at_home: Terminal, content: bytes) -> None:
    add_ada(at_home)
    Path("odd.backup").write_bytes(content)

    told = at_home.refused("restore", "odd.backup", "--ledger", "none", "--replace")

    assert told == "odd.backup is not a backup of course-engine."
    assert names(at_home) == ["Ada"]
    assert at_home.refused("restore", "gone.backup", "--ledger", "none") == "There is no file gone.backup."


def test_a_backup_of_a_newer_version_is_told(at_home: Terminal) -> None:
    at_home.does("backup", "site.backup")
    with sqlite3.connect("site.backup") as file:
        file.execute("UPDATE about SET value = '99' WHERE key = 'format'")
    file.close()

    told = at_home.refused("restore", "site.backup")

    assert told == "This backup was made by a newer version of course-engine. Install that version."


def test_a_restore_that_is_killed_leaves_the_old_site_or_the_new_one(
    at_home: Terminal, engine_at_home: Engine, clock: Clock
) -> None:
    _fill(engine_at_home, clock, 20_000)
    at_home.does("backup", "site.backup")
    add_ada(at_home)
    journal = engine_at_home.config.data / "course-engine.db-wal"
    while _restore_and_kill(at_home, journal) != -signal.SIGKILL:
        # It was there before the signal was: once more, from the start.
        add_ada(at_home)

    # Killed just after the last page was written, it is whole; killed before, nothing has changed.
    rows = sum(act == "test.row" for _at, _actor, act, _whom, _detail in audit.newest(30_000))
    assert (names(at_home), rows) in ((["Ada"], 20_000), ([], 20_000))
    assert level(engine_at_home.database)


def test_a_bar_shows_how_far_a_restore_is_to_whoever_sits_at_a_terminal(
    at_home: Terminal, engine_at_home: Engine, clock: Clock
) -> None:
    _fill(engine_at_home, clock, 3_000)
    assert at_home.type("backup", "site.backup").stderr == ""

    shown = at_home.watched("restore", "site.backup")

    assert "Restoring" in shown
    assert "100%" in shown


def _restore_and_kill(terminal: Terminal, journal: Path) -> int:
    """Restore, killed as soon as something is written: how it ended."""
    before = journal.stat().st_size if journal.exists() else 0
    process = terminal.start("restore", "site.backup", "--replace")
    while process.poll() is None:
        if journal.exists() and journal.stat().st_size > before:
            break
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    _out, told = process.communicate()
    assert process.returncode in (0, -signal.SIGKILL), told
    return process.returncode


@pytest.fixture
def engine_at_home(at_home: Terminal) -> Iterator[Engine]:
    """The engine of the site at home."""
    engine = open_engine(read_config({}, **at_home.settings))
    yield engine
    engine.close()


def _fill(engine: Engine, clock: Clock, rows: int) -> None:
    with engine.database.transaction():
        for number in range(rows):
            audit.add(clock(), None, "test.row", None, {"number": number})


def _new_home(tmp_path: Path) -> Path:
    home = tmp_path / "elsewhere"
    home.mkdir()
    secrets = tmp_path / "secrets.json"
    if not secrets.exists():
        read_config({}, ENV="development", DATA=str(tmp_path))
    (home / "secrets.json").write_bytes(secrets.read_bytes())
    return home
