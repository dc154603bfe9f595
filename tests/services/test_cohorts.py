"""Ben's group: what he and Ada change about the opening of weeks, and what sessions count for."""

from dataclasses import replace
from datetime import timedelta

import pytest

from course_engine.domain.cohorts import Cohort, Present, RequestState
from course_engine.domain.course import StepKind
from course_engine.domain.errors import NotFound, NotYetOpen, Refused
from course_engine.domain.pace import By, Override, OverrideKind, PaceKind
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.domain.standing import Code, State, Status
from course_engine.engine import Engine
from course_engine.services import attendance, cohorts, contacts, overrides, progress, runs
from course_engine.services.runs import Position
from course_engine.storage import audit
from course_engine.storage import cohorts as stored_cohorts
from course_engine.storage import contacts as stored_contacts
from tests.cast import BREAD, ZONE, Clock, do, week_steps


@pytest.fixture
def cohort(engine: Engine, ben: Person, clock: Clock) -> Cohort:
    """Mondays at half past six, from tonight on."""
    return cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())


def _at(engine: Engine, person: Person, run: Run, clock: Clock) -> Position:
    return runs.position(engine, person, runs.own(engine, person, run.id), clock())


def _change(kind: OverrideKind, clock: Clock, **more: object) -> Override:
    return Override(kind, clock(), **more)  # type: ignore[arg-type]


def test_sessions_keep_their_local_hour_and_a_week_away_moves_the_later_ones(
    engine: Engine, ben: Person, clock: Clock
) -> None:
    first = clock().replace(day=23)
    away = (first + timedelta(days=7)).date()
    made = cohorts.add(engine, ben, BREAD, "Spring", first, ZONE, 60, clock(), skipped=[away])
    starts = [one.starts_at.isoformat() for one in cohorts.sessions(made)]
    assert starts == [
        "2026-03-23T18:30:00+00:00", "2026-04-06T17:30:00+00:00", "2026-04-13T17:30:00+00:00"
    ]  # fmt: skip


