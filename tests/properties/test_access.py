"""What holds for every course, every learner and every zone: nothing open ever closes again."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import available_timezones

from hypothesis import given, settings
from hypothesis import strategies as st

from course_engine.domain.access import Access, access, to_keep
from course_engine.domain.course import Course, StepKind
from course_engine.domain.pace import By, Override, OverrideKind, Pace, PaceKind
from course_engine.domain.progress import History
from course_engine.domain.standing import State
from tests.make import MONDAY, course, step, week

ZONES = sorted(available_timezones() - {"Factory", "localtime"})
WEEKS = [f"week-{number}" for number in range(6)]

zones = st.sampled_from(ZONES)
instants = st.integers(0, 24 * 120).map(lambda hours: MONDAY + timedelta(hours=hours))


@st.composite
def courses(draw: st.DrawFn) -> Course:
    """A course of one to six weeks whose steps are drawn."""
    numbers = range(draw(st.integers(1, 6)))
    weeks = []
    for number in numbers:
        own = [step(f"lesson-{number}")]
        for extra in range(draw(st.integers(0, 3))):
            kind = draw(st.sampled_from(list(StepKind)))
            style = draw(st.sampled_from(["required", "one_of", "optional"]))
            own.append(
                step(
                    f"step-{number}-{extra}",
                    kind,
                    required=style == "required",
                    one_of="practice" if style == "one_of" else "",
                    always_open=draw(st.booleans()),
                )
            )
        weeks.append(week(number, *own))
    return course(*weeks)


@st.composite
def paces(draw: st.DrawFn) -> Pace:
    """Any pace in any zone, with any of its gates switched off."""
    kind = draw(st.sampled_from(list(PaceKind)))
    zone = draw(zones)
    if kind is not PaceKind.COHORT:
        return Pace.alone(kind, zone)
    first = draw(st.integers(0, 30))
    calendar = {number: date(2026, 3, 2) + timedelta(days=first + 7 * number) for number in range(1, 7)}
    ended = draw(st.none() | instants)
    return Pace(kind, zone, draw(st.booleans()), draw(st.booleans()), calendar, ended)


@st.composite
def overrides(draw: st.DrawFn) -> Override:
    """One change on one week or all."""
    start = draw(instants)
    return Override(
        kind=draw(st.sampled_from(list(OverrideKind))),
        start=start,
        week=draw(st.none() | st.sampled_from(WEEKS)),
        end=draw(st.none() | st.integers(1, 400).map(lambda hours: start + timedelta(hours=hours))),
        days=draw(st.integers(1, 14)),
        by=draw(st.sampled_from(list(By))),
    )


@st.composite
def histories(draw: st.DrawFn, of: Course) -> History:
    """Some steps of the course done at some instants, perhaps some sessions attended."""
    ids = draw(st.lists(st.sampled_from(list(of.steps)), unique=True))
    done = {id: draw(instants) for id in ids}
    attended = draw(st.dictionaries(st.integers(0, 6), instants, max_size=3))
    return History(
        started_at=draw(st.none() | st.just(MONDAY) | instants),
        done=done,
        attended=attended,
    )


@st.composite
def lives(draw: st.DrawFn) -> tuple[Course, History, Pace, list[Override]]:
    """A course, what someone did in it, and the rules it goes by."""
    of = draw(courses())
    return of, draw(histories(of)), draw(paces()), draw(st.lists(overrides(), max_size=4))


def until(past: History, now: datetime) -> History:
    """What of this history had happened at an instant."""
    return replace(
        past,
        done={id: at for id, at in past.done.items() if at <= now},
        attended={number: at for number, at in past.attended.items() if at <= now},
    )


def known(changes: list[Override], now: datetime) -> list[Override]:
    return [one for one in changes if one.start <= now]


def keep(past: History, found: Access) -> History:
    opened, finished = to_keep(found)
    return replace(past, opened={**opened, **past.opened}, finished={**finished, **past.finished})


def open_items(found: Access) -> set[str]:
    items = {**found.weeks, **found.steps}
    return {id for id, standing in items.items() if standing.readable}


@settings(max_examples=300, deadline=None)
@given(lives(), instants, instants)
def test_under_the_same_rules_time_only_opens(
    life: tuple[Course, History, Pace, list[Override]], one: datetime, other: datetime
) -> None:
    of, past, pace, _ = life
    early, late = sorted((one, other))
    before = access(of, until(past, early), pace, (), early)
    after = access(of, until(past, late), pace, (), late)

    assert open_items(before) <= open_items(after)


@settings(max_examples=300, deadline=None)
@given(lives(), paces(), courses(), instants, st.integers(0, 2000))
def test_no_change_of_rules_course_or_zone_takes_anything_back(
    life: tuple[Course, History, Pace, list[Override]],
    other_pace: Pace,
    other_course: Course,
    now: datetime,
    hours: int,
) -> None:
    of, past, pace, changes = life
    later = now + timedelta(hours=hours)
    before = access(of, until(past, now), pace, known(changes, now), now)
    kept = keep(until(past, now), before)
    after = access(other_course, kept, other_pace, changes, later)

    same_weeks = {id for id in open_items(before) if id in after.weeks}
    assert same_weeks <= open_items(after)
    done = {id for id, standing in before.steps.items() if standing.state is State.DONE}
    for id in done & set(kept.done) & set(after.steps):
        assert after.steps[id].state is State.DONE
    finished = {id for id, standing in before.weeks.items() if standing.done_at}
    assert all(after.weeks[id].done_at for id in finished & set(after.weeks))


@settings(max_examples=300, deadline=None)
@given(lives(), instants)
def test_every_locked_item_has_a_reason_and_every_open_one_none(
    life: tuple[Course, History, Pace, list[Override]], now: datetime
) -> None:
    of, past, pace, changes = life
    found = access(of, until(past, now), pace, changes, now)

    for standing in (*found.weeks.values(), *found.steps.values(), *found.modules.values()):
        assert bool(standing.reasons) == (standing.state is State.LOCKED)
        assert standing.opens_at is None or standing.opens_at > now


@settings(max_examples=300, deadline=None)
@given(lives(), instants)
def test_there_is_at_most_one_next_step_and_it_can_be_done(
    life: tuple[Course, History, Pace, list[Override]], now: datetime
) -> None:
    of, past, pace, changes = life
    found = access(of, until(past, now), pace, changes, now)
    marked = [id for id, standing in found.steps.items() if standing.state is State.NEXT]

    assert marked == ([found.next_step] if found.next_step else [])
    if found.next_step:
        assert of.steps[found.next_step].counts
        assert found.weeks[of.week_of[found.next_step].id].state is State.NEXT


@settings(max_examples=200, deadline=None)
@given(courses(), zones)
def test_whoever_does_what_is_next_finishes_at_any_own_pace(of: Course, zone: str) -> None:
    for kind in (PaceKind.WEEKLY, PaceKind.GENTLE, PaceKind.FREE):
        past, now = History(started_at=MONDAY), MONDAY
        for _ in range(200):
            found = access(of, past, Pace.alone(kind, zone), (), now)
            if found.next_step:
                past = replace(past, done={**past.done, found.next_step: now})
            elif found.next_opening:
                now = found.next_opening[1]
            else:
                break
        assert all(standing.done_at for standing in found.weeks.values())


@settings(max_examples=200, deadline=None)
@given(courses(), st.data())
def test_the_order_of_completions_does_not_matter(of: Course, data: st.DataObject) -> None:
    past = data.draw(histories(of))
    shuffled = data.draw(st.permutations(list(past.done.items())))
    now = MONDAY + timedelta(days=120)
    pace = data.draw(paces())

    assert access(of, past, pace, (), now) == access(of, replace(past, done=dict(shuffled)), pace, (), now)


@given(courses())
def test_what_is_asked_of_a_week_is_only_what_counts(of: Course) -> None:
    for one in of.weeks:
        counting = {step.id for step in one.steps if step.counts}
        assert {step.id for steps in one.asks for step in steps} == counting
