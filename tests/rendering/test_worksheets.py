"""A worksheet on paper: blank for a pen, or with the learner's own words on the lines."""

from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from course_engine.domain.course import Field, Worksheet
from course_engine.domain.errors import NotFound, Refused
from course_engine.rendering import pdf
from course_engine.rendering.paper import Paper
from course_engine.rendering.worksheets import scene, worksheet_values
from tests.rendering import sheets

SIZES = {"a4": (595, 842), "letter": (612, 792)}


def test_thousands_of_empty_lines_in_an_answer_are_printed_as_three() -> None:
    empty = "warm" + "\n \r\n" * 9_000 + "bread"
    answers: dict[str, object] = {"moment": empty, "strong": 6, "days": [[empty, "a\n\nb"]]}
    values = worksheet_values(sheets.course(), "signs", site="Still", answers=answers)
    assert values["answers"] == {
        "moment": "warm\n\n\n\nbread", "strong": 6,
        "days": [["warm\n\n\n\nbread", "a\n\nb"], ["", ""]],
    }  # fmt: skip


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_ada_gets_one_page_of_the_paper_she_chose_without_a_complaint(paper: str) -> None:
    made = pdf.printed(
        "worksheet", worksheet_values(sheets.course(), "signs", site="Still", paper=Paper(paper)), "en"
    )
    box = PdfReader(BytesIO(made.pdf)).pages[0].mediabox
    assert (round(box.width), round(box.height)) == SIZES[paper]
    assert made.pages == 1
    assert made.warnings == ()
    assert set(made.timings) == {"html", "layout", "draw", "write"}


def test_a_blank_sheet_says_where_it_belongs_and_what_it_is_not() -> None:
    said = sheets.text(
        pdf.render("worksheet", worksheet_values(sheets.course(), "signs", site="Still"), "en")
    )
    for words in (
        "Week 1, Beginning", "My early signs", "Noticing early lets you choose.",
        "Name or initials, if you want",
        "For example: On the bus, on Tuesday.", "barely there", "Monday", "A word", "Any answer is fine.",
        "If it is too much:", "My person to call:", "Still, signs, 2026.1", "Page 1 of 1",
        "CC BY 4.0", "Not therapy.",
        "This page supports learning and is not a substitute for care.",
    ):  # fmt: skip
        assert words in said
    assert "chosen" not in said


def test_adas_answers_are_set_on_the_lines_and_marked_for_reading_aloud() -> None:
    answers = {
        "moment": "My sister was kind. <b>I wanted to leave</b> {{ 7 * 7 }}",
        "where": ["throat", "a lump in the belly"],
        "one": "walk",
        "strong": 6,
        "days": [["tea", "warm"], ["bus", "loud"]],
        "draw": "a boat",
    }
    sheet = replace(sheets.SHEET, fields=(*sheets.FIELDS, sheets.ONE))
    values = worksheet_values(sheets.course(sheet), "signs", site="Still", answers=answers, person="A. L.")
    made = pdf.printed("worksheet", values, "en")
    said = sheets.text(made.pdf)
    for words in (
        "<b>I wanted to leave</b> {{ 7 * 7 }}",
        "a lump in the belly",
        "chosen: 6",
        "loud",
        "a boat",
        "A. L.",
    ):
        assert words in said
    assert made.warnings == ()
    assert _figures(made.pdf) == 3


def test_a_long_answer_gets_more_lines_rather_than_being_cut() -> None:
    answers = {"moment": "word " * 900 + "the end"}
    made = pdf.printed(
        "worksheet", worksheet_values(sheets.course(), "signs", site="S", answers=answers), "en"
    )
    assert made.pages > 1
    assert "the end" in sheets.text(made.pdf)


def test_letters_no_font_has_are_put_in_words() -> None:
    answers = {"moment": "I smiled 🙂 and breathed → out"}
    made = pdf.printed(
        "worksheet", worksheet_values(sheets.course(), "signs", site="S", answers=answers), "en"
    )
    assert "I smiled [slightly smiling face] and breathed" in sheets.text(made.pdf)