def test_attending_a_session_or_making_it_up_completes_the_lessons_of_its_week(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    run = cohorts.add_member(engine, cohort, ada, clock())
    for present, counts in (
        (Present.EXCUSED, False),
        (Present.NOT_HERE, False),
        (Present.MADE_UP, True),
        (Present.ONLINE, True),
        (Present.PRESENT, True),
    ):
        attendance.attend(engine, cohort, 1, ada.id, present, ben, clock.move(minutes=1))
        steps = _at(engine, ada, run, clock).access.steps
        assert (steps["what-lives"].state is State.DONE) is counts
        assert steps["check-in-1"].state is not State.DONE


def test_nobody_outside_the_group_is_written_down_or_led(
    engine: Engine, ada: Person, ben: Person, cleo: Person, dov: Person, cohort: Cohort, clock: Clock
) -> None:
    with pytest.raises(NotFound):
        attendance.attend(engine, cohort, 1, cleo.id, Present.PRESENT, ben, clock())
    assert cohorts.led(ben, cohort.id) == cohort
    for other in (ada, cleo, dov):
        with pytest.raises(NotFound):
            cohorts.led(other, cohort.id)
        assert cohorts.led_by(other, clock()) == []
    assert [(led.cohort, led.people) for led in cohorts.led_by(ben, clock())] == [(cohort, 0)]


def test_joining_a_group_twice_gives_one_run_and_its_pace_is_the_groups(
    engine: Engine, ada: Person, cohort: Cohort, clock: Clock
) -> None:
    run = cohorts.add_member(engine, cohort, ada, clock())
    assert cohorts.add_member(engine, cohort, ada, clock.move(hours=1)) == run
    with pytest.raises(Refused):
        runs.change_pace(engine, ada, run, PaceKind.FREE, clock())


def test_who_was_invited_only_has_not_begun(
    engine: Engine, ada: Person, cohort: Cohort, clock: Clock
) -> None:
    run = cohorts.add_member(engine, cohort, ada, clock(), started=False)
    found = _at(engine, ada, run, clock).access
    assert found.status is Status.NOT_STARTED
    assert found.weeks["week-1"].reasons[0].code is Code.NOT_STARTED
    with pytest.raises(NotYetOpen):
        do(engine, ada, run, clock(), "what-lives")


def test_a_week_opened_early_closes_again_if_ada_has_not_looked(
    engine: Engine, ada: Person, ben: Person, run: Run, clock: Clock
) -> None:
    change = _change(OverrideKind.OPEN_EARLY, clock, week="week-2")
    early = overrides.add(engine, run, change, ben, "asked for it", clock())
    assert _at(engine, ada, run, clock).access.weeks["week-2"].readable
    overrides.undo(engine, run, early.id, ben, clock.move(hours=1))
    assert _at(engine, ada, run, clock).access.weeks["week-2"].state is State.LOCKED
    with pytest.raises(NotFound):
        overrides.undo(engine, run, early.id, ben, clock())


def test_a_week_that_opened_by_itself_stays_open_whatever_ben_plans_for_later(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    run = cohorts.add_member(engine, cohort, ada, clock())
    planned = replace(
        _change(OverrideKind.OPEN_EARLY, clock, week="week-2"), start=clock() + timedelta(days=9)
    )
    early = overrides.add(engine, run, planned, ben, "", clock())
    do(engine, ada, run, clock(), *week_steps(_at(engine, ada, run, clock), 1))
    clock.move(days=8)
    cohorts.leave(engine, cohort, run, PaceKind.GENTLE, ben, clock())
    run = runs.own(engine, ada, run.id)
    overrides.undo(engine, run, early.id, ben, clock.move(days=2))

    assert _at(engine, ada, run, clock).access.weeks["week-2"].readable


@pytest.mark.parametrize("way", ["week", "step", "completion", "zone"])
def test_a_week_opened_early_stays_open_once_she_has_looked(
    way: str, engine: Engine, ada: Person, ben: Person, run: Run, clock: Clock
) -> None:
    change = _change(OverrideKind.OPEN_EARLY, clock, week="week-2")
    early = overrides.add(engine, run, change, ben, "asked for it", clock())
    clock.move(hours=1)
    at = _at(engine, ada, run, clock)
    if way == "completion":
        do(engine, ada, run, clock(), "four-signs")
    else:
        week = at.course.week_of["four-signs"] if way == "step" else progress.readable_week(at, 2)
        progress.see_week(engine, at, week, clock())
    if way == "zone":
        runs.change_zone(engine, ada, "Asia/Tokyo", clock())
    overrides.undo(engine, run, early.id, ben, clock.move(hours=1))
    clock.move(days=1)
    found = _at(engine, ada, run, clock).access
    assert found.weeks["week-2"].readable
    assert found.weeks["week-3"].state is State.LOCKED


def test_looking_at_a_page_that_is_always_open_opens_nothing(
    engine: Engine, ada: Person, run: Run, clock: Clock
) -> None:
    at = _at(engine, ada, run, clock)
    progress.see_week(engine, at, at.course.week_of["heat-and-hands"], clock())
    assert _at(engine, ada, run, clock).access.weeks["week-3"].state is State.LOCKED


def test_a_stay_moves_the_next_opening_by_a_week_each_time_and_can_be_taken_back(
    engine: Engine, ada: Person, run: Run, clock: Clock
) -> None:
    do(engine, ada, run, clock(), *week_steps(_at(engine, ada, run, clock), 1))

    def opens() -> str:
        opening = _at(engine, ada, run, clock).access.next_opening
        assert opening is not None
        return opening[1].date().isoformat()

    assert opens() == "2026-03-08"
    stay = _change(OverrideKind.EXTEND, clock, week="week-2", days=7, by=By.LEARNER)
    overrides.add(engine, run, stay, ada, "", clock.move(hours=1))
    assert opens() == "2026-03-15"
    second = overrides.add(engine, run, stay, ada, "", clock.move(hours=1))
    assert opens() == "2026-03-22"
    overrides.undo(engine, run, second.id, ada, clock.move(hours=1))
    assert opens() == "2026-03-15"


def test_a_hold_stops_the_clock_and_leaves_open_what_was_open(
    engine: Engine, ada: Person, run: Run, clock: Clock
) -> None:
    do(engine, ada, run, clock(), *week_steps(_at(engine, ada, run, clock), 1))
    clock.move(days=2)
    hold = _change(OverrideKind.HOLD, clock, by=By.LEARNER)
    overrides.add(engine, run, hold, ada, "", clock())
    clock.move(days=10)
    held = _at(engine, ada, run, clock).access
    assert held.status is Status.ON_HOLD
    assert held.weeks["week-1"].state is State.DONE
    assert [reason.code for reason in held.weeks["week-2"].reasons] == [Code.HELD]
    do(engine, ada, run, clock(), "journal-1")
    overrides.end_hold(engine, run, ada, clock())
    back = _at(engine, ada, run, clock).access
    assert back.status is Status.ACTIVE
    assert back.next_opening is not None
    assert back.next_opening[1].date().isoformat() == "2026-03-18"
    with pytest.raises(Refused):
        overrides.end_hold(engine, run, ada, clock.move(hours=1))


def test_a_waiver_opens_a_week_although_the_one_before_is_not_done(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    run = cohorts.add_member(engine, cohort, ada, clock())
    clock.move(days=7)
    assert _at(engine, ada, run, clock).access.weeks["week-2"].state is State.LOCKED
    waiver = _change(OverrideKind.WAIVE, clock, week="week-2")
    made = overrides.add(engine, run, waiver, ben, "was ill", clock())
    assert _at(engine, ada, run, clock).access.weeks["week-2"].readable
    overrides.undo(engine, run, made.id, ben, clock.move(hours=1))
    assert _at(engine, ada, run, clock).access.weeks["week-2"].readable


def test_a_change_for_ada_changes_nothing_for_cleo(
    engine: Engine, ada: Person, ben: Person, cleo: Person, cohort: Cohort, clock: Clock
) -> None:
    adas, cleos = (cohorts.add_member(engine, cohort, person, clock()) for person in (ada, cleo))
    change = _change(OverrideKind.OPEN_EARLY, clock, week="week-3")
    made = overrides.add(engine, adas, change, ben, "", clock())
    assert _at(engine, cleo, cleos, clock).access.weeks["week-3"].state is State.LOCKED
    with pytest.raises(NotFound):
        overrides.undo(engine, cleos, made.id, ben, clock())


def test_ada_asks_for_a_word_and_only_her_key_opens_it(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    cohorts.add_member(engine, cohort, ada, clock())
    asked = contacts.ask(engine, ada, cohort, "Could we talk?", clock())
    assert b"talk" not in asked.sealed
    contacts.move(engine, cohort, asked.id, RequestState.CONTACTED, "", ben, clock.move(hours=1))
    (kept,) = stored_contacts.of_cohort(cohort.id)
    assert (kept.state, contacts.read(engine, kept)) == (RequestState.CONTACTED, "Could we talk?")


def test_a_second_hold_is_refused_while_one_lasts(
    engine: Engine, ada: Person, ben: Person, run: Run, clock: Clock
) -> None:
    hold = _change(OverrideKind.HOLD, clock, by=By.LEARNER)
    overrides.add(engine, run, hold, ada, "", clock())
    again = _change(OverrideKind.HOLD, clock, end=clock.move(days=3))
    with pytest.raises(Refused, match="on hold already"):
        overrides.add(engine, run, again, ben, "", clock())
    overrides.end_hold(engine, run, ada, clock.move(days=1))
    overrides.add(engine, run, _change(OverrideKind.HOLD, clock), ben, "", clock())


def test_ada_ends_only_her_own_hold_and_ben_any(
    engine: Engine, ada: Person, ben: Person, run: Run, clock: Clock
) -> None:
    made = overrides.add(engine, run, _change(OverrideKind.HOLD, clock), ben, "", clock())
    clock.move(days=1)
    with pytest.raises(Refused, match="Your facilitator"):
        overrides.end_hold(engine, run, ada, clock())
    with pytest.raises(NotFound):
        overrides.undo(engine, run, made.id, ada, clock())
    assert _at(engine, ada, run, clock).access.status is Status.ON_HOLD
    overrides.end_hold(engine, run, ben, clock())
    assert _at(engine, ada, run, clock).access.status is Status.ACTIVE
    overrides.add(engine, run, _change(OverrideKind.HOLD, clock, by=By.LEARNER), ada, "", clock())
    overrides.end_hold(engine, run, ben, clock.move(days=1))
    assert _at(engine, ada, run, clock).access.status is Status.ACTIVE


def test_a_hold_taken_back_took_no_time(
    engine: Engine, ada: Person, ben: Person, run: Run, clock: Clock
) -> None:
    do(engine, ada, run, clock(), *week_steps(_at(engine, ada, run, clock), 1))
    before = _at(engine, ada, run, clock).access.next_opening
    made = overrides.add(engine, run, _change(OverrideKind.HOLD, clock), ben, "", clock.move(hours=1))
    clock.move(days=2)
    overrides.undo(engine, run, made.id, ben, clock())
    found = _at(engine, ada, run, clock).access
    assert (found.status, found.next_opening) == (Status.ACTIVE, before)
    with pytest.raises(NotFound):
        overrides.undo(engine, run, made.id, ben, clock())


def test_all_weeks_opened_early_close_again_but_those_ada_has_looked_at(
    engine: Engine, ada: Person, ben: Person, run: Run, clock: Clock
) -> None:
    early = overrides.add(engine, run, _change(OverrideKind.OPEN_EARLY, clock), ben, "", clock())
    at = _at(engine, ada, run, clock)
    progress.see_week(engine, at, progress.readable_week(at, 2), clock())
    overrides.undo(engine, run, early.id, ben, clock.move(hours=1))
    weeks = _at(engine, ada, run, clock).access.weeks
    assert weeks["week-2"].readable
    assert weeks["week-3"].state is State.LOCKED


def test_a_cancelled_session_keeps_its_day_and_has_nobody_present(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    first, second, third = cohorts.sessions(cohort)
    stored_cohorts.set_sessions(cohort.id, [first, replace(second, cancelled=True), third])
    run = cohorts.add_member(engine, cohort, ada, clock())
    do(engine, ada, run, clock(), *week_steps(_at(engine, ada, run, clock), 1))
    assert _at(engine, ada, run, clock).access.weeks["week-2"].state is State.LOCKED
    for number in (2, 9):
        with pytest.raises(NotFound):
            attendance.attend(engine, cohort, number, ada.id, Present.PRESENT, ben, clock())
    clock.move(days=7)
    assert _at(engine, ada, run, clock).access.weeks["week-2"].readable


def test_attendance_taken_back_closes_nothing_and_is_written_in_the_audit(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    run = cohorts.add_member(engine, cohort, ada, clock())
    lessons = ("what-lives",)
    rest = [step for step in week_steps(_at(engine, ada, run, clock), 1) if step not in lessons]
    do(engine, ada, run, clock(), *rest)
    attendance.attend(engine, cohort, 1, ada.id, Present.PRESENT, ben, clock.move(hours=1))
    clock.move(days=7)
    assert _at(engine, ada, run, clock).access.weeks["week-2"].readable
    attendance.attend(engine, cohort, 1, ada.id, Present.NOT_HERE, ben, clock())
    assert _at(engine, ada, run, clock).access.weeks["week-2"].readable
    _when, actor, act, whom, detail = audit.newest()[0]
    assert (actor, act, whom) == (ben.id, "cohort.attend", ada.id)
    assert detail == {"cohort": cohort.id, "session": 1, "present": "not_here"}


def test_the_last_session_finishes_the_course(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    run = cohorts.add_member(engine, cohort, ada, clock())
    at = _at(engine, ada, run, clock)
    for number in (1, 2):
        do(engine, ada, run, clock(), *week_steps(at, number))
        clock.move(days=7)
    lessons = {step.id for step in at.course.steps.values() if step.kind is StepKind.LESSON}
    rest = [step for step in week_steps(at, 3) if step not in lessons]
    do(engine, ada, run, clock(), *rest)
    assert runs.own(engine, ada, run.id).finished_at is None
    attendance.attend(engine, cohort, 3, ada.id, Present.PRESENT, ben, clock.move(hours=1))
    assert runs.own(engine, ada, run.id).finished_at == clock()


def test_who_left_and_comes_back_is_a_member_again(
    engine: Engine, ada: Person, cohort: Cohort, clock: Clock
) -> None:
    run = cohorts.add_member(engine, cohort, ada, clock())
    stored_cohorts.remove_member(cohort.id, ada.id, clock.move(days=1))
    assert cohorts.add_member(engine, cohort, ada, clock.move(days=1)) == run
    assert [person for person, _run, _joined in stored_cohorts.members(cohort.id)] == [ada.id]
