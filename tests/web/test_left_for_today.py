"""Ada leaves a step for today: she is told so, comes back to where she was, and finds it open."""

from collections.abc import Callable
from html import unescape

from course_engine.domain.people import Person
from course_engine.domain.progress import How, Run
from course_engine.engine import Engine
from course_engine.services import progress
from tests.cast import Browser, Clock, do
from tests.web.doors import WEEK_1

As = Callable[[Person], Browser]
TOLD = "Left for today. It stays open, whenever you like."


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
    assert "This week is complete. Stay as long as you like." in page
    assert TOLD not in page


def test_the_gentler_way_is_told_too(ada: Person, run: Run, as_: As) -> None:
    browser = as_(ada)
    answer = browser.fill("/steps/stir-and-look/done", how="gentler")

    assert answer.location == "/steps/stir-and-look/moment"
    assert "Done more gently. It counts in full." in unescape(browser.get(answer.location).text)
