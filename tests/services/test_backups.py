"""A whole site goes into one file and comes back, without the people who were erased in between."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from course_engine.domain.errors import NotFound, Refused
from course_engine.domain.messages import MessageState
from course_engine.domain.people import Person, Scope
from course_engine.domain.progress import Run
from course_engine.domain.standing import State
from course_engine.engine import Engine, open_engine
from course_engine.services import (
    backups,
    cohorts,
    devices,
    jobs,
    messages,
    new_passwords,
    people,
    runs,
    tokens,
    writings,
)
from course_engine.services import retention as keeping
from course_engine.storage import connections, outbox
from course_engine.storage import people as stored
from course_engine.storage.migrate import migrate
from tests.cast import BREAD, PASSWORD, ZONE, Clock, config_for, do
from tests.storage.aged import age
from tests.tools.copies import Copies


@pytest.fixture
def saved(engine: Engine, ada: Person, cleo: Person, run: Run, clock: Clock, tmp_path: Path) -> Path:
    """A backup of a site in which Ada has begun and Cleo has an account."""
    do(engine, ada, run, clock(), "what-lives")
    writings.write_entry(engine, ada, run, "Bread rose.", clock())
    target = tmp_path / "site.backup"
    assert backups.backup(engine, target, clock()) > 10
    return target


def _erase(engine: Engine, person: Person) -> None:
    with backups.ledger(engine).open("a", encoding="utf-8") as ledger:
        ledger.write(f"{person.id}\n")
    with engine.database.transaction():
        stored.remove(person.id)


def test_everything_comes_back_as_it_was(
    engine: Engine, ada: Person, run: Run, saved: Path, clock: Clock
) -> None:
    before = runs.position(engine, ada, run, clock())
    do(engine, ada, run, clock.move(days=1), "day-four")
    people.change_name(engine, ada, "Somebody else")
    backups.restore(engine, saved, replace=True, ledger=None)
    back = people.get("ada@example.org")
    assert back == ada
    assert runs.position(engine, back, runs.own(engine, back, run.id), clock()).history == before.history
    assert [entry.text for entry in writings.entries(engine, back)] == ["Bread rose."]
    assert devices.sign_in(engine, "ada@example.org", PASSWORD, "x", clock()).person == ada


def test_nothing_of_the_time_of_the_backup_comes_alive(
    engine: Engine, ada: Person, clock: Clock, tmp_path: Path
) -> None:
    signed_in = devices.sign_in_new(engine, ada, "x", clock())
    letter = new_passwords.ask_link(engine, "ada@example.org", clock())
    assert letter is not None
    link = letter.text.partition("/reset/")[2].split()[0]
    jobs.ask(engine, "print", ada, {"order": "none"}, 1, clock())
    target = tmp_path / "busy.backup"
    backups.backup(engine, target, clock())
    backups.restore(engine, target, replace=True, ledger=None)

    assert devices.signed_in(signed_in.token, clock()) is None
    assert jobs.free(clock()) == 0
    assert outbox.waiting() == 0
    with pytest.raises(Refused):
        new_passwords.by_link(engine, link, PASSWORD, clock())


def test_the_code_on_paper_still_works_after_a_restore(
    engine: Engine, ada: Person, clock: Clock, tmp_path: Path
) -> None:
    code = new_passwords.new_code_on_paper(engine, ada, clock())
    backups.backup(engine, tmp_path / "site.backup", clock())
    backups.restore(engine, tmp_path / "site.backup", replace=True, ledger=None)
    assert new_passwords.by_code(engine, "ada@example.org", code, PASSWORD, clock()) == ada


def test_keys_and_messages_that_waited_do_nothing_by_themselves_after_a_restore(
    engine: Engine, ada: Person, ben: Person, clock: Clock, tmp_path: Path
) -> None:
    cohort = cohorts.add(engine, ben, BREAD, "Tuesdays", clock(), ZONE, 90, clock())
    message = messages.write(engine, cohort, "Soon", "See you soon.", ben, clock())
    messages.send(engine, message, cohort, clock() + timedelta(days=2), ben, clock())
    _token, secret = tokens.make(engine, ada, "A clock", Scope.READ, clock())
    backups.backup(engine, tmp_path / "site.backup", clock())
    backups.restore(engine, tmp_path / "site.backup", replace=True, ledger=None)

    assert messages.send_due(engine, clock.move(days=3)) == 0
    assert [one.state for one in messages.of_cohort(cohort)] == [MessageState.DRAFT]
    assert tokens.holder(engine, secret, clock()) is None


@pytest.mark.parametrize("sent", [False, True])
def test_whoever_was_warned_before_the_backup_is_warned_again_before_anything_of_theirs_goes(
    engine: Engine, ada: Person, run: Run, clock: Clock, tmp_path: Path, sent: bool
) -> None:
    keeping.tend(engine, clock.move(days=3 * 365))
    assert outbox.waiting() == 1
    if sent:
        # It reached her, and she came back after the backup, of which a restored site knows nothing.
        outbox.sent(outbox.listed(False, "", 1)[0].id, clock())
    backups.backup(engine, tmp_path / "site.backup", clock())
    backups.restore(engine, tmp_path / "site.backup", replace=True, ledger=None)

    gone = keeping.tend(engine, clock.move(days=60))
    assert gone.runs == 0
    assert runs.own(engine, ada, run.id).id == run.id
    assert [one.to for one in outbox.listed(False, "", 5)] == ["ada@example.org"]


def test_a_large_site_is_replaced_however_long_its_database_takes(
    published_copies: Copies, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "PATIENCE", 1)
    with published_copies.lent() as url:
        engine = open_engine(config_for(tmp_path, url))
        try:
            people.add(engine, "Ada", "ada@example.org", PASSWORD, clock(), zone=ZONE)
            backups.backup(engine, tmp_path / "site.backup", clock())
            run = engine.database.peewee.run
            run(
                "CREATE FUNCTION take_long() RETURNS trigger LANGUAGE plpgsql AS "
                "'BEGIN PERFORM pg_sleep(2.5); RETURN NULL; END'"
            )
            run("CREATE TRIGGER long BEFORE DELETE ON person EXECUTE FUNCTION take_long()")
            backups.restore(engine, tmp_path / "site.backup", replace=True, ledger=None)
            assert people.get("ada@example.org").name == "Ada"
            assert engine.database.peewee.fetch("SHOW statement_timeout") == [("1s",)]
        finally:
            engine.close()


def test_a_site_with_people_is_not_replaced_unasked(
    engine: Engine, ada: Person, saved: Path, clock: Clock
) -> None:
    people.change_name(engine, ada, "Countess")
    with pytest.raises(Refused, match="--replace"):
        backups.restore(engine, saved, replace=False, ledger=None)
    assert people.get("ada@example.org").name == "Countess"


def test_who_was_erased_since_the_backup_stays_erased(
    engine: Engine, ada: Person, cleo: Person, run: Run, saved: Path
) -> None:
    _erase(engine, ada)
    told = backups.restore(engine, saved, replace=True, ledger=None)
    assert any("1 person who was erased" in sentence for sentence in told.told)
    with pytest.raises(NotFound):
        people.get("ada@example.org")
    assert stored.key(ada.id) is None
    with pytest.raises(NotFound):
        runs.own(engine, ada, run.id)
    assert people.get("cleo@example.org") == cleo
    assert ada.id in backups.ledger(engine).read_text("utf-8")


def test_without_the_ledger_it_is_refused_and_nothing_is_changed(
    engine: Engine, ada: Person, saved: Path
) -> None:
    _erase(engine, ada)
    backups.ledger(engine).unlink()
    with pytest.raises(Refused, match="--ledger"):
        backups.restore(engine, saved, replace=True, ledger=None)
    with pytest.raises(NotFound):
        people.get("ada@example.org")


def test_a_ledger_begun_anew_is_not_taken_for_the_one_of_the_backup(
    engine: Engine, ada: Person, saved: Path, tmp_path: Path
) -> None:
    _erase(engine, ada)
    other = tmp_path / "other.ledger"
    other.write_text("# another-name\n", encoding="utf-8")
    with pytest.raises(Refused, match="not the one of the site"):
        backups.restore(engine, saved, replace=True, ledger=str(other))
    with pytest.raises(NotFound):
        people.get("ada@example.org")


def test_a_ledger_that_went_through_an_editor_is_the_same_ledger(
    engine: Engine, ada: Person, saved: Path, tmp_path: Path
) -> None:
    _erase(engine, ada)
    edited = tmp_path / "edited.ledger"
    edited.write_bytes(b"\xef\xbb\xbf" + backups.ledger(engine).read_bytes().replace(b"\n", b"\r\n"))
    backups.restore(engine, saved, replace=True, ledger=str(edited))
    with pytest.raises(NotFound):
        people.get("ada@example.org")


def test_a_backup_that_came_over_damaged_changes_nothing(engine: Engine, ada: Person, saved: Path) -> None:
    saved.write_bytes(saved.read_bytes().replace(b"ada@example.org", b"eda@example.org"))
    people.change_name(engine, ada, "Countess")
    with pytest.raises(Refused, match="is damaged"):
        backups.restore(engine, saved, replace=True, ledger=None)
    assert people.get("ada@example.org").name == "Countess"


def test_said_that_there_is_none_it_warns_that_erased_people_are_back(
    engine: Engine, ada: Person, saved: Path
) -> None:
    _erase(engine, ada)
    told = backups.restore(engine, saved, replace=True, ledger="none")
    assert any("Erase them again" in sentence for sentence in told.warnings)
    assert people.get("ada@example.org") == ada


def test_a_new_site_is_filled_and_warned_of_keys_that_do_not_fit(
    engine: Engine, ada: Person, saved: Path, clock: Clock, tmp_path: Path
) -> None:
    data = tmp_path / "elsewhere"
    other = open_engine(config_for(data, f"sqlite:///{tmp_path / 'elsewhere.db'}"))
    try:
        migrate(other.database)
        with pytest.raises(Refused, match="--ledger"):
            backups.restore(other, saved, replace=False, ledger=None)
        ledger = str(engine.config.data / backups.LEDGER)
        told = backups.restore(other, saved, replace=False, ledger=ledger)
        assert any("COURSE_ENGINE_DATA_KEYS" in sentence for sentence in told.warnings)
        assert people.get("ada@example.org") == ada
        run = runs.current(other, ada)
        found = runs.position(other, ada, run, clock()).access
        assert found.steps["what-lives"].state is State.DONE
    finally:
        other.close()


def test_what_is_no_backup_is_refused(engine: Engine, ada: Person, tmp_path: Path, clock: Clock) -> None:
    backups.ledger(engine)
    wrong = tmp_path / "wrong.backup"
    for content in (b"", b"not a database", os.urandom(5000)):
        wrong.write_bytes(content)
        with pytest.raises(Refused):
            backups.restore(engine, wrong, replace=True, ledger=None)
    with pytest.raises(Refused):
        backups.restore(engine, tmp_path / "nowhere.backup", replace=True, ledger=None)
    with pytest.raises(Refused):
        backups.backup(engine, wrong, clock())
    assert people.get("ada@example.org") == ada


def test_a_backup_holds_no_key_of_the_site_and_no_ledger(engine: Engine, ada: Person, saved: Path) -> None:
    held = saved.read_bytes()
    config = engine.config
    for secret in (config.secret_key, config.signing_key, *config.data_keys):
        assert secret.encode() not in held


def test_a_backup_of_the_first_version_comes_back_in_todays_shape(
    engine: Engine, ada: Person, run: Run, saved: Path, clock: Clock
) -> None:
    before = runs.position(engine, ada, run, clock())
    backups.restore(engine, age(saved), replace=True, ledger=None)

    back = people.get("ada@example.org")
    assert back == ada
    assert runs.position(engine, back, runs.own(engine, back, run.id), clock()).history == before.history
    assert [entry.text for entry in writings.entries(engine, back)] == ["Bread rose."]
