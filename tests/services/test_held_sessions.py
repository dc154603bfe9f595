"""What Ben can change about an evening that is over: its day stays, and cancelling can be taken back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from course_engine.domain.cohorts import Cohort, Present, Session
from course_engine.domain.errors import BadInput
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.services import (
    attendance,
    boards,
    calendars,
    candidates,
    certificates,
    cohorts,
    members,
    runs,
)
from course_engine.storage import cohorts as stored
from tests.cast import BREAD, ZONE, Clock, do, week_steps


@pytest.fixture
def cohort(engine: Engine, ben: Person, clock: Clock) -> Cohort:
    return cohorts.add(engine, ben, BREAD, "Tuesdays", clock() + timedelta(days=1), ZONE, 90, clock())


@pytest.fixture
def run(engine: Engine, ada: Person, ben: Person, cohort: Cohort, clock: Clock) -> Run:
    """Ada was at the first session, and it is over."""
    run = cohorts.add_member(engine, cohort, ada, clock())
    clock.move(days=1, hours=2)
    attendance.attend(engine, cohort, 1, ada.id, Present.PRESENT, ben, clock())
    return run


def test_a_session_ada_was_at_does_not_move_to_a_day_that_is_still_to_come(
    engine: Engine, ben: Person, ada: Person, run: Run, cohort: Cohort, clock: Clock
) -> None:
    before = cohorts.sessions(cohort)
    with pytest.raises(BadInput) as told:
        calendars.reschedule(engine, cohort, calendars.later(before, 1, ZONE), ben, clock())
    assert list(told.value.faults) == ["session-1"]
    assert "note them as not here first" in told.value.faults["session-1"]
    assert cohorts.sessions(cohort) == before

    assert calendars.reschedule(engine, cohort, calendars.later(before, 2, ZONE), ben, clock())


def _moved_ahead(engine: Engine, cohort: Cohort, weeks: int) -> list[Session]:
    """As it stands where sessions were moved before moving one that was noted was refused."""
    held = cohorts.sessions(cohort)
    with engine.database.transaction():
        stored.set_sessions(
            cohort.id, [replace(one, starts_at=one.starts_at + timedelta(weeks=weeks)) for one in held]
        )
    return held


def test_a_session_that_was_moved_ahead_after_ada_was_noted_goes_back_or_further(
    engine: Engine, ben: Person, run: Run, cohort: Cohort, clock: Clock
) -> None:
    before = _moved_ahead(engine, cohort, 3)
    further = calendars.later(cohorts.sessions(cohort), 1, ZONE)
    assert calendars.reschedule(engine, cohort, further, ben, clock()) == further

    assert calendars.reschedule(engine, cohort, before, ben, clock()) == before
    with pytest.raises(BadInput, match="note them as not here first"):
        calendars.reschedule(engine, cohort, further, ben, clock())


def test_ben_reads_of_ada_what_a_certificate_counts_after_her_session_was_moved_ahead(
    engine: Engine, ben: Person, ada: Person, run: Run, cohort: Cohort, clock: Clock
) -> None:
    def told() -> tuple[int, int, int]:
        row = candidates.one(engine, cohort, ada.id, "en", clock())
        (on_board,) = boards.board(engine, cohort, boards.Wanted(), "en", clock()).rows
        at = certificates.as_held(runs.position(engine, ada, run, clock()), clock())
        assert row.needed == certificates.still_needed(at)
        return row.attended, on_board.attended, row.needed.sessions

    _one, _two, needed = before = told()
    assert before == (1, 1, needed)
    _moved_ahead(engine, cohort, 3)
    assert told() == (0, 0, needed + 1)
    clock.move(days=22)
    assert told() == before


def test_a_certificate_counts_no_session_that_is_still_to_come_whatever_is_noted_of_it(
    engine: Engine, ben: Person, ada: Person, run: Run, cohort: Cohort, clock: Clock
) -> None:
    """As it stands where a session was moved before moving it was refused."""
    for number in (1, 2, 3):
        at = runs.position(engine, ada, run, clock())
        clock.now = max(clock(), at.sessions[number - 1].starts_at)
        attendance.attend(engine, cohort, number, ada.id, Present.PRESENT, ben, clock())
        do(engine, ada, run, clock(), *week_steps(at, number))
    with engine.database.transaction():
        stored.set_sessions(cohort.id, calendars.later(cohorts.sessions(cohort), 3, ZONE))
    made = certificates.award(engine, ada, run, "Ada", clock())
    third = cohorts.sessions(cohort)[2].starts_at
    there = certificates.as_held(runs.position(engine, ada, run, third), third)
    assert sorted(there.history.attended) == [1, 2, 3], "once it has come it counts again"
    assert made.frozen["cohort"] == {"name": "Tuesdays", "sessions": 3, "attended": 2, "hours": 3.0}


def test_what_ada_was_at_in_another_group_counts_before_this_one_has_come_so_far(
    engine: Engine, ben: Person, ada: Person, run: Run, cohort: Cohort, clock: Clock
) -> None:
    fridays = cohorts.add(engine, ben, BREAD, "Fridays", clock() + timedelta(days=3), ZONE, 90, clock())
    members.remove(engine, cohort, ada.id, ben, clock())
    cohorts.take_in(engine, fridays, runs.own(engine, ada, run.id), ben, clock())
    at = runs.position(engine, ada, runs.own(engine, ada, run.id), clock())
    assert list(certificates.as_held(at, clock()).history.attended) == list(at.history.attended) == [1]


def test_once_ada_is_noted_as_not_here_the_session_that_did_not_take_place_moves(
    engine: Engine, ben: Person, ada: Person, run: Run, cohort: Cohort, clock: Clock
) -> None:
    attendance.attend(engine, cohort, 1, ada.id, Present.NOT_HERE, ben, clock())
    moved = calendars.later(cohorts.sessions(cohort), 1, ZONE)
    assert calendars.reschedule(engine, cohort, moved, ben, clock()) == moved


def test_an_evening_that_ada_has_come_early_for_may_begin_a_quarter_of_an_hour_later(
    engine: Engine, ben: Person, ada: Person, cohort: Cohort, clock: Clock
) -> None:
    cohorts.add_member(engine, cohort, ada, clock())
    first, *others = cohorts.sessions(cohort)
    clock.now = first.starts_at - timedelta(minutes=10)
    attendance.attend(engine, cohort, 1, ada.id, Present.PRESENT, ben, clock())
    wanted = [replace(first, starts_at=first.starts_at + timedelta(minutes=15)), *others]
    assert calendars.reschedule(engine, cohort, wanted, ben, clock()) == wanted[:1]


def test_a_session_that_was_cancelled_by_mistake_is_taken_back_after_it_is_over(
    engine: Engine, ben: Person, ada: Person, run: Run, cohort: Cohort, clock: Clock
) -> None:
    def needed() -> int:
        return certificates.still_needed(runs.position(engine, ada, run, clock())).sessions

    first, *others = before = cohorts.sessions(cohort)
    with_it = needed()
    calendars.reschedule(engine, cohort, [replace(first, cancelled=True), *others], ben, clock())
    assert needed() > with_it

    calendars.reschedule(engine, cohort, before, ben, clock.move(days=2))
    assert cohorts.sessions(cohort) == before
    assert needed() == with_it
    attendance.attend(engine, cohort, 1, ada.id, Present.ONLINE, ben, clock())


def test_the_minutes_of_an_evening_that_is_over_can_be_put_right_and_its_hour_cannot(
    engine: Engine, ben: Person, run: Run, cohort: Cohort, clock: Clock
) -> None:
    first, *others = cohorts.sessions(cohort)
    longer = replace(first, minutes=120)
    assert calendars.reschedule(engine, cohort, [longer, *others], ben, clock()) == [longer]
    earlier = replace(longer, starts_at=longer.starts_at - timedelta(hours=1))
    with pytest.raises(BadInput, match="This time is over"):
        calendars.reschedule(engine, cohort, [earlier, *others], ben, clock())
