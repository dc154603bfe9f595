"""Prints from the terminal, without a browser."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cast import BREAD, PASSWORD, ZONE
from tests.cli.conftest import Terminal, add_ada
from tests.tools import pdf

FAR = f"{datetime.now(UTC) + timedelta(days=40):%Y-%m-%d}"


@pytest.mark.parametrize(
    ("paper", "size"),
    [([], (210, 297)), (["--paper", "a4"], (210, 297)), (["--paper", "letter"], (216, 279))],
)
def test_a_worksheet_is_printed_on_the_paper_that_was_named(
    at_home: Terminal, paper: list[str], size: tuple[float, float]
) -> None:
    said = at_home.does("print", "worksheet", f"{BREAD}/my-kitchen", *paper, "-o", "sheet.pdf")

    data = Path("sheet.pdf").read_bytes()
    assert said == f"sheet.pdf: {len(data) // 1024 + 1} kB\n"
    assert pdf.page_size(data) == size
    assert "kitchen" in pdf.text(data).lower()


def test_the_paper_of_the_site_is_used_unless_another_is_named(at_home: Terminal) -> None:
    at_home.does("print", "week", f"{BREAD}/1", "-o", "week.pdf", PAPER="letter")

    data = Path("week.pdf").read_bytes()
    assert pdf.page_size(data) == (216, 279)
    assert "A jar of flour and water" in pdf.text(data)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["worksheet", f"{BREAD}/nothing"], "There is no worksheet called “nothing” in this course."),
        (["worksheet", "nothing/my-kitchen"], "There is no course called nothing here."),
        (["workbook", "nothing"], "There is no course called nothing here."),
        (["week", f"{BREAD}/9"], "Slow bread, week by week has no week 9."),
    ],
)
def test_what_is_not_there_is_told_and_nothing_is_written(
    at_home: Terminal, words: list[str], told: str
) -> None:
    assert at_home.refused("print", *words, "-o", "out.pdf") == told
    assert not Path("out.pdf").exists()


def test_what_cannot_be_read_is_wrong_usage(at_home: Terminal) -> None:
    assert "a slash" in at_home.misused("print", "worksheet", BREAD, "-o", "out.pdf")
    assert "first is no week" in at_home.misused("print", "week", f"{BREAD}/first", "-o", "out.pdf")
    assert "Missing option '-o'" in at_home.misused("print", "week", f"{BREAD}/1")
    assert "'a5' is not one of" in at_home.misused(
        "print", "week", f"{BREAD}/1", "--paper", "a5", "-o", "out.pdf"
    )


def test_a_folder_that_is_not_there_gets_a_sentence(at_home: Terminal) -> None:
    told = at_home.refused("print", "worksheet", f"{BREAD}/my-kitchen", "-o", "nowhere/sheet.pdf")

    assert told == "nowhere/sheet.pdf cannot be read or written: No such file or directory."


def test_a_whole_course_is_printed_as_one_book_in_large_print_on_the_paper_that_was_named(
    at_home: Terminal,
) -> None:
    said = at_home.does("print", "workbook", BREAD, "--paper", "letter", "--size", "large", "-o", "book.pdf")

    data = Path("book.pdf").read_bytes()
    assert said == f"book.pdf: {len(data) // 1024 + 1} kB\n"
    assert pdf.page_size(data) == (216, 279)
    assert "How to use this book" in pdf.text(data)
    assert (0, "Contents") in pdf.outline(data)


@pytest.mark.parametrize("which", [["worksheet", f"{BREAD}/my-kitchen"], ["week", f"{BREAD}/1"]])
def test_large_print_has_more_room(at_home: Terminal, which: list[str]) -> None:
    for size in ("normal", "large"):
        at_home.does("print", *which, "--size", size, "-o", f"{size}.pdf")

    normal, large = (pdf.pages(Path(f"{size}.pdf").read_bytes()) for size in ("normal", "large"))
    assert large > normal
    assert "'huge' is not one of" in at_home.misused("print", *which, "--size", "huge", "-o", "out.pdf")


@pytest.fixture
def group(at_home: Terminal) -> str:
    """A group that meets on Mondays; Ada is invited to it."""
    at_home.does(
        "person", "add", "ben@example.org", "--role", "facilitator", "--name", "Ben", stdin=f"{PASSWORD}\n"
    )
    add_ada(at_home)
    at_home.does("cohort", "add", BREAD, "--start", FAR, "--zone", ZONE, "--name", "Mondays")
    Path("people.csv").write_text("name,email\nAda,ada@example.org\n", encoding="utf-8")
    at_home.does("cohort", "import", "Mondays", "people.csv")
    return "Mondays"


def test_what_a_session_needs_is_printed_without_a_browser(at_home: Terminal, group: str) -> None:
    words = ["print", "session", group, "1", "--for", "all", "--paper", "letter", "--sides", "2"]
    said = at_home.does(*words, "-o", "evening.pdf")

    data = Path("evening.pdf").read_bytes()
    assert said == f"evening.pdf: {len(data) // 1024 + 1} kB\n"
    assert pdf.page_size(data) == (216, 279)
    text = " ".join(pdf.text(data).split())
    for told in ("Mondays", "kitchen", "Bring"):
        assert told in text, told


def test_the_scripts_are_printed_for_everybody_where_that_is_asked_for(at_home: Terminal, group: str) -> None:
    words = ["print", "session", group, "1", "--for", "all"]
    at_home.does(*words, "-o", "once.pdf")
    at_home.does(*words, "--scripts", "-o", "everybody.pdf")

    once, everybody = (pdf.text(Path(f"{one}.pdf").read_bytes()) for one in ("once", "everybody"))
    assert everybody.count("Stir and look") > once.count("Stir and look") > 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["Tuesdays", "1"], "There is no group called Tuesdays."),
        (["Mondays", "9"], "Mondays has no session 9."),
        (["Fridays", "1"], "Nobody can be expected just now."),
    ],
)
def test_a_session_that_is_not_there_or_nobody_comes_to_is_told(
    at_home: Terminal, group: str, words: list[str], told: str
) -> None:
    at_home.does("cohort", "add", BREAD, "--start", FAR, "--zone", "Asia/Tokyo", "--name", "Fridays")

    assert told in at_home.refused("print", "session", *words, "-o", "out.pdf")
    assert not Path("out.pdf").exists()


@pytest.mark.parametrize("which", [["worksheet", f"{BREAD}/my-kitchen"], ["week", f"{BREAD}/1"]])
def test_ink_is_saved_when_asked(at_home: Terminal, which: list[str]) -> None:
    for ink in ("normal", "saver"):
        at_home.does("print", *which, "--ink", ink, "-o", f"{ink}.pdf")

    assert Path("normal.pdf").read_bytes() != Path("saver.pdf").read_bytes()
    assert "'gold' is not one of" in at_home.misused("print", *which, "--ink", "gold", "-o", "out.pdf")
