"""What holds for every certificate: none before it is earned, whatever is done, attended or cancelled."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from course_engine.domain.access import outline
from course_engine.domain.awards import counted, earned, to_attend
from course_engine.domain.cohorts import Session
from course_engine.domain.pace import Pace, PaceKind
from tests.make import MONDAY, course, history, required

COURSE = course()
NUMBERS = [week.number for week in COURSE.weeks if week.number]
LATER = MONDAY + timedelta(days=400)

steps = st.sets(st.sampled_from([step for number in range(5) for step in required(number)]))
meetings = st.dictionaries(st.sampled_from(NUMBERS), st.booleans())
attended = st.sets(st.sampled_from([*NUMBERS, 99]))


def _pace() -> Pace:
    days = {number: (MONDAY + timedelta(days=7 * number)).date() for number in NUMBERS}
    return Pace(PaceKind.COHORT, "UTC", True, True, days, None)


@given(steps, attended, meetings, st.integers(0, 5))
def test_nobody_has_earned_a_certificate_before_every_week_and_every_session_is_there(
    done: set[str], there: set[int], planned: dict[int, bool], asked: int
) -> None:
    told: dict[str, datetime] = {step: MONDAY + timedelta(days=300) for step in done}
    found = outline(COURSE, history(told), _pace(), (), LATER)
    sessions = [Session("c", number, MONDAY, 90, cancelled) for number, cancelled in planned.items()]
    still = earned(COURSE, found, there, sessions, asked)

    held = {number for number, cancelled in planned.items() if not cancelled}
    possible = min(asked, len(held))
    assert counted(there, sessions) == there & held
    if still.whole:
        assert all(found.weeks[week.id].done_at is not None for week in COURSE.weeks)
        assert len(there & held) >= possible
    else:
        assert still.weeks or still.sessions == possible - len(there & held)


@given(meetings, st.integers(0, 5))
def test_whoever_was_at_every_session_that_took_place_needs_no_other(
    planned: dict[int, bool], asked: int
) -> None:
    found = outline(COURSE, history(), _pace(), (), LATER)
    sessions = [Session("c", number, MONDAY, 90, cancelled) for number, cancelled in planned.items()]
    there = {number for number, cancelled in planned.items() if not cancelled}

    assert to_attend(asked, sessions) <= len(there)
    assert earned(COURSE, found, there, sessions, asked).sessions == 0


@given(attended, meetings, st.sampled_from(NUMBERS), st.integers(0, 5))
def test_while_enough_sessions_are_left_cancelling_one_never_brings_anybody_nearer(
    there: set[int], planned: dict[int, bool], number: int, asked: int
) -> None:
    found = outline(COURSE, history(), _pace(), (), LATER)
    before = [Session("c", one, MONDAY, 90, cancelled) for one, cancelled in planned.items()]
    after = [Session("c", one, MONDAY, 90, cancelled or one == number) for one, cancelled in planned.items()]
    asked = min(asked, sum(not one.cancelled for one in after))

    assert earned(COURSE, found, there, after, asked).sessions >= (
        earned(COURSE, found, there, before, asked).sessions
    )
