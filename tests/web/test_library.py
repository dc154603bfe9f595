"""Ben reads the course before he leads it; learners have a library of their own, the course."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.domain.roles import Role
from course_engine.engine import Engine
from course_engine.services import cohorts, editions, people, writings
from course_engine.web import links
from tests.cast import BREAD, COURSES, PASSWORD, ZONE, Browser, Clock

As = Callable[[Person], Browser]
ROOT = "/library/slow-bread"
MOST = 5

pytestmark = pytest.mark.usefixtures("no_printing")


@pytest.fixture
def browser(ben: Person, as_: As) -> Browser:
    return as_(ben)


def clocks(page: str) -> list[str]:
    """What the running clock of a plan says, in order."""
    return re.findall(r'plan-clock">(?:<span[^>]*>[^<]*</span>)?([0-9:]+)', page)


def test_ben_finds_every_plan_lesson_script_sheet_and_page(browser: Browser) -> None:
    assert 'href="/library/slow-bread"' in browser.get("/library").text
    page = browser.get(ROOT).text

    for path in (
        "plans/session-1", "steps/what-lives", "steps/fold-a-dough", "steps/my-kitchen", "steps/journal-1",
        "steps/oven-1", "steps/check-in-3", "pages/hot-things", "pages/leading-bakers",
    ):  # fmt: skip
        assert f'href="{ROOT}/{path}"' in page, path
        assert browser.get(f"{ROOT}/{path}").status_code == 200, path


def test_a_plan_runs_on_the_clock_in_both_of_its_forms(browser: Browser) -> None:
    full, shorter = (browser.get(f"{ROOT}/plans/session-1{form}").text for form in ("", "?form=shorter"))

    assert clocks(full) == ["0:00", "0:15", "0:45", "0:55", "1:00"]
    assert clocks(shorter) == ["0:00", "0:10", "0:40"]
    assert "Round of smells" in full
    assert "Round of smells" not in shorter
    assert "Say that flour forgives" in full
    assert f'href="{ROOT}/steps/my-kitchen"' in full
    assert "40 minutes, shorter" in full


def test_a_form_that_there_is_not_is_told(browser: Browser) -> None:
    answer = browser.get(f"{ROOT}/plans/session-1?form=long")

    assert answer.status_code == 422
    assert "full or shorter" in answer.text


def test_a_table_among_the_words_has_a_name_and_is_moved_sideways_with_keys() -> None:
    head = '<thead><tr><th></th><th>The <b>"warm"</b> jar</th><th>Milk &amp; flour</th></tr></thead>'
    table = (
        f'<div class="table" tabindex="0"><table>{head}<tbody><tr><th>Day 1</th></tr></tbody></table></div>'
    )
    read = links.below(f"<p>Before.</p>{table}", ROOT)
    name = "Table: The &#34;warm&#34; jar, Milk &amp; flour"
    assert f'<div class="table" role="region" aria-label="{name}" tabindex="0"><table>' in read
    assert read.count("</div>") == 1
    assert links.below("<p>No table.</p>", "") == "<p>No table.</p>"


def test_a_script_is_read_in_both_lengths_with_its_quiet(browser: Browser) -> None:
    page = browser.get(f"{ROOT}/steps/fold-a-dough").text

    assert "The script, 5 minutes" in page
    assert "The short form, 2 minutes" in page
    assert "Quiet for" in page
    assert "The gentler form" in page


def test_plans_and_blank_sheets_come_as_documents(browser: Browser) -> None:
    for path in (
        "plans/session-1.pdf?paper=a4", "plans/session-1.pdf?paper=letter&form=shorter",
        "worksheets/my-kitchen.pdf?paper=a4",
    ):  # fmt: skip
        answer = browser.get(f"{ROOT}/{path}")
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf"), path


@pytest.mark.parametrize(
    "path",
    ["steps/no-such", "plans/no-such", "pages/no-such", "worksheets/no-such", "worksheets/no-such.pdf",
     "plans/no-such.pdf"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(browser: Browser, path: str) -> None:
    assert browser.get(f"{ROOT}/{path}").status_code == 404
    assert browser.get(f"/library/no-such-course/{path}").status_code == 404


def test_what_a_newer_edition_has_no_more_is_still_there_for_those_whose_group_has_it(
    engine: Engine, ben: Person, browser: Browser, as_: As, clock: Clock, tmp_path: Path
) -> None:
    cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 60, clock())
    folder = Path(shutil.copytree(COURSES / BREAD, tmp_path / "newer" / BREAD))
    week = folder / "02-loaf" / "week-3.md"
    week.write_text(week.read_text("utf-8").replace("{#bake-and-wait ", "{#bake-slowly "), "utf-8")
    editions.publish(engine, folder, clock.move(days=1))

    note = "This comes from an earlier edition"
    old = browser.get(f"{ROOT}/steps/bake-and-wait")
    assert (old.status_code, note in old.text) == (200, True)
    new = browser.get(f"{ROOT}/steps/bake-slowly")
    assert (new.status_code, note in new.text) == (200, False)
    ema = people.add(engine, "Ema", "ema@example.org", PASSWORD, clock(), frozenset({Role.FACILITATOR}))
    assert as_(ema).get(f"{ROOT}/steps/bake-slowly").status_code == 200
    assert as_(ema).get(f"{ROOT}/steps/bake-and-wait").status_code == 404, "she leads no group that has it"


def test_nothing_a_learner_answered_is_in_the_library(
    engine: Engine, ada: Person, run: Run, browser: Browser, clock: Clock
) -> None:
    writings.save_answers(engine, ada, run, "check-in", "oven-1", {"calm": 5, "worried": 5}, clock())
    page = browser.get(f"{ROOT}/steps/oven-1").text

    assert "I worried about the crumb." in page
    assert "theirs alone" in page
    assert "checked" not in page
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]


def test_the_library_asks_the_database_a_handful_of_questions(engine: Engine, browser: Browser) -> None:
    for path in ("/library", ROOT, f"{ROOT}/plans/session-1", f"{ROOT}/steps/what-lives"):
        browser.get(path)
        with engine.database.count_queries() as asked:
            browser.get(path)
        assert asked.count <= MOST, (path, asked.statements)
