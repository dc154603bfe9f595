"""The plan of a meeting, for the hand of whoever leads it."""

import pytest

from course_engine.domain.errors import NotFound
from course_engine.rendering import pdf
from course_engine.rendering.paper import Paper
from course_engine.rendering.plans import plan_values
from tests.rendering import sheets

COURSE = sheets.course()


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_ben_reads_the_clock_and_what_to_say_ask_and_watch(paper: str) -> None:
    made = pdf.printed("plan", plan_values(COURSE, "evening", site="Still", paper=Paper(paper)), "en")
    said = sheets.text(made.pdf)
    for words in (
        "Week 1 · Understanding", "A first evening", "30 minutes, or 20 in the short form", "Bring", "pens",
        "Put out chairs.", "0:00", "Welcome", "10 minutes", "Say hello.", "Who is here?",
        "With: My early signs", "0:10", "20 minutes (short: 10)", "With: Soft belly", "Watch for", "Tears.",
        "Online: Mute all.", "0:30", "After the meeting", "Stay a while.", "Send the link.",
    ):  # fmt: skip
        assert words in said, words
    assert made.pages == 1
    assert made.warnings == ()


def test_the_short_form_has_a_clock_of_its_own() -> None:
    said = sheets.text(pdf.render("plan", plan_values(COURSE, "evening", site="Still", short=True), "en"))
    assert "The short form, 20 minutes" in said
    assert "0:20" in said
    assert "0:30" not in said
    assert "(short:" not in said


def test_an_unknown_plan_gets_a_sentence() -> None:
    with pytest.raises(NotFound, match="no session plan called “party”"):
        plan_values(COURSE, "party", site="Still")
