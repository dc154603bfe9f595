"""A whole week on paper."""

import copy
import re
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

import pytest
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


@pytest.mark.parametrize("size", ["normal", "large"])
def test_no_page_begins_with_the_last_line_of_a_script_alone(size: str) -> None:
    values = week_values(COURSE, COURSE.weeks[1], site="S", paper=Paper("a4", size))
    (practice,) = [step for step in _steps(values) if step["practice"]]
    steps = []
    for many in range(14, 30):
        lines = [{"say": f"Line {number}.", "pause": 20, "write": False} for number in range(many)]
        end = {"say": "Ending.", "pause": 0, "write": False}
        own = {**practice, "practice": copy.deepcopy(practice["practice"]), "id": f"step-{many}"}
        own["practice"]["full"]["parts"] = [{"title": "All", "lines": [*lines, end]}]
        steps.append(own)
    made = pdf.render("week", {**values, "steps": steps}, "en")
    for page in PdfReader(BytesIO(made)).pages:
        said = re.findall(r"Line \d+|Ending", page.extract_text())
        assert not said or said[0] != "Ending"


def test_in_large_print_no_page_begins_with_the_last_question_of_a_check_in() -> None:
    values = week_values(COURSE, COURSE.weeks[1], site="S", paper=Paper("letter", "large"))
    step = next(step for step in _steps(values) if step["id"] == "look")
    (question,) = step["fields"]
    asked = [
        {
            **step,
            "id": f"look-{many}",
            "fields": [
                *({**question, "kind": "lines", "lines": 2, "label": f"Ask {n}"} for n in range(many)),
                {**question, "kind": "lines", "lines": 2, "label": "Finally"},
            ],
        }
        for many in range(1, 8)
    ]
    made = pdf.render("week", {**values, "steps": asked}, "en")
    for page in PdfReader(BytesIO(made)).pages:
        said = re.findall(r"Ask \d|Finally", page.extract_text())
        assert not said or said[0] != "Finally"


def _steps(values: Mapping[str, object]) -> list[dict[str, Any]]:
    steps = values["steps"]
    assert isinstance(steps, list)
    return steps


def _flat(outline: Iterable[object]) -> list[object]:
    return [deep for entry in outline for deep in (_flat(entry) if isinstance(entry, list) else [entry])]
