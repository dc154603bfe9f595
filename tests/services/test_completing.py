"""Ada completes steps: each way counts in full, and nothing she did is ever taken back."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from course_engine.domain.errors import NotFound, NotYetOpen
from course_engine.domain.pace import PaceKind
from course_engine.domain.people import Person
from course_engine.domain.progress import How, Run
from course_engine.domain.standing import State, Status
from course_engine.engine import Engine
from course_engine.services import people, progress, runs
from course_engine.storage import progress as stored
from tests.cast import BREAD, Clock, do, week_steps


def test_doing_a_step_again_changes_nothing_but_how_may_rise(
    engine: Engine, ada: Person, run: Run, clock: Clock
) -> None:
    began = clock()
    for how, seen in (
        (How.NOT_TODAY, How.NOT_TODAY),
        (How.GENTLER, How.GENTLER),
        (How.NOT_TODAY, How.GENTLER),
        (How.DONE, How.DONE),
        (How.GENTLER, How.DONE),
    ):
        completed = progress.complete(engine, ada, run, "what-lives", how, clock())
        kept = completed.step
        assert (kept.how, kept.first_how, kept.first_at) == (seen, How.NOT_TODAY, began)
        assert stored.completions(run.id)["what-lives"] == kept
        clock.move(hours=1)


def test_not_today_completes_a_week_like_any_other_way(
    engine: Engine, ada: Person, run: Run, clock: Clock
) -> None:
    steps = week_steps(runs.position(engine, ada, run, clock()), 1)
    done = do(engine, ada, run, clock(), *steps, how=How.NOT_TODAY)
    assert done.week is not None
    assert (done.week.number, done.course) == (1, False)
    assert done.at.access.weeks["week-1"].state is State.DONE


def test_the_last_step_finishes_the_course_once(engine: Engine, ada: Person, clock: Clock) -> None:
    run = runs.join_alone(engine, ada, BREAD, PaceKind.FREE, clock())
    at = runs.position(engine, ada, run, clock())
    for number in (1, 2):
        do(engine, ada, run, clock.move(hours=1), *week_steps(at, number))
    *most, last = week_steps(at, 3)
    assert not do(engine, ada, run, clock.move(hours=1), *most).course
    assert do(engine, ada, run, clock.move(hours=1), last).course
    assert runs.own(engine, ada, run.id).finished_at == clock()
    assert not do(engine, ada, run, clock.move(hours=1), last).course
    assert runs.own(engine, ada, run.id).finished_at != clock()


def test_two_last_steps_at_the_same_moment_still_finish_the_course(
    engine: Engine, ada: Person, clock: Clock
) -> None:
    run = runs.join_alone(engine, ada, BREAD, PaceKind.FREE, clock())
    at = runs.position(engine, ada, run, clock())
    for number in (1, 2):
        do(engine, ada, run, clock.move(hours=1), *week_steps(at, number))
    now = clock.move(hours=1)
    with ThreadPoolExecutor(4) as tabs:
        list(tabs.map(lambda step: do(engine, ada, run, now, step), week_steps(at, 3)))
    assert runs.own(engine, ada, run.id).finished_at == now


def test_a_locked_step_is_refused_and_nothing_is_written(
    engine: Engine, ada: Person, run: Run, clock: Clock
) -> None:
    with pytest.raises(NotYetOpen) as refused:
        progress.complete(engine, ada, run, "four-signs", How.DONE, clock())
    assert refused.value.item == "four-signs"
    assert not runs.position(engine, ada, run, clock()).history.done


def test_a_step_that_is_always_open_can_be_done_in_a_locked_week_and_opens_nothing(
    engine: Engine, ada: Person, run: Run, clock: Clock
) -> None:
    done = do(engine, ada, run, clock(), "heat-and-hands")
    assert done.at.access.steps["heat-and-hands"].state is State.DONE
    later = runs.position(engine, ada, run, clock.move(hours=1))
    assert later.access.weeks["week-3"].state is State.LOCKED


def test_a_step_that_is_not_there_is_not_found(engine: Engine, ada: Person, run: Run, clock: Clock) -> None:
    for step in ("nowhere", "", "week-1"):
        with pytest.raises(NotFound):
            progress.complete(engine, ada, run, step, How.DONE, clock())


def test_the_next_week_opens_at_four_in_the_morning_of_her_zone(
    engine: Engine, ada: Person, run: Run, clock: Clock
) -> None:
    at = runs.position(engine, ada, run, clock())
    done = do(engine, ada, run, clock.move(hours=1), *week_steps(at, 1))
    opening = done.at.access.next_opening
    assert opening is not None
    assert opening[1].isoformat() == "2026-03-08T04:00:00+00:00"
    clock.now = opening[1]
    assert runs.position(engine, ada, run, clock()).access.weeks["week-2"].state is State.NEXT
    clock.move(minutes=-1)
    assert runs.position(engine, ada, run, clock()).access.weeks["week-2"].state is State.LOCKED


def test_another_pace_takes_nothing_back(engine: Engine, ada: Person, clock: Clock) -> None:
    run = runs.join_alone(engine, ada, BREAD, PaceKind.FREE, clock())
    at = runs.position(engine, ada, run, clock())
    do(engine, ada, run, clock.move(hours=1), *week_steps(at, 1))
    before = runs.position(engine, ada, run, clock())
    assert before.access.weeks["week-2"].state is State.NEXT
    runs.change_pace(engine, ada, run, PaceKind.GENTLE, clock.move(hours=1))
    after = runs.position(engine, ada, runs.own(engine, ada, run.id), clock())
    for week in ("week-1", "week-2"):
        assert after.access.weeks[week] == before.access.weeks[week]
    do(engine, ada, run, clock.move(hours=1), *week_steps(at, 2))
    later = runs.position(engine, ada, runs.own(engine, ada, run.id), clock())
    assert later.access.weeks["week-3"].state is State.LOCKED
    assert later.pace.kind is PaceKind.GENTLE


def test_another_zone_takes_nothing_back(engine: Engine, ada: Person, run: Run, clock: Clock) -> None:
    at = runs.position(engine, ada, run, clock())
    do(engine, ada, run, clock.move(hours=1), *week_steps(at, 1))
    clock.now = clock().replace(day=8, hour=4, minute=0)
    before = runs.position(engine, ada, run, clock())
    assert before.access.weeks["week-2"].readable
    runs.change_zone(engine, ada, "Pacific/Pago_Pago", clock())
    moved = runs.position(engine, people.get("ada@example.org"), run, clock())
    assert moved.pace.zone == "Pacific/Pago_Pago"
    assert moved.access.weeks["week-2"].opened_at == before.access.weeks["week-2"].opened_at
    assert moved.access.status is Status.ACTIVE
