"""Ben changes the calendar after an evening has been: what he cannot change is said where he looks first."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from course_engine.domain.cohorts import Cohort, Present
from course_engine.domain.people import Person
from course_engine.engine import Engine
from course_engine.services import attendance, cohorts
from course_engine.storage import cohorts as stored
from tests.cast import BREAD, ZONE, Browser, Clock

As = Callable[[Person], Browser]


@pytest.fixture
def cohort(engine: Engine, ada: Person, ben: Person, clock: Clock) -> Cohort:
    """Ada was at the first evening, and it is over."""
    made = cohorts.add(engine, ben, BREAD, "Tuesdays", clock() + timedelta(days=1), ZONE, 90, clock())
    cohorts.add_member(engine, made, ada, clock())
    clock.move(days=1, hours=2)
    attendance.attend(engine, made, 1, ada.id, Present.PRESENT, ben, clock())
    return made


def _sent(cohort: Cohort) -> dict[str, str]:
    """The form of the calendar as it was shown."""
    return {
        f"{name}-{one.number}": text
        for one in cohorts.sessions(cohort)
        for name, text in (
            ("day", f"{one.starts_at:%Y-%m-%d}"), ("hour", f"{one.starts_at:%H:%M}"), ("minutes", "90"),
        )
    }  # fmt: skip


def test_moving_an_evening_ada_was_at_is_refused_before_anything_is_shown_as_possible(
    ben: Person, cohort: Cohort, as_: As
) -> None:
    answer = as_(ben).fill(f"/cohorts/{cohort.id}/calendar", **_sent(cohort), later="1")
    assert answer.status_code == 422
    assert "Somebody is noted as having been at this session" in answer.text
    assert "Keep this calendar" not in answer.text


def test_the_tick_for_cancelled_of_an_evening_that_is_over_can_be_taken_out_again(
    ben: Person, cohort: Cohort, as_: As
) -> None:
    browser, path, form = as_(ben), f"/cohorts/{cohort.id}/calendar", _sent(cohort)
    for ticked in ({"cancelled-1": "yes"}, {}):
        shown = browser.fill(path, **form, **ticked, act="preview")
        assert shown.status_code == 200, shown.text
        mark = re.search(r'name="seen" value="([^"]+)"', shown.text)
        assert mark
        assert browser.fill(path, **form, **ticked, act="keep", seen=mark[1]).status_code == 303
        assert cohorts.sessions(cohort)[0].cancelled == bool(ticked)
    assert browser.get(f"/cohorts/{cohort.id}/attendance?session=1").status_code == 200


def test_ben_brings_an_evening_back_to_its_day_that_was_moved_ahead_after_ada_was_noted(
    engine: Engine, ben: Person, cohort: Cohort, clock: Clock, as_: As
) -> None:
    """As it stands where it was moved before moving it was refused."""
    clock.move(days=3)
    before, form = cohorts.sessions(cohort), _sent(cohort)
    ahead = [replace(one, starts_at=one.starts_at + timedelta(weeks=3)) for one in before]
    with engine.database.transaction():
        stored.set_sessions(cohort.id, ahead)
    browser, path = as_(ben), f"/cohorts/{cohort.id}/calendar"
    shown = browser.fill(path, **form, act="preview")
    assert shown.status_code == 200, shown.text
    mark = re.search(r'name="seen" value="([^"]+)"', shown.text)
    assert mark
    assert browser.fill(path, **form, act="keep", seen=mark[1]).status_code == 303
    assert [one.starts_at for one in cohorts.sessions(cohort)] == [one.starts_at for one in before]
    assert browser.get(f"/cohorts/{cohort.id}/attendance?session=1").status_code == 200
