"""Ada presses Done while Ben moves the group or lets her go: what she did counts by how things stand then."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from course_engine.domain.cohorts import Cohort
from course_engine.domain.errors import NotFound
from course_engine.domain.people import Person
from course_engine.domain.progress import How, Run
from course_engine.engine import Engine
from course_engine.services import cohorts, members, moving, progress, runs
from course_engine.storage import tables
from tests.cast import BREAD, ZONE, Clock, do, week_steps

Edit = Callable[..., str]
LESSON = "## Why it seems to stop on day four {#day-four .lesson"


@pytest.fixture
def group(engine: Engine, ben: Person, clock: Clock) -> Cohort:
    return cohorts.add(engine, ben, BREAD, "Tuesdays", clock() + timedelta(hours=1), ZONE, 90, clock())


@pytest.fixture
def read_before(engine: Engine, ada: Person, group: Cohort, clock: Clock) -> Run:
    """Ada's run, as the page read it that she presses Done on."""
    cohorts.add_member(engine, group, ada, clock())
    clock.move(days=1)
    return runs.current(engine, ada)


def test_the_last_step_of_a_week_pressed_while_the_group_is_moved_ends_the_week_of_its_new_edition(
    engine: Engine, ada: Person, ben: Person, group: Cohort, read_before: Run, clock: Clock, edit: Edit
) -> None:
    shorter = edit(
        ("01-starter/week-1.md", f"{LESSON} .required minutes=3}}", f"{LESSON} minutes=3}}")
    )  # fmt: skip
    moving.move(engine, group, shorter, ben, clock())
    *most, last = week_steps(runs.position(engine, ada, runs.current(engine, ada), clock()), 1)
    do(engine, ada, read_before, clock(), *most)

    done = progress.complete(engine, ada, read_before, last, How.DONE, clock())
    assert done.week is not None
    assert done.step.edition == shorter
    stands = runs.position(engine, ada, runs.current(engine, ada), clock()).access.reached
    assert tables.Run.get(tables.Run.id == read_before.id).reached == stands == 1


def test_a_step_pressed_while_ada_is_taken_out_of_the_group_counts_at_her_own_pace(
    engine: Engine, ada: Person, ben: Person, group: Cohort, read_before: Run, clock: Clock
) -> None:
    members.remove(engine, group, ada.id, ben, clock())
    done = progress.complete(engine, ada, read_before, "what-lives", How.DONE, clock())
    assert (done.at.cohort, done.at.run.cohort) == (None, None)


def test_a_step_of_a_place_that_is_gone_is_not_found(
    engine: Engine, ada: Person, read_before: Run, clock: Clock
) -> None:
    tables.Run.delete().where(tables.Run.id == read_before.id).execute()
    with pytest.raises(NotFound):
        progress.complete(engine, ada, read_before, "what-lives", How.DONE, clock())


def test_whoever_completes_and_whoever_moves_the_group_wait_for_each_other(
    engine: Engine,
    ada: Person,
    ben: Person,
    group: Cohort,
    read_before: Run,
    clock: Clock,
    edit: Edit,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    newer = edit(("course.yaml", "Slow bread, week by week", "Slower bread"))
    held: list[str] = []
    monkeypatch.setattr(engine.database, "one_at_a_time", lambda *what: held.extend(what))
    moving.move(engine, group, newer, ben, clock())
    assert held == [f"cohort {group.id}", f"run {read_before.id}"]
    held.clear()
    progress.complete(engine, ada, read_before, "what-lives", How.DONE, clock())
    assert held == [f"run {read_before.id}"]
