"""What Ada may open, told as the rule tells it to her."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from course_engine.domain.access import Access, access, to_keep
from course_engine.domain.course import Course, Week
from course_engine.domain.pace import By, Override, OverrideKind, Pace, PaceKind
from course_engine.domain.progress import History
from course_engine.domain.standing import Code, State, Status
from tests.make import MONDAY, at, course, history, required, step, through, week

WEEKLY = Pace.alone(PaceKind.WEEKLY, "Europe/Lisbon")
GENTLE = Pace.alone(PaceKind.GENTLE, "Europe/Lisbon")
FREE = Pace.alone(PaceKind.FREE, "Europe/Lisbon")
COHORT = Pace(
    PaceKind.COHORT,
    "Europe/Lisbon",
    calendar={number: date(2026, 3, 3) + timedelta(days=7 * number) for number in range(1, 5)},
)


def look(
    now: datetime, past: History, pace: Pace = WEEKLY, *changes: Override, of: Course | None = None
) -> Access:
    return access(of or course(), past, pace, changes, now)


def states(found: Access) -> list[State]:
    return [standing.state for standing in found.weeks.values()]


def codes(found: Access, item: str) -> list[Code]:
    standing = found.weeks.get(item) or found.steps[item]
    return [reason.code for reason in standing.reasons]


def test_orientation_is_open_as_soon_as_ada_joins() -> None:
    found = look(MONDAY, history())

    assert states(found) == [State.NEXT, *[State.LOCKED] * 4]
    assert found.next_step == "lesson-0"
    assert found.steps["lesson-0"].state is State.NEXT
    assert found.steps["check-in-0"].state is State.OPEN
    assert found.steps["lesson-1"].state is State.LOCKED


def test_nothing_but_what_is_always_open_is_open_before_the_start() -> None:
    steady = course(week(0), week(1, step("plan", required=False, always_open=True), step("lesson-1")))
    found = look(MONDAY, history(started_at=at(days=3)), WEEKLY, of=steady)

    assert found.status is Status.NOT_STARTED
    assert codes(found, "week-0") == [Code.NOT_STARTED]
    assert found.weeks["week-0"].opens_at == at(days=3)
    assert found.steps["plan"].state is State.OPEN


def test_week_one_opens_the_moment_orientation_is_done() -> None:
    found = look(at(hours=2), history(through(0)))

    assert found.weeks["week-1"].opened_at == at(hours=1)
    assert found.next_step == "lesson-1"


def test_ada_cannot_open_week_two_before_finishing_week_one() -> None:
    past = history(through(0))
    found = look(at(days=30), past)

    assert found.weeks["week-2"].state is State.LOCKED
    reason = found.weeks["week-2"].reasons[0]
    assert (reason.code, reason.week) == (Code.PREVIOUS_NOT_DONE, "week-1")
    assert reason.missing == ("lesson-1", "check-in-1", "breathe-1")


def test_week_two_waits_for_its_day_and_says_which() -> None:
    past = history({**through(0), **dict.fromkeys(required(1), at(hours=3))})
    found = look(at(days=1), past)

    assert codes(found, "week-2") == [Code.OPENS_ON]
    assert found.weeks["week-2"].opens_at == datetime(2026, 3, 8, 4, tzinfo=UTC)
    assert found.next_opening == ("week-2", datetime(2026, 3, 8, 4, tzinfo=UTC))


def test_all_released_work_done_says_when_the_next_week_opens_and_is_no_error() -> None:
    past = history({**through(0), **dict.fromkeys(required(1), at(hours=3))})
    found = look(at(days=1), past)

    assert found.next_step is None
    assert found.here == "week-1"
    assert found.next_opening is not None


def test_a_week_that_is_late_in_both_ways_names_both() -> None:
    found = look(at(days=1), history(through(0)))

    assert codes(found, "week-2") == [Code.PREVIOUS_NOT_DONE, Code.OPENS_ON]


@pytest.mark.parametrize(("pace", "days"), [(WEEKLY, 6), (GENTLE, 13)])
def test_weeks_open_at_four_in_the_morning_after_the_days_of_the_pace(pace: Pace, days: int) -> None:
    past = history({**through(0), **dict.fromkeys(required(1), at(hours=3))})
    opening = datetime(2026, 3, 2 + days, 4, tzinfo=UTC)

    assert look(opening - timedelta(seconds=1), past, pace).weeks["week-2"].state is State.LOCKED
    assert look(opening, past, pace).weeks["week-2"].state is State.NEXT


def test_at_a_free_pace_only_completion_counts() -> None:
    past = history({id: at(hours=1) for number in range(3) for id in required(number)})

    assert states(look(at(hours=2), past, FREE)) == [State.DONE] * 3 + [State.NEXT, State.LOCKED]


def test_one_practice_of_the_set_is_enough() -> None:
    past = history({"lesson-0": at(), "walk-0": at(), "check-in-0": at(hours=1)})

    assert look(at(hours=2), past).weeks["week-0"].done_at == at(hours=1)


def test_a_journal_step_is_never_asked_for() -> None:
    found = look(at(hours=2), history(through(0)))

    assert found.weeks["week-0"].state is State.DONE
    assert found.steps["journal-0"].state is State.OPEN


def test_in_a_cohort_the_day_of_the_session_opens_the_week() -> None:
    past = history(through(0))
    found = look(at(days=1), past, COHORT)

    assert found.weeks["week-1"].opens_at == datetime(2026, 3, 10, 4, tzinfo=UTC)
    assert codes(found, "week-1") == [Code.OPENS_ON]
    assert look(datetime(2026, 3, 10, 4, tzinfo=UTC), past, COHORT).next_step == "lesson-1"


def test_attending_the_session_completes_the_lessons_of_its_week() -> None:
    past = history(through(0), attended={1: at(days=8, hours=2)})
    found = look(at(days=9), past, COHORT)

    assert found.steps["lesson-1"].state is State.DONE
    assert found.next_step == "breathe-1"


def test_a_hold_stops_the_clock_and_nothing_that_was_open() -> None:
    past = history({**through(0), **dict.fromkeys(required(1), at(hours=3))})
    hold = Override(OverrideKind.HOLD, start=at(days=2), end=at(days=5), by=By.LEARNER)

    during = look(at(days=3), past, WEEKLY, hold)
    assert during.status is Status.ON_HOLD
    assert states(during)[:2] == [State.DONE, State.DONE]
    assert codes(during, "week-2")[0] is Code.HELD
    assert during.weeks["week-2"].reasons[0].by is By.LEARNER

    after = look(at(days=5, hours=1), past, WEEKLY, hold)
    assert after.status is Status.ACTIVE
    assert after.weeks["week-2"].opens_at == datetime(2026, 3, 11, 4, tzinfo=UTC)


def test_a_hold_without_an_end_names_no_day() -> None:
    past = history({**through(0), **dict.fromkeys(required(1), at(hours=3))})
    hold = Override(OverrideKind.HOLD, start=at(days=2))
    found = look(at(days=40), past, WEEKLY, hold)

    assert found.weeks["week-2"].opens_at is None
    assert codes(found, "week-2") == [Code.HELD]


def test_a_hold_never_moves_the_dates_of_a_group() -> None:
    past = history({**through(0), **dict.fromkeys(required(1), at(days=8, hours=3))})
    hold = Override(OverrideKind.HOLD, start=at(days=9), end=at(days=12))

    assert look(at(days=13), past, COHORT, hold).weeks["week-2"].opens_at == datetime(
        2026, 3, 17, 4, tzinfo=UTC
    )


def test_staying_moves_the_next_opening_by_seven_days_each_time() -> None:
    past = history({**through(0), **dict.fromkeys(required(1), at(hours=3))})
    stay = Override(OverrideKind.EXTEND, start=at(days=1), week="week-2", days=7, by=By.LEARNER)

    once = look(at(days=2), past, WEEKLY, stay)
    twice = look(at(days=2), past, WEEKLY, stay, stay)
    assert once.weeks["week-2"].opens_at == datetime(2026, 3, 15, 4, tzinfo=UTC)
    assert twice.weeks["week-2"].opens_at == datetime(2026, 3, 22, 4, tzinfo=UTC)


def test_staying_in_a_group_moves_what_is_next_and_not_the_group() -> None:
    done = {**through(0), **dict.fromkeys(required(1), at(days=8, hours=3))}
    stay = Override(OverrideKind.EXTEND, start=at(days=14), week="week-2", days=7, by=By.LEARNER)
    found = look(at(days=16), history(done), COHORT, stay)

    assert found.weeks["week-2"].state is State.OPEN
    assert found.next_step is None


def test_ben_opens_a_week_early_and_it_is_open_at_once() -> None:
    early = Override(OverrideKind.OPEN_EARLY, start=at(days=1), week="week-3")
    found = look(at(days=1), history(through(0)), COHORT, early)

    assert found.weeks["week-3"].state is State.NEXT
    assert found.weeks["week-2"].state is State.LOCKED


def test_a_later_opening_by_ben_closes_nothing_that_opened_by_itself() -> None:
    past = history(through(0, 1))
    early = Override(OverrideKind.OPEN_EARLY, start=at(days=20), week="week-2")
    hold = Override(OverrideKind.HOLD, start=at(days=17), by=By.FACILITATOR)

    for day in (16, 18, 21):
        found = look(at(days=day), past, COHORT, early, hold).weeks["week-2"]
        assert (found.state, found.opened_at) == (State.NEXT, datetime(2026, 3, 17, 4, tzinfo=UTC)), day


def test_each_stay_in_a_group_is_a_whole_week_from_where_the_last_one_ends_or_from_today() -> None:
    done = {**through(0), **dict.fromkeys(required(1), at(days=8, hours=3))}

    def stays(*days: int) -> list[int]:
        given = [Override(OverrideKind.EXTEND, start=at(days=day), week="week-2", days=7) for day in days]
        return [
            day for day in range(14, 45) if not look(at(days=day), history(done), COHORT, *given).next_step
        ]

    assert stays(14) == [*range(14, 21)]
    assert stays(14, 14) == [*range(14, 28)]
    assert stays(14, 16) == [*range(14, 28)]
    assert stays(14, 30) == [*range(14, 21), *range(30, 37)]


def test_no_day_is_promised_that_hangs_on_a_week_still_to_be_done() -> None:
    waive = Override(OverrideKind.WAIVE, start=at(), week="week-3")
    told = look(at(days=1), history(through(0)), WEEKLY, waive)

    assert codes(told, "week-3") == [Code.PREVIOUS_NOT_DONE, Code.OPENS_ON]
    day = told.weeks["week-3"].opens_at
    assert day is not None
    assert codes(look(day, history(through(0)), WEEKLY, waive), "week-3") == [Code.PREVIOUS_NOT_DONE]


def test_a_stay_on_a_waived_week_does_not_begin_when_the_week_before_it_opens() -> None:
    changes = [
        Override(OverrideKind.WAIVE, start=at(), week="week-2"),
        Override(OverrideKind.EXTEND, start=at(days=1), week="week-2", days=7),
    ]
    before = look(at(days=2), history(), FREE, *changes).weeks["week-2"]
    after = look(at(days=2), history(through(0, each=0)), FREE, *changes).weeks["week-2"]

    assert not before.readable
    assert before.opens_at == after.opens_at == datetime(2026, 3, 10, 4, tzinfo=UTC)


def test_ben_waives_completion_and_only_the_day_counts() -> None:
    waive = Override(OverrideKind.WAIVE, start=at(), week="week-2")

    assert look(at(days=15), history(through(0)), COHORT, waive).weeks["week-2"].readable
    assert not look(at(days=22), history(through(0)), COHORT, waive).weeks["week-3"].readable


def test_the_end_of_a_group_leaves_open_what_was_open() -> None:
    ended = replace(COHORT, ended_at=at(days=10))
    found = look(at(days=60), history(through(0)), ended)

    assert found.weeks["week-1"].readable
    assert codes(found, "week-2") == [Code.ENDED]


def test_a_date_added_after_completion_takes_nothing_back() -> None:
    done = {id: at(hours=1) for number in range(3) for id in required(number)}
    before = look(at(hours=2), history(done), FREE)
    opened, finished = to_keep(before)
    found = look(at(hours=3), history(done, opened=opened, finished=finished), COHORT)

    assert [found.weeks[f"week-{n}"].readable for n in range(4)] == [True] * 4
    assert found.weeks["week-4"].state is State.LOCKED


def test_a_step_added_to_a_finished_week_is_new_and_no_demotion() -> None:
    opened, finished = to_keep(look(at(days=9), history(through(0, 1))))
    grown = course(week(0), week(1, *week(1).steps, step("added")), week(2), week(3))
    found = look(at(days=9), history(through(0, 1), opened=opened, finished=finished), of=grown)

    assert found.weeks["week-1"].state is State.DONE
    assert found.steps["added"].new
    assert found.steps["added"].state is State.OPEN
    assert found.next_step == "lesson-2"


def test_a_step_that_was_removed_is_not_missed() -> None:
    smaller = course(week(0), week(1, *week(1).steps[:-1]), week(2))
    past = history({**through(0), "lesson-1": at(days=1), "walk-1": at(days=2), "check-in-1": at(days=2)})

    assert look(at(days=9), past, of=smaller).weeks["week-1"].state is State.DONE


def test_weeks_reordered_midway_stay_open() -> None:
    opened, finished = to_keep(look(at(days=9), history(through(0, 1))))
    one, two, three = (week(1), week(2), week(3))
    moved = course(week(0), renumbered(three, 1), renumbered(one, 2), renumbered(two, 3))
    found = look(at(days=9), history(through(0, 1), opened=opened, finished=finished), of=moved)

    assert found.weeks["week-1"].state is State.DONE
    assert found.weeks["week-2"].readable
    assert found.weeks["week-3"].state is State.NEXT


def renumbered(one: Week, number: int) -> Week:
    return replace(one, number=number)


@pytest.mark.parametrize(
    "zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Lisbon", "Asia/Kathmandu"]
)
def test_four_in_the_morning_is_the_learners_own(zone: str) -> None:
    past = history({**through(0), **dict.fromkeys(required(1), at(hours=3))})
    found = look(at(days=1), past, Pace.alone(PaceKind.WEEKLY, zone))
    opens_at = found.weeks["week-2"].opens_at

    assert opens_at is not None
    assert opens_at.astimezone(ZoneInfo(zone)).hour == 4


def test_a_summer_time_night_still_opens_at_four_by_the_clock() -> None:
    started = datetime(2026, 3, 23, 20, tzinfo=UTC)
    past = history({id: started for number in (0, 1) for id in required(number)}, started_at=started)
    found = look(started + timedelta(hours=1), past)

    assert found.weeks["week-2"].opens_at == datetime(2026, 3, 29, 3, tzinfo=UTC)


def test_a_learner_who_travels_keeps_what_was_open() -> None:
    past = history({**through(0), **dict.fromkeys(required(1), at(hours=3))})
    first = datetime(2026, 3, 8, 4, 30, tzinfo=UTC)
    opened, finished = to_keep(look(first, past))
    west = Pace.alone(PaceKind.WEEKLY, "America/Los_Angeles")

    assert not look(first, past, west).weeks["week-2"].readable
    kept = replace(past, opened=opened, finished=finished)
    assert look(first, kept, west).weeks["week-2"].readable


def test_a_finished_course_has_no_next_step_and_stays_readable() -> None:
    found = look(at(days=60), history(through(*range(5))))

    assert found.status is Status.FINISHED
    assert found.next_step is None
    assert set(states(found)) == {State.DONE}
    assert {standing.state for standing in found.modules.values()} == {State.DONE}


def test_modules_say_where_ada_is() -> None:
    found = look(at(days=8), history(through(0, 1)))

    assert [standing.state for standing in found.modules.values()] == [State.DONE, State.NEXT, State.LOCKED]


def test_two_holds_that_overlap_move_an_opening_by_the_days_they_cover_once() -> None:
    past = history(through(0, 1, each=0))
    long = Override(OverrideKind.HOLD, at(days=1), end=at(days=11))
    inside = Override(OverrideKind.HOLD, at(days=3), end=at(days=6))
    later = Override(OverrideKind.HOLD, at(days=9), end=at(days=13))
    alone = Override(OverrideKind.HOLD, at(days=1), end=at(days=13))
    now = at(days=14)

    opens = look(now, past, WEEKLY, long, inside, later).next_opening
    assert opens is not None
    assert opens == look(now, past, WEEKLY, alone).next_opening
    assert opens[1].date() == date(2026, 3, 20)


def test_a_hold_that_is_still_to_come_leaves_the_day_as_it_is() -> None:
    past = history({**through(0), **dict.fromkeys(required(1), at(hours=3))})
    coming = Override(OverrideKind.HOLD, start=at(days=5))
    found = look(at(days=1), past, WEEKLY, coming)

    assert codes(found, "week-2") == [Code.OPENS_ON]
