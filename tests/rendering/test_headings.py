"""The last word of a heading does not stand on a line of its own."""

import re

import pytest

from course_engine.rendering import pdf
from course_engine.rendering.headings import held
from course_engine.rendering.paper import Paper
from course_engine.rendering.posters import poster_values
from tests.make import course
from tests.tools import pdf as paper_tools


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("Self-compassion, week by week", "Self-compassion, <week by week>"),
        ('<span class="number">3</span> I tell him when', '<span class="number">3</span> I <tell him when>'),
        ("Tell Somebodywithaverylongname so", "Tell Somebodywithaverylongname so"),
        ("Two words", "Two words"),
        ("It ends in <em>one</em>", "It ends in <em>one</em>"),
    ],
)  # fmt: skip
def test_the_last_words_of_a_heading_are_held_together(words: str, kept: str) -> None:
    marked = re.sub(r"<(\w+ [^<>=]+)>", r'<span class="last">\1</span>', kept)
    assert held(f"<h2>{words}</h2>") == f"<h2>{marked}</h2>"
    assert held(f"<p>{words}</p>") == f"<p>{words}</p>"


def test_the_name_of_a_group_breaks_where_its_sense_does() -> None:
    values = poster_values(
        course(), site="S", cohort="Monday evenings, Bairro Alto", when="Monday", where="", leaders="",
        code="K4NA-8C0Q", address="https://course.example.org/join/K4NA8C0Q", until="", paper=Paper(),
    )  # fmt: skip
    lines = paper_tools.text(pdf.render("poster", values, "en")).splitlines()
    assert "Bairro Alto" in [line.strip() for line in lines]
