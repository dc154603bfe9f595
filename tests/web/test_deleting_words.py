"""A page of the journal can be deleted, and a change that cannot be kept comes back in its own box."""

import re
from collections.abc import Callable
from html import unescape

import pytest

from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.services import writings
from course_engine.storage import tables
from tests.cast import Browser, Clock

As = Callable[[Person], Browser]
FIRST, SECOND = "The heron came back.", "Rain all day."


@pytest.fixture
def kept(engine: Engine, ada: Person, run: Run, clock: Clock) -> tuple[str, str]:
    """Two pages of Ada's, the older one in answer to a prompt."""
    first = writings.write_entry(engine, ada, run, FIRST, clock(), "journal-1")
    return first, writings.write_entry(engine, ada, run, SECOND, clock.move(hours=1))


def _box(page: str, entry: str) -> str:
    found = re.search(rf'<textarea[^>]*id="entry-{entry}".*?</textarea>', page, re.DOTALL)
    assert found is not None
    return found.group()


def test_a_page_is_looked_at_once_more_and_then_gone(
    engine: Engine, ada: Person, kept: tuple[str, str], as_: As
) -> None:
    first, second = kept
    browser = as_(ada)
    assert f'href="/journal/{second}/delete"' in browser.get("/journal").text
    asked = browser.get(f"/journal/{second}/delete").text
    assert SECOND in asked
    assert "gone for good" in asked
    assert tables.Journal.select().count() == 2

    answer = browser.fill(f"/journal/{second}/delete")

    assert answer.location == "/journal"
    page = browser.get("/journal").text
    assert "The words of that page are gone." in page
    assert FIRST in page
    assert SECOND not in page
    assert [row.id for row in tables.Journal.select()] == [first]
    for again in (browser.get(f"/journal/{second}/delete"), browser.fill(f"/journal/{second}/delete")):
        assert again.status_code == 404
        assert "This page is not here" in again.text
        assert "If you deleted it, that worked." in again.text
        assert 'href="/journal"' in again.text


def test_from_the_page_of_its_prompt_one_comes_back_to_it(
    ada: Person, kept: tuple[str, str], as_: As
) -> None:
    first, _second = kept
    browser = as_(ada)
    link = f"/journal/{first}/delete?page=step"
    assert f'href="{link}"' in browser.get("/steps/journal-1").text
    assert 'href="/steps/journal-1"' in browser.get(link).text

    changed = browser.fill("/journal", text="Two herons.", entry=first, step="journal-1", page="step")
    assert changed.location == "/steps/journal-1"
    assert browser.fill(f"/journal/{first}/delete", page="step").location == "/steps/journal-1"


@pytest.mark.parametrize("where", [{}, {"page": "step"}])
def test_an_emptied_page_says_what_to_do_at_its_own_box(
    engine: Engine, ada: Person, kept: tuple[str, str], as_: As, where: dict[str, str]
) -> None:
    first, _second = kept
    answer = as_(ada).fill("/journal", text="  ", entry=first, step="journal-1", **where)
    page = unescape(answer.text)

    assert answer.status_code == 422
    assert page.count("Write a few words, or delete this page.") == 2
    assert f'href="#entry-{first}"' in page
    assert "aria-invalid" in _box(page, first)
    assert "<details open><summary>Change this page" in page
    assert 'id="text-fault"' not in page
    assert ("Kept here before" in page) is bool(where)
    assert [one.text for one in writings.entries(engine, ada)] == [SECOND, FIRST]


def test_a_change_that_is_too_long_stays_in_its_box(ada: Person, kept: tuple[str, str], as_: As) -> None:
    _first, second = kept
    long = "a heron " * 13_000
    page = as_(ada).fill("/journal", text=long, entry=second).text

    assert long in _box(page, second)
    assert page.count(long) == 1
