"""A group in numbers: from five people up, and only what the numbers themselves say."""

from datetime import timedelta

import pytest

from course_engine.domain.cohorts import Present, Session
from course_engine.domain.figures import FEWEST, figures
from tests.make import MONDAY, course

SESSIONS = [
    Session("c", number, MONDAY + timedelta(days=7 * (number - 1)), 90, cancelled=number == 2)
    for number in (1, 2, 3, 4)
]


@pytest.mark.parametrize("begun", [0, 1, FEWEST - 1])
def test_of_fewer_than_five_there_is_no_number_but_that(begun: int) -> None:
    noted = {(1, Present.PRESENT): begun}
    found = figures(course().weeks, SESSIONS, {0: begun}, noted, MONDAY + timedelta(days=30))
    assert (found.shown, found.begun, found.reached, found.meetings) == (False, begun, (), ())


def test_whoever_is_past_two_weeks_has_come_to_the_third() -> None:
    weeks = course().weeks
    found = figures(weeks, [], {0: 3, 2: 4, len(weeks): 1}, {}, MONDAY)
    numbers = [one.people for one in found.reached]
    assert [one.week for one in found.reached] == [*weeks, None]
    assert numbers[:3] == [8, 5, 5]
    assert numbers[3:] == [1] * (len(weeks) - 2)


def test_sessions_that_were_held_are_counted_in_every_way() -> None:
    noted = {
        (1, Present.PRESENT): 3,
        (1, Present.MADE_UP): 1,
        (3, Present.NOT_HERE): 2,
        (4, Present.ONLINE): 6,
    }
    found = figures(course().weeks, SESSIONS, {0: 6}, noted, MONDAY + timedelta(days=15))
    assert [one.session.number for one in found.meetings] == [1, 3]
    first, third = found.meetings
    assert (first.ways[Present.PRESENT], first.ways[Present.MADE_UP], first.unknown) == (3, 1, 2)
    assert (third.ways[Present.NOT_HERE], third.unknown) == (2, 4)
