"""The poster of a group: one page on every paper, whatever the group is called."""

import io

import pytest
from pypdf import PdfReader

from course_engine.rendering import pdf
from course_engine.rendering.paper import Paper
from course_engine.rendering.posters import poster_values
from tests.make import course

LONG = "The group of those who meet on Tuesday evenings behind the old bakery at the river"


@pytest.mark.parametrize("sheet", ["a4", "letter"])
@pytest.mark.parametrize("name", ["Tuesdays", LONG])
def test_it_is_one_page_with_the_code_the_day_and_a_way_without_a_phone(sheet: str, name: str) -> None:
    values = poster_values(
        course(),
        site="Stillwater",
        cohort=name,
        when="Tuesday 17 March 2026, 18:30 (Lisbon)",
        where="Community centre, second floor, room 4, Rua da Rosa 12",
        leaders="Ben, Ema",
        code="K4NA-8C0Q",
        address="https://course.example.org/join/K4NA8C0Q",
        until="Friday 20 March 2026",
        paper=Paper(sheet),
    )
    (page,) = PdfReader(io.BytesIO(pdf.render("poster", values, "en"))).pages
    words = " ".join(page.extract_text().split())

    for expected in (name, "Tuesday 17 March 2026, 18:30 (Lisbon)", "K4NA-8C0Q", "course.example.org/join"):
        assert expected in words
    assert "Without a phone or computer" in words
    assert "until Friday 20 March 2026" in words
    assert len(page.images) == 1
