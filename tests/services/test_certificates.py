"""Ada's certificate: made once, frozen, checked by a stranger, corrected and withdrawn."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

import pytest

from course_engine.domain.certificates import Certificate, CertificateState
from course_engine.domain.cohorts import Present
from course_engine.domain.errors import BadInput, NotFound, Refused
from course_engine.domain.pace import PaceKind
from course_engine.domain.people import Person
from course_engine.domain.progress import How, Run
from course_engine.engine import Engine
from course_engine.rendering.shelf import design_digest
from course_engine.services import (
    attendance,
    certificates,
    cohorts,
    issuing,
    people,
    runs,
    verifying,
    writings,
)
from course_engine.storage import certificates as stored
from course_engine.storage import cohorts as stored_cohorts
from tests.cast import BREAD, ZONE, Clock, do, week_steps


@pytest.fixture
def finished(engine: Engine, ada: Person, clock: Clock) -> Run:
    """Ada's run, all weeks done in ways of their own."""
    run = runs.join_alone(engine, ada, BREAD, PaceKind.FREE, clock())
    at = runs.position(engine, ada, run, clock())
    for number, how in ((1, How.DONE), (2, How.GENTLER), (3, How.NOT_TODAY)):
        do(engine, ada, run, clock.move(days=1), *week_steps(at, number), how=how)
    return runs.own(engine, ada, run.id)


def test_twenty_presses_at_once_make_one_certificate(
    engine: Engine, ada: Person, finished: Run, clock: Clock
) -> None:
    def press(number: int) -> tuple[str, str]:
        made = certificates.award(engine, ada, finished, f"Ada {number}", clock())
        return made.id, made.code

    with ThreadPoolExecutor(20) as tabs:
        assert len(set(tabs.map(press, range(20)))) == 1
    assert len(stored.of_person(ada.id)) == 1


def test_before_the_end_it_is_refused_with_what_is_still_to_come(
    engine: Engine, ada: Person, run: Run, clock: Clock
) -> None:
    with pytest.raises(Refused, match="every week of the course is done"):
        certificates.award(engine, ada, run, "Ada", clock())
    needed = certificates.still_needed(runs.position(engine, ada, run, clock()))
    assert needed.weeks == ("week-1", "week-2", "week-3")
    assert certificates.of_run(run) is None


def test_in_a_group_the_sessions_count_too_and_their_hours_are_told(
    engine: Engine, ada: Person, ben: Person, clock: Clock
) -> None:
    cohort = cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())
    run = cohorts.add_member(engine, cohort, ada, clock())
    at = runs.position(engine, ada, run, clock())
    for number in (1, 2, 3):
        do(engine, ada, run, clock(), *week_steps(at, number))
        clock.move(days=7)
    attendance.attend(engine, cohort, 1, ada.id, Present.PRESENT, ben, clock())
    with pytest.raises(Refused, match="asks for 1 more session, "):
        certificates.award(engine, ada, run, "Ada", clock())
    attendance.attend(engine, cohort, 3, ada.id, Present.MADE_UP, ben, clock())
    made = certificates.award(engine, ada, run, "Ada", clock())
    assert made.frozen["cohort"] == {"name": "Mondays", "sessions": 3, "attended": 2, "hours": 3.0}
    assert made.frozen["facilitator"] == "Ben"


def test_it_stays_as_it_was_made_whatever_changes_later(
    engine: Engine, ada: Person, finished: Run, clock: Clock
) -> None:
    made = certificates.award(engine, ada, finished, "  Ada   Lovelace ", clock())
    assert made.frozen["name"] == "Ada Lovelace"
    people.change_name(engine, ada, "Countess")
    runs.change_zone(engine, people.get("ada@example.org"), "Asia/Tokyo", clock.move(days=100))
    again = certificates.award(engine, people.get("ada@example.org"), finished, "Countess", clock())
    assert again == made
    assert verifying.verify(made.code).initials == "A. L."


def test_it_tells_nothing_of_how_and_what_ada_wrote(
    engine: Engine, ada: Person, finished: Run, clock: Clock
) -> None:
    writings.write_entry(engine, ada, finished, "My jar and my mother", clock())
    made = certificates.award(engine, ada, finished, "Ada", clock())
    told = json.dumps([dict(made.frozen), {**asdict(verifying.verify(made.code))}], default=str)
    for word in ("mother", "gentler", "not-today", "ada@example.org", "minutes", "score", ada.id):
        assert word not in told


