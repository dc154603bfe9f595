"""A whole course as a book: everything in it, everything to be found, and nothing that is not open."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from course_engine.domain.course import Course
from course_engine.domain.errors import Unavailable
from course_engine.rendering import pdf
from course_engine.rendering.books import book_values
from course_engine.rendering.paper import Paper
from tests.rendering import sheets
from tests.tools import pdf as paper_tools

COURSE = sheets.course()
FOOT_OF_LARGE = 29


@pytest.fixture(scope="module")
def book(press: None) -> pdf.Printed:
    return pdf.printed("book", book_values(COURSE, site="Still", help="Call 988."), "en")


def test_ada_finds_everything_of_the_course_in_one_book(book: pdf.Printed) -> None:
    said = sheets.text(book.pdf)
    for words in (
        "Kind to yourself", "This book belongs to (if you like)", "Edition 2026.1", "CC BY 4.0",
        "Not therapy.",
        "How to use this book", "You can stop at any line.", "Call 988.", "Contents", "Before we start",
        "Week 1 · Understanding", "Welcome.", "Kindness has parts.", "Full form, 2 minutes", "What helped?",
        "My early signs", "Days at home", "How was it", "My practice this week", "What I tried",
        "When to get help", "More to read", "Then and now: My ease", "Later", "What the claims rest on",
        "Where this is often overstated", "It may ease some.", "How long it lasts.", "Neff, 2003",
        "About this book", "This book supports learning and is not a substitute for care.",
    ):  # fmt: skip
        assert words in said, words
    assert "Arrive early." not in said
    assert book.warnings == ()


def test_a_source_is_told_in_sentences_with_room_between_them(book: pdf.Printed) -> None:
    assert "Certainty: early. It is an idea." in sheets.text(book.pdf)
    assert "0.Certainty" not in sheets.text(book.pdf)


def test_the_lines_of_a_journal_end_above_the_foot_in_large_print_too(press: None, tmp_path: Path) -> None:
    values = book_values(COURSE, site="Still", paper=Paper("a4", "large"))
    made = pdf.printed("book", values, "en").pdf
    pages = enumerate(paper_tools.text(made).split("\f"), 1)
    at = next(number for number, page in pages if "What helped?" in page)
    with Image.open(paper_tools.png(made, tmp_path, at)).convert("L") as page:
        mm = page.height / 297
        beside_the_foot = page.crop(
            (int(25 * mm), int(page.height - FOOT_OF_LARGE * mm), int(45 * mm), page.height)
        )

    assert beside_the_foot.getextrema() == (255, 255)


def test_a_stressed_word_can_be_told_from_those_around_it(book: pdf.Printed) -> None:
    fonts: dict[str, str] = {}

    def seen(text: str, _cm: object, _tm: object, font: dict[str, object] | None, _size: float) -> None:
        fonts.setdefault(text.strip(), str((font or {}).get("/BaseFont")))

    page = next(page for page in PdfReader(BytesIO(book.pdf)).pages if "Signs." in page.extract_text())
    page.extract_text(visitor_text=seen)

    assert "Literata" in fonts["someone"]
    assert "Figtree" in fonts["Call"]


def test_the_contents_name_the_pages_where_things_are(book: pdf.Printed) -> None:
    pages = [page.split() for page in paper_tools.text(book.pdf).split("\f")]
    contents = " ".join(next(page for page in pages if page[:1] == ["Contents"] or "Contents" in page[:3]))
    for title in ("Soft belly", "My early signs", "More to read", "About this book"):
        place = int(contents.split(title)[1].replace(".", " ").split()[0])
        assert title in " ".join(pages[place - 1])


def test_the_bookmarks_are_the_parts_and_in_them_the_steps(book: pdf.Printed) -> None:
    assert paper_tools.outline(book.pdf) == [
        (0, "How to use this book"), (0, "Contents"), (0, "Before we start"), (1, "Days at home"),
        (0, "Beginning"), (1, "Three parts"), (1, "Soft belly"), (1, "In the notebook"),
        (1, "My early signs"), (1, "Days at home"), (1, "Where I am"), (1, "How was it"),
        (0, "When to get help"), (0, "More to read"), (0, "Then and now: My ease"),
        (0, "What the claims rest on"), (0, "About this book"),
    ]  # fmt: skip


def test_links_lead_inside_the_book_or_out_into_the_world_and_never_to_a_page_of_the_site(
    book: pdf.Printed,
) -> None:
    reader = PdfReader(BytesIO(book.pdf))
    links = [
        note.get_object()
        for page in reader.pages
        for note in page.get("/Annots") or ()
        if note.get_object()["/Subtype"] == "/Link"
    ]
    outside = {str(link["/A"]["/URI"]) for link in links if "/URI" in link.get("/A", {})}
    inside = {str(link["/Dest"]) for link in links if "/Dest" in link}
    assert outside == {"https://kind.example/"}
    assert {"claim-neff", "sheet", "page-help-page", "evidence"} <= inside
    assert inside <= set(reader.named_destinations)


def test_the_pages_are_mirrored_for_binding_and_numbered_on_the_outside(book: pdf.Printed) -> None:
    reader = PdfReader(BytesIO(book.pdf))
    found: dict[int, float] = {}

    def seen(text: str, _cm: object, place: list[float], *_rest: object) -> None:
        if text.strip() == str(number):
            found[number] = place[4]

    for number in (2, 3):
        reader.pages[number - 1].extract_text(visitor_text=seen)
    width = float(reader.pages[0].mediabox.width)
    assert found[2] < width / 3
    assert found[3] > 2 * width / 3


def test_what_is_not_open_to_ada_is_not_in_her_book_but_when_it_opens_is() -> None:
    week = COURSE.weeks[1]
    values = book_values(
        COURSE, site="Still", only={"sheet"}, later=[(week, "Opens on Tuesday 24 November, 04:00.")]
    )
    said = sheets.text(pdf.render("book", values, "en"))
    for words in (
        "Always open to you", "My early signs", "What opens later", "Opens on Tuesday 24 November, 04:00."
    ):  # fmt: skip
        assert words in said
    assert "Kindness has parts." not in said
    assert "Drink some tea." not in said


@pytest.mark.parametrize(("paper", "size"), [("letter", "normal"), ("a4", "large")])
def test_every_paper_and_size_has_the_whole_book(paper: str, size: str) -> None:
    made = pdf.printed("book", book_values(COURSE, site="Still", paper=Paper(paper, size)), "en")
    assert made.warnings == ()
    assert "How long it lasts." in sheets.text(made.pdf)
    assert paper_tools.page_size(made.pdf) == ((210, 297) if paper == "a4" else (216, 279))


def test_a_book_is_made_next_door_and_tells_how_far_it_is(book: pdf.Printed) -> None:
    told: list[int] = []
    made = pdf.render_long("book", book_values(COURSE, site="Still", help="Call 988."), "en", told.append)
    assert made.pdf == book.pdf
    assert told == sorted(told)


def test_a_book_in_hand_is_given_up_when_the_site_ends() -> None:
    with pytest.raises(Unavailable, match="try again in a moment"):
        pdf.render_long("book", book_values(_long(), site="Still"), "en", lambda _percent: pdf.stop_long())


def test_a_book_is_given_up_when_nobody_waits_for_it() -> None:
    class Enough(Exception):
        pass

    def tell(_percent: int) -> None:
        raise Enough

    with pytest.raises(Enough):
        pdf.render_long("book", book_values(_long(), site="Still"), "en", tell)


def _long() -> Course:
    """A course that takes more than a few seconds to print."""
    module = COURSE.modules[1]
    return replace(COURSE, modules=(COURSE.modules[0], replace(module, weeks=module.weeks * 60)))
