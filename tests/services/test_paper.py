"""Olga takes part on paper: what came back is entered by the codes on her sheets, and she can take over."""

from dataclasses import replace

import pytest

from course_engine.domain.cohorts import Cohort, Present
from course_engine.domain.errors import BadInput, NotFound, Refused
from course_engine.domain.members import Entry
from course_engine.domain.people import Person
from course_engine.domain.progress import How
from course_engine.domain.standing import State
from course_engine.engine import Engine
from course_engine.rendering.paper import A4
from course_engine.services import attendance, claims, cohorts, devices, members, paper, runs
from course_engine.storage import audit, people
from course_engine.storage import runs as stored_runs
from course_engine.storage.progress import completions
from tests.cast import BREAD, PASSWORD, ZONE, Clock


@pytest.fixture
def cohort(engine: Engine, ben: Person, clock: Clock) -> Cohort:
    made = cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())
    return cohorts.led(ben, made.id)


@pytest.fixture
def olga(engine: Engine, ben: Person, cohort: Cohort, clock: Clock) -> Person:
    return members.add_on_paper(engine, cohort, "Olga", ben, clock(), agreed=True)


def _code(engine: Engine, cohort: Cohort, person: Person, week: str) -> str:
    run = stored_runs.get(members.one(cohort, person.id).run)
    assert run is not None
    return paper.code(engine, run, week)


def _steps(engine: Engine, cohort: Cohort, code: str, clock: Clock) -> list[str]:
    (sheet,), _unknown = paper.sheets(engine, cohort, code, clock())
    return [step.id for step, _done in sheet.steps]


