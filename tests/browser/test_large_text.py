"""Ada has made the words of her phone larger, or chosen colours of her own: the ways out stay in sight."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from course_engine.domain.pace import PaceKind
from course_engine.services import people, runs
from tests.browser.stage import Stage, sign_in, stage, window
from tests.cast import BREAD, COURSES, PASSWORD, ZONE
from tests.make import MONDAY


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The small course, and Ada on her way through it."""
    with stage(tmp_path_factory.mktemp("large"), COURSES / BREAD, MONDAY) as at:
        ada = people.add(at.engine, "Ada", "ada@example.org", PASSWORD, MONDAY, zone=ZONE)
        runs.join_alone(at.engine, ada, BREAD, PaceKind.FREE, MONDAY)
        yield at


def test_a_moment_stays_on_the_screen_however_large_the_words_are(browser: Browser, site: Stage) -> None:
    off: list[str] = []
    with window(browser, site) as phone:
        page = phone.new_page()
        sign_in(page, "ada@example.org", PASSWORD)
        for path in ("/today", "/steady", "/weeks/1"):
            page.goto(path)
            for percent in (100, 130, 150, 200):
                page.evaluate("percent => document.documentElement.style.fontSize = `${percent}%`", percent)
                for name in ("I need a moment", "Help now"):
                    box = page.get_by_role("banner").get_by_role("link", name=name).bounding_box()
                    assert box is not None
                    if box["x"] < 0 or box["x"] + box["width"] > 390:
                        off.append(f"{path} at {percent} %: {name} ends at {box['x'] + box['width']:.0f}")
    assert not off


def test_no_page_scrolls_sideways_however_large_the_words_are(browser: Browser, site: Stage) -> None:
    wide: list[str] = []
    with window(browser, site) as phone:
        page = phone.new_page()
        sign_in(page, "ada@example.org", PASSWORD)
        for path in (
            "/today",
            "/course",
            "/weeks/1",
            "/steps/stir-and-look",
            "/certificate",
            "/journal",
            "/me",
            "/steps/stir-and-look/moment",
            "/join",
            "/evidence",
        ):
            page.goto(path)
            for percent in (100, 150, 200):
                page.evaluate("percent => document.documentElement.style.fontSize = `${percent}%`", percent)
                width = page.evaluate("document.documentElement.scrollWidth")
                if width > 390:
                    wide.append(f"{path} at {percent} %: {width}")
    assert not wide


def test_a_quiet_button_has_no_ring_where_colours_are_forced(browser: Browser, site: Stage) -> None:
    with window(browser, site) as hers:
        page = hers.new_page()
        page.emulate_media(forced_colors="active")
        sign_in(page, "ada@example.org", PASSWORD)
        quiet = page.get_by_role("main").get_by_role("button", name="Not today").first

        assert quiet.evaluate("button => getComputedStyle(button).borderTopWidth") == "0px"
