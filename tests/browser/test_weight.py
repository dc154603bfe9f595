"""What a visit weighs over the wire, and what the page for hard moments needs."""

import gzip
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Response

from course_engine.domain.pace import PaceKind
from course_engine.services import people, runs
from tests.browser.stage import Stage, sign_in, stage, window
from tests.cast import BREAD, COURSES, PASSWORD
from tests.make import MONDAY

COURSE_PAGES = (
    "/today",
    "/course",
    "/weeks/1",
    "/steps/what-lives",
    "/steps/stir-and-look",
    "/me",
    "/journal",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("weight"), COURSES / BREAD, MONDAY) as at:
        ada = people.add(at.engine, "Ada", "ada@example.org", PASSWORD, MONDAY)
        runs.join_alone(at.engine, ada, BREAD, PaceKind.WEEKLY, MONDAY)
        yield at


def test_a_first_visit_weighs_less_than_120_kilobytes_and_a_later_page_less_than_25(
    browser: Browser, site: Stage
) -> None:
    with window(browser, site) as context:
        page = context.new_page()
        answers = _listen(page)
        page.goto("/", wait_until="networkidle")
        first = _weight(answers)
        sign_in(page, "ada@example.org", PASSWORD)
        later = {}
        for path in COURSE_PAGES:
            answers.clear()
            page.goto(path, wait_until="networkidle")
            later[path] = _weight([answer for answer in answers if not _from_cache(answer)])

    assert first < 120_000
    assert max(later.values()) < 25_000, later


def test_the_steadying_page_is_small_has_no_script_and_needs_nobody(browser: Browser, site: Stage) -> None:
    with window(browser, site) as context:
        page = context.new_page()
        answers = _listen(page)
        page.goto("/steady", wait_until="networkidle")
        html, weight = answers[0].body(), _weight(answers)

    assert len(html) < 20_000
    assert weight < 20_000
    assert b"<script" not in html
    assert not [answer.url for answer in answers if re.search(r"\.(js|woff2)$", answer.url)]


def _listen(page: Page) -> list[Response]:
    """All answers to this page from now on."""
    heard: list[Response] = []

    def note(answer: Response) -> None:
        heard.append(answer)

    page.on("response", note)
    return heard


def _weight(answers: list[Response]) -> int:
    """Bytes over the wire as a server in front, or whitenoise, would pack them."""
    bodies = [answer.body() for answer in answers if answer.status == 200]
    return sum(min(len(body), len(gzip.compress(body))) for body in bodies)


def _from_cache(answer: Response) -> bool:
    return "/static/" in answer.url
