"""Dov brings in a new edition: a fault first, then a draft, a look at any date, and Ben moves his group."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from course_engine.domain.roles import Role
from course_engine.jobs.tasks import HANDLERS
from course_engine.services import cohorts, editions, jobs, people
from tests.browser.stage import Stage, sign_in, stage, window
from tests.cast import BREAD, COURSES, PASSWORD, ZONE
from tests.make import MONDAY
from tests.tools.browser import axe


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Stage]:
    """The small course, Dov who administers, and Ben who leads a group with Ada in it."""
    with stage(tmp_path, COURSES / BREAD, MONDAY) as at:
        for name, role in (("Dov", Role.ADMIN), ("Ben", Role.FACILITATOR), ("Ada", Role.LEARNER)):
            address = f"{name.lower()}@example.org"
            people.add(at.engine, name, address, PASSWORD, MONDAY, frozenset({role}), zone=ZONE)
        ben, ada = people.get("ben@example.org"), people.get("ada@example.org")
        group = cohorts.add(at.engine, ben, BREAD, "Mondays", MONDAY, ZONE, 60, MONDAY)
        cohorts.add_member(at.engine, group, ada, MONDAY)
        yield at


def packed(place: Path, *changes: tuple[str, str, str]) -> Path:
    """The small course with other words, as a ZIP on Dov's desk."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        for path in sorted(path for path in (COURSES / BREAD).rglob("*") if path.is_file()):
            name, text = str(path.relative_to(COURSES / BREAD)), path.read_text("utf-8")
            for changed, old, new in changes:
                if changed == name:
                    assert old in text
                    text = text.replace(old, new, 1)
            file.writestr(f"{BREAD}/{name}", text)
    place.write_bytes(held.getvalue())
    return place


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without"])
def test_dov_brings_in_a_new_edition(browser: Browser, site: Stage, tmp_path: Path, script: bool) -> None:
    new = ("01-starter/week-1.md", "What lives in the jar", "Who lives in the jar")
    with window(browser, site, script=script, width=1280) as desk, window(browser, site) as phone:
        dov = desk.new_page()
        sign_in(dov, "dov@example.org", PASSWORD)
        dov.goto("/admin/courses")
        dov.get_by_role("link", name="Bring a course in").click()
        faulty = packed(tmp_path / "faulty.zip", new, ("course.yaml", "pace: free", "pace: soon"))
        _send(dov, site, faulty)
        expect(dov.get_by_role("heading", level=1)).to_have_text("There is something to mend first")
        expect(dov.locator(".faults")).to_contain_text("course.yaml:")

        dov.get_by_role("link", name="Bring in another file").click()
        _send(dov, site, packed(tmp_path / "bread.zip", new))
        expect(dov.locator("main")).to_contain_text("“Who lives in the jar” was called")
        expect(dov.locator("main")).to_contain_text("Mondays 1 person")
        assert not script or axe(dov) == []
        _look(dov)
        dov.get_by_role("button", name="Publish this edition").click()
        expect(dov.locator(".flash")).to_contain_text("is published")

        ben = phone.new_page()
        sign_in(ben, "ben@example.org", PASSWORD)
        ben.get_by_role("link", name="Settings", exact=True).first.click()
        ben.get_by_role("link", name="Look at the edition").click()
        expect(ben.locator("main")).to_contain_text("was called “What lives in the jar”")
        ben.get_by_role("button", name="Move the group to this edition").click()
        expect(ben.locator(".flash")).to_contain_text("What was open or done stays so.")
        (led,) = cohorts.led_by(people.get("ben@example.org"), site.clock())
        assert led.cohort.edition == editions.newest(BREAD)


def _send(page: Page, site: Stage, file: Path) -> None:
    page.get_by_label("The folder of one course, packed as a ZIP").set_input_files(file)
    page.get_by_role("button", name="Check this file").click()
    page.wait_for_url("**/jobs/**")
    page.get_by_role("link", name="Look again").click()
    jobs.run_next(site.engine, HANDLERS, "a worker", site.clock)
    # The page leads on by itself, and might do so before anyone could press once more.
    page.wait_for_url("**/admin/courses/**")


def _look(page: Page) -> None:
    """At the draft as on a day three weeks on, and back."""
    page.get_by_role("link", name="See it as a learner would").click()
    page.get_by_label("Joined on").fill("2026-03-02")
    page.get_by_label("Seen on").fill("2026-03-10")
    page.get_by_label("Pace").select_option("weekly")
    page.get_by_role("button", name="Look at this day").click()
    expect(page.locator(".seen")).to_contain_text("Not open yet")
    page.get_by_role("link", name="Open its pages as on this day").click()
    page.get_by_role("main").get_by_role("link", name="Starter").or_(page.locator(".step-link")).first.click()
    expect(page.locator(".seen-line")).to_contain_text("Nothing here is kept")
    page.get_by_role("link", name="Who lives in the jar").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who lives in the jar")
    page.get_by_role("link", name="Back to the table").click()
    page.locator(".breadcrumb a").nth(1).click()
