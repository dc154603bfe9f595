"""Ada opens everything there is in the shipped course: each step, sheet and page, and what it rests on."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from course_engine.domain.course import Course
from course_engine.domain.pace import PaceKind
from course_engine.domain.pages import Readers
from course_engine.domain.progress import How
from course_engine.services import people, progress, runs
from tests.browser.stage import Stage, sign_in, stage, window
from tests.cast import PASSWORD

SHIPPED = Path(__file__).parents[2] / "modules" / "self-compassion"
NOW = datetime(2026, 11, 10, 19, 0, tzinfo=UTC)
SMALL = 320


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A site on which Ada has come all the way, so that nothing is closed to her."""
    with stage(tmp_path_factory.mktemp("whole"), SHIPPED, NOW) as at:
        ada = people.add(at.engine, "Ada", "ada@example.org", PASSWORD, NOW)
        run = runs.join_alone(at.engine, ada, "self-compassion", PaceKind.FREE, NOW)
        for week in at.engine.shelf.course(run.edition, "en").weeks:
            for steps in week.asks:
                progress.complete(at.engine, ada, run, steps[0].id, How.DONE, NOW + timedelta(minutes=1))
        at.clock.move(hours=1)
        yield at


def test_everything_in_the_course_opens_on_a_small_phone(browser: Browser, site: Stage) -> None:
    faults: list[str] = []
    with window(browser, site, width=SMALL) as context:
        page = context.new_page()
        sign_in(page, "ada@example.org", PASSWORD)
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda told: faults.append(f"{page.url}: {told.text}") if told.type == "error" else None,
        )
        opened = {address: _faults(page, address) for address in _addresses(_course(site))}

    assert len(opened) > 90
    assert {address: found for address, found in opened.items() if found} == {}
    assert faults == []


def _course(site: Stage) -> Course:
    return site.engine.shelf.course(runs.current(site.engine, people.get("ada@example.org")).edition, "en")


def _addresses(course: Course) -> Iterator[str]:
    """Where a learner can go in this course."""
    yield from ("/course", "/evidence", "/help", "/steady", "/journal", "/certificate")
    yield from (f"/weeks/{week.number}" for week in course.weeks)
    yield from (f"/steps/{step.id}" for step in course.steps.values() if not step.worksheet)
    yield from (f"/worksheets/{sheet}" for sheet in course.worksheets)
    yield from (f"/pages/{page.id}" for page in course.pages if page.readers is Readers.EVERYONE)


def _faults(page: Page, address: str) -> list[str]:
    answer = page.goto(address)
    status = answer.status if answer else 0
    heads, wide = page.evaluate(
        "[document.querySelectorAll('h1').length, document.documentElement.scrollWidth]"
    )
    found = [f"status {status}"] if status != 200 else []
    found += [f"{heads} headings of the first level"] if heads != 1 else []
    return found + ([f"{wide} wide"] if wide > SMALL else [])
