"""Prints from the terminal, without a browser."""

from pathlib import Path

import pytest

from tests.cast import BREAD
from tests.cli.conftest import Terminal
from tests.tools import pdf


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
