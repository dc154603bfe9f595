"""Paper: any sheet and size, and the whole course as a book that is made while nobody waits."""

from collections.abc import Callable
from threading import Event

import pytest

from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.jobs.tasks import HANDLERS, do_jobs
from course_engine.rendering import pdf
from course_engine.storage import jobs
from tests.cast import Browser, Clock
from tests.tools import pdf as paper

As = Callable[[Person], Browser]


def made(browser: Browser, engine: Engine, clock: Clock, path: str) -> bytes:
    """A PDF, whether it was there in a moment or is made as a job."""
    answer = browser.get(path)
    if answer.status_code == 303:
        do_jobs(engine, HANDLERS, "one", clock, Event())
        answer = browser.get(browser.get(answer.location).location)
    return bytes(answer.data)


@pytest.mark.parametrize("path", ["/worksheets/my-kitchen.pdf", "/weeks/1.pdf", "/workbook.pdf"])
@pytest.mark.parametrize("query", ["paper=a5", "size=huge", "paper=a4&size=", "ink=gold"])
def test_a_paper_size_or_ink_we_do_not_have_gets_a_sentence(
    ada: Person, run: Run, as_: As, path: str, query: str
) -> None:
    answer = as_(ada).get(f"{path}?{query}")
    assert answer.status_code == 422
    assert "Choose the" in answer.text


def test_ada_prints_a_sheet_in_large_print(
    ada: Person, run: Run, as_: As, engine: Engine, clock: Clock
) -> None:
    browser = as_(ada)
    normal, large = (
        made(browser, engine, clock, f"/worksheets/my-kitchen.pdf?paper=letter&size={size}")
        for size in ("normal", "large")
    )
    assert paper.page_size(normal) == paper.page_size(large) == (216, 279)
    assert normal != large
    assert "kitchen" in paper.text(large).lower()


def test_the_book_is_always_a_job_and_holds_what_is_open_to_ada_and_when_the_rest_opens(
    ada: Person, cleo: Person, run: Run, as_: As, engine: Engine, clock: Clock
) -> None:
    browser = as_(ada)
    asked = browser.get("/workbook.pdf?paper=a4&size=normal")
    assert asked.status_code == 303
    assert browser.get(asked.location).status_code == 200
    assert browser.get("/workbook.pdf?paper=a4&size=normal").location == asked.location

    do_jobs(engine, HANDLERS, "one", clock, Event())

    found = jobs.get(asked.location.removeprefix("/jobs/"))
    assert found is not None
    assert found.fault == ""
    file = browser.get(asked.location).location
    book = browser.get(file)
    assert book.content_type == "application/pdf"
    said = " ".join(paper.text(book.data).split())
    for words in (
        "How to use this book",
        "A jar of flour and water",
        "What opens later",
        "once week 1 is done",
    ):
        assert words in said, words
    assert "Four signs" not in said
    assert as_(cleo).get(file).status_code == 404
    assert browser.get("/workbook.pdf?paper=a4&size=normal").data == book.data


def test_a_book_in_the_making_says_how_far_it_is(
    ada: Person, run: Run, as_: As, engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    browser = as_(ada)
    address = browser.get("/workbook.pdf").location

    def make(kind: str, values: object, language: str, tell: Callable[[int], None]) -> pdf.Printed:
        tell(40)
        seen.append(browser.get(address).text)
        return pdf.Printed(b"%PDF-1.7", 50, {}, ())

    monkeypatch.setattr("course_engine.rendering.pdf.render_long", make)
    do_jobs(engine, HANDLERS, "one", clock, Event())

    assert 'value="40"' in seen[0]
    assert 'max="100"' in seen[0]


def test_ben_gets_the_whole_course_from_the_library(ben: Person, as_: As) -> None:
    browser = as_(ben)
    assert 'formaction="/library/slow-bread/workbook.pdf"' in browser.get("/library/slow-bread").text
    assert browser.get("/library/slow-bread/workbook.pdf").status_code == 303


def test_paper_and_size_are_chosen_once_for_all_that_can_be_printed(ada: Person, run: Run, as_: As) -> None:
    browser = as_(ada)
    for path in ("/course", "/weeks/1", "/today", "/worksheets/my-kitchen"):
        page = browser.get(path).text
        assert page.count('<select class="control" name="paper">') == 1, path
        assert page.count('<select class="control" name="size">') == 1, path
    assert 'formaction="/workbook.pdf"' in browser.get("/course").text
    assert 'formaction="/worksheets/my-kitchen.pdf" name="with" value="answers"' in page


def test_another_template_of_the_owner_makes_the_sheet_anew(
    ada: Person, run: Run, as_: As, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[object] = []

    def render(*_given: object, **_more: object) -> bytes:
        drawn.append(1)
        return b"%PDF-1.7"

    monkeypatch.setattr("course_engine.rendering.pdf.render", render)
    browser = as_(ada)
    browser.get("/worksheets/my-kitchen.pdf")
    browser.get("/worksheets/my-kitchen.pdf")
    assert len(drawn) == 1
    monkeypatch.setattr("course_engine.rendering.pdf.looks", lambda: "others")
    browser.get("/worksheets/my-kitchen.pdf")
    assert len(drawn) == 2
