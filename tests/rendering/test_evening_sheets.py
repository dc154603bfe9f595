"""Paper of an evening: the sheet to sign in on, an empty log, and a page that tries the printer."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from course_engine.domain.errors import NotFound
from course_engine.rendering import pdf
from course_engine.rendering.logs import log_values
from course_engine.rendering.paper import Paper
from course_engine.rendering.signing import sign_in_values
from course_engine.rendering.trials import trial_values
from tests.rendering import sheets
from tests.tools import pdf as paper_tools

COURSE = sheets.course()
PEOPLE = ("Ada", "K. L.", "عمر", "Wilhelmina Featherstone-Haugh of the lower mill")
MILLIMETRE = 72 / 25.4


def _signing(people: tuple[str, ...] = PEOPLE, code: str = "K4NA", paper: Paper | None = None) -> pdf.Printed:
    values = sign_in_values(
        COURSE, site="Still", cohort="Tuesdays", number=1, when="Tuesday 17 March 2026, 18:30",
        where="Room 4", people=people, code=code, address="https://still.example/here",
        paper=paper or Paper(),
    )  # fmt: skip
    return pdf.printed("sign-in", values, "en")


def test_everybody_finds_their_row_and_guests_have_rows_too() -> None:
    made = _signing()
    said = sheets.text(made.pdf)
    for words in (
        "Tuesdays", "Beginning", "Tuesday 17 March 2026, 18:30", "Room 4", "1 Ada", "2 K. L.", "4 Wilhelmina",
        "Initials", "K4NA", "Type this code at still.example/here", "Still, sign-in, 2026.1",
    ):  # fmt: skip
        assert words in said, words
    assert said.count("Guest:") == 3
    assert made.pages == 1
    assert made.warnings == ()


def test_a_sheet_without_a_code_does_not_speak_of_phones() -> None:
    assert "phone" not in sheets.text(_signing(code="").pdf)


@pytest.mark.parametrize("size", ["normal", "large"])
def test_the_last_page_to_sign_has_rows_and_not_only_the_sentence_below_them(size: str) -> None:
    made = _signing(tuple(f"Person {number}" for number in range(1, 11)), paper=Paper("letter", size))
    pages = [page.extract_text() for page in PdfReader(BytesIO(made.pdf)).pages]
    assert "keeps it safe" in pages[0]
    assert "Guest:" in pages[-1] or "Person" in pages[-1]


@pytest.mark.parametrize("many", range(6, 14))
def test_rows_for_guests_begin_no_page_of_their_own(many: int) -> None:
    made = _signing(
        tuple(f"Person {number}" for number in range(1, many + 1)), paper=Paper("letter", "large")
    )
    pages = [page.extract_text() for page in PdfReader(BytesIO(made.pdf)).pages]
    assert "Person" in pages[-1]
    assert f"Person {many}" in " ".join(pages)
    assert f"Page {made.pages} of {made.pages}" in pages[-1]


def test_rows_for_those_without_a_name_stay_where_rows_for_guests_do_not_fit() -> None:
    values = sign_in_values(
        COURSE, site="S", cohort="T", number=1, when="17 March", guests=13, paper=Paper("letter", "large"),
        people=["Ada"],
    )  # fmt: skip
    said = sheets.text(pdf.render("sign-in", values, "en"))
    assert 10 <= said.count("Guest:") <= 13


def test_the_foot_of_large_print_is_two_lines() -> None:
    foot = _signing(paper=Paper("letter", "large")).pdf
    (page, *_others) = [paper.extract_text() for paper in PdfReader(BytesIO(foot)).pages]
    lines = [line for line in page.splitlines() if line.strip()]
    care = next(place for place, line in enumerate(lines) if "not a substitute for care" in line)
    assert [line.strip() for line in lines[care:]][-1].startswith("sign-in, 2026.1. Kind to yourself.")
    assert "Not therapy." not in page


@pytest.mark.parametrize("size", ["normal", "large"])
def test_thirty_people_are_on_as_many_pages_as_they_need_each_with_the_columns_named(size: str) -> None:
    made = _signing(tuple(f"Person {number}" for number in range(1, 31)), paper=Paper("letter", size))
    pages = [page.extract_text() for page in PdfReader(BytesIO(made.pdf)).pages]
    assert made.pages == (2 if size == "normal" else 3)
    assert all("Initials" in page for page in pages)
    assert "Person 30" in pages[-1]


def test_a_session_of_a_week_that_is_not_there_gets_a_sentence() -> None:
    with pytest.raises(NotFound, match="has no week 9"):
        sign_in_values(COURSE, site="S", cohort="T", number=9, when="")


@pytest.mark.parametrize("size", ["normal", "large"])
def test_the_empty_log_has_a_row_for_each_day_on_one_page(size: str) -> None:
    days = ["Tue 17 March", "Wed 18 March", "Thu 19 March"]
    for paper in (Paper("a4", size), Paper("letter", size)):
        values = log_values(COURSE, COURSE.weeks[1], site="Still", days=days, paper=paper, help="Call 988.")
        made = pdf.printed("log", values, "en")
        said = sheets.text(made.pdf)
        for words in (*days, "My practice this week", "Minutes", "Nobody collects it.", "Call 988."):
            assert words in said
        assert made.pages == 1
        assert made.warnings == ()


def test_a_log_without_names_of_days_has_seven_rows() -> None:
    assert log_values(COURSE, COURSE.weeks[1], site="S")["days"] == [""] * 7


@pytest.mark.parametrize("sheet", ["a4", "letter"])
def test_both_rulers_of_the_test_page_are_a_hundred_millimetres(sheet: str) -> None:
    made = pdf.printed("test", trial_values(site="Still", paper=Paper(sheet)), "en")
    found: dict[str, list[tuple[float, float]]] = {}

    def seen(text: str, cm: list[float], place: list[float], *_rest: object) -> None:
        if text.strip() in ("0", "100"):
            found.setdefault(text.strip(), []).append((place[4] * cm[0] + cm[4], place[5] * cm[3] + cm[5]))

    PdfReader(BytesIO(made.pdf)).pages[0].extract_text(visitor_text=seen)
    (across_0, down_0), (across_100, down_100) = found["0"], found["100"][-2:]
    assert abs(across_100[0] - across_0[0]) / MILLIMETRE == pytest.approx(100, abs=0.1)
    assert abs(down_100[1] - down_0[1]) / MILLIMETRE == pytest.approx(100, abs=0.1)
    assert made.pages == 2
    assert made.warnings == ()
    assert paper_tools.page_size(made.pdf) == ((210, 297) if sheet == "a4" else (216, 279))
    said = sheets.text(made.pdf)
    for words in ("This edge up: front", "This edge up: back", "Both lines measure 100 mm.", "5 %"):
        assert words in said
