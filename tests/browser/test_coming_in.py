"""Ben makes a group and prints its poster; Ada joins with the code on her phone, Olga begins on paper."""

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from course_engine.domain.roles import Role
from course_engine.jobs.tasks import HANDLERS
from course_engine.services import jobs, people
from tests.browser.stage import Stage, sign_in, stage, window
from tests.cast import BREAD, COURSES, PASSWORD, ZONE
from tests.make import MONDAY
from tests.tools.browser import axe

DAY = MONDAY + timedelta(days=1)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Stage]:
    """The small course, and Ben who leads."""
    with stage(tmp_path, COURSES / BREAD, MONDAY) as at:
        leads = frozenset({Role.FACILITATOR})
        people.add(at.engine, "Ben", "ben@example.org", PASSWORD, MONDAY, leads, zone=ZONE)
        yield at


def test_ada_joins_bens_group_with_the_code_from_its_poster(browser: Browser, site: Stage) -> None:
    with window(browser, site, width=1280) as desk, window(browser, site) as phone:
        ben = desk.new_page()
        sign_in(ben, "ben@example.org", PASSWORD)
        _make_group(ben)
        code, address = _poster(ben, site)
        ada = phone.new_page()
        _join(ada, code)
        expect(ada.locator("main")).to_contain_text("Ada")
        ben.reload()
        expect(ben.locator("#everybody")).to_contain_text("Ada")
        assert address == f"{site.url}/join/{code.replace('-', '')}"


def test_olga_takes_part_on_paper_and_takes_over_later(browser: Browser, site: Stage) -> None:
    with window(browser, site, script=False, width=1280) as desk, window(browser, site) as phone:
        ben = desk.new_page()
        sign_in(ben, "ben@example.org", PASSWORD)
        _make_group(ben)
        ben.get_by_label("Name").fill("Olga")
        ben.get_by_label("We have read the three points together, and they agree").check()
        ben.get_by_role("button", name="Add this person").click()
        row = ben.locator(".person", has_text="Olga")
        row.locator("summary").click()
        sheets = row.locator("form[method=get]").get_attribute("action")
        words = " ".join(_printed(ben, site, f"{sheets}?week=1"))
        sheet = re.search(r"For Olga\. Code of this sheet: ([0-9A-Z]{6})", words)
        assert sheet is not None
        site.clock.move(days=2)
        _enter(ben, sheet[1])
        ben.get_by_role("link", name="Back to the people").click()
        row.locator("summary").click()
        row.get_by_role("button", name="Show their link and code").click()
        link = ben.locator(".link-to-copy a").get_attribute("href")
        olga = phone.new_page()
        olga.goto(link or "")
        olga.get_by_label("E-mail address or sign-in name").fill("olga.p")
        olga.get_by_label("Password", exact=True).fill(PASSWORD)
        olga.get_by_role("button", name="This is me").click()
        olga.get_by_role("link", name="I have noted it down").click()
        expect(olga.get_by_role("heading", level=1)).to_contain_text("Olga")


def _make_group(page: Page) -> None:
    page.goto("/cohorts/new")
    for name, value in (
        ("name", "Tuesday evenings"),
        ("first", DAY.date().isoformat()),
        ("hour", "18:30"),
        ("place", "The old bakery, Rua da Rosa 12"),
    ):
        page.locator(f"main [name={name}]").fill(value)
    page.locator("main [name=zone]").select_option(ZONE)
    page.get_by_role("button", name="Look at the calendar").click()
    page.get_by_role("button", name="Make this group").click()
    page.get_by_role("link", name="People", exact=True).click()


def _poster(page: Page, site: Stage) -> tuple[str, str]:
    """The code and the address as they stand on the poster."""
    page.locator("#code-learner").get_by_role("button", name="Make a code for learners").click()
    poster = page.get_by_role("link", name="Poster on A4")
    expect(poster).to_be_visible()
    assert axe(page) == []
    (words,) = _printed(page, site, poster.get_attribute("href") or "")
    assert "Tuesday evenings" in words
    assert "The old bakery" in words
    assert "18:30 (Lisbon)" in words
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", words)
    assert code is not None
    return code[0], str(page.locator("#code-learner a[href^='/join/']").inner_text())


def _printed(page: Page, site: Stage, path: str) -> list[str]:
    """The words on each page of a document; one that takes a while is a job, which is done here."""
    made = page.context.request.get(path)
    if "/jobs/" in made.url:
        jobs.run_next(site.engine, HANDLERS, "a worker", site.clock)
        made = page.context.request.get(made.url)
    return [one.extract_text() for one in PdfReader(io.BytesIO(made.body())).pages]


def _join(page: Page, code: str) -> None:
    page.goto("/join")
    page.get_by_label("Code of your group").fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="Look at the group").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tuesday evenings")
    expect(page.locator("main")).to_contain_text("The old bakery")
    assert axe(page) == []
    page.get_by_role("link", name="Make an account").click()
    page.get_by_role("link", name="Choose a sign-in name").click()
    page.get_by_label("Sign-in name").fill("ada.l")
    page.get_by_label("What would you like to be called?").fill("Ada")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Make my account").click()
    page.get_by_role("link", name="I have noted it down").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tuesday evenings")
    page.get_by_role("button", name="Join this group").click()
    expect(page.locator(".error-summary")).to_contain_text("Tick this box")
    page.get_by_label("I am 18 or over, and I agree to these three points").check()
    page.get_by_role("button", name="Join this group").click()
    page.wait_for_url("**/today")


def _enter(page: Page, code: str) -> None:
    page.get_by_role("link", name="Enter what came back").click()
    page.get_by_label("Type the codes").fill(code.lower())
    page.get_by_role("button", name="Find them").click()
    page.get_by_label("All of this week").check()
    page.get_by_label(re.compile("Session 1")).select_option("present")
    page.get_by_role("button", name="Keep what is ticked").click()
    expect(page.locator(".flash")).to_contain_text("entered")
