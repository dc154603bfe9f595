"""A whole week on paper."""

from collections.abc import Iterable
from io import BytesIO

from pypdf import PdfReader

from course_engine.rendering import pdf
from course_engine.rendering.paper import Paper
from course_engine.rendering.weeks import week_values
from tests.rendering import sheets

COURSE = sheets.course()


def test_ada_finds_every_step_of_the_week_on_paper() -> None:
    made = pdf.printed(
        "week", week_values(COURSE, COURSE.weeks[1], site="Still", paper=Paper("letter")), "en"
    )
    said = sheets.text(made.pdf)
    for words in (
        "Week 1 · Understanding", "Welcome.", "In this week", "Kindness has parts.", "Full form, 2 minutes",
        "Short form, 1 minute", "quiet for 20 seconds", "writing for 30 seconds", "Gentler: Only the feet",
        "Drink some tea.", "What helped?", "My early signs", "How strong was it?", "Days at home",
        "Each day a breath.", "If it is too much:", f"Page {made.pages} of {made.pages}",
    ):  # fmt: skip
        assert words in said
    assert made.warnings == ()


def test_the_week_has_bookmarks_in_the_order_of_its_steps() -> None:
    reader = PdfReader(BytesIO(pdf.render("week", week_values(COURSE, COURSE.weeks[1], site="S"), "en")))
    titles = [str(getattr(entry, "title", "")) for entry in _flat(reader.outline)]
    steps = [
        "Three parts",
        "Soft belly",
        "In the notebook",
        "My early signs",
        "How was it",
        "Days at home",
    ]
    assert [title for title in titles if title in steps] == steps


def test_a_sheet_inside_a_week_says_what_to_do_if_it_is_too_much() -> None:
    said = sheets.text(pdf.render("week", week_values(COURSE, COURSE.weeks[1], site="S"), "en"))
    assert said.count("If it is too much:") == 2, "once below its one worksheet and once at the end"


def test_ada_gets_only_the_steps_that_are_open_to_her() -> None:
    values = week_values(COURSE, COURSE.weeks[1], site="S", only={"read"})
    said = sheets.text(pdf.render("week", values, "en"))
    assert "Kindness has parts." in said
    assert "Soft belly" not in said


def test_orientation_prints_with_no_steps_at_all() -> None:
    assert "Before we start" in sheets.text(
        pdf.render("week", week_values(COURSE, COURSE.weeks[0], site="S"), "en")
    )


def _flat(outline: Iterable[object]) -> list[object]:
    return [deep for entry in outline for deep in (_flat(entry) if isinstance(entry, list) else [entry])]
