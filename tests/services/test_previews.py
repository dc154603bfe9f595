"""Whoever writes a course sees it as a learner would meet it."""

from datetime import timedelta

import pytest

from course_engine.domain.errors import NotFound
from course_engine.domain.pace import PaceKind
from course_engine.domain.standing import State, Status
from course_engine.engine import Engine
from course_engine.services import editions, previews
from tests.cast import BREAD, Clock


@pytest.mark.parametrize(
    ("kind", "days", "open_weeks"),
    [
        (PaceKind.WEEKLY, 0, 1),
        (PaceKind.WEEKLY, 7, 2),
        (PaceKind.WEEKLY, 13, 3),
        (PaceKind.GENTLE, 12, 1),
        (PaceKind.GENTLE, 14, 2),
        (PaceKind.GENTLE, 28, 3),
        (PaceKind.FREE, 1, 3),
        (PaceKind.COHORT, 0, 0),
        (PaceKind.COHORT, 7, 1),
        (PaceKind.COHORT, 21, 3),
        (None, 1, 3),
    ],
)
def test_weeks_open_as_they_would_for_a_learner(
    kind: PaceKind | None, days: int, open_weeks: int, engine: Engine, clock: Clock
) -> None:
    _course, found = previews.preview(engine, BREAD, kind, clock(), clock() + timedelta(days=days))
    assert sum(week.readable for week in found.weeks.values()) == open_weeks


def test_at_the_end_all_is_done_and_before_the_beginning_nothing_is_open(
    engine: Engine, clock: Clock
) -> None:
    _course, found = previews.preview(engine, BREAD, PaceKind.WEEKLY, clock(), clock() + timedelta(days=60))
    assert found.status is Status.FINISHED
    _course, found = previews.preview(engine, BREAD, PaceKind.WEEKLY, clock(), clock() - timedelta(days=1))
    assert found.status is Status.NOT_STARTED
    assert {week.state for week in found.weeks.values()} == {State.LOCKED}


def test_a_course_that_is_not_there_is_not_found(engine: Engine, clock: Clock) -> None:
    with pytest.raises(NotFound):
        previews.preview(engine, "fast-bread", None, clock(), clock())


def test_a_preview_of_any_course_is_a_position_that_is_nobodys(engine: Engine, clock: Clock) -> None:
    course = editions.offer(engine, BREAD, "en")
    at = previews.seen(
        course, "a-draft", PaceKind.WEEKLY, "Europe/Lisbon", clock(), clock() + timedelta(days=7)
    )
    told, found = previews.preview(engine, BREAD, PaceKind.WEEKLY, clock(), clock() + timedelta(days=7))

    assert (at.course, at.access) == (told, found)
    assert (at.run.person, at.run.edition, at.cohort) == ("", "a-draft", None)
