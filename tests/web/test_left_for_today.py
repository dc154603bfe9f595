"""Ada does a step or leaves it for today: she is told so, and comes back to where it goes on."""

from collections.abc import Callable
from html import unescape

import pytest

from course_engine.domain.people import Person
from course_engine.domain.progress import How, Run
from course_engine.engine import Engine
from course_engine.services import progress
from tests.cast import Browser, Clock, do
from tests.web.doors import WEEK_1, WEEK_2, WEEK_3

As = Callable[[Person], Browser]
TOLD = "Left for today. It stays open, whenever you like."
WEEK_DONE = "This week is complete. Stay as long as you like."
PRACTICE = "stir-and-look"


def test_not_today_on_today_is_told_on_today(ada: Person, run: Run, as_: As) -> None:
    browser = as_(ada)
    assert 'name="page" value="today"' in browser.get("/today").text
    answer = browser.fill("/steps/what-lives/done", how="not-today", page="today")

    assert answer.location == "/today"
    page = browser.get("/today").text
    assert TOLD in page
    assert TOLD not in browser.get("/today").text


def test_not_today_on_a_step_leads_to_its_week_in_this_run(ada: Person, run: Run, as_: As) -> None:
    browser = as_(ada)
    answer = browser.fill(f"/runs/{run.id}/steps/what-lives/done", how="not-today")

    assert answer.location == f"/runs/{run.id}/weeks/1"
    assert TOLD in browser.get(answer.location).text


def test_what_was_left_is_not_shown_as_done_and_can_be_done_later(
    engine: Engine, ada: Person, run: Run, as_: As
) -> None:
    browser = as_(ada)
    browser.fill("/steps/what-lives/done", how="not-today")
    week, step = browser.get("/weeks/1").text, browser.get("/steps/what-lives").text

    for page in (week, step):
        assert "Left for today" in page.replace(TOLD, "")
        assert "tag-done" not in page
    assert "disc-left" in week
    assert "I have read this" in step
    assert "Not today" not in step

    browser.fill("/steps/what-lives/done", how="done")
    assert "tag-left" not in browser.get("/weeks/1").text
    assert progress.ways(run)["what-lives"] is How.DONE


def test_a_week_that_was_left_step_by_step_is_complete(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    do(engine, ada, run, clock(), *WEEK_1[:-1])
    browser = as_(ada)
    answer = browser.fill(f"/steps/{WEEK_1[-1]}/done", how="not-today", page="today")

    assert answer.location == "/weeks/1"
    page = browser.get("/weeks/1").text
    assert WEEK_DONE in page
    assert TOLD not in page


@pytest.mark.parametrize("root", ["", "/runs/{run}"])
def test_a_step_that_is_done_leads_back_to_today_of_this_run_and_says_so(
    ada: Person, run: Run, as_: As, root: str
) -> None:
    browser, root = as_(ada), root.format(run=run.id)
    answer = browser.fill(f"{root}/steps/what-lives/done", how="done")

    assert answer.location == f"{root}/today"
    page = browser.get(answer.location).text
    assert "<p>Done.</p>" in page
    assert 'class="lead' in page, "the next step is at the top"
    assert "<p>Done.</p>" not in browser.get("/today").text


def test_words_that_were_finished_with_are_told_to_be_kept(ada: Person, run: Run, as_: As) -> None:
    browser = as_(ada)
    for step, words in (("journal-1", {"text": "It bubbles."}), ("check-in-1", {"jar-today": "lively"})):
        assert browser.fill(f"/steps/{step}/done", how="done", **words).location == "/today"
        assert "Kept. Only you can see it." in browser.get("/today").text
    assert browser.fill("/steps/journal-1/done", how="done", text=" ").location == "/today"
    assert "<p>Done.</p>" in browser.get("/today").text


def test_after_a_practice_comes_its_moment_check_and_then_today(ada: Person, run: Run, as_: As) -> None:
    browser, moment = as_(ada), f"/steps/{PRACTICE}/moment"
    assert browser.fill(f"/steps/{PRACTICE}/done", how="done").location == moment
    page = browser.get(moment).text
    assert "<p>Done.</p>" in page
    assert 'name="how" value="skip"' in page

    assert browser.fill(moment, moment="").location == "/today"
    assert "Only you can see it" not in browser.get("/today").text
    assert browser.fill(moment, moment="warm").location == "/today"
    assert "Kept. Only you can see it." in browser.get("/today").text


def test_a_practice_that_finishes_a_week_says_so_at_its_moment_check(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    do(engine, ada, run, clock(), *(step for step in WEEK_1 if step != PRACTICE))
    browser = as_(ada)
    answer = browser.fill(f"/steps/{PRACTICE}/done", how="done")

    assert answer.location == f"/steps/{PRACTICE}/moment"
    assert WEEK_DONE in browser.get(answer.location).text


def test_the_last_step_leads_to_the_certificate(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    for steps in (WEEK_1, WEEK_2, WEEK_3[:-1]):
        do(engine, ada, run, clock(), *steps)
        clock.move(days=8)
    browser = as_(ada)
    answer = browser.fill(f"/steps/{WEEK_3[-1]}/done", how="done")

    assert answer.location == "/certificate"
    assert "You have come to the end of the course." in browser.get(answer.location).text


def test_the_gentler_way_is_told_too(ada: Person, run: Run, as_: As) -> None:
    browser = as_(ada)
    answer = browser.fill("/steps/stir-and-look/done", how="gentler")

    assert answer.location == "/steps/stir-and-look/moment"
    assert "Done more gently. It counts in full." in unescape(browser.get(answer.location).text)
