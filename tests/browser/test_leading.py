"""Ben sets a group up on twelve pages, leads an evening and ends the group; Dov goes through his rooms."""

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, Request, expect
from pypdf import PdfReader

from course_engine.domain.cohorts import Cohort, Present
from course_engine.domain.roles import Role
from course_engine.services import attendance, boards, cohorts, contacts, members, people
from tests.browser.stage import Stage, sign_in, stage, window
from tests.cast import BREAD, COURSES, PASSWORD, ZONE
from tests.make import MONDAY
from tests.tools.browser import axe

NAMES = ("Ada", "Bea", "Cem", "Dan", "Eva", "Fay", "Gus", "Hana", "Ivo", "Jun", "Kim", "Lou")
MOST_PAGES = 12


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Stage]:
    """The small course, Ben who leads and Dov who administers."""
    with stage(tmp_path, COURSES / BREAD, MONDAY) as at:
        for name, role in (("Ben", Role.FACILITATOR), ("Dov", Role.ADMIN)):
            address = f"{name.lower()}@example.org"
            people.add(at.engine, name, address, PASSWORD, MONDAY, frozenset({role}), zone=ZONE)
        yield at


@pytest.fixture
def group(site: Stage) -> Cohort:
    """Ben's group with Ada, who asked for a word, and Bea."""
    ben = people.get("ben@example.org")
    made = cohorts.add(site.engine, ben, BREAD, "Mondays", MONDAY, ZONE, 90, MONDAY - timedelta(days=1))
    for name in NAMES[:2]:
        address = f"{name.lower()}@example.org"
        person = people.add(site.engine, name, address, PASSWORD, MONDAY, zone=ZONE)
        cohorts.add_member(site.engine, made, person, MONDAY)
    contacts.ask(site.engine, people.get("ada@example.org"), made, "Could we talk?", MONDAY)
    return made


def _pages(page: Page) -> list[str]:
    """The pages somebody meets from now on, each form that leads on counted once."""
    met: list[str] = []

    def note(request: Request) -> None:
        if request.is_navigation_request() and request.redirected_from is None:
            met.append(f"{request.method} {request.url}")

    page.on("request", note)
    return met


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without"])
def test_a_group_of_twelve_is_set_up_on_twelve_pages_at_most(
    browser: Browser, site: Stage, script: bool
) -> None:
    with window(browser, site, script=script, width=1280) as desk:
        page = desk.new_page()
        sign_in(page, "ben@example.org", PASSWORD)
        met = _pages(page)
        page.get_by_role("link", name="Make a new group").click()
        for name, value in (
            ("name", "Tuesday evenings"), ("first", "2026-03-03"), ("hour", "18:30"),
            ("place", "The old bakery"), ("safety_name", "Ana"), ("safety_reach", "ana@example.org"),
        ):  # fmt: skip
            page.locator(f"main [name={name}]").fill(value)
        page.locator("main [name=zone]").select_option(ZONE)
        page.get_by_role("button", name="Look at the calendar").click()
        expect(page.locator("main")).to_contain_text("Tuesday 17 March")
        page.get_by_role("button", name="Make this group").click()
        page.get_by_role("link", name="People", exact=True).click()
        page.locator("#code-learner").get_by_role("button", name="Make a code for learners").click()
        page.get_by_role("link", name="Invite people").click()
        listed = "\n".join(f"{name} <{name.lower()}@example.org>" for name in NAMES)
        page.get_by_label("Who would you like to invite?").fill(listed)
        page.get_by_role("button", name="Look at the list").click()
        page.get_by_role("button", name="Invite 12 people").click()
        expect(page.locator(".link-to-copy")).to_have_count(12)
        page.get_by_role("link", name="Board", exact=True).click()
        expect(page.locator(".board-table tbody tr")).to_have_count(12)
        expect(page.locator(".board-table")).to_contain_text("Hana")
        assert len(met) <= MOST_PAGES, met
        assert not script or axe(page) == []


@pytest.mark.parametrize(("script", "width"), [(True, 390), (False, 1280)], ids=["phone", "no scripts"])
def test_ben_leads_an_evening_and_brings_the_group_to_its_end(
    browser: Browser, site: Stage, group: Cohort, script: bool, width: int
) -> None:
    with window(browser, site, script=script, width=width) as desk:
        page = desk.new_page()
        page.on("dialog", _no_dialog)
        sign_in(page, "ben@example.org", PASSWORD)
        expect(page.get_by_role("heading", level=1)).to_have_text("Mondays")
        _answers(page)
        _opens_a_week_and_takes_it_back(page, site, group)
        _leads_and_notes(page, site, group)
        _writes_to_all(page)
        _tab(page, "Settings")
        page.locator("form[action$='/end'] button").click()
        expect(page.locator(".flash")).to_be_visible()
        ben = people.get("ben@example.org")
        assert cohorts.led(ben, group.id).ended_at is not None


