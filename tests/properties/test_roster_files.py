"""Roster files: whatever people are called, a file gives back what was written, in every dialect there is."""

import csv
import io

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from course_engine.domain.errors import BadInput
from course_engine.services import roster_files
from course_engine.services.roster_files import COLUMNS, Row

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30).map(str.strip)
SIGNS = st.text("=+-@'\t\r\nA1 ,;\"", max_size=8).map(str.strip)
CELL = st.one_of(WORDS, SIGNS)
ROWS = st.lists(st.tuples(CELL, CELL, CELL, CELL, CELL).filter(any), max_size=12)
LATIN = st.text(st.sampled_from("abcÄöüßéñ€™– "), min_size=1, max_size=20).map(str.strip)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _cells(rows: list[Row]) -> list[tuple[str, ...]]:
    return [row.cells() for row in rows]


@given(ROWS)
def test_what_is_written_is_read_back(rows: list[tuple[str, ...]]) -> None:
    assert _cells(roster_files.read(roster_files.write(rows))) == rows


@given(ROWS)
def test_no_cell_of_a_written_file_is_a_formula(rows: list[tuple[str, ...]]) -> None:
    text = roster_files.write(rows).decode("utf-8-sig")
    for cells in csv.reader(io.StringIO(text, newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for cell in cells)


@given(st.text())
def test_a_cell_made_safe_is_the_same_cell_when_read(cell: str) -> None:
    assert roster_files.plain(roster_files.safe(cell)) == cell


@given(ROWS, st.sampled_from([",", ";", "\t"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_every_dialect_of_spreadsheets_says_the_same(
    rows: list[tuple[str, ...]], separator: str, encoding: str
) -> None:
    out = io.StringIO(newline="")
    lines = csv.writer(out, delimiter=separator)
    lines.writerows([COLUMNS, *([roster_files.safe(cell) for cell in row] for row in rows)])

    assert _cells(roster_files.read(out.getvalue().encode(encoding))) == rows


@given(st.lists(LATIN.filter(bool), min_size=1, max_size=5))
def test_names_in_windows_letters_are_read(names: list[str]) -> None:
    data = "\r\n".join(["name;email", *(f"{name};" for name in names)]).encode("cp1252")
    # Signs such as "Ä–" that are, by chance, one letter in the other alphabet cannot be told from it.
    assume(data.isascii() or not _is_utf8(data))

    assert [row.name for row in roster_files.read(data)] == names


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_in_a_sentence(data: bytes) -> None:
    told = ""
    try:
        roster_files.read(data)
    except BadInput as error:
        told = error.faults["file"]

    assert not told or told.endswith(".")


@given(st.permutations(COLUMNS), WORDS)
def test_columns_stand_in_any_order_and_ones_we_do_not_know_are_passed_over(
    columns: list[str], note: str
) -> None:
    known = {"id": "abc", "name": "Ada", "email": "ada@example.org", "language": "en", "zone": "UTC"}
    out = io.StringIO(newline="")
    lines = csv.writer(out)
    lines.writerows([["reason", *columns], [note, *(known[name] for name in columns)]])

    assert _cells(roster_files.read(out.getvalue().encode())) == [tuple(known.values())]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "empty"),
        (b"\r\n\r\n", "empty"),
        (b"Ada,ada@example.org\r\n", "names its columns"),
        (b"\x89PNG\r\n\x1a\n\0\0", "no table"),
        (b"\xff\xfe\x41", "no table"),
        (b"name\n" + b"Ada\n" * 5001, "5000 rows"),
    ],
)
def test_what_is_no_roster_is_refused_in_a_sentence(data: bytes, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        roster_files.read(data)