def test_a_corrected_name_is_a_new_revision_to_which_the_old_code_leads(
    engine: Engine, ada: Person, dov: Person, finished: Run, clock: Clock
) -> None:
    first = certificates.award(engine, ada, finished, "Ada Lovelace", clock())
    second = certificates.correct(engine, first, "Ada Byron", dov, clock.move(days=1))
    assert (second.revision, second.frozen["name"]) == (2, "Ada Byron")
    assert {**second.frozen, "name": ""} == {**first.frozen, "name": ""}
    old = verifying.verify(first.code)
    assert (old.state, old.next_code) == (CertificateState.CORRECTED, second.code)
    assert verifying.verify(second.code).state is CertificateState.VALID
    assert certificates.of_run(finished) == second
    assert [one.id for one in certificates.of_person(ada)] == [second.id]
    old_row = stored.get(first.id)
    assert old_row is not None
    assert old_row.frozen["name"] == "Ada Lovelace"
    with pytest.raises(Refused):
        certificates.correct(engine, old_row, "Ada B.", dov, clock())
    assert certificates.correct(engine, second, "Ada Byron", dov, clock()) == second


def test_a_withdrawn_one_says_so_and_not_why(
    engine: Engine, ada: Person, dov: Person, finished: Run, clock: Clock
) -> None:
    made = certificates.award(engine, ada, finished, "Ada", clock())
    typed = f" {made.code[:8].lower()}-{made.code[8:]} "
    certificates.withdraw(engine, typed, "She asked for it", clock(), dov)
    told = verifying.verify(made.code)
    assert told.state is CertificateState.WITHDRAWN
    assert "asked" not in str(told)
    with pytest.raises(NotFound):
        certificates.withdraw(engine, "0000-0000-0000-0000", "no such", clock(), dov)


def test_look_alikes_in_a_typed_code_are_understood(
    engine: Engine, ada: Person, finished: Run, clock: Clock
) -> None:
    made = certificates.award(engine, ada, finished, "Ada", clock())
    assert len(made.code) == 16
    assert not set(made.code) & set("ILOU")
    typed = made.code.replace("1", "l").replace("0", "o")
    assert verifying.verify(typed).code == made.code


@pytest.mark.parametrize("code", ["", "ABC", "Ada", "ß" * 16, "\0" * 16, "x" * 100_000])
def test_any_other_code_is_not_found(engine: Engine, code: str) -> None:
    with pytest.raises(NotFound):
        verifying.verify(code)


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "Ada\0", "Ada\u202eecalevoL"])
def test_a_name_that_cannot_be_printed_is_refused(
    name: str, engine: Engine, ada: Person, finished: Run, clock: Clock
) -> None:
    with pytest.raises(BadInput):
        certificates.award(engine, ada, finished, name, clock())
    assert certificates.of_run(finished) is None


@pytest.mark.parametrize("name", ["Zoë Müller-Łącka", "محمد بن سلمان", "O’Connor", "Ñ"])
def test_names_of_the_whole_world_are_taken(
    name: str, engine: Engine, ada: Person, finished: Run, clock: Clock
) -> None:
    assert certificates.award(engine, ada, finished, name, clock()).frozen["name"] == name


def _issue(engine: Engine, which: str, now: datetime) -> list[dict[str, object]]:
    return [issuing.issue(engine, person, run, now) for person, run in issuing.whose(which)]


def test_a_facilitator_issues_for_the_whole_group_at_once(
    engine: Engine, ada: Person, ben: Person, cleo: Person, clock: Clock
) -> None:
    cohort = cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 60, clock())
    run, _other = (cohorts.add_member(engine, cohort, person, clock()) for person in (ada, cleo))
    at = runs.position(engine, ada, run, clock())
    for number in (1, 2, 3):
        attendance.attend(engine, cohort, number, ada.id, Present.PRESENT, ben, clock())
        do(engine, ada, run, clock(), *week_steps(at, number))
        clock.move(days=7)
    rows = {str(row["name"]): row for row in _issue(engine, cohort.id, clock())}
    assert len(str(rows["Ada"]["code"])) == 16
    assert rows["Cleo"]["code"] == ""
    assert "every week" in str(rows["Cleo"]["waits for"])
    again = _issue(engine, "ada@example.org", clock())
    assert [row["code"] for row in again] == [rows["Ada"]["code"]]
    with pytest.raises(NotFound):
        _issue(engine, "nobody@example.org", clock())