def test_ben_sees_how_long_a_part_still_takes_and_prints_who_was_there(
    browser: Browser, site: Stage, group: Cohort
) -> None:
    with window(browser, site, script=True, width=768) as desk:
        page = desk.new_page()
        sign_in(page, "ben@example.org", PASSWORD)
        page.goto(f"/cohorts/{group.id}/sessions/1/lead")
        expect(page.locator(".plan-part[aria-current=step] .plan-left")).to_contain_text("min left")
        page.goto(f"/cohorts/{group.id}/attendance?session=1")
        first, second = page.locator(".attendance-row legend").all_inner_texts()
        expect(page.locator("[data-most]")).to_have_text(f"{first}, {second}")
        page.get_by_role("radio", name="Excused").first.check()
        expect(page.locator(".attendance-count")).to_have_text("1 of 2 noted")
        expect(page.locator("[data-most]")).to_have_text(second)
        expect(page.locator(".attendance-row .meta").first).to_have_text("Kept")
        lines = {one.evaluate("one => one.offsetTop") for one in page.locator(".mark").all()[:5]}
        assert len(lines) == 1, "the five words of a person stand in one line"
        page.get_by_role("button", name="Note the others as here").click()
        expect(page.locator(".attendance-count")).to_have_text("2 of 2 noted")
        page.wait_for_load_state()
        printed = PdfReader(io.BytesIO(page.pdf(format="A4"))).pages[0].extract_text()
        assert ("Excused" in printed, "Here" in printed) == (True, True)
        assert ("Not here" in printed, "Calendar" in printed) == (False, False)


def _no_dialog(dialog: Dialog) -> None:
    raise AssertionError(dialog.message)


def _tab(page: Page, name: str) -> None:
    page.get_by_role("navigation").get_by_role("link", name=name, exact=True).last.click()


def _answers(page: Page) -> None:
    page.locator(".words").get_by_role("link", name="Answer").click()
    expect(page.locator("main")).to_contain_text("Could we talk?")
    page.get_by_label("A note for yourself").fill("She is fine.")
    page.locator("button[name=state][value=contacted]").click()
    expect(page.locator("main")).to_contain_text("She is fine.")
    _tab(page, "Board")
    expect(page.locator(".words")).not_to_contain_text("asked you to get in touch")


def _opens_a_week_and_takes_it_back(page: Page, site: Stage, group: Cohort) -> None:
    page.get_by_role("checkbox", name="Bea").check()
    page.get_by_role("button", name="Open a week").click()
    page.locator("main [name=week]").select_option("2")
    page.get_by_role("button", name="Look again").click()
    expect(page.locator(".effects")).to_contain_text("Bea")
    assert _states(site, group, "Bea")[1] == "locked"
    with page.expect_navigation():
        page.locator("button[name=act][value=keep]").click()
    assert _states(site, group, "Bea")[1] != "locked"
    with page.expect_navigation():
        page.get_by_role("button", name="Undo").click()
    expect(page.locator(".flash").first).to_be_visible()
    assert _states(site, group, "Bea")[1] == "locked"


def _states(site: Stage, group: Cohort, name: str) -> list[str]:
    found = boards.board(site.engine, group, boards.Wanted(find=name), "en", site.clock())
    return [state.value for state in found.rows[0].weeks]


def _leads_and_notes(page: Page, site: Stage, group: Cohort) -> None:
    page.get_by_role("link", name="Open the plan").click()
    page.get_by_role("link", name="Lead from this").click()
    expect(page.locator(".lead-view")).to_be_visible()
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="Back to the plan").click()
    _tab(page, "Board")
    page.get_by_role("link", name="Attendance").click()
    expect(page.locator(".attendance-row")).to_have_count(len(members.of(group)))
    for one in page.locator(".attendance-row").all():
        one.get_by_role("radio", name="Here", exact=True).check()
    page.get_by_role("button", name="Keep the attendance").click()
    expect(page.locator(".flash")).to_be_visible()
    present = {one.id for one in members.of(group)}
    found = boards.board(site.engine, group, boards.Wanted(), "en", site.clock())
    assert {row.person for row in found.rows if row.attended == 1} == present
    _tab(page, "Board")
    page.wait_for_load_state("networkidle")
    # On paper the board is the wide one, however small the screen it is printed from.
    printed = PdfReader(io.BytesIO(page.pdf(format="A4"))).pages[0].extract_text()
    for row in found.rows:
        for words in (row.name, f"{row.done} of {row.asked}", f"{row.attended}/{found.meetings}"):
            assert words in " ".join(printed.split()), (words, printed)