def test_nobody_is_added_on_paper_who_has_not_agreed(
    engine: Engine, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    with pytest.raises(BadInput):
        members.add_on_paper(engine, cohort, "Olga", ben, clock(), agreed=False)
    assert members.of(cohort) == []


def test_a_sheet_keeps_its_code_and_carries_name_and_code(
    engine: Engine, cohort: Cohort, olga: Person, clock: Clock
) -> None:
    code = _code(engine, cohort, olga, "week-1")
    wanted = paper.week_print(engine, cohort, olga.id, 1, A4, clock())

    assert len(code) == 6
    assert _code(engine, cohort, olga, "week-1") == code
    assert _code(engine, cohort, olga, "week-2") != code
    assert (wanted.values["paper_code"], wanted.values["paper_name"]) == (code, "Olga")
    assert wanted.own


def test_codes_of_several_weeks_are_entered_at_once_in_any_order(
    engine: Engine, ben: Person, cohort: Cohort, olga: Person, clock: Clock
) -> None:
    first, second = (_code(engine, cohort, olga, week) for week in ("week-1", "week-2"))
    clock.move(days=8)
    found, unknown = paper.sheets(engine, cohort, f"{second.lower()}, {first} 000000", clock())
    assert [sheet.code for sheet in found] == [first, second]
    assert unknown == ["000000"]
    for sheet in found:
        steps = {step.id for step, _done in sheet.steps}
        paper.enter(engine, cohort, sheet.code, steps, Present.PRESENT, ben, clock())

    run = stored_runs.get(members.one(cohort, olga.id).run)
    assert run is not None
    at = runs.position(engine, olga, run, clock())
    assert at.access.weeks["week-2"].state is State.DONE
    assert completions(run.id)["four-signs"].how is How.DONE
    lines = [line for line in audit.newest() if line[2] == "paper.enter"]
    assert {(actor, whom) for _at, actor, _act, whom, _detail in lines} == {(ben.id, olga.id)}


def test_entering_twice_changes_nothing_and_leaving_a_tick_out_takes_nothing_back(
    engine: Engine, ben: Person, cohort: Cohort, olga: Person, clock: Clock
) -> None:
    code = _code(engine, cohort, olga, "week-1")
    steps = _steps(engine, cohort, code, clock)
    assert paper.enter(engine, cohort, code, steps[:1], Present.PRESENT, ben, clock()) == 2
    assert paper.enter(engine, cohort, code, steps[:1], Present.PRESENT, ben, clock()) == 0
    assert paper.enter(engine, cohort, code, [], None, ben, clock()) == 0
    (sheet,), _unknown = paper.sheets(engine, cohort, code, clock())
    assert (sheet.steps[0][1], sheet.present) == (True, Present.PRESENT)


def test_a_week_that_is_locked_says_what_is_missing_and_nothing_is_entered(
    engine: Engine, ben: Person, cohort: Cohort, olga: Person, clock: Clock
) -> None:
    code = _code(engine, cohort, olga, "week-3")
    steps = _steps(engine, cohort, code, clock)
    clock.move(days=14)
    with pytest.raises(BadInput, match="not open for Olga yet"):
        paper.enter(engine, cohort, code, steps, Present.PRESENT, ben, clock())
    (sheet,), _unknown = paper.sheets(engine, cohort, code, clock())
    assert sheet.present is None
    assert sheet.why


def test_olga_is_at_no_session_on_paper_that_is_still_to_come(
    engine: Engine, ben: Person, cohort: Cohort, olga: Person, clock: Clock
) -> None:
    code = _code(engine, cohort, olga, "week-3")
    with pytest.raises(BadInput, match="not begun yet") as fault:
        paper.enter(engine, cohort, code, [], Present.PRESENT, ben, clock())
    assert list(fault.value.faults) == [f"steps-{code}"], "told where the sheet stands"
    assert attendance.counts(cohort) == {}

    assert paper.enter(engine, cohort, code, [], Present.PRESENT, ben, clock.move(days=14)) == 1
    assert attendance.counts(cohort) == {3: 1}


def test_a_code_of_another_group_is_no_code_here(
    engine: Engine, ben: Person, cohort: Cohort, olga: Person, clock: Clock
) -> None:
    other = cohorts.add(engine, ben, BREAD, "Fridays", clock.move(days=4), ZONE, 90, clock())
    code = _code(engine, cohort, olga, "week-1")
    assert paper.sheets(engine, other, code, clock()) == ([], [code])
    with pytest.raises(NotFound):
        paper.enter(engine, other, code, [], None, ben, clock())


def test_nobody_on_paper_can_sign_in_whatever_they_type(
    engine: Engine, ben: Person, cohort: Cohort, clock: Clock, dov: Person
) -> None:
    with engine.database.transaction():
        person = members.somebody(engine, "Eve", "eve@example.org", "", ZONE, clock())
        people.add(person, "", engine.keys.new_person_key())
    for password in ("", "nobody has this password", PASSWORD):
        with pytest.raises(Refused):
            devices.sign_in(engine, "eve@example.org", password, "Firefox", clock())


def test_olga_takes_over_with_her_code_and_nothing_moves(
    engine: Engine, ben: Person, cohort: Cohort, olga: Person, clock: Clock
) -> None:
    sheet = _code(engine, cohort, olga, "week-1")
    paper.enter(engine, cohort, sheet, _steps(engine, cohort, sheet, clock)[:1], None, ben, clock())
    code = claims.new(engine, [olga.id], ben, clock())[olga.id]
    with pytest.raises(BadInput):
        claims.claim(engine, code, "Olga", "ben@example.org", PASSWORD, clock())

    claimed = claims.claim(engine, code.lower(), "Olga P.", "olga.p", PASSWORD, clock())

    assert claimed == replace(olga, name="Olga P.", sign_in_name="olga.p")
    assert devices.sign_in(engine, "olga.p", PASSWORD, "Firefox", clock()).person == claimed
    at = runs.position(engine, claimed, runs.current(engine, claimed), clock())
    assert any(standing.state is State.DONE for standing in at.access.steps.values())
    assert members.one(cohort, olga.id).entry is Entry.JOINED
    with pytest.raises(Refused):
        claims.look(code, clock())
    with pytest.raises(Refused):
        claims.look(claims.new(engine, [olga.id], ben, clock())[olga.id], clock())


def test_a_newer_code_makes_the_older_one_useless(
    engine: Engine, ben: Person, olga: Person, clock: Clock
) -> None:
    old = claims.new(engine, [olga.id], ben, clock())[olga.id]
    new = claims.new(engine, [olga.id], ben, clock())[olga.id]
    with pytest.raises(Refused):
        claims.look(old, clock())
    assert claims.look(new, clock()).person == olga
    with pytest.raises(Refused):
        claims.look(new, clock.move(days=200))


def test_a_code_of_a_week_that_the_course_has_no_more_leaves_the_others_usable(
    engine: Engine, cohort: Cohort, olga: Person, clock: Clock
) -> None:
    good, gone = (_code(engine, cohort, olga, week) for week in ("week-1", "week-that-was"))
    found, unknown = paper.sheets(engine, cohort, f"{gone} {good}", clock())
    assert ([sheet.code for sheet in found], unknown) == ([good], [gone])
