"""Pages outside the weeks: open to every learner at any time, and those for facilitators to none."""

from collections.abc import Callable

import pytest

from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from tests.cast import Browser

As = Callable[[Person], Browser]


def test_a_page_is_open_from_the_first_day_and_stands_at_the_foot_of_the_course(
    ada: Person, run: Run, as_: As
) -> None:
    browser = as_(ada)
    course = browser.get("/course").text
    page = browser.get("/pages/hot-things")

    assert 'href="/pages/hot-things"' in course
    assert "What to do about burns, steam and a heavy pot." in course
    assert page.status_code == 200
    assert "Cool a burn under running water" in page.text


def test_a_page_of_a_run_leads_to_pages_of_the_same_run(ada: Person, run: Run, as_: As) -> None:
    browser, root = as_(ada), f"/runs/{run.id}"

    assert f'href="{root}/pages/hot-things"' in browser.get(f"{root}/course").text
    assert f'href="{root}/course"' in browser.get(f"{root}/pages/hot-things").text


@pytest.mark.parametrize("prefix", ["", "/runs/{run}"])
def test_a_page_for_facilitators_is_not_there_for_learners(
    ada: Person, run: Run, as_: As, prefix: str
) -> None:
    browser, root = as_(ada), prefix.format(run=run.id)
    hidden, nothing = (browser.get(f"{root}/pages/{id}") for id in ("leading-bakers", "no-such-page"))

    assert (hidden.status_code, nothing.status_code) == (404, 404)
    assert "broom" not in hidden.text
    assert "leading-bakers" not in browser.get(f"{root}/course").text


def test_help_names_what_the_course_says_on_safety(ada: Person, run: Run, as_: As, client: Browser) -> None:
    page = as_(ada).get("/help").text

    assert 'href="/pages/hot-things"' in page
    assert 'href="/steps/heat-and-hands"' in page
    assert "hot-things" not in client.get("/help").text


def test_help_stands_for_somebody_who_has_begun_nothing(cleo: Person, as_: As) -> None:
    answer = as_(cleo).get("/help")

    assert answer.status_code == 200
    assert "From your course" not in answer.text


def test_a_page_asks_the_database_no_more_than_a_lesson(
    engine: Engine, ada: Person, run: Run, as_: As
) -> None:
    browser = as_(ada)
    browser.get("/pages/hot-things")
    with engine.database.count_queries() as asked:
        browser.get("/pages/hot-things")

    assert asked.count <= 6, asked.statements
