"""Ben sets up a group: he sees every date first, and nothing he typed is lost."""

import re
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest

from course_engine.domain.cohorts import Cohort
from course_engine.domain.people import Person
from course_engine.engine import Engine
from course_engine.services import cohorts, messages
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

    made = browser.fill("/cohorts/new", **FORM, skip="2026-03-17", act="create", seen=_mark(shown.text))
    (led,) = cohorts.led_by(ben, clock())
    assert made.headers["Location"] == f"/cohorts/{led.cohort.id}"
    assert led.cohort.place == "The old mill"
    assert [one.starts_at.day for one in cohorts.sessions(led.cohort)] == [10, 24, 31]


def test_dates_that_ben_has_not_seen_are_shown_before_they_are_kept(
    ben: Person, as_: As, clock: Clock
) -> None:
    browser = as_(ben)
    seen = _mark(browser.fill("/cohorts/new", **FORM, act="preview").text)
    for other in ({"first": "2026-03-12"}, {"hour": "19:00"}, {"minutes": "60"}, {"skip": "2026-03-17"}):
        shown = browser.fill("/cohorts/new", **FORM | other, act="create", seen=seen)
        assert shown.status_code == 200
        assert "These are not the dates you saw" in shown.text
        assert cohorts.led_by(ben, clock()) == []

    again = browser.fill("/cohorts/new", **FORM | other, act="create", seen=_mark(shown.text))
    assert again.status_code == 303
    assert len(cohorts.led_by(ben, clock())) == 1


def test_enter_in_a_field_shows_the_calendar_and_makes_nothing(ben: Person, as_: As) -> None:
    page = as_(ben).fill("/cohorts/new", **FORM, act="preview").text
    form = page[page.index('action="/cohorts/new#calendar"') :]
    assert form.index('value="preview"') < form.index('value="create"')


def test_everything_that_cannot_be_is_told_at_once_in_the_order_of_the_page(ben: Person, as_: As) -> None:
    wrong = {"name": "", "first": "2026-03-01", "minutes": "9999", "link": "mill", "seats": "-3"}
    page = as_(ben).fill("/cohorts/new", **FORM | wrong, act="preview").text
    summary = page[page.index("error-summary") : page.index("<form", page.index("error-summary"))]
    assert re.findall('<a href="#([a-z]+)"', summary) == ["name", "first", "minutes", "link", "seats"]


def test_a_session_at_an_hour_that_clocks_jump_over_moves_alone_and_says_so(
    ben: Person, as_: As, clock: Clock
) -> None:
    spring = {"first": "2026-03-29", "hour": "01:30"}
    browser = as_(ben)
    page = browser.fill("/cohorts/new", **FORM | spring, act="preview").text
    assert page.count("the clocks jump over 01:30 on this day") == 1
    assert (page.count("<td>02:30<br>"), page.count("<td>01:30")) == (1, 2)

    _make(browser, **spring)
    kept = cohorts.sessions(cohorts.led_by(ben, clock())[0].cohort)
    assert [f"{one.starts_at.astimezone(ZoneInfo(ZONE)):%H:%M}" for one in kept] == [
        "02:30",
        "01:30",
        "01:30",
    ]


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
    _make(browser)
    (led,) = cohorts.led_by(ben, clock())

    again = browser.get(f"/cohorts/new?like={led.cohort.id}").text
    assert 'value="Tuesday evenings"' in again
    assert 'value="18:30"' in again
    assert "The old mill" in again


@pytest.fixture
def led(engine: Engine, ben: Person, as_: As, clock: Clock) -> Cohort:
    _make(as_(ben))
    return cohorts.led_by(ben, clock())[0].cohort


def _make(browser: Browser, **others: str) -> str:
    """Look at the calendar, make the group, and say where it is."""
    form = FORM | others
    shown = browser.fill("/cohorts/new", **form, act="preview").text
    return browser.fill("/cohorts/new", **form, act="create", seen=_mark(shown)).headers["Location"]


def _days(cohort: Cohort) -> list[int]:
    return [one.starts_at.day for one in cohorts.sessions(cohort)]


def _dates(*days: int, **others: str) -> dict[str, str]:
    """The three sessions as the calendar form sends them, on these days of March."""
    rows = {f"{what}-{n}": text for n in (1, 2, 3) for what, text in (("hour", "18:30"), ("minutes", "90"))}
    return rows | {f"day-{n}": f"2026-03-{day:02}" for n, day in enumerate(days, 1)} | others


