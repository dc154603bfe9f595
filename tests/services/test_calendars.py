"""Ben plans the evenings of his group: dates keep their hour, and a change takes nothing back."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from course_engine.domain.cohorts import Cohort, Safety
from course_engine.domain.errors import BadInput, Refused
from course_engine.domain.pace import PaceKind
from course_engine.domain.people import Person
from course_engine.domain.progress import How
from course_engine.domain.roles import Role
from course_engine.engine import Engine
from course_engine.services import calendars, cohorts, editions, members, people, progress, runs
from course_engine.storage import cohorts as stored_cohorts
from tests.cast import BREAD, PASSWORD, ZONE, Clock, do
from tests.web.doors import WEEK_1

FIRST = datetime(2026, 3, 10, 18, 30, tzinfo=UTC)


@pytest.fixture
def cohort(engine: Engine, ben: Person, clock: Clock) -> Cohort:
    return cohorts.add(engine, ben, BREAD, "Tuesdays", FIRST, ZONE, 90, clock())


def test_an_evening_stays_at_half_past_six_when_the_clocks_change(cohort: Cohort) -> None:
    local = [one.starts_at.astimezone(ZoneInfo(ZONE)) for one in cohorts.sessions(cohort)]
    assert [f"{at:%d %B %H:%M}" for at in local] == ["10 March 18:30", "17 March 18:30", "24 March 18:30"]
    spring = calendars.later(cohorts.sessions(cohort), 3, ZONE)[2].starts_at
    assert spring == datetime(2026, 3, 31, 17, 30, tzinfo=UTC)


def test_a_session_whose_hour_the_clocks_jumped_over_has_its_own_hour_again_a_week_later(
    engine: Engine, ben: Person, clock: Clock
) -> None:
    night = datetime(2026, 3, 22, 1, 30, tzinfo=ZoneInfo(ZONE))
    group = cohorts.add(engine, ben, BREAD, "Nights", night, ZONE, 90, clock())
    second = cohorts.sessions(group)[1].starts_at.astimezone(ZoneInfo(ZONE))
    assert f"{second:%d %B %H:%M}" == "29 March 02:30"

    moved = calendars.later(cohorts.sessions(group), 2, ZONE)
    local = [one.starts_at.astimezone(ZoneInfo(ZONE)) for one in moved]
    assert [f"{at:%d %B %H:%M}" for at in local] == ["22 March 01:30", "05 April 01:30", "12 April 01:30"]


def test_the_plan_shows_weeks_without_a_session_and_where_clocks_change(engine: Engine, ben: Person) -> None:
    course = engine.shelf.course(editions.newest(BREAD), "en")
    rows = calendars.plan(engine, ben, course, FIRST, ZONE, 90, {date(2026, 3, 17), date(2026, 3, 24)})

    assert [(row.day.day, row.week.number if row.week else None) for row in rows] == [
        (10, 1), (17, None), (24, None), (31, 2), (7, 3),
    ]  # fmt: skip
    assert [row.clocks for row in rows] == [False, False, False, True, False]


def test_two_groups_at_one_hour_are_told_before_anything_is_kept(
    engine: Engine, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    with pytest.raises(BadInput) as told:
        cohorts.add(
            engine, ben, BREAD, "Also Tuesdays", FIRST + timedelta(days=7, hours=1), ZONE, 90, clock()
        )
    assert "you lead “Tuesdays” at the same time" in told.value.faults["first"]
    assert len(cohorts.led_by(ben, clock())) == 1


def test_a_first_day_that_is_over_is_refused(engine: Engine, ben: Person, clock: Clock) -> None:
    with pytest.raises(BadInput, match="This day is over"):
        cohorts.add(engine, ben, BREAD, "Late", clock() - timedelta(days=1), ZONE, 90, clock())


def test_a_session_moved_after_its_week_opened_closes_nothing(
    engine: Engine, ben: Person, ada: Person, cohort: Cohort, clock: Clock
) -> None:
    run = cohorts.add_member(engine, cohort, ada, clock())
    clock.now = FIRST
    do(engine, ada, run, clock(), *WEEK_1)
    clock.now = FIRST + timedelta(days=7)
    assert runs.position(engine, ada, run, clock()).access.weeks["week-2"].readable

    moved = calendars.later(cohorts.sessions(cohort), 2, ZONE)
    changed = calendars.reschedule(engine, cohort, moved, ben, clock())

    assert [one.number for one in changed] == [2, 3]
    assert runs.position(engine, ada, run, clock()).access.weeks["week-2"].readable


@pytest.mark.parametrize(("days", "told"), [(-30, "This time is over"), (8, "before the end of session 1")])
def test_dates_that_cannot_be_are_told_at_their_session_and_nothing_changes(
    engine: Engine, ben: Person, cohort: Cohort, clock: Clock, days: int, told: str
) -> None:
    before = cohorts.sessions(cohort)
    wanted = [
        replace(one, starts_at=one.starts_at + timedelta(days=days)) if one.number == 1 else one
        for one in before
    ]
    with pytest.raises(BadInput) as error:
        calendars.reschedule(engine, cohort, wanted, ben, clock())
    assert told in " ".join(error.value.faults.values())
    assert cohorts.sessions(cohort) == before


def test_ben_asks_another_facilitator_in_and_the_last_one_stays(
    engine: Engine, ben: Person, ada: Person, cohort: Cohort, clock: Clock
) -> None:
    leads = frozenset({Role.FACILITATOR})
    ema = people.add(engine, "Ema", "ema@example.org", PASSWORD, clock(), leads)
    with pytest.raises(BadInput, match="no facilitator with this address"):
        cohorts.share(engine, cohort, "ada@example.org", ben, clock())
    cohorts.share(engine, cohort, "Ema@example.org", ben, clock())
    together = cohorts.led(ema, cohort.id)
    assert [one.name for one in cohorts.leaders(together)] == ["Ben", "Ema"]
    cohorts.stop_leading(engine, together, ben.id, ema, clock())
    with pytest.raises(Refused, match="Somebody has to lead"):
        cohorts.stop_leading(engine, cohorts.led(ema, cohort.id), ema.id, ema, clock())


def test_place_seats_and_safety_contact_are_kept(
    engine: Engine, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    safety = Safety("Ben", "555 0100", "Ema", "weekdays 9 to 17", "within a day")
    cohorts.change(engine, cohort, ben, clock(), name="Tuesday evenings", seats=12, safety=safety)
    kept = cohorts.led(ben, cohort.id)
    assert (kept.name, kept.seats, kept.safety) == ("Tuesday evenings", 12, safety)


def test_ada_goes_on_alone_and_comes_back_with_all_she_has_done(
    engine: Engine, ben: Person, ada: Person, cohort: Cohort, clock: Clock
) -> None:
    run = cohorts.add_member(engine, cohort, ada, clock())
    clock.now = FIRST
    do(engine, ada, run, clock(), *WEEK_1)

    cohorts.leave(engine, cohort, run, PaceKind.FREE, ben, clock())
    alone = runs.own(engine, ada, run.id)
    assert (alone.cohort, alone.pace) == (None, "free")
    assert runs.position(engine, ada, alone, clock()).access.weeks["week-1"].done_at

    progress.complete(engine, ada, alone, "four-signs", How.DONE, clock())
    cohorts.take_in(engine, cohort, runs.own(engine, ada, run.id), ben, clock())
    back = runs.position(engine, ada, runs.own(engine, ada, run.id), clock())
    assert back.cohort == cohort
    assert back.access.weeks["week-2"].readable, "what was open alone stays open in the group"
    assert back.access.steps["four-signs"].done_at


def test_the_end_of_a_group_closes_nothing_and_can_be_taken_back(
    engine: Engine, ben: Person, ada: Person, cohort: Cohort, clock: Clock
) -> None:
    run = cohorts.add_member(engine, cohort, ada, clock())
    clock.now = FIRST
    do(engine, ada, run, clock(), *WEEK_1)
    cohorts.end(engine, cohort, ben, clock())
    clock.now = FIRST + timedelta(days=7)
    ended = runs.position(engine, ada, run, clock()).access.weeks
    assert ended["week-1"].readable
    assert not ended["week-2"].readable
    cohorts.go_on(engine, cohort, ben, clock())
    assert runs.position(engine, ada, run, clock()).access.weeks["week-2"].readable


def test_moving_an_opened_session_of_many_people_asks_few_questions_for_each(
    engine: Engine, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    for number in range(12):
        members.add_on_paper(engine, cohort, f"Baker {number}", ben, clock(), agreed=True)
    clock.now = FIRST
    wanted = cohorts.sessions(cohort)
    wanted[0] = replace(wanted[0], starts_at=FIRST + timedelta(days=2))

    with engine.database.count_queries() as asked:
        calendars.reschedule(engine, cohort, wanted, ben, clock())
    assert asked.count <= 25 + 4 * 12, asked.statements


def test_a_calendar_that_has_other_sessions_by_now_is_looked_at_again_first(
    engine: Engine, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    wanted = calendars.later(cohorts.sessions(cohort), 2, ZONE)
    with engine.database.transaction():
        stored_cohorts.set_sessions(cohort.id, cohorts.sessions(cohort)[:2])
    with pytest.raises(Refused, match="Look at the calendar again"):
        calendars.reschedule(engine, cohort, wanted, ben, clock())
    assert [one.number for one in cohorts.sessions(cohort)] == [1, 2]


def test_a_group_is_moved_and_given_other_dates_one_after_the_other(
    engine: Engine, ben: Person, cohort: Cohort, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[str] = []
    monkeypatch.setattr(engine.database, "one_at_a_time", taken.append)
    calendars.reschedule(engine, cohort, calendars.later(cohorts.sessions(cohort), 2, ZONE), ben, clock())
    assert taken[0] == f"cohort {cohort.id}"
