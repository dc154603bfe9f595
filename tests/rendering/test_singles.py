"""A script or the days at home alone on paper: what Ben hands out without the week around it."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from course_engine.rendering import pdf
from course_engine.rendering.paper import Paper
from course_engine.rendering.singles import home_values, script_values
from tests.rendering import sheets

COURSE = sheets.course()
WEEK = next(week for week in COURSE.weeks if week.home_html)
# In millimetres from the head of an A4 page: there two lines still fit over its lower margin.
LOWEST = {"normal": 297 - 20 - 18, "large": 297 - 29 - 24}
PIXEL = 25.4 / 96
STEP = next(step for step in COURSE.steps.values() if step.practice)


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("ink", ["normal", "saver"])
def test_a_script_has_both_forms_how_to_stop_and_nothing_of_its_week(paper: str, ink: str) -> None:
    values = script_values(COURSE, STEP, site="Still", paper=Paper(paper, ink=ink), help="Help lines: 112.")
    made = pdf.printed("single", values, "en")
    said = sheets.text(made.pdf)
    assert STEP.practice is not None
    for words in (STEP.title, "Full form", "Short form", "Stopping", "If it is too much", "112"):
        assert words in said, words
    assert "In this week" not in said
    assert made.warnings == ()


@pytest.mark.parametrize(("size", "folded"), [("normal", False), ("large", False), ("normal", True)])
def test_a_script_begins_below_its_own_big_heading_on_the_first_page(size: str, folded: bool) -> None:
    values = script_values(COURSE, STEP, site="Still", paper=Paper("a4", size))
    made = pdf.printed("single", {**values, "folded": folded}, "en")
    first = " ".join(PdfReader(BytesIO(made.pdf)).pages[0].extract_text().split())
    week = COURSE.week_of[STEP.id]
    assert first.index(week.title) < first.index(STEP.title) < first.index("Before you begin")
    assert first.count(STEP.title) == 1


@pytest.mark.parametrize("size", ["normal", "large"])
def test_the_lines_to_write_on_stand_below_what_they_are_for_on_the_same_page(size: str) -> None:
    values = script_values(COURSE, STEP, site="Still", paper=Paper("a4", size))
    prompts = [{"say": f"Prompt {n}.", "pause": 30, "write": True} for n in range(40)]
    values["step"]["practice"]["full"]["parts"] = [{"title": "Write", "lines": prompts}]  # type: ignore[index]
    pages = PdfReader(BytesIO(pdf.render("single", values, "en"))).pages
    assert len(pages) > 2
    for page in pages:
        heights: list[float] = []

        def seen(
            text: str, _cm: object, tm: list[float], *_font: object, found: list[float] = heights
        ) -> None:
            if text.strip().startswith("Prompt"):
                found.append(tm[5] * PIXEL)

        page.extract_text(visitor_text=seen)
        assert all(height < LOWEST[size] for height in heights), "two lines fit below every prompt"


def test_in_large_print_the_box_of_a_script_begins_where_there_is_room_and_stopping_is_in_one_piece() -> None:
    values = script_values(COURSE, STEP, site="Still", paper=Paper("letter", "large"))
    practice = values["step"]["practice"]  # type: ignore[index]
    items = "".join(
        f"<li>If number {n} comes, open your eyes and look round the room.</li>" for n in range(12)
    )
    practice["cautions_html"], practice["stopping_html"] = (
        f"<ul>{items}</ul>",
        "<p>Stand up.</p><p>The end.</p>",
    )
    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf.render("single", values, "en"))).pages]
    assert "Before you begin" in pages[0]
    assert "number 2 comes" in pages[0]
    assert "number 11 comes" in pages[1]
    (stopping,) = [page for page in pages if "Stopping" in page]
    assert "The end." in stopping


def test_the_days_at_home_stand_on_a_sheet_of_their_own() -> None:
    made = pdf.printed("single", home_values(COURSE, WEEK, site="Still"), "en")
    said = sheets.text(made.pdf)
    assert WEEK.home_title in said
    assert "In this week" not in said
    assert made.pages == 1
    assert made.warnings == ()
