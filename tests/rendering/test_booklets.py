"""A booklet: half pages side by side on sheets that Ben folds."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from course_engine.rendering import collating, pdf
from course_engine.rendering.logs import log_values
from course_engine.rendering.packs import Part, pack_values
from course_engine.rendering.paper import Paper
from course_engine.rendering.plans import plan_values
from course_engine.rendering.signing import sign_in_values
from course_engine.rendering.singles import script_values
from course_engine.rendering.weeks import week_values
from course_engine.rendering.worksheets import worksheet_values
from tests.rendering import sheets
from tests.tools import pdf as paper_tools

COURSE = sheets.course()
TINT = (252, 234, 221)
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
    week = week_values(COURSE, COURSE.weeks[1], site="S")
    made = _folded([Part("week", {**week, "for": name}) for name in ("A. L.", "J. K.")])
    pages = PdfReader(BytesIO(made.pdf)).pages
    second = made.pages // 2
    assert "For A. L." in pages[0].extract_text()
    assert "For J. K." in pages[second].extract_text()
    assert not any("For J. K." in page.extract_text() for page in pages[:second])


def test_words_that_run_from_the_right_are_bound_on_the_right() -> None:
    values = {**week_values(COURSE, COURSE.weeks[1], site="S"), "title": "עברית"}
    pack = pack_values([Part("week", values)], title="P", language="he", booklet=True)
    made = pdf.render("pack", pack, "he")
    assert "empty" in paper_tools.half(made, 1, right=True)
    assert "עברית" in paper_tools.half(made, 1, right=False)


def test_the_sheets_of_a_booklet_are_counted_before_it_is_made() -> None:
    values = pack_values(
        [Part("week", week_values(COURSE, COURSE.weeks[1], site="S"))], title="P", language="en", booklet=True
    )
    assert pdf.count("pack", values, "en").pages == pdf.printed("pack", values, "en").pages


def test_the_leaders_papers_and_what_is_short_lie_flat_among_what_is_folded() -> None:
    evening = sign_in_values(COURSE, site="S", cohort="T", number=1, when="17 March", people=["Ada"])
    parts = [
        Part("plan", plan_values(COURSE, "evening", site="S")),
        Part("sign-in", evening),
        Part("week", week_values(COURSE, COURSE.weeks[1], site="S")),
        Part("log", {**log_values(COURSE, COURSE.weeks[1], site="S"), "for": "J. K."}, copies=2),
    ]
    values = pack_values(parts, title="P", language="en", booklet=True)
    made = pdf.printed("pack", values, "en")
    sizes = [paper_tools.page_size(made.pdf, page) for page in range(1, made.pages + 1)]
    flat, folded = (210, 297), SIZES["a4"]
    week = -(-made.parts[2] // 4) * 2
    assert made.parts[3] == 1
    before = made.parts[0] + made.parts[0] % 2 + 2
    assert sizes == [flat] * before + [folded] * week + [flat] * 3
    assert sizes[before:].count(folded) == week
    assert "For J. K." in paper_tools.text(made.pdf, made.pages)
    assert pdf.count("pack", values, "en").pages == made.pages
    assert collating.length(made.parts, collating.wanted("pack", values, "en")).pages == made.pages + week


@pytest.mark.parametrize("cautions", range(8, 22, 3))
def test_the_box_of_a_script_is_no_longer_than_its_words_and_how_to_stop_is_in_one_piece(
    cautions: int, tmp_path: Path
) -> None:
    step = COURSE.steps["breathe"]
    assert step.practice
    told = "".join(f"<p>If number {number} comes, look round the room.</p>" for number in range(cautions))
    stop = "<p>Open your eyes.</p><p>Look at the door. This is the end.</p>"
    values = script_values(
        COURSE,
        replace(step, practice=replace(step.practice, cautions_html=told, stopping_html=stop)),
        site="S",
    )
    made = pdf.render("single", {**values, "folded": True}, "en")
    (page,) = [page for page in paper_tools.text(made).split("\f") if "Stopping" in page]
    assert "This is the end." in page
    with Image.open(paper_tools.png(made, tmp_path)) as picture:
        seen = picture.convert("RGB")
    middle = [seen.crop((90, y, 300, y + 1)).getcolors(256) or [] for y in range(seen.height)]
    box = [y for y, row in enumerate(middle) if sum(many for many, pixel in row if pixel == TINT) > 70]
    words = [
        y for y in box if any(isinstance(pixel, tuple) and sum(pixel) < 620 for _many, pixel in middle[y])
    ]
    assert not box or box[-1] - words[-1] < 9 * 60 / 25.4, "the box goes on where there are no words"


def _folded(parts: list[Part]) -> pdf.Printed:
    return pdf.printed("pack", pack_values(parts, title="Booklet", language="en", booklet=True), "en")
