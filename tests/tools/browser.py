"""Real Chromium for tests, and axe, which looks for faults of accessibility in an open page.

While the browser is open its thread has a running event loop: a test of the same process that needs
`asyncio.run` starts a thread of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.tools import installed

# Root needs --no-sandbox; the others keep Chromium from calling home, which a closed network would show.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Milliseconds that a test waits for what it is about to see: a machine may be slow, or stand still a while.
LONGEST = 90_000
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule of axe that a page breaks."""

    rule: str
    impact: str
    help: str
    elements: tuple[str, ...]


def axe(page: Page) -> list[Violation]:
    """What axe finds in the page as it stands, once it is whole: WCAG 2.2 AA and good practice."""
    page.wait_for_load_state()
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    return [
        Violation(one["id"], one["impact"], one["help"], tuple(node["html"] for node in one["nodes"]))
        for one in found
    ]


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the machine's Chromium."""
    return installed.command("chromium", "chromium")


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """A running Chromium; `browser.new_context(...)` gives one person's own window."""
    expect.set_options(timeout=LONGEST)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=FLAGS, timeout=LONGEST)
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page of a new visitor, gone at the end of the test."""
    context = browser.new_context(locale="en-GB", timezone_id="Europe/London")
    context.set_default_timeout(LONGEST)
    yield context.new_page()
    context.close()
