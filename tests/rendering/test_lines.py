"""Lines break where there is no more room, and nowhere before."""

import pytest

from course_engine.rendering import pdf
from course_engine.rendering.setting import unglued
from course_engine.rendering.worksheets import worksheet_values
from tests.rendering import sheets
from tests.tools import pdf as paper_tools

TEXT = (
    "<p>For others, kindness brings up sadness, anger or an urge to leave. Week 0 called this "
    "<strong>backdraft</strong>: the sting of cold hands near a heater. If it comes, you can name it.</p>"
)


@pytest.mark.parametrize("points", [11.4, 11.5, 11.6])
def test_a_line_before_a_bold_word_is_filled(points: float) -> None:
    note = {
        "kind": "note",
        "label": "",
        "html": f'<div style="font-size: {points}pt; width: 152mm">{TEXT}</div>',
    }
    values = {**worksheet_values(sheets.course(), "signs", site="S"), "worksheet": {"fields": [note]}}
    lines = [line.strip() for line in paper_tools.text(pdf.render("worksheet", values, "en")).splitlines()]
    assert any(line.startswith("For others, kindness brings up sadness, anger or an urge") for line in lines)


def test_only_spaces_in_sentences_are_taken_apart() -> None:
    assert unglued("<li>\n<strong>a</strong> b <em>c</em></li>") == (
        "<li>\n<strong>a</strong> b<span> </span><em>c</em></li>"
    )
