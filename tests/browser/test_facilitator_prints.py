"""Ana prints for tonight: from the board to paper in three actions, on a phone and without a script."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from course_engine.jobs.tasks import HANDLERS, do_jobs
from course_engine.services import cohorts, demo, packs, people
from tests.browser.stage import Stage, sign_in, stage, window

SHIPPED = Path(__file__).parents[2] / "modules" / "self-compassion"
NOW = datetime(2026, 11, 10, 19, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The demonstration, two days before the fifth evening of its group."""
    with stage(tmp_path_factory.mktemp("printing"), SHIPPED, NOW) as at:
        demo.seed(at.engine, NOW)
        yield at


def work(site: Stage) -> None:
    """What a worker does beside the pages."""
    do_jobs(site.engine, HANDLERS, "one", site.clock, Event())


def test_from_the_board_to_tonights_paper_in_three_actions(browser: Browser, site: Stage) -> None:
    with window(browser, site, script=False) as hers:
        page = hers.new_page()
        sign_in(page, demo.FACILITATOR, demo.PASSWORD)
        page.goto("/cohorts/first")

        page.get_by_role("link", name="Print handouts").click()
        _counted(page, site)
        expect(page.locator(".print-numbers")).to_contain_text("both sides")
        told = page.locator(".print-numbers strong").inner_text()

        page.locator(".card-lead").get_by_role("link", name="Print", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your pages are being made")
        job = page.url
        work(site)

        # The page leads on by itself; the document is fetched here, for a browser would show it.
        ready = page.context.request.get(job)
        assert ready.headers["content-type"] == "application/pdf"
        document = PdfReader(io.BytesIO(ready.body()))
        assert f"{len(document.pages)} pages" == told

    group = cohorts.led_by(people.get(demo.FACILITATOR), NOW)[0].cohort
    text = "".join(one.extract_text() for one in document.pages[:6])
    assert all(one.name.split()[0] in text for one in packs.expected(site.engine, group, NOW))


def test_a_print_can_be_left_found_again_cancelled_and_asked_for_once_more(
    browser: Browser, site: Stage
) -> None:
    with window(browser, site, script=False) as hers:
        page = hers.new_page()
        sign_in(page, demo.FACILITATOR, demo.PASSWORD)
        page.goto("/cohorts/first")
        page.goto(f"{page.url}/print.pdf?what=week&week=2&for=all&sides=2")
        expect(page.get_by_text("You can leave it and come back.")).to_be_visible()
        asked = page.url

        page.get_by_role("link", name="Back to where you were").click()
        expect(page.get_by_role("heading", name="Under way")).to_be_visible()
        expect(page.get_by_label("A whole week")).to_be_checked()
        page.locator(f"a[href='{asked.removeprefix(site.url)}']").click()
        page.get_by_role("button", name="Cancel").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("This is cancelled")
        work(site)
        page.get_by_role("button", name="Try again").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your pages are being made")
        work(site)
        assert page.context.request.get(asked).headers["content-type"] == "application/pdf"


def test_what_a_choice_does_not_need_steps_back(browser: Browser, site: Stage) -> None:
    with window(browser, site, width=1280) as hers:
        page = hers.new_page()
        sign_in(page, demo.FACILITATOR, demo.PASSWORD)
        page.goto("/cohorts/first")
        page.goto(f"{page.url}/print?what=log&for=me")
        expect(page.get_by_label("Which week")).to_be_visible()
        expect(page.get_by_label("Which worksheet")).to_be_hidden()
        page.get_by_label("A worksheet").check(force=True)
        expect(page.get_by_label("Which worksheet")).to_be_visible()
        expect(page.get_by_label("Which week")).to_be_hidden()
        expect(page.get_by_label("Rui Matos")).to_be_hidden()
        page.get_by_label("People I choose").check(force=True)
        page.get_by_label("Rui Matos").check(force=True)
        page.get_by_role("button", name="Show what comes out").click()
        _counted(page, site)
        expect(page.get_by_text("For 1 person.")).to_be_visible()
        expect(page.get_by_label("Rui Matos")).to_be_checked()


def _counted(page: Page, site: Stage) -> None:
    """Wait until the room has counted, however long that takes here."""
    page.wait_for_load_state()
    if page.get_by_text("Counting the pages").count():
        work(site)
        page.goto(page.url)
    expect(page.locator(".print-numbers")).to_be_visible()
