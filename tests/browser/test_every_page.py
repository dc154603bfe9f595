"""Every state of every page once, in pairs of theme and width: no fault of accessibility or of HTML.

The states are of the demonstration site: twelve people in different places of the shipped course.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Response

from course_engine.domain.cohorts import Cohort
from course_engine.domain.pace import PaceKind
from course_engine.domain.people import Person
from course_engine.domain.progress import How
from course_engine.domain.roles import Role
from course_engine.domain.work import Job
from course_engine.services import (
    awarding,
    certificates,
    claims,
    cohorts,
    counting,
    demo,
    help_lines,
    invitations,
    jobs,
    members,
    new_passwords,
    packs,
    paper,
    people,
    progress,
    roster_uploads,
    runs,
)
from course_engine.services.choices import Choice, What, Whom
from tests.browser.stage import Stage, sign_in, stage, window
from tests.tools.browser import axe
from tests.tools.html import nu
from tests.web import publishing_doors

SHIPPED = Path(__file__).parents[2] / "modules" / "self-compassion"
NOW = datetime(2026, 11, 10, 19, 0, tzinfo=UTC)
THEMES = ("light", "dark", "contrast")
WIDTHS = (1280, 390, 320)
MAYA, DONE, HELD, INVITED = (f"learner{number}@example.org" for number in ("", "2", "8", "12"))
NEW = "new@example.org"
MOST_STOPS = 12

Act = Callable[[Page], object]


@dataclass(frozen=True, slots=True)
class State:
    """A page as one person sees it (`who` empty: nobody), reached by an address or by doing something."""

    who: str
    path: str
    status: int = 200
    act: Act | None = None


def press(button: str, **fields: str) -> Act:
    """Fill some fields and press a button."""

    def act(page: Page) -> None:
        for name, value in fields.items():
            page.locator(f"main [name={name}]").first.fill(value)
        with page.expect_navigation():
            page.get_by_role("main").get_by_role("button", name=button, exact=True).first.click()

    return act


def press_keep(page: Page) -> None:
    """Press the last button, which names what it does and for how many."""
    with page.expect_navigation():
        page.locator("main button[value=keep]").first.click()


def spoilt(button: str, **fields: str) -> Act:
    """The same with a form token that has grown too old."""

    def act(page: Page) -> None:
        page.eval_on_selector_all("[name=csrf_token]", "all => all.forEach(one => one.value = 'old')")
        press(button, **fields)(page)

    return act


def choose(number: int) -> Act:
    """Answer every question of a measure with this number, and keep it."""

    def act(page: Page) -> None:
        for one in page.locator(f"main input[type=radio][value='{number}']").all():
            one.check(force=True)
        press("Keep and finish")(page)

    return act


def mend(name: str) -> Act:
    """Look how another name would read on one's certificate."""

    def act(page: Page) -> None:
        page.get_by_text("Is your name right?").click()
        press("See how it would read", name=name)(page)

    return act


def guess(page: Page) -> None:
    """Guess a password until it is enough."""
    for number in range(11):
        page.goto("/sign-in")
        press("Sign in", email="nobody@example.org", password=f"guess number {number}")(page)


def press_late(button: str) -> Act:
    """Press where the edition in use is not the one any more that was compared with."""

    def act(page: Page) -> None:
        page.eval_on_selector_all("[name=over]", "all => all.forEach(one => one.value = 'another')")
        press(button)(page)

    return act


