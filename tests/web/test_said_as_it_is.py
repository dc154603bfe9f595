"""Pages say what is so for whoever reads them: groups, words that ran out, holds, the first week, skips."""

import re
from collections.abc import Callable
from html import unescape

import pytest

from course_engine.domain.cohorts import Cohort, Safety
from course_engine.domain.pace import By, Override, OverrideKind, PaceKind
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.domain.roles import Role
from course_engine.engine import Engine
from course_engine.services import cohorts, invitations, members, overrides, runs
from tests.cast import BREAD, ZONE, Browser, Clock, do

As = Callable[[Person], Browser]


@pytest.fixture
def cohort(engine: Engine, ben: Person, clock: Clock) -> Cohort:
    return cohorts.add(engine, ben, BREAD, "Tuesdays", clock(), ZONE, 90, clock())


def test_ada_reads_in_her_settings_how_to_leave_her_group(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, as_: As, clock: Clock
) -> None:
    cohorts.add_member(engine, cohort, ada, clock())
    browser = as_(ada)
    page = unescape(browser.get("/me").text)
    for words in ("Your group", "“Tuesdays”", "Everything you have done stays", 'href="/contact"'):
        assert words in page, words

    cohorts.end(engine, cohort, ben, clock())
    assert "“Tuesdays”" not in unescape(browser.get("/me").text)


def test_whoever_goes_alone_reads_of_no_group_in_the_settings(ada: Person, run: Run, as_: As) -> None:
    assert "Your group" not in as_(ada).get("/me").text


def test_words_that_could_not_be_kept_are_not_dropped_without_a_word(ada: Person, run: Run, as_: As) -> None:
    browser = as_(ada)
    browser.token = "an old one"
    page = browser.fill("/journal", text="The heron came back.").text
    for words in ("The heron came back.", "Your sign-in or this page had run out", ">Go on without keeping"):
        assert words in page, words
    assert "Leave it" not in page


def test_a_group_that_has_met_is_described_to_ada_as_she_comes_to_it(
    engine: Engine, ada: Person, cleo: Person, ben: Person, cohort: Cohort, as_: As, clock: Clock
) -> None:
    code = invitations.make(engine, cohort, Role.LEARNER, ben, clock()).code
    runs.join_alone(engine, ada, BREAD, PaceKind.FREE, clock())
    clock.move(days=3)
    hers, new = as_(ada).get(f"/join/{code}").text, as_(cleo).get(f"/join/{code}").text

    assert "go on with what you have done, or begin anew" in hers
    assert "What is open to you now stays open." in hers
    assert "you begin at the beginning" not in hers
    assert "you begin at the beginning" in new
    assert "what you have done, or" not in new


def test_on_hold_ada_may_look_in_and_no_steps_are_counted(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    browser = as_(ada)
    assert "steps to go" in browser.get("/weeks/2").text
    hold = Override(OverrideKind.HOLD, clock(), by=By.LEARNER)
    overrides.add(engine, run, hold, ada, "", clock())

    assert "you can look in without coming back" in browser.get("/today").text
    page = browser.get("/weeks/2").text
    assert "on hold until you come back" in page
    assert "to go" not in page


def test_at_the_end_of_the_first_pages_waiting_is_as_good_as_going_on(
    engine: Engine, ada: Person, self_compassion: str, as_: As, clock: Clock
) -> None:
    run = runs.join_alone(engine, ada, self_compassion, PaceKind.FREE, clock())
    at = runs.position(engine, ada, run, clock())
    browser = as_(ada)
    assert "Opens after “Finding your feet”" in unescape(browser.get("/today").text)

    do(engine, ada, run, clock(), *(step.id for step in at.course.weeks[0].steps))
    page = browser.get("/weeks/0").text
    assert "Waiting is just as good, and your place is kept." in page
    assert "This week is complete" not in page


def test_skip_on_what_is_done_says_that_it_stays_done(ada: Person, run: Run, as_: As, clock: Clock) -> None:
    browser = as_(ada)
    browser.fill("/steps/check-in-1/done", **{"how": "done", "jar-today": "lively"})
    clock.move(hours=1)
    page = browser.get(browser.fill("/steps/check-in-1/done", how="not-today").location).text
    assert "It stays done." in page
    assert "Left for today" not in page


def test_whoever_is_in_a_group_no_more_is_told_so_on_today_for_a_while(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, as_: As, clock: Clock
) -> None:
    cohorts.add_member(engine, cohort, ada, clock())
    browser = as_(ada)
    browser.get("/today")
    clock.move(days=2)
    members.remove(engine, cohort, ada.id, ben, clock())
    told = "You are not in “Tuesdays” any more. Everything you did stays, and you go on alone."

    browser.get("/today")
    with engine.database.count_queries() as asked:
        assert told in unescape(browser.get("/today").text)
    assert asked.count <= 6, asked.statements
    assert "Ask your facilitator" not in browser.get("/me").text
    clock.move(days=15)
    assert "any more" not in browser.get("/today").text


def test_whoever_is_taken_into_a_group_again_reads_of_none_that_was_left(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, as_: As, clock: Clock
) -> None:
    cohorts.add_member(engine, cohort, ada, clock())
    clock.move(days=1)
    members.remove(engine, cohort, ada.id, ben, clock())
    cohorts.add_member(engine, cohort, ada, clock.move(days=1))
    assert "any more" not in as_(ada).get("/today").text


def test_two_browsers_alike_are_told_apart_and_all_others_signed_out_at_once(
    ada: Person, as_: As, clock: Clock
) -> None:
    first = as_(ada)
    clock.move(hours=2)
    second = as_(ada)
    hours = re.findall(r"Signed in on [^<]*?(\d\d:\d\d)", first.get("/me").text)
    assert len(set(hours)) == 2

    assert second.fill("/me/devices").location == "/me"
    page = second.get("/me").text
    assert "everywhere but on this device" in page
    assert "Sign out everywhere else" not in page
    assert first.get("/me").status_code == 401


def test_a_sheet_that_was_emptied_is_kept_empty(ada: Person, run: Run, as_: As) -> None:
    browser = as_(ada)
    for words, told in (("the shelf", "<p>Kept. Only you can see it.</p>"), ("", "<p>Kept, empty.</p>")):
        browser.fill("/worksheets/my-kitchen", **{"warm-place": words})
        assert told in browser.get("/worksheets/my-kitchen").text


@pytest.mark.parametrize(
    ("reach", "href"),
    [
        ("+351 912 000-000", "tel:+351912000000"),
        ("020 7946 0000", "tel:02079460000"),
        ("+44 (0)20 7946 0018", "tel:+442079460018"),
        ("116 123 / 112", ""),
        ("2026-11-23", ""),
        ("rosa@example.org", ""),
        ("Room 4, after 9", ""),
    ],
)
def test_a_phone_number_of_whoever_answers_can_be_tapped(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, as_: As, clock: Clock, reach: str, href: str
) -> None:
    cohorts.add_member(engine, cohort, ada, clock())
    cohorts.change(engine, cohort, ben, clock(), safety=Safety("Rosa", reach))
    page = as_(ada).get("/contact").text
    assert reach in page
    assert re.findall(r'href="(tel:[^"]*)"', page) == ([href] if href else [])
