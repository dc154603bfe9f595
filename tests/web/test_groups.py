"""Ben sets up a group: he sees every date first, and nothing he typed is lost."""

from collections.abc import Callable

import pytest

from course_engine.domain.people import Person
from course_engine.engine import Engine
from course_engine.services import cohorts
from tests.cast import BREAD, ZONE, Browser, Clock

As = Callable[[Person], Browser]
FORM = {
    "course": BREAD, "name": "Tuesday evenings", "first": "2026-03-10", "hour": "18:30", "minutes": "90",
    "zone": ZONE, "place": "The old mill", "safety_name": "Ben",
}  # fmt: skip


def test_ben_sees_the_calendar_before_he_makes_the_group(
    engine: Engine, ben: Person, as_: As, clock: Clock
) -> None:
    browser = as_(ben)
    shown = browser.fill("/cohorts/new", **FORM, skip="2026-03-17", act="preview")

    assert shown.status_code == 200
    assert "Tuesday 10 March 2026" in shown.text
    assert "No meeting in this week" in shown.text
    assert "clocks change before this day" in shown.text
    assert cohorts.led_by(ben, clock()) == []

    made = browser.fill("/cohorts/new", **FORM, skip="2026-03-17", act="create")
    (led,) = cohorts.led_by(ben, clock())
    assert made.headers["Location"] == f"/cohorts/{led.cohort.id}"
    assert led.cohort.place == "The old mill"
    assert [one.starts_at.day for one in cohorts.sessions(led.cohort)] == [10, 24, 31]


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("first", "2026-02-30", "Choose the day of the first session."),
        ("first", "2026-03-01", "This day is over."),
        ("first", "9999-12-31", "within the next five years"),
        ("hour", "half past six", "such as 18:30"),
        ("minutes", "9999", "10 to 600"),
        ("link", "javascript:alert(1)", "https://"),
        ("seats", "-3", "how many people"),
        ("name", "  ", "Give the group a name"),
        ("skip", "soon", "from the table"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_the_rest_stays(
    ben: Person, as_: As, clock: Clock, field: str, typed: str, told: str
) -> None:
    answer = as_(ben).fill("/cohorts/new", **{**FORM, field: typed}, act="create")

    assert answer.status_code == 422
    assert told in answer.text
    assert "The old mill" in answer.text
    assert cohorts.led_by(ben, clock()) == []


def test_a_group_like_another_begins_with_what_that_one_has(
    engine: Engine, ben: Person, as_: As, clock: Clock
) -> None:
    browser = as_(ben)
    browser.fill("/cohorts/new", **FORM, act="create")
    (led,) = cohorts.led_by(ben, clock())

    again = browser.get(f"/cohorts/new?like={led.cohort.id}").text
    assert 'value="Tuesday evenings"' in again
    assert 'value="18:30"' in again
    assert "The old mill" in again


def test_a_week_left_out_later_is_shown_before_it_is_kept(
    engine: Engine, ben: Person, as_: As, clock: Clock
) -> None:
    browser = as_(ben)
    browser.fill("/cohorts/new", **FORM, act="create")
    (led,) = cohorts.led_by(ben, clock())
    path = f"/cohorts/{led.cohort.id}/calendar"

    shown = browser.get(f"{path}?later=2").text
    assert "2 sessions would move" in shown
    assert [one.starts_at.day for one in cohorts.sessions(led.cohort)] == [10, 17, 24]

    fields = {"minutes-1": 90, "minutes-2": 90, "minutes-3": 90, "hour-1": "18:30", "hour-2": "18:30"}
    days = {"day-1": "2026-03-10", "day-2": "2026-03-24", "day-3": "2026-03-31", "hour-3": "19:00"}
    assert browser.fill(path, **fields, **days).status_code == 303
    assert [one.starts_at.day for one in cohorts.sessions(led.cohort)] == [10, 24, 31]
    assert browser.fill(path, **{**fields, **days, "hour-2": "late"}).status_code == 422


def test_a_day_at_the_end_of_all_calendars_is_told_everywhere(
    engine: Engine, ben: Person, as_: As, clock: Clock
) -> None:
    browser = as_(ben)
    root = browser.fill("/cohorts/new", **FORM, act="create").headers["Location"]
    far = "9999-12-31"
    sessions = cohorts.sessions(cohorts.led_by(ben, clock())[0].cohort)
    dates = {f"{what}-{one.number}": text for one in sessions
             for what, text in (("day", far), ("hour", "23:59"), ("minutes", "600"))}  # fmt: skip
    change = {
        "what": "hold",
        "all": "yes",
        "from": far,
        "until": far,
        "act": "keep",
        "seen": f"hold||{far}|{far}",
    }
    answers = [
        browser.fill(f"{root}/calendar", **dates),
        browser.fill(f"{root}/people/code", act="new", role="learner", expires=far),
        browser.fill(f"{root}/change", **change),
    ]

    assert [answer.status_code for answer in answers] == [422, 422, 422]
    assert all("within the next five years" in answer.text for answer in answers)
    assert browser.get(f"{root}/change?what=hold&all=yes&from={far}&until={far}").status_code == 200
