"""A booklet: half pages side by side on sheets that Ben folds."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from course_engine.rendering import pdf
from course_engine.rendering.logs import log_values
from course_engine.rendering.packs import Part, pack_values
from course_engine.rendering.paper import Paper
from course_engine.rendering.weeks import week_values
from course_engine.rendering.worksheets import worksheet_values
from tests.rendering import sheets
from tests.tools import pdf as paper_tools

COURSE = sheets.course()
SIZES = {"a4": (297, 210), "letter": (279, 216)}


@pytest.mark.parametrize("sheet", ["a4", "letter"])
def test_the_first_sheet_has_the_first_page_on_its_right_and_the_last_on_its_left(sheet: str) -> None:
    made = _folded([Part("week", week_values(COURSE, COURSE.weeks[1], site="S", paper=Paper(sheet)))])
    length = made.parts[0]
    assert paper_tools.page_size(made.pdf) == SIZES[sheet]
    assert made.pages == -(-length // 4) * 2
    assert f"Page 1 of {length}" in paper_tools.half(made.pdf, 1, right=True)
    assert "Week 1 · Understanding Beginning" in paper_tools.half(made.pdf, 1, right=True)
    assert "Page" not in paper_tools.half(made.pdf, 1, right=False)
    assert f"Page 2 of {length}" in paper_tools.half(made.pdf, 2, right=False)
    assert made.warnings == ()


def test_words_of_a_booklet_are_small_but_not_shrunk() -> None:
    made = _folded([Part("week", week_values(COURSE, COURSE.weeks[1], site="S"))])
    found: set[float] = set()

    def seen(text: str, _cm: object, place: list[float], _font: object, size: float) -> None:
        if "Kindness has parts" in text:
            found.add(round(size * abs(place[3]) * 0.75, 1))

    for page in PdfReader(BytesIO(made.pdf)).pages:
        page.extract_text(visitor_text=seen)
    assert found == {10.0}


def test_what_is_joined_goes_on_in_the_same_booklet_and_the_rest_is_left_empty() -> None:
    week = COURSE.weeks[1]
    parts = [
        Part("worksheet", worksheet_values(COURSE, "signs", site="S")),
        Part("log", log_values(COURSE, week, site="S"), joined=True),
    ]
    made = _folded(parts)
    said = sheets.text(made.pdf)
    assert made.pages == 2
    assert "My practice this week" in said
    assert said.count("This page is left empty.") == 4 - sum(made.parts)


def test_each_person_has_a_booklet_of_their_own_with_their_name_on_it() -> None:
    sheet = worksheet_values(COURSE, "signs", site="S")
    made = _folded([Part("worksheet", {**sheet, "for": name}) for name in ("A. L.", "J. K.")])
    pages = PdfReader(BytesIO(made.pdf)).pages
    assert made.pages == 4
    assert "For A. L." in pages[0].extract_text()
    assert "For J. K." in pages[2].extract_text()
    assert "For J. K." not in pages[0].extract_text()


def test_words_that_run_from_the_right_are_bound_on_the_right() -> None:
    values = {**worksheet_values(COURSE, "signs", site="S"), "title": "עברית"}
    pack = pack_values([Part("worksheet", values)], title="P", language="he", booklet=True)
    made = pdf.render("pack", pack, "he")
    assert "empty" in paper_tools.half(made, 1, right=True)
    assert "עברית" in paper_tools.half(made, 1, right=False)


def test_the_sheets_of_a_booklet_are_counted_before_it_is_made() -> None:
    values = pack_values(
        [Part("week", week_values(COURSE, COURSE.weeks[1], site="S"))], title="P", language="en", booklet=True
    )
    assert pdf.count("pack", values, "en").pages == pdf.printed("pack", values, "en").pages


def _folded(parts: list[Part]) -> pdf.Printed:
    return pdf.printed("pack", pack_values(parts, title="Booklet", language="en", booklet=True), "en")
