"""Ada walks a whole course in the browser, from the front door to a certificate that a stranger checks."""

import io
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pypdf import PdfReader

from course_engine.services import people, runs
from tests.browser.stage import Stage, stage, window
from tests.cast import BREAD, COURSES, PASSWORD
from tests.make import MONDAY

SHIPPED = Path(__file__).parents[2] / "modules" / "self-compassion"
HOW = {
    "lesson": cycle(["I have read this", "I have read this", "Not today"]),
    "practice": cycle(["I practised", "I did it more gently", "Not today"]),
    "check-in": cycle(["Keep and finish", "Keep and finish", "Skip"]),
}
WORDS = cycle(["Warm", "Steady", "Mixed", "Unsettled", "Overwhelmed", ""])
MOST_VISITS = 80


class Walk:
    """Ada in front of her browser."""

    def __init__(self, context: BrowserContext, at: Stage) -> None:
        self.page: Page = context.new_page()
        self.stage = at
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda told: self.faults.append(told.text) if told.type == "error" else None)
        self.page.on("response", lambda got: self.faults.append(got.url) if got.status >= 500 else None)

    def sign_up(self) -> None:
        page = self.page
        page.goto("/")
        page.get_by_role("link", name="See what it is").click()
        page.get_by_role("link", name="Join the course").click()
        page.get_by_label("E-mail address").fill("ada@example.org")
        page.get_by_role("button", name="Send me a link").click()
        page.locator("a[href*='/sign-up/link/']").click()
        page.get_by_label("What would you like to be called?").fill("Ada")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Make my account").click()
        page.get_by_label("I am 18 or over").check()
        page.get_by_label("A week at a time").check()
        page.get_by_role("button", name="Begin", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Ada")

    def go_on(self) -> bool:
        """One visit: do the next thing, or wait for the day on which the next week opens."""
        self.page.goto("/today")
        lead = self.page.locator(".card-lead").first
        if lead.get_by_role("link", name="Your certificate").count():
            return False
        if lead.get_by_text(re.compile("opens on")).count():
            self._wait(lead.inner_text())
            return True
        with self.page.expect_navigation():
            lead.locator(".button-primary").first.click()
        self._complete()
        return True

    def keep_a_page(self, number: int) -> None:
        """Write into a journal page and a worksheet of a week that is open, where it has them."""
        self.page.goto(f"/weeks/{number}")
        links = {
            kind: [
                link.get_attribute("href") for link in self.page.locator(f".steps a[href*='{part}']").all()
            ]
            for kind, part in (("worksheet", "/worksheets/"), ("journal", "/steps/journal"))
        }
        for path in [*links["worksheet"][:1], *links["journal"][:1]]:
            assert path is not None
            self.page.goto(path)
            self._fill(f"Kept in week {number}")
            self.page.get_by_role("button", name="Keep", exact=True).first.click()
            expect(self.page.get_by_text("Kept. Only you can see it.")).to_be_visible()
            self.page.goto(path)
            assert f"Kept in week {number}" in self.page.content()

    def make_certificate(self) -> tuple[str, bytes]:
        page = self.page
        page.goto("/certificate")
        page.get_by_label("Name on the certificate").fill("Ada Łucja Byron")
        page.get_by_role("button", name="Make my certificate").click()
        expect(page.get_by_text("Ada Łucja Byron")).to_be_visible()
        code = page.locator(".big-code").inner_text().strip()
        address = page.get_by_role("link", name=re.compile("^A4")).first.get_attribute("href")
        assert address is not None
        answer = page.context.request.get(address)
        assert answer.headers["content-type"] == "application/pdf"
        return code, answer.body()

    def _wait(self, told: str) -> None:
        found = re.search(r"Week (\d+), .*opens on (\w+day \d+ \w+)", told, re.S)
        assert found is not None, told
        answer = self.page.goto(f"/weeks/{found.group(1)}")
        assert answer is not None
        assert answer.status == 403
        expect(self.page.get_by_text(found.group(2)).first).to_be_visible()
        # A minute before four in the morning of that day it is not open yet.
        opens_at = self._opens_at()
        self.stage.clock.now = opens_at - timedelta(minutes=1)
        answer = self.page.goto(f"/weeks/{found.group(1)}")
        assert answer is not None
        assert answer.status == 403
        self.stage.clock.now = opens_at + timedelta(hours=15)
        answer = self.page.goto(f"/weeks/{found.group(1)}")
        assert answer is not None
        assert answer.status == 200
        self.faults.clear()  # Chromium notes a 403 as an error of the console
        self.keep_a_page(int(found.group(1)))

    def _opens_at(self) -> datetime:
        engine = self.stage.engine
        ada = people.get("ada@example.org")
        at = runs.position(engine, ada, runs.current(engine, ada), self.stage.clock())
        assert at.access.next_opening is not None
        return at.access.next_opening[1]

    def _complete(self) -> None:
        page = self.page
        kind = next(
            kind for kind, word in _SIGNS.items() if page.get_by_role("button", name=word, exact=True).count()
        )
        if kind == "check-in":
            self._fill("A word or two")
        with page.expect_navigation():
            page.get_by_role("button", name=next(HOW[kind]), exact=True).first.click()
        if page.url.endswith("/moment"):
            word = next(WORDS)
            if not word:
                with page.expect_navigation():
                    page.get_by_role("button", name="Skip", exact=True).click()
                return
            page.get_by_label(word, exact=True).check()
            with page.expect_navigation():
                page.get_by_role("button", name="Continue").click()
            if word in ("Unsettled", "Overwhelmed"):
                expect(page).to_have_url(re.compile("/steady$"))

    def _fill(self, words: str) -> None:
        main = self.page.get_by_role("main")
        for area in main.locator("form textarea:visible").all():
            area.fill(words)
        for group in main.locator("form fieldset:has(input[type=radio])").all():
            group.locator("input[type=radio]").first.check()


_SIGNS = {"lesson": "I have read this", "practice": "I practised", "check-in": "Keep and finish"}


@pytest.fixture(params=["shipped", "bread"], scope="module")
def play(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Stage, bool]]:
    """The shipped course for a browser with scripts, the small one for a browser without."""
    shipped = request.param == "shipped"
    with stage(tmp_path_factory.mktemp("walk"), SHIPPED if shipped else COURSES / BREAD, MONDAY) as at:
        yield at, shipped


def test_ada_walks_from_the_front_door_to_a_certificate_that_a_stranger_checks(
    browser: Browser, play: tuple[Stage, bool]
) -> None:
    at, script = play
    with window(browser, at, script=script) as hers:
        walk = Walk(hers, at)
        walk.sign_up()
        visits = 0
        while walk.go_on():
            visits += 1
            assert visits < MOST_VISITS
        code, document = walk.make_certificate()
        assert walk.faults == []

    _assert_pdf(document, code)
    with window(browser, at) as strangers:
        page = strangers.new_page()
        page.goto("/verify")
        page.get_by_label("Code").fill(f" {code[:4].lower()} {code[4:].lower()} ")
        page.get_by_role("button", name="Check this code").click()
        expect(page.get_by_role("heading", name="This certificate is valid")).to_be_visible()
        assert "Byron" not in page.content()


def _assert_pdf(document: bytes, code: str) -> None:
    read = PdfReader(io.BytesIO(document))
    text = "".join(page.extract_text() for page in read.pages)
    assert len(read.pages) == 1
    assert "Ada Łucja Byron" in text
    assert code.replace("-", "") in re.sub(r"[^0-9A-Z]", "", text)