def test_a_letter_that_no_font_has_is_one_sign_and_the_foot_of_the_sheet_says_what_it_stands_for() -> None:
    answers = {"moment": "I sat with 漢字 and か\u3099, ฉัน, மனம்", "days": [["心", "warm"], ["", ""]]}
    values = worksheet_values(sheets.course(), "signs", site="Still", answers=answers)
    assert values["answers"] == {"moment": "I sat with �� and �, ��, ���", "days": [["�", "warm"], ["", ""]]}
    said = sheets.text(pdf.render("worksheet", values, "en"))
    assert "I sat with �� and �" in said
    assert "� stands for a letter that the fonts of this site do not have." in said


def test_a_sheet_whose_letters_can_all_be_printed_says_nothing_of_a_sign() -> None:
    answers = {"moment": "Łukasz, Ελένη, עברית, 🙂 → Nguyễn"}
    for given in (answers, None):
        values = worksheet_values(sheets.course(), "signs", site="Still", answers=given)
        assert values["answers"] == (given or {})
        assert "stands for" not in sheets.text(pdf.render("worksheet", values, "en"))


def test_nine_thousand_letters_that_no_font_has_are_no_hundred_pages() -> None:
    answers = {"moment": "漢字と心" * 2250}
    values = worksheet_values(sheets.course(), "signs", site="Still", answers=answers)
    assert pdf.printed("worksheet", values, "en").pages < 20


def test_a_wide_scale_has_a_line_for_the_number() -> None:
    sheet = replace(
        sheets.SHEET, fields=(Field("big", "scale", "How true?", most=100, low="not", high="wholly"),)
    )
    said = sheets.text(
        pdf.render("worksheet", worksheet_values(sheets.course(sheet), "signs", site="S"), "en")
    )
    assert "0 (not) to 100 (wholly)" in said


def test_a_sheet_leads_back_to_its_page_by_a_square_code() -> None:
    values = worksheet_values(
        sheets.course(), "signs", site="S", address="https://still.example/runs/1/worksheets/signs"
    )
    assert _figures(pdf.render("worksheet", values, "en")) == 1


def test_every_font_is_ours_and_inside_the_file() -> None:
    answers = {"moment": "Ελλάδα עברית عمر देवनागरी"}
    found = set(sheets.fonts(pdf.render(
        "worksheet", worksheet_values(sheets.course(), "signs", site="S", answers=answers), "en"
    )))  # fmt: skip
    assert found
    assert all("CE-" in name and embedded for name, embedded in found)


def test_the_file_is_tagged_named_and_has_a_language() -> None:
    reader = PdfReader(
        BytesIO(pdf.render("worksheet", worksheet_values(sheets.course(), "signs", site="S"), "en"))
    )
    assert reader.root_object["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert str(reader.root_object["/Lang"]) == "en"
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == ("My early signs", "Ada Writer")
    assert reader.metadata.creation_date is None


def test_in_large_print_a_short_table_stays_on_one_page_and_a_long_one_may_run_on() -> None:
    def pages_of(rows: int) -> set[int]:
        lines = Field("lines", "lines", "Before it", lines=7)
        table = Field("days", "table", "Rows", columns=("A",), rows=tuple(f"Row {n}." for n in range(rows)))
        course = sheets.course(Worksheet("signs", "Signs", "", (lines, table)))
        values = worksheet_values(course, "signs", site="Still", paper=Paper("letter", "large"))
        read = PdfReader(BytesIO(pdf.render("worksheet", values, "en"))).pages
        return {place for place, page in enumerate(read) if "Row " in page.extract_text()}

    assert len(pages_of(5)) == 1
    assert len(pages_of(9)) == 2


def test_an_unknown_sheet_or_paper_gets_a_sentence() -> None:
    with pytest.raises(NotFound, match="no worksheet called “nothing”"):
        worksheet_values(sheets.course(), "nothing", site="S")
    with pytest.raises(Refused, match="Choose a4 or letter"):
        Paper("a9")
    with pytest.raises(Refused, match="Choose normal or large"):
        Paper("a4", "huge")


def test_orientation_shares_the_picture_of_the_first_module() -> None:
    course = sheets.course()
    assert [scene(course, week) for week in course.weeks] == ["spring", "spring"]


def _figures(made: bytes) -> int:
    reader = PdfReader(BytesIO(made))
    found = [reader.get_object(number) for number in range(1, int(str(reader.trailer["/Size"])))]
    return sum(1 for thing in found if _is_figure(thing))


def _is_figure(thing: object) -> bool:
    return isinstance(thing, dict) and thing.get("/S") == "/Figure" and bool(thing.get("/Alt"))