def test_a_name_in_letters_no_font_has_is_refused_with_the_letters(
    engine: Engine, ada: Person, dov: Person, finished: Run, clock: Clock
) -> None:
    with pytest.raises(BadInput, match="do not have: 李 小") as refused:
        certificates.award(engine, ada, finished, "Ada 李小", clock())
    assert set(refused.value.faults) == {"name"}
    assert certificates.of_run(finished) is None
    made = certificates.award(engine, ada, finished, "Ada", clock())
    with pytest.raises(BadInput, match="do not have: 李"):
        certificates.correct(engine, made, "李", dov, clock())


def test_one_name_that_cannot_be_printed_does_not_stop_the_others(
    engine: Engine, ada: Person, finished: Run, clock: Clock
) -> None:
    people.change_name(engine, ada, "李小龍")
    (row,) = _issue(engine, "ada@example.org", clock())
    assert row["code"] == ""
    assert "do not have: 李" in str(row["waits for"])


def test_the_last_day_is_when_the_last_week_was_done_and_its_design_is_told_by_its_files(
    engine: Engine, ada: Person, finished: Run, clock: Clock
) -> None:
    ended = clock().date().isoformat()
    do(engine, ada, finished, clock.move(days=9), "journal-1")
    frozen = certificates.award(engine, ada, finished, "Ada", clock()).frozen
    assert frozen["finished"] == ended
    assert len(str(frozen["design_digest"])) == 64
    assert frozen["design_digest"] == design_digest([], "classic") != design_digest([], "plain")


def test_a_file_of_the_owners_changes_the_digest_of_a_design(tmp_path: Path) -> None:
    (tmp_path / "classic").mkdir()
    assert design_digest([tmp_path], "classic") == design_digest([], "classic")
    (tmp_path / "classic" / "certificate.css").write_text("h1 {}", "utf-8")
    assert design_digest([tmp_path], "classic") != design_digest([], "classic")


def test_a_session_that_was_cancelled_is_not_counted(
    engine: Engine, ada: Person, ben: Person, clock: Clock
) -> None:
    cohort = cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 60, clock())
    first, second, third = cohorts.sessions(cohort)
    stored_cohorts.set_sessions(cohort.id, [first, replace(second, cancelled=True), third])
    run = cohorts.add_member(engine, cohort, ada, clock())
    at = runs.position(engine, ada, run, clock())
    for number in (1, 2, 3):
        if number != 2:
            attendance.attend(engine, cohort, number, ada.id, Present.PRESENT, ben, clock())
        do(engine, ada, run, clock(), *week_steps(at, number))
        clock.move(days=7)
    made = certificates.award(engine, ada, run, "Ada", clock())
    assert made.frozen["cohort"] == {"name": "Mondays", "sessions": 2, "attended": 2, "hours": 2.0}


def test_the_code_on_an_older_paper_withdraws_the_newest_revision_and_only_once(
    engine: Engine, ada: Person, dov: Person, finished: Run, clock: Clock
) -> None:
    first = certificates.award(engine, ada, finished, "Ada Lovelace", clock())
    second = certificates.correct(engine, first, "Ada Byron", dov, clock())
    certificates.withdraw(engine, first.code, "asked for", clock(), dov)
    assert verifying.verify(second.code).state is CertificateState.WITHDRAWN
    for code in (first.code, second.code):
        with pytest.raises(Refused, match="withdrawn already"):
            certificates.withdraw(engine, code, "again", clock(), dov)


def test_a_name_put_right_while_dov_withdraws_leaves_nothing_valid(
    engine: Engine, ada: Person, dov: Person, finished: Run, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = certificates.award(engine, ada, finished, "Ada Lovelace", clock())
    find = verifying.with_code

    def and_then_she_corrects_it(code: str) -> Certificate:
        found = find(code)
        certificates.correct(engine, found, "Ada Byron", ada, clock())
        return found

    monkeypatch.setattr(verifying, "with_code", and_then_she_corrects_it)
    certificates.withdraw(engine, first.code, "asked for", clock(), dov)

    newest = certificates.of_run(finished)
    assert newest is not None
    assert (newest.revision, newest.state) == (2, CertificateState.WITHDRAWN)