STATES = (
    State("", "/"),
    State("", "/join"),
    State("", "/sign-in"),
    State("", "/sign-in", 422, press("Sign in", email="eve@example.org", password="nothing")),
    State("", "/sign-in", 429, guess),
    State("", "/sign-up"),
    State("", "/sign-up", 422, press("Send me a link", email="no address")),
    State("", "/sign-up", 200, press("Send me a link", email="eve@example.org")),
    State("", "/sign-up/name"),
    State("", "/sign-up/name", 422, press("Make my account", name="Eve", password="short")),
    State("", "/reset"),
    State("", "/reset/any-link", 410),
    State("", "/reset/LINK"),
    State("", "/reset/LINK", 422, press("Set my new password", password="short")),
    State("", "/sign-up/link/run-out", 410),
    State("", "/recover"),
    State("", "/recover", 422, press("Come back in", email="eve", code="0000", password="x")),
    State("", "/steady"),
    State("", "/help"),
    State("", "/verify"),
    State("", "/verify/CODE"),
    State("", "/verify/WITHDRAWN"),
    State("", "/verify/0000000000000000", 404),
    State("", "/no-such-page", 404),
    State("", "/today", 401),
    State(MAYA, "/today"),
    State(MAYA, "/course"),
    State(MAYA, "/weeks/0"),
    State(MAYA, "/weeks/3"),
    State(MAYA, "/weeks/4"),
    State(MAYA, "/weeks/5", 403),
    State(MAYA, "/weeks/8", 403),
    State(MAYA, "/steps/LESSON"),
    State(MAYA, "/steps/PRACTICE"),
    State(MAYA, "/steps/PRACTICE/moment"),
    State(MAYA, "/steps/PRACTICE/moment", 303, press("Skip", note="My feet were warm.\n" * 20)),
    State(MAYA, "/steps/PRACTICE"),
    State(MAYA, "/journal/no-such-page/delete", 404),
    State(MAYA, "/steps/CHECK-IN"),
    State(MAYA, "/steps/measure-0"),
    State(MAYA, "/steps/measure-0", 303, choose(7)),
    State(MAYA, "/steps/measure-4", 303, choose(3)),
    State(MAYA, "/pages/when-to-get-help"),
    State(MAYA, "/evidence"),
    State(MAYA, "/help"),
    State(MAYA, "/steps/JOURNAL"),
    State(MAYA, "/steps/JOURNAL", 303, press("Keep", text="A heron stood in the pond.\nWe looked.")),
    State(MAYA, "/steps/JOURNAL", 303, press("Keep", text="")),
    State(MAYA, "/steps/JOURNAL", 400, spoilt("Keep", text="A heron stood in the pond, and so did I.")),
    State(MAYA, "/worksheets/WORKSHEET"),
    State(MAYA, "/worksheets/WORKSHEET", 303, press("Keep")),
    State(MAYA, "/steps/LOCKED", 403),
    State(MAYA, "/journal"),
    State(MAYA, "/certificate"),
    State(MAYA, "/me"),
    State(MAYA, "/me", 422, press("Keep this name", name="")),
    State(MAYA, "/no-such-page", 404),
    State(DONE, "/today"),
    State(DONE, "/course"),
    State(DONE, "/weeks/8"),
    State(DONE, "/certificate"),
    State(HELD, "/today"),
    State(HELD, "/course"),
    State(HELD, "/weeks/8", 403),
    State(INVITED, "/today"),
    State(INVITED, "/course"),
    State(INVITED, "/journal"),
    State(NEW, "/join/begin"),
    State(NEW, "/join/begin", 422, press("Begin")),
    State(NEW, "/journal"),
    State("alone", "/today"),
    State("alone", "/certificate"),
    State("alone", "/me"),
    State(demo.FACILITATOR, "/cohorts"),
    State(demo.FACILITATOR, "/cohorts/COHORT"),
    State(demo.FACILITATOR, "/cohorts/COHORT?ticked=all"),
    State(demo.FACILITATOR, "/cohorts/COHORT?show=waiting"),
    State(demo.FACILITATOR, "/cohorts/COHORT/sessions/5"),
    State(demo.FACILITATOR, "/cohorts/COHORT/print"),
    State(demo.FACILITATOR, "/cohorts/COHORT/print?what=week&week=5&for=me&size=large&booklet=yes", 422),
    State(demo.FACILITATOR, "/cohorts/COHORT/print?for=chosen", 422),
    State(demo.FACILITATOR, "/cohorts/COHORT/print.pdf?what=workbook&for=all", 303, press("Cancel")),
    State(demo.FACILITATOR, "/cohorts/COHORT/print"),
    State(demo.FACILITATOR, "/library/self-compassion/print?what=week&week=5"),
    State(demo.FACILITATOR, "/library/self-compassion?find=compasion"),
    State(demo.FACILITATOR, "/cohorts/COHORT/change?what=hold&all=yes"),
    State(demo.FACILITATOR, "/cohorts/COHORT/change?what=hold&all=yes", 303, press_keep),
    State(demo.FACILITATOR, "/cohorts/COHORT/change?what=paper&all=yes"),
    State(demo.FACILITATOR, "/cohorts/COHORT/change?what=open"),
    State(demo.FACILITATOR, "/cohorts/COHORT/people/LEARNER"),
    State(demo.FACILITATOR, "/cohorts/COHORT/figures"),
    State(demo.FACILITATOR, "/cohorts/COHORT/people"),
    State(demo.FACILITATOR, "/cohorts/COHORT/people", 422, press("Add this person", name="")),
    State(demo.FACILITATOR, "/cohorts/COHORT/people", 422, press("Look at the changes")),
    State(demo.FACILITATOR, "/cohorts/COHORT/people/invite"),
    State(
        demo.FACILITATOR,
        "/cohorts/COHORT/people/invite",
        200,
        press("Look at the list", addresses="a@b.cd x"),
    ),
    State(demo.FACILITATOR, "/cohorts/COHORT/people/roster/UPLOAD"),
    State(demo.FACILITATOR, "/cohorts/COHORT/paper"),
    State(demo.FACILITATOR, "/cohorts/COHORT/paper?codes=PAPER+ABCDEF"),
    State(demo.FACILITATOR, "/cohorts/COHORT/certificates"),
    State(demo.FACILITATOR, "/cohorts/COHORT/certificates", 422, press("Make")),
    State(demo.FACILITATOR, "/cohorts/COHORT/certificates?show=not-yet&ticked=all"),
    State(demo.FACILITATOR, "/cohorts/COHORT/certificates?show=ready"),
    State(demo.FACILITATOR, "/cohorts/BEFORE"),
    State(demo.FACILITATOR, "/cohorts/BEFORE/certificates"),
    State(demo.FACILITATOR, "/cohorts/COHORT/certificates?job=AWARDS"),
    State(demo.FACILITATOR, "/jobs/AWARDS"),
    State(demo.FACILITATOR, "/cohorts/COHORT/certificates/decide"),
    State(demo.FACILITATOR, "/cohorts/COHORT/certificates/decide?who=LEARNER"),
    State(
        demo.FACILITATOR,
        "/cohorts/COHORT/certificates/decide?who=LEARNER",
        422,
        press("Make 1 certificate", reason=""),
    ),
    State(demo.FACILITATOR, "/cohorts/COHORT/certificates/LEARNER"),
    State(
        demo.FACILITATOR,
        "/cohorts/COHORT/certificates/LEARNER",
        422,
        press("Make it by my decision", name=""),
    ),
    State(demo.FACILITATOR, "/cohorts/COHORT/certificates/HOLDER"),
    State(
        demo.FACILITATOR,
        "/cohorts/COHORT/certificates/HOLDER",
        200,
        press("See how it would read", name="Tomás R."),
    ),
    State(
        demo.FACILITATOR,
        "/cohorts/COHORT/certificates/HOLDER",
        422,
        press("See how it would read", name="李"),
    ),
    State(demo.FACILITATOR, "/cohorts/COHORT/certificates/WITHDREW"),
    State(demo.FACILITATOR, "/cohorts/COHORT/certificates/mail"),
    State(DONE, "/certificate", 200, mend("Tomás R.")),
    State(DONE, "/certificate", 422, mend("")),
    State("", "/join/INVITATION"),
    State("", "/join/ABCDEFGH", 404),
    State("", "/join/claim"),
    State("", "/join/claim/CLAIM"),
    State("", "/join/claim/0000", 410),
    State(NEW, "/join/INVITATION"),
    State(NEW, "/join/INVITATION", 422, press("Join this group")),
    State(NEW, "/join/waiting"),
    State(INVITED, "/join/invited/RUN"),
    State(demo.FACILITATOR, "/join/begin"),
    State(demo.FACILITATOR, "/library"),
    State(demo.FACILITATOR, "/library/self-compassion"),
    State(demo.FACILITATOR, "/library/self-compassion?find=kind+hand"),
    State(demo.FACILITATOR, "/library/self-compassion?find=no+such+word"),
    State(demo.FACILITATOR, "/library/self-compassion/plans/session-4"),
    State(demo.FACILITATOR, "/library/self-compassion/plans/session-4?form=shorter"),
    State(demo.FACILITATOR, "/library/self-compassion/plans/session-half-day"),
    State(demo.FACILITATOR, "/library/self-compassion/steps/LESSON"),
    State(demo.FACILITATOR, "/library/self-compassion/steps/PRACTICE"),
    State(demo.FACILITATOR, "/library/self-compassion/steps/CHECK-IN"),
    State(demo.FACILITATOR, "/library/self-compassion/steps/JOURNAL"),
    State(demo.FACILITATOR, "/library/self-compassion/steps/measure-8"),
    State(demo.FACILITATOR, "/library/self-compassion/worksheets/WORKSHEET"),
    State(demo.FACILITATOR, "/library/self-compassion/pages/leading-a-group"),
    State(demo.FACILITATOR, "/library/no-such-course", 404),
    State(demo.ADMIN, "/admin/help-lines"),
    State(demo.ADMIN, "/admin/help-lines?country=US"),
    State(demo.ADMIN, "/admin/people"),
    State(demo.ADMIN, "/admin/people?find=zak"),
    State(demo.ADMIN, "/admin/people?find=nobody+at+all"),
    State(demo.ADMIN, "/admin/people/new"),
    State(demo.ADMIN, "/admin/people/new", 422, press("Add this person", name="", email="no")),
    State(demo.ADMIN, "/admin/people/new", 200, press("Add this person", name="Eve", email="eve.handed")),
    State(demo.ADMIN, "/admin/people/LEARNER"),
    State(demo.ADMIN, "/admin/people/LEARNER", 303, press("Send a link")),
    State(demo.ADMIN, "/admin/people/FACILITATOR"),
    State(demo.ADMIN, "/admin/settings"),
    State(demo.ADMIN, "/admin/settings", 422, press("Keep these settings", site_name=" ")),
    State(demo.ADMIN, "/admin/settings", 303, press("Send a test letter to me")),
    State(demo.ADMIN, "/admin/outbox"),
    State(demo.ADMIN, "/admin/outbox?show=sent"),
    State(demo.ADMIN, "/admin/jobs"),
    State(demo.ADMIN, "/admin/jobs?show=ended"),
    State(demo.ADMIN, "/admin/audit"),
    State(demo.ADMIN, "/admin/audit?kind=groups&since=2020-01-01&until=2020-02-01"),
    State(demo.ADMIN, "/admin/audit?person=nobody@example.org", 422),
    State(demo.ADMIN, "/admin/retention"),
    State(demo.ADMIN, "/admin/retention", 422, press("Keep these rules", run_months="0")),
    State(demo.ADMIN, "/cohorts", 404),
    State(demo.ADMIN, "/admin/courses"),
    State(demo.ADMIN, "/admin/courses/import"),
    State(demo.ADMIN, "/admin/courses/import", 422, press("Check this file")),
    State(demo.ADMIN, "/admin/courses/imports/IMPORT"),
    State(demo.ADMIN, "/admin/courses/drafts/DRAFT"),
    State(demo.ADMIN, "/admin/courses/drafts/DRAFT/preview?start=2026-11-10&at=2026-12-10"),
    State(demo.ADMIN, "/admin/courses/drafts/DRAFT/preview?at=soon", 422),
    State(demo.ADMIN, "/admin/courses/drafts/DRAFT/seen/2026-11-10/2026-12-10/weekly/course"),
    State(demo.ADMIN, "/admin/courses/drafts/DRAFT/seen/2026-11-10/2026-12-10/weekly/weeks/3"),
    State(demo.ADMIN, "/admin/courses/drafts/DRAFT/seen/2026-11-10/2026-12-10/weekly/weeks/8"),
    State(demo.ADMIN, "/admin/courses/drafts/DRAFT/seen/2026-11-10/2026-12-10/weekly/steps/LESSON"),
    State(demo.ADMIN, "/admin/courses/drafts/DRAFT/seen/2026-11-10/2026-12-10/weekly/steps/PRACTICE"),
    State(demo.ADMIN, "/admin/courses/drafts/DRAFT/seen/2026-11-10/2026-12-10/weekly/steps/LOCKED"),
    State(demo.ADMIN, "/admin/courses/drafts/DRAFT/seen/2026-11-10/2026-12-10/weekly/worksheets/WORKSHEET"),
    State(demo.ADMIN, "/admin/courses/drafts/DRAFT/seen/2026-11-10/2026-12-10/weekly/pages/when-to-get-help"),
    State(demo.FACILITATOR, "/cohorts/COHORT/edition"),
    State(demo.ADMIN, "/admin/courses/editions/EDITION", 303, press("Withdraw this edition")),
    State("", "/join"),
    State(NEW, "/join/begin"),
    State(demo.FACILITATOR, "/cohorts/new"),
    State(demo.ADMIN, "/admin/courses"),
    State(demo.ADMIN, "/admin/courses/editions/EDITION", 303, press("Put this edition back")),
    State(demo.ADMIN, "/admin/courses/drafts/DRAFT", 409, press_late("Publish this edition")),
    State(demo.ADMIN, "/admin/courses/drafts/DRAFT", 303, press("Publish this edition")),
    State(demo.ADMIN, "/admin/courses/editions/EDITION"),
    State(demo.FACILITATOR, "/cohorts/COHORT/edition"),
    State(demo.FACILITATOR, "/library/self-compassion/pages/backdraft-guide"),
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The demonstration, with someone who has just made an account and someone at the end of the course."""
    with stage(tmp_path_factory.mktemp("pages"), SHIPPED, NOW) as at:
        demo.seed(at.engine, NOW)
        for one in help_lines.offered(at.engine)[1:]:
            help_lines.confirm(at.engine, people.get(demo.ADMIN), one.line.digest, NOW)
        people.add(at.engine, "Nia", NEW, demo.PASSWORD, NOW)
        alone = people.add_named(at.engine, "Sam", "alone", demo.PASSWORD, NOW)
        _finish_alone(at, alone)
        withdrawn = certificates.of_person(people.get("learner3@example.org"))[0].code
        certificates.withdraw(at.engine, withdrawn, "made by mistake", NOW)
        yield at


# These two come first: the states below change what stands on Today.
def test_the_primary_action_of_today_is_twelve_stops_away_and_focus_is_seen(
    browser: Browser, site: Stage
) -> None:
    with ExitStack() as opened:
        pages = _Pages(browser, site, opened)
        page = pages.of(MAYA, "light", 1280)
        page.goto("/today")
        for _stop in range(MOST_STOPS):
            page.keyboard.press("Tab")
            seen = page.evaluate(_FOCUS)
            assert seen["outline"] not in ("none", "0px"), seen
            assert seen["inside"], seen
            if seen["primary"]:
                break
        else:
            pytest.fail(f"{MOST_STOPS} stops and not at the next step yet")


def test_the_next_step_of_today_is_seen_without_scrolling(browser: Browser, site: Stage) -> None:
    with ExitStack() as opened:
        pages = _Pages(browser, site, opened)
        page = pages.of(MAYA, "light", 390)
        for width, height in ((390, 844), (1280, 800)):
            page.set_viewport_size({"width": width, "height": height})
            page.goto("/today")
            box = page.locator(".card-lead .button-primary").bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= height


def test_every_page_is_accessible_in_every_theme_and_width_and_is_valid_html(
    browser: Browser, site: Stage, tmp_path: Path, soak: bool
) -> None:
    faults: list[str] = []
    pairs = list(product(THEMES, WIDTHS))
    with ExitStack() as opened:
        pages = _Pages(browser, site, opened)
        for number, state in enumerate(STATES):
            looks = pairs if soak else [pairs[number % len(pairs)]]
            page = pages.of(state.who, *looks[0])
            where = f"{state.who or 'nobody'} {state.path}"
            status = pages.reach(page, state)
            faults += [f"{where}: status {status}, not {state.status}"] if status != state.status else []
            for look in looks:
                dress(page, *look)
                faults += [
                    f"{where} {look}: {one.rule}: {one.help}: {one.elements[0][:200]}" for one in axe(page)
                ]
            page.set_viewport_size({"width": 320, "height": 640})
            wide = page.evaluate("document.documentElement.scrollWidth")
            faults += [f"{where}: {wide} wide at 320"] if wide > 320 else []
            (tmp_path / f"{number:03}.html").write_bytes(pages.source())
            wide = page.evaluate(_LONG_WORDS)
            faults += [f"{where}: {wide} wide at 320 with long words"] if wide > 320 else []

    names = dict(enumerate(STATES))
    for told in nu(sorted(tmp_path.glob("*.html"))):
        found = re.search(r"(\d{3})\.html", told)
        faults.append(f"{told} {names[int(found.group(1))] if found else ''}")
    assert faults == [], "\n".join(faults)


# A course, a group and a person may have a word as long as German makes them, a folder a long path.
_LONG_WORDS = """() => {
  const own = 'h1, h2, h3, p:not(.plan-clock), dd, li > a:not(.button), code, .pager span, .path-name a, '
    + '.button:not(.button-small) > span';
  for (const one of document.querySelectorAll(`main :is(${own})`))
    if (!one.closest('table, nav:not(.pager, .breadcrumb)'))
      one.append(' Wohnraummodernisierungsmaßnahmenverordnung');
  return document.documentElement.scrollWidth;
}"""
_FOCUS = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  return {
    name: one.textContent.trim(), outline: style.outlineStyle === 'none' ? 'none' : style.outlineWidth,
    inside: box.bottom > 0 && box.top < innerHeight && box.width > 0,
    primary: one.matches('.card-lead .button-primary'),
  };
}"""


def dress(page: Page, theme: str, width: int) -> None:
    """Show it in this theme, so wide."""
    page.emulate_media(
        color_scheme="dark" if theme == "dark" else "light",
        contrast="more" if theme == "contrast" else "no-preference",
        reduced_motion="reduce",
    )
    page.set_viewport_size({"width": width, "height": 844})


class _Pages:
    """One window for each person, and what the server last answered in any of them."""

    def __init__(self, browser: Browser, site: Stage, opened: ExitStack) -> None:
        self._browser, self._site, self._opened = browser, site, opened
        self._open: dict[str, Page] = {}
        self._answers: list[Response] = []
        self._ids = _ids(site)

    def of(self, who: str, theme: str, width: int) -> Page:
        if who not in self._open:
            context = self._opened.enter_context(window(self._browser, self._site))
            page = self._open[who] = context.new_page()
            page.on("response", self._note)
            if who:
                sign_in(page, who, demo.PASSWORD)
        page = self._open[who]
        dress(page, theme, width)
        return page

    def reach(self, page: Page, state: State) -> int:
        """Go there and do it; gives the status of the answer, or that of the redirect before it."""
        path = state.path
        for name, value in self._ids.items():
            path = re.sub(rf"(?<=[/=]){name}(?=[/?+]|$)", value, path)
        page.goto(path)
        if state.act is not None:
            self._answers.clear()
            state.act(page)
            page.wait_for_load_state()
        if state.status == 303:
            # A page that looks again by itself may have done so before the button was pressed.
            return next(answer.status for answer in self._answers if answer.request.method == "POST")
        return self._answers[-1].status

    def source(self) -> bytes:
        return self._answers[-1].body()

    def _note(self, answer: Response) -> None:
        if answer.request.is_navigation_request():
            self._answers.append(answer)


def _finish_alone(at: Stage, person: Person) -> None:
    run = runs.join_alone(at.engine, person, demo.COURSE, PaceKind.FREE, NOW - timedelta(days=1))
    course = at.engine.shelf.course(run.edition, "en")
    for week in course.weeks:
        for steps in week.asks:
            progress.complete(at.engine, person, run, steps[0].id, How.DONE, NOW - timedelta(hours=1))


def _ids(site: Stage) -> dict[str, str]:
    """Things of the shipped course and of the demonstration by what they are."""
    run = runs.current(site.engine, people.get(MAYA))
    course = site.engine.shelf.course(run.edition, "en")
    week, last = course.week(3), course.week(8)
    assert week is not None
    assert last is not None
    kinds = {step.kind.value: step for step in reversed(week.steps)}
    codes = [certificates.of_person(people.get(f"learner{n}@example.org"))[0].code for n in (2, 3)]
    worksheet = kinds["worksheet"].worksheet
    assert worksheet is not None
    letter = new_passwords.ask_link(site.engine, MAYA, NOW)
    assert letter is not None
    return {
        "LINK": letter.text.partition("/reset/")[2].split()[0],
        "CODE": codes[0], "WITHDRAWN": codes[1], "LOCKED": last.steps[0].id, "LESSON": kinds["lesson"].id,
        "PRACTICE": kinds["practice"].id, "CHECK-IN": kinds["check-in"].id, "JOURNAL": kinds["journal"].id,
        "WORKSHEET": worksheet.id, "COHORT": run.cohort or "", "LEARNER": run.person,
        "FACILITATOR": people.get(demo.FACILITATOR).id,
        "BEFORE": cohorts.led_by(people.get(demo.FACILITATOR), NOW)[1].cohort.id,
        **_entrances(site, run.cohort or ""),
        **_awards(site, run.cohort or ""),
        **_courses(site, run.edition),
    }  # fmt: skip


def _awards(site: Stage, cohort: str) -> dict[str, str]:
    """Who has a certificate, whose was withdrawn, and a job that was cancelled before it came to anyone."""
    ana = people.get(demo.FACILITATOR)
    holder, withdrew = (people.get(f"learner{n}@example.org").id for n in (2, 3))
    job = awarding.ask(site.engine, cohorts.led(ana, cohort), [holder, people.get(MAYA).id], ana, NOW)
    jobs.cancel(site.engine, ana, job.id)
    return {"HOLDER": holder, "WITHDREW": withdrew, "AWARDS": job.id}


def _courses(site: Stage, edition: str) -> dict[str, str]:
    """The edition in use, a draft beside it, and a course that had faults."""
    dov = people.get(demo.ADMIN)
    return {
        "EDITION": edition,
        "DRAFT": publishing_doors.draft(site.engine, demo.COURSE, dov, NOW),
        "IMPORT": publishing_doors.brought(site.engine, dov, NOW),
    }


def _entrances(site: Stage, cohort: str) -> dict[str, str]:
    """The ways into the group of the demonstration."""
    ana = people.get(demo.FACILITATOR)
    group = cohorts.led(ana, cohort)
    olga = members.add_on_paper(site.engine, group, "Olga", ana, NOW, agreed=True)
    run = runs.current(site.engine, olga)
    _count_pages(site, group)
    table = "name;email\nZoë;zoe@example.org\nBad;nowhere\nRui;learner7@example.org".encode("cp1252")
    return {
        "INVITATION": invitations.make(site.engine, group, Role.LEARNER, ana, NOW).code,
        "UPLOAD": roster_uploads.keep(site.engine, group, ana, table, NOW),
        "PAPER": paper.code(site.engine, run, site.engine.shelf.course(run.edition, "en").weeks[0].id),
        "CLAIM": claims.new(site.engine, [olga.id], ana, NOW)[olga.id],
        "RUN": runs.current(site.engine, people.get(INVITED)).id,
    }


def _count_pages(site: Stage, group: Cohort) -> None:
    """Let the print rooms know how long things are: while they count, they look again and again."""
    ana, course = people.get(demo.FACILITATOR), site.engine.shelf.course(group.edition, "en")
    tonight = Choice(What.HANDOUTS, 5, whom=Whom.EXPECTED, sides=2)
    for cohort, choice in ((group, tonight), (None, Choice(What.WEEK, 5))):
        shown = packs.pack(site.engine, cohort, course, choice, NOW, zone=ana.zone, proof=True)
        found = counting.length(site.engine, ana, shown, NOW)
        if isinstance(found, Job):
            counting.make(site.engine, found, lambda _done, _total: None, NOW)