def _mark(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found
    return found[1]


def test_a_week_left_out_later_is_shown_before_it_is_kept(ben: Person, as_: As, led: Cohort) -> None:
    browser, path = as_(ben), f"/cohorts/{led.id}/calendar"
    shown = browser.fill(path, **_dates(10, 17, 24), later="2").text
    assert "2 sessions would change" in shown
    assert "Session 2 moves from Tuesday 17 March, 18:30 to Tuesday 24 March, 18:30, Lisbon time." in shown
    assert "1 session to come stays as it is." in shown
    assert "Tell the group" not in shown, "nobody is in it yet"
    assert _days(led) == [10, 17, 24]

    wanted = _dates(10, 24, 31, **{"hour-3": "18:30"})
    assert browser.fill(path, **wanted, act="keep", seen=_mark(shown)).status_code == 303
    assert _days(led) == [10, 24, 31]


def test_what_ben_has_typed_stays_when_he_leaves_out_a_week_too(ben: Person, as_: As, led: Cohort) -> None:
    browser, path = as_(ben), f"/cohorts/{led.id}/calendar"
    shown = browser.fill(path, **_dates(12, 17, 24), later="3").text
    assert "Session 1 moves from Tuesday 10 March, 18:30 to Thursday 12 March, 18:30, Lisbon time." in shown
    assert "Session 3 moves from Tuesday 24 March, 18:30 to Tuesday 31 March, 18:30, Lisbon time." in shown

    wrong = browser.fill(path, **_dates(12, 17, 24, **{"hour-2": "late"}), later="3")
    assert wrong.status_code == 422
    assert 'value="2026-03-12"' in wrong.text
    assert 'value="late"' in wrong.text
    assert _days(led) == [10, 17, 24]


def test_dates_changed_by_hand_are_looked_at_once_and_only_what_was_seen_is_kept(
    ben: Person, as_: As, led: Cohort
) -> None:
    browser, path = as_(ben), f"/cohorts/{led.id}/calendar"
    shown = browser.fill(path, **_dates(10, 18, 24), act="preview")
    assert "1 session would change" in shown.text
    assert _days(led) == [10, 17, 24]

    other = browser.fill(path, **_dates(10, 19, 24), act="keep", seen=_mark(shown.text))
    assert "to Thursday 19 March, 18:30, Lisbon time." in other.text
    assert _days(led) == [10, 17, 24]
    assert browser.fill(path, **_dates(10, 19, 24), act="keep", seen=_mark(other.text)).status_code == 303
    assert _days(led) == [10, 19, 24]
    assert "1 session has changed." in browser.get(path).text


def test_the_group_is_told_of_a_new_date_in_words_that_ben_can_change(
    engine: Engine, ben: Person, ada: Person, as_: As, led: Cohort, clock: Clock
) -> None:
    cohorts.add_member(engine, led, ada, clock())
    clock.now = clock.now.replace(hour=10)
    browser, path = as_(ben), f"/cohorts/{led.id}/calendar"
    shown = browser.fill(path, **_dates(10, 18, 24), act="preview").text
    assert "one of our dates has changed.\n\nSession 2 moves from Tuesday 17 March" in shown
    assert 'name="tell" value="yes" checked' in shown
    sent = {"act": "keep", "seen": _mark(shown), "tell": "yes", "subject": "Session 2 moves"}

    assert browser.fill(path, **_dates(10, 18, 24), **sent, text=" ").status_code == 422
    assert (_days(led), messages.of_cohort(led)) == ([10, 17, 24], []), "both or neither"

    kept = browser.fill(path, **_dates(10, 18, 24), **sent, text="We meet on Wednesday.")
    assert kept.status_code == 303
    assert browser.fill(path, **_dates(10, 18, 24), **sent, text="We meet on Wednesday.").status_code == 303
    (told,) = messages.of_cohort(led)
    assert (told.subject, told.text, told.state) == ("Session 2 moves", "We meet on Wednesday.", "sent")
    assert "Your message is sent." in browser.get(path).text


def test_nobody_is_written_to_when_ben_takes_the_tick_away(
    engine: Engine, ben: Person, ada: Person, as_: As, led: Cohort, clock: Clock
) -> None:
    cohorts.add_member(engine, led, ada, clock())
    browser, path = as_(ben), f"/cohorts/{led.id}/calendar"
    off = {"cancelled-2": "yes"}
    shown = browser.fill(path, **_dates(10, 17, 24), **off, act="preview").text
    assert "Session 2 is cancelled: Tuesday 17 March, 18:30, Lisbon time." in shown
    browser.fill(path, **_dates(10, 17, 24), **off, act="keep", seen=_mark(shown))

    assert [one.cancelled for one in cohorts.sessions(led)] == [False, True, False]
    assert messages.of_cohort(led) == []


def test_words_of_his_own_stay_when_ben_looks_again_and_others_follow_the_dates(
    engine: Engine, ben: Person, ada: Person, as_: As, led: Cohort, clock: Clock
) -> None:
    cohorts.add_member(engine, led, ada, clock())
    browser, path = as_(ben), f"/cohorts/{led.id}/calendar"
    again = {"act": "preview", "seen": "another", "prefilled": "As it was."}
    own = browser.fill(path, **_dates(10, 19, 24), **again, text="See you then.").text
    assert ">\nSee you then.</textarea>" in own
    followed = browser.fill(path, **_dates(10, 19, 24), **again, text="As it was.").text
    assert ">\nHello everyone," in followed


@pytest.mark.parametrize(
    ("wrong", "shown", "told"),
    [
        ({"hour-2": "late"}, 'name="hour-2" value="late"', "Write a day and an hour, such as 18:30."),
        ({"day-2": "2026-02-30"}, 'name="day-2" value="2026-02-30"', "Session 2: Write a day and an hour"),
        ({"minutes-2": "long"}, 'name="minutes-2" value="long"', "Session 2: Write how many minutes"),
        ({"day-2": "2026-03-02"}, 'name="day-2" value="2026-03-02"', "Session 2: This lies before the end"),
    ],
)
def test_a_wrong_date_keeps_what_was_typed_for_the_other_sessions(
    ben: Person, as_: As, led: Cohort, wrong: dict[str, str], shown: str, told: str
) -> None:
    typed = _dates(10, 17, 26) | {"minutes-1": "75", "cancelled-3": "yes"} | wrong
    page = as_(ben).fill(f"/cohorts/{led.id}/calendar", **typed, act="preview")

    assert page.status_code == 422
    assert shown in page.text
    assert told in page.text
    assert 'name="day-3" value="2026-03-26"' in page.text
    assert 'name="minutes-1" value="75"' in page.text
    assert 'name="cancelled-3" value="yes" checked' in page.text
    assert page.text.count("session-moved") == 3
    assert "Keep this calendar" not in page.text
    assert _days(led) == [10, 17, 24]


def test_hours_of_a_group_far_away_name_its_place(
    engine: Engine, ben: Person, ada: Person, as_: As, clock: Clock
) -> None:
    browser, york = as_(ben), FORM | {"zone": "America/New_York"}
    assert '<th scope="col">Hour, New York time</th>' in browser.fill("/cohorts/new", **york).text
    root = _make(browser, **york)
    cohorts.add_member(engine, cohorts.led_by(ben, clock())[0].cohort, ada, clock())
    board = browser.get(root).text
    assert "18:30 to 20:00, New York time" in board
    assert f"Updated {clock().astimezone(ZoneInfo(ZONE)):%H:%M}" in board, "by Ben's own clock"
    draft = browser.fill(f"{root}/messages", subject="Soon", text="Soon.").headers["Location"]
    assert "All hours are those of New York." in browser.get(draft).text


def test_a_day_at_the_end_of_all_calendars_is_told_everywhere(
    engine: Engine, ben: Person, as_: As, clock: Clock
) -> None:
    browser = as_(ben)
    root = _make(browser)
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


def test_ben_is_told_when_a_session_would_move_to_where_he_leads_another_group(
    engine: Engine, ben: Person, as_: As, led: Cohort, clock: Clock
) -> None:
    browser, path = as_(ben), f"/cohorts/{led.id}/calendar"
    _make(browser, name="Wednesdays", first="2026-03-18")
    wanted = _dates(10, 18, 24, **{"hour-2": "19:30"})
    words = "Session 2: You lead “Wednesdays” at that time. Choose another day or hour."
    assert words in browser.fill(path, **wanted, act="preview").text
    assert _days(led) == [10, 17, 24]
    assert browser.fill(path, **_dates(10, 18, 24, **{"hour-2": "20:00"}), act="preview").status_code == 200
    off = wanted | {"cancelled-2": "yes"}
    assert browser.fill(path, **off, act="preview").status_code == 200
