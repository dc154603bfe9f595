"""Ada answers a few questions with numbers, skips them, or meets what she answered before."""

from collections.abc import Callable
from html import unescape

from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.domain.standing import State
from course_engine.engine import Engine
from course_engine.services import runs, writings
from tests.cast import Browser, Clock, do
from tests.web.doors import WEEK_1, WEEK_2

As = Callable[[Person], Browser]
CALM = {"calm": "5", "worried": "0", "fun": "5"}
HEAVY = {"calm": "1", "worried": "4", "fun": "2"}


def main(page: str) -> str:
    return unescape(page.partition("<main")[2].partition("</main>")[0])


def at_week_three(engine: Engine, ada: Person, run: Run, clock: Clock) -> None:
    for steps in (WEEK_1, WEEK_2):
        do(engine, ada, run, clock(), *steps)
        clock.move(days=8)


def test_the_questions_stand_with_their_ends_and_the_licence(ada: Person, run: Run, as_: As) -> None:
    page = main(as_(ada).get("/steps/oven-1").text)

    assert "I worried about the crumb." in page
    assert "0: at no time" in page
    assert "5: all of the time" in page
    assert "Invented for this page. Nobody has tested it." in page
    assert "Then and now" not in page


def test_answers_lead_back_to_the_page_which_shows_words_first(ada: Person, run: Run, as_: As) -> None:
    browser = as_(ada)
    sent = browser.fill("/steps/oven-1/done", how="done", **CALM)
    page = main(browser.get("/steps/oven-1").text)

    assert (sent.status_code, sent.headers["Location"]) == (303, "/steps/oven-1")
    assert page.index("A week like many.") < page.index("<td>60</td>")
    assert "wobble from day to day" in page
    assert "heavy weeks" not in page


def test_then_and_now_stand_side_by_side_and_a_lower_number_is_met_with_care(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    browser = as_(ada)
    browser.fill("/steps/oven-1/done", how="done", **CALM)
    at_week_three(engine, ada, run, clock)
    browser.fill("/steps/oven-3/done", how="done", **HEAVY)
    page = main(browser.get("/steps/oven-3").text)

    assert page.index("A little lower than the first time") < page.index("<td>60</td>")
    assert page.index("<td>60</td>") < page.index("<td>16</td>")
    assert "Higher stands for: more at ease." in page
    assert "no verdict on you" in page
    assert 'href="/help"' in page
    assert "heavy weeks" not in main(browser.get("/steps/oven-1").text)


def test_about_the_same_is_said_below_the_smallest_difference_that_counts(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    browser = as_(ada)
    browser.fill("/steps/oven-1/done", how="done", **CALM)
    at_week_three(engine, ada, run, clock)
    browser.fill("/steps/oven-3/done", how="done", calm="4", worried="0", fun="5")

    assert "About the same as the first time" in browser.get("/steps/oven-3").text


def test_too_few_answers_are_kept_and_have_no_number(ada: Person, run: Run, as_: As) -> None:
    browser = as_(ada)
    browser.fill("/steps/oven-1/done", how="done", calm="5")
    page = main(browser.get("/steps/oven-1").text)

    assert "No number today" in page
    assert "at least 2 answers" in page


def test_leaving_everything_empty_is_met_with_a_kind_word(ada: Person, run: Run, as_: As) -> None:
    browser = as_(ada)
    sent = browser.fill("/steps/oven-1/done", how="done")

    assert (sent.status_code, sent.location != "/steps/oven-1") == (303, True)
    assert "answered nothing, and that is fine" in browser.get(sent.location).text


def test_skipping_keeps_nothing_and_holds_nothing_up(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    browser = as_(ada)
    sent = browser.fill("/steps/oven-1/done", how="not-today")
    at = runs.position(engine, ada, run, clock())

    assert sent.status_code == 303
    assert writings.answers(engine, ada, run, "check-in", "oven-1") == {}
    assert at.access.steps["oven-1"].state is State.DONE
    assert "oven-1" not in {step.id for steps in at.course.weeks[0].asks for step in steps}


def test_a_number_off_the_scale_is_given_back(ada: Person, run: Run, as_: As) -> None:
    answer = as_(ada).fill("/steps/oven-1/done", how="done", calm="6")

    assert answer.status_code == 422
    assert "Choose a number from 0 to 5" in answer.text


def test_then_and_now_asks_the_database_a_handful_of_questions(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    browser = as_(ada)
    counts = []
    at_week_three(engine, ada, run, clock)
    for step in ("oven-1", "oven-3"):
        browser.fill(f"/steps/{step}/done", how="done", **CALM)
        browser.get("/steps/oven-3")
        with engine.database.count_queries() as asked:
            browser.get("/steps/oven-3")
        counts.append(asked.count)

    assert max(counts) <= 10, counts
