"""The plan of a meeting, for the hand of whoever leads it."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

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


def test_the_plan_of_an_evening_tells_its_hours_where_the_group_meets() -> None:
    begins = datetime(2026, 12, 1, 18, 25, tzinfo=UTC)
    values = plan_values(COURSE, "evening", site="Still", begins=begins, zone="Europe/Berlin")
    said = sheets.text(pdf.render("plan", values, "en"))
    for words in ("Tuesday 1 December, 19:25, Berlin time", "19:25", "19:35", "19:55"):
        assert words in said, words
    assert "0:10" not in said


def test_in_large_print_the_hour_of_a_part_stands_over_its_title_and_never_at_the_foot_of_a_page() -> None:
    parts = [{**part, "title": f"Part {n}", "clock": f"7:{n:02}"} for n in range(12) for part in _parts()]
    values = plan_values(COURSE, "evening", site="Still", paper=Paper("letter", "large"))
    values = {**values, "plan": {**values["plan"], "parts": parts}}  # type: ignore[dict-item]
    made = pdf.render("plan", values, "en")
    for page in PdfReader(BytesIO(made)).pages:
        lines = [line.strip() for line in page.extract_text().splitlines() if line.strip()]
        for place, line in enumerate(lines):
            if line.startswith("7:"):
                assert "Part" in " ".join(lines[place : place + 2]), line


@pytest.mark.parametrize("size", ["normal", "large"])
def test_what_to_watch_for_stands_on_the_page_of_the_last_question_it_belongs_to(size: str) -> None:
    parts = [
        {
            **part,
            "say_html": "<p>Say some words.</p>" * (n % 9),
            "ask": ["First?", "Last?"],
            "watch_html": "<p>Tears.</p>",
            "online": "Mute.",
        }
        for n, part in enumerate(_parts() * 16)
    ]
    values = plan_values(COURSE, "evening", site="Still", paper=Paper("a4", size))
    values = {**values, "plan": {**values["plan"], "parts": parts}}  # type: ignore[dict-item]
    pages = PdfReader(BytesIO(pdf.render("plan", values, "en"))).pages
    assert len(pages) > 6
    for page in pages:
        told = [word for word in page.extract_text().split() if word in ("Last?", "Tears.")]
        assert not told or told[0] == "Last?", "a page begins with what belongs to the page before"


def _parts() -> list[dict[str, object]]:
    plan = plan_values(COURSE, "evening", site="Still")["plan"]
    return list(plan["parts"])  # type: ignore[index]


def test_an_unknown_plan_gets_a_sentence() -> None:
    with pytest.raises(NotFound, match="no session plan called “party”"):
        plan_values(COURSE, "party", site="Still")
