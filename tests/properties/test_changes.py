"""What a facilitator is told of a change is what then happens, for every course, learner and change."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from course_engine.domain.access import to_keep
from course_engine.domain.changes import Change, Deed, Life, Outcome, after, changed, outcome, override_of
from course_engine.domain.course import Course
from course_engine.domain.pace import Override, OverrideKind, Pace, PaceKind
from course_engine.domain.progress import History
from course_engine.domain.standing import State, Status
from tests.make import MONDAY, course
from tests.properties.test_access import instants, known, lives, until

Story = tuple[Life, Change, datetime]


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """How a run stands, and one of all the changes that would change something for it, if there is any."""
    of, past, pace, changes = draw(lives())
    now = draw(instants)
    in_cohort = draw(st.booleans())
    if pace.calendar and in_cohort:
        pace = replace(pace, kind=PaceKind.COHORT)
    past = replace(past, started_at=past.started_at or MONDAY)
    life = Life(of, until(past, now), pace, known(changes, now))
    start = now + timedelta(hours=draw(st.sampled_from([0, 0, 30, 200])))
    end = start + timedelta(days=draw(st.integers(1, 30))) if draw(st.booleans()) else None
    possible = [one for one in _all(of, start, end) if outcome(life, one, now) is Outcome.CHANGES]
    assume(possible)
    return life, draw(st.sampled_from(possible)), now


def _all(of: Course, start: datetime, end: datetime | None) -> list[Change]:
    weeks = [
        Change(deed, start, week.id, end, tuple(step.id for step in week.steps[::2]))
        for week in of.weeks
        for deed in Deed
    ]
    return [*weeks, Change(Deed.HOLD, start, None, end), Change(Deed.RETURN, start)]


@settings(max_examples=150, deadline=None)
@given(stories())
def test_what_is_told_is_what_happens(story: Story) -> None:
    life, change, now = story
    moment = max(now, change.start)
    before, then = life.at(moment), changed(life, change, now).at(moment)
    week = change.week or ""
    match change.deed:
        case Deed.OPEN:
            assert not before.weeks[week].readable
            assert then.weeks[week].readable
        case Deed.HOLD if change.week is None:
            assert then.status is Status.ON_HOLD
        case Deed.HOLD:
            assert not then.weeks[week].readable
        case Deed.RETURN:
            assert before.status is Status.ON_HOLD
            # A hold for the whole cohort, written as an override, ends for this run like any other.
            assert changed(life, change, moment).at(moment).status is not Status.ON_HOLD
        case Deed.PAPER:
            assert len(changed(life, change, now).history.done) > len(life.history.done)
        case Deed.STAY:
            _stays(life, change, now)
        case Deed.WAIVE:
            assert then.weeks[week] != before.weeks[week]


@settings(max_examples=150, deadline=None)
@given(stories(), st.integers(0, 600))
def test_nothing_that_is_open_is_closed_by_any_change(story: Story, hours: int) -> None:
    life, change, now = story
    before = life.at(now)
    opened, finished = to_keep(before)
    kept = replace(
        life,
        history=replace(
            life.history,
            opened={**opened, **life.history.opened},
            finished={**finished, **life.history.finished},
        ),
    )
    then = changed(kept, change, now).at(now + timedelta(hours=hours))

    assert {id for id, at in before.weeks.items() if at.readable} <= {
        id for id, at in then.weeks.items() if at.readable
    }


@settings(max_examples=100, deadline=None)
@given(stories())
def test_a_change_for_nobody_says_so_again_when_it_is_made_twice(
    story: Story,
) -> None:
    life, change, now = story
    if change.deed not in (Deed.OPEN, Deed.PAPER, Deed.RETURN) or change.start > now:
        return

    assert outcome(changed(life, change, now), change, now) is not Outcome.CHANGES


def test_a_stay_moves_what_is_next_and_a_second_hold_is_no_change() -> None:
    """The two that drawn examples seldom meet, told in one story."""
    from_now = datetime.fromisoformat("2026-03-02T18:30:00+00:00")
    of = course()
    pace = Pace(PaceKind.COHORT, "Europe/Lisbon", True, False, {})
    life = Life(of, History(from_now), pace, ())
    change = Change(Deed.STAY, from_now, of.weeks[0].id)
    assert outcome(life, change, from_now) is Outcome.CHANGES
    hold = Change(Deed.HOLD, from_now)
    held = changed(life, hold, from_now)
    assert outcome(held, hold, from_now) is Outcome.HELD_ALREADY
    taken_back = replace(held, overrides=[replace(one, end=one.start) for one in held.overrides])
    assert outcome(taken_back, hold, from_now) is Outcome.CHANGES


def _stays(life: Life, change: Change, now: datetime) -> None:
    following = after(life.course, change.week)
    assert following is not None
    made = override_of(life, change, now)
    assert (made.kind, made.week) == (OverrideKind.EXTEND, following.id)
    if life.pace.kind is not PaceKind.COHORT:
        return
    own = {step.id for step in following.steps}
    for hours in (0, 80, 167):
        then = changed(life, change, now).at(_latest(made, hours))
        assert then.next_step not in own
        assert then.weeks[following.id].state is not State.NEXT


def _latest(made: Override, hours: int) -> datetime:
    return made.start + timedelta(hours=hours)