def _writes_to_all(page: Page) -> None:
    _tab(page, "Messages")
    page.get_by_label("Heading").fill("Bring a jar")
    page.get_by_label("Message", exact=True).fill("Next time we look at our jars together.")
    page.get_by_role("button", name="Look at it first").click()
    expect(page.locator("main")).to_contain_text("To 2 people, each by a letter of their own")
    page.get_by_role("button", name="Send it").click()
    expect(page.locator(".flash")).to_contain_text("It is sent.")


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without"])
def test_dov_goes_through_his_rooms(browser: Browser, site: Stage, group: Cohort, script: bool) -> None:
    with window(browser, site, script=script) as desk:
        page = desk.new_page()
        sign_in(page, "dov@example.org", PASSWORD)
        page.goto("/admin/people")
        page.get_by_label("Name, address or sign-in name").fill("ada")
        page.get_by_role("button", name="Find").click()
        page.get_by_role("link", name="Ada", exact=True).click()
        page.locator("main [name=roles][value=facilitator]").check()
        page.get_by_role("button", name="Keep these roles").click()
        expect(page.locator(".flash")).to_contain_text("Ada sees it with the next page")
        page.goto("/admin/settings")
        page.locator("main [name=site_name]").fill("Quiet water")
        page.locator("form:has([name=site_name]) button[type=submit]").click()
        expect(page.locator("header").first).to_contain_text("Quiet water")
        page.goto("/admin/help-lines")
        page.get_by_role("button", name="Confirm and show").first.click()
        expect(page.locator("main")).to_contain_text("Confirmed by Dov")
        page.goto("/admin/retention")
        page.locator("main [name=run_months]").fill("3")
        page.get_by_role("button", name="Keep these rules").click()
        expect(page.locator(".error-summary")).to_contain_text("write a whole number from 6 to 120.")
        page.locator("main [name=run_months]").fill("12")
        page.get_by_role("button", name="Keep these rules").click()
        page.goto("/admin/outbox")
        expect(page.get_by_role("heading", level=1)).to_have_text("Outbox")
        page.goto("/admin/jobs")
        page.goto("/admin/audit")
        page.get_by_label("Person (address or sign-in name)").fill("ada@example.org")
        page.get_by_role("button", name="Show").click()
        expect(page.locator(".audit-lines")).to_contain_text("Dov")
        address = page.get_by_role("link", name="Save as a table (CSV)").get_attribute("href") or ""
        table = page.context.request.get(address)
        assert "person.roles" in table.text() or "gave" in table.text()
        assert "Could we talk" not in table.text()
        assert page.context.request.get(f"/cohorts/{group.id}").status == 404, "he leads no group"


@pytest.mark.parametrize("width", [1024, 1280])
def test_ben_reaches_every_page_of_a_group_with_a_long_name(
    browser: Browser, site: Stage, group: Cohort, width: int
) -> None:
    name = "The second Monday group at the old mill, with those who came from the spring one"
    cohorts.change(site.engine, group, people.get("ben@example.org"), MONDAY, name=name)
    with window(browser, site, script=False, width=width) as desk:
        page = desk.new_page()
        sign_in(page, "ben@example.org", PASSWORD)
        page.goto(f"/cohorts/{group.id}/settings")
        for words in ("People", "Board"):
            page.locator(".group-tabs").get_by_role("link", name=words, exact=True).click(timeout=3000)
        expect(page).to_have_url(re.compile(f"/cohorts/{group.id}$"))


def test_ben_keeps_the_sheet_and_what_gus_noted_since_his_tap_stays(
    browser: Browser, site: Stage, group: Cohort
) -> None:
    ada, ben = people.get("ada@example.org"), people.get("ben@example.org")
    with window(browser, site, script=True) as desk:
        page = desk.new_page()
        sign_in(page, "ben@example.org", PASSWORD)
        page.goto(f"/cohorts/{group.id}/attendance")
        row = page.locator(".attendance-row", has_text="Ada")
        row.get_by_role("radio", name="Here", exact=True).check()
        expect(row.get_by_role("status")).to_have_text("Kept")
        attendance.attend(site.engine, group, 1, ada.id, Present.EXCUSED, ben, site.clock())
        page.get_by_role("button", name="Keep the attendance").click()
        expect(page.locator(".flash")).to_be_visible()
    noted = {row.person: row.present for row in attendance.sheet(group, 1)}
    assert noted[ada.id] is Present.EXCUSED
