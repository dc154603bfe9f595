"""Claims on paper: alone they are plain words, in the book they lead to their row."""

import shutil
from pathlib import Path

from course_engine.content import loader
from course_engine.rendering import pdf
from course_engine.rendering.books import book_values
from course_engine.rendering.weeks import week_values
from course_engine.rendering.worksheets import worksheet_values
from tests.cast import BREAD, COURSES

COURSE = loader.course_of(loader.compile_course(COURSES / BREAD).data)


def test_in_a_week_alone_a_claim_is_plain_words() -> None:
    week = COURSE.week(1)
    assert week is not None
    drawn = str(week_values(COURSE, week, site="Stillwater"))

    assert "keep other microbes away. They live" in drawn
    assert "evidence" not in drawn
    assert b"/evidence" not in pdf.render("week", week_values(COURSE, week, site="Stillwater"), "en")


def test_on_a_sheet_alone_a_claim_is_plain_words(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(COURSES / BREAD, tmp_path / BREAD))
    sheet = folder / "01-starter/worksheet-my-kitchen.yaml"
    linked = sheet.read_text("utf-8").replace("**what you see**", "[what you see](evidence:warm-jar)")
    sheet.write_text(linked, "utf-8")
    course = loader.course_of(loader.compile_course(folder).data)
    note = course.worksheets["my-kitchen"].worksheet

    assert note is not None
    assert 'href="/evidence#warm-jar"' in note.fields[0].html
    drawn = str(worksheet_values(course, "my-kitchen", site="Stillwater"))
    assert "Write what you see, not what" in drawn
    assert "href" not in drawn


def test_in_the_book_a_claim_leads_to_its_row() -> None:
    drawn = str(book_values(COURSE, site="Stillwater"))

    assert '<a href="#claim-sour-keeps">keep other microbes away</a>' in drawn
    assert "/evidence#" not in drawn


def test_words_of_the_critic_stay_told_apart_on_paper() -> None:
    week = COURSE.week(1)
    assert week is not None

    assert '<span class="critic">' in str(week_values(COURSE, week, site="Stillwater"))
