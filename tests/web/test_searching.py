"""Ben looks for words in the course: each place he finds leads to where they are, and nobody's own words."""

import re
from collections.abc import Callable
from html import unescape

import pytest

from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.services import catalogue, searching, writings
from course_engine.storage import editions as stored_editions
from tests.cast import Browser, Clock

As = Callable[[Person], Browser]
ROOT = "/library/slow-bread"

pytestmark = pytest.mark.usefixtures("no_printing")


@pytest.fixture
def browser(ben: Person, as_: As) -> Browser:
    return as_(ben)


def found(browser: Browser, words: str, root: str = ROOT) -> list[str]:
    """The addresses that are found, best first."""
    main = browser.get(root, query_string={"find": words}).text.partition('<ol class="found')[2]
    return re.findall(r'<h2><a href="([^"]+)"', main.partition("</ol>")[0])


def test_lessons_scripts_sheets_plans_pages_and_evidence_are_found(browser: Browser) -> None:
    assert 'role="search"' in browser.get(ROOT).text
    for words, place in (
        ("what lives", "/steps/what-lives"), ("fold a dough", "/steps/fold-a-dough"),
        ("my kitchen", "/steps/my-kitchen"), ("round of smells", "/plans/session-1"),
        ("hot things", "/pages/hot-things"), ("leading bakers", "/pages/leading-bakers"),
    ):  # fmt: skip
        assert f"{ROOT}{place}" in found(browser, words), words
    assert any("/evidence#" in place for place in found(browser, "sour"))


def test_every_place_that_is_found_is_there(browser: Browser) -> None:
    places = {place for letter in "aeiost" for place in found(browser, letter)}
    assert len(places) > 25
    pages: dict[str, str] = {}
    for place in sorted(places):
        path, _sign, anchor = place.partition("#")
        page = pages.setdefault(path, browser.get(path).text)
        assert "page-head" in page, place
        assert not anchor or f'id="{anchor}"' in page, place


def test_nothing_found_is_said_kindly_and_what_was_typed_stays(browser: Browser) -> None:
    page = browser.get(ROOT, query_string={"find": '<script>alert("x")</script>'}).text
    assert "Nothing here has all of these words" in page
    assert "<script>alert" not in page
    assert 'value="&lt;script&gt;' in page
    assert "Everything" not in page


def test_a_word_with_a_slip_in_it_finds_what_was_meant_and_says_so(browser: Browser) -> None:
    assert found(browser, "bubbels") == found(browser, "bubbles") != []
    page = unescape(browser.get(ROOT, query_string={"find": "bubbels"}).text)
    assert "Nothing has “bubbels”. These have “bubbles”." in page
    assert 'value="bubbels"' in page
    assert "Nothing has" not in browser.get(ROOT, query_string={"find": "bubbles"}).text


def test_an_empty_search_is_the_course(browser: Browser) -> None:
    assert 'id="week-1"' in browser.get(f"{ROOT}?find=+").text


def test_it_is_looked_for_in_the_language_ben_reads(engine: Engine, ben: Person, browser: Browser) -> None:
    assert found(browser, "cosas calientes") == []
    browser.fill("/me/language", language="es")
    page = unescape(browser.get(ROOT, query_string={"find": "CÓSAS calientes"}).text)
    assert f"{ROOT}/pages/hot-things" in page


def test_nobodys_own_words_are_ever_found(
    engine: Engine, ada: Person, run: Run, browser: Browser, clock: Clock
) -> None:
    writings.write_entry(engine, ada, run, "canaryword in my journal", clock())
    writings.save_answers(engine, ada, run, "worksheet", "my-kitchen", {"a": "canaryword"}, clock())
    assert found(browser, "canaryword") == []


def test_a_course_that_there_is_not_is_not_found(browser: Browser, ada: Person, as_: As) -> None:
    assert browser.get("/library/no-such?find=a").status_code == 404
    assert as_(ada).get(f"{ROOT}?find=a").status_code == 404


def test_ben_finds_words_in_a_course_that_nobody_can_join_any_more(
    engine: Engine, dov: Person, browser: Browser, clock: Clock
) -> None:
    catalogue.withdraw(engine, stored_editions.newest("slow-bread") or "", dov, clock())
    assert browser.get(ROOT).status_code == 200
    assert browser.get(f"{ROOT}?find=oven").status_code == 200
    assert f"{ROOT}/steps/what-lives" in found(browser, "what lives")


def test_a_search_asks_no_more_of_the_database_than_a_page(engine: Engine, browser: Browser) -> None:
    browser.get(f"{ROOT}?find=oven")
    with engine.database.count_queries() as asked:
        browser.get(f"{ROOT}?find=loaf")
    assert asked.count <= 4


def test_editions_that_nobody_reads_any_more_are_forgotten(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "KEPT", 1)
    for language in ("en", "es", "en"):
        searching.find(engine, "slow-bread", language, "oven")
        assert len(searching._indexes) == 1
