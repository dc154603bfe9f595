"""Ben gives twelve certificates at the end of the course, and Ada mends the name on hers."""

import io
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser, Page, expect

from course_engine.domain.cohorts import Cohort, Present
from course_engine.domain.roles import Role
from course_engine.jobs.tasks import HANDLERS, do_jobs
from course_engine.services import attendance, cohorts, members, people, runs, verifying
from course_engine.storage import runs as stored_runs
from course_engine.storage import tables as t
from tests.browser.stage import Stage, sign_in, stage, window
from tests.cast import BREAD, COURSES, PASSWORD, ZONE, do, week_steps
from tests.make import MONDAY
from tests.tools import pdf

NAMES = ("Ada", "Bea", "Cem", "Dan", "Eva", "Fay", "Gus", "Hana", "Ivo", "Jun", "Kim")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Stage]:
    """Ben's group at its end: twelve have earned it, Olga of them on paper, and Lou still has a week."""
    with stage(tmp_path, COURSES / BREAD, MONDAY) as at:
        leads = frozenset({Role.FACILITATOR})
        ben = people.add(at.engine, "Ben", "ben@example.org", PASSWORD, MONDAY, leads, zone=ZONE)
        cohort = cohorts.add(at.engine, ben, BREAD, "Mondays", MONDAY, ZONE, 90, MONDAY)
        for name in (*NAMES, "Lou"):
            person = people.add(at.engine, name, f"{name.lower()}@example.org", PASSWORD, MONDAY, zone=ZONE)
            cohorts.add_member(at.engine, cohort, person, MONDAY)
        members.add_on_paper(at.engine, cohort, "Olga", ben, MONDAY, agreed=True)
        for member in members.of(cohort):
            _live(at, cohort, member.id, weeks=2 if member.name == "Lou" else 3)
        at.clock.move(days=21)
        yield at


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without"])
def test_ben_gives_twelve_certificates_at_the_end(browser: Browser, site: Stage, script: bool) -> None:
    with ExitStack() as opened:
        ben = opened.enter_context(window(browser, site, script=script, width=1280)).new_page()
        sign_in(ben, "ben@example.org", PASSWORD)
        tabs = ben.get_by_role("navigation", name="Pages of this group")
        tabs.get_by_role("link", name="Certificates").click()
        expect(ben.get_by_role("heading", name="12 people are ready")).to_be_visible()
        expect(ben.get_by_role("row", name=re.compile("Lou"))).to_contain_text("Week 3")
        _look_at_a_sample(ben)

        ben.get_by_role("button", name="Make 12 certificates").click()
        expect(ben.get_by_text("0 of 12")).to_be_visible()
        job = ben.url
        ben.get_by_role("link", name="Back to the certificates").click()
        do_jobs(site.engine, HANDLERS, "worker", site.clock, Event())
        ben.goto(job)
        expect(ben.get_by_role("heading", name="12 certificates are made")).to_be_visible()

        _take_the_files(ben, site)
        _send_the_letters(ben)
        letter = next(one.text for one in t.Outbox.select() if one.recipient == "ada@example.org")
        ada = opened.enter_context(window(browser, site, script=script)).new_page()
        _mend_the_name(ada, letter)


def _live(at: Stage, cohort: Cohort, person: str, weeks: int) -> None:
    member = members.one(cohort, person)
    who, ben = members.person_of(member), people.get("ben@example.org")
    run = stored_runs.get(member.run)
    assert run is not None
    position = runs.position(at.engine, who, run, MONDAY)
    for number in range(1, weeks + 1):
        then = position.sessions[number - 1].starts_at
        attendance.attend(at.engine, cohort, number, person, Present.PRESENT, ben, then)
        do(at.engine, who, run, then, *week_steps(position, number))


def _look_at_a_sample(page: Page) -> None:
    page.get_by_role("table").get_by_role("link", name="Ada", exact=True).click()
    address = page.get_by_role("link", name=re.compile("^A4")).get_attribute("href")
    sample = page.context.request.get(str(address))
    assert sample.headers["content-type"] == "application/pdf"
    assert "SAMP-LE00" in pdf.text(sample.body())
    page.get_by_role("link", name="All certificates").click()


def _take_the_files(page: Page, site: Stage) -> None:
    root = page.url.partition("?")[0]
    outcome = page.locator("#outcome")
    made = page.context.request.get(f"{root}.pdf?{page.url.partition('?')[2]}")
    if made.headers["content-type"] != "application/pdf":
        do_jobs(site.engine, HANDLERS, "worker", site.clock, Event())
        made = page.context.request.get(made.url)
    assert pdf.pages(made.body()) == 12
    with page.expect_navigation():
        outcome.get_by_role("button", name="A ZIP, one file each").click()
    job = page.url
    do_jobs(site.engine, HANDLERS, "worker", site.clock, Event())
    archive = ZipFile(io.BytesIO(page.context.request.get(job).body()))
    assert archive.namelist() == [f"{place:03} {name}.pdf" for place, name in enumerate((*NAMES, "Olga"), 1)]
    assert "Olga" in pdf.text(archive.read("012 Olga.pdf"))
    page.goto(root)


def _send_the_letters(page: Page) -> None:
    page.get_by_role("button", name="A letter to each").click()
    expect(page.get_by_text("Better on paper")).to_be_visible()
    page.get_by_role("button", name="Send 11 letters").click()
    expect(page.get_by_text("11 letters are on their way.")).to_be_visible()


def _mend_the_name(page: Page, letter: str) -> None:
    link, verify = re.findall(r"http://\S+", letter)
    sign_in(page, "ada@example.org", PASSWORD)
    page.goto(link)
    page.get_by_text("Is your name right?").click()
    page.get_by_label("Name on the certificate").fill("Ada Łucja Byron")
    page.get_by_role("button", name="See how it would read").click()
    expect(page.get_by_text("Ada Łucja Byron took part in Slow bread, week by week")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="Keep this name").click()
    expect(page.locator(".certificate-name")).to_have_text("Ada Łucja Byron")
    old = verify.rpartition("/")[2]
    page.goto(verify)
    assert old not in page.url
    expect(page.get_by_role("heading", name="This certificate is valid")).to_be_visible()
    assert verifying.verify(page.url.rpartition("/")[2]).initials == "A. Ł. B."
