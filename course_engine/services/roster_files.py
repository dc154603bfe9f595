"""Rosters as files: comma- or semicolon-separated rows of `id,name,email,language,zone`, read and written.

Files come from many programs, so all of their habits are understood: UTF-8 with and without a mark, UTF-16,
Windows-1252; commas, semicolons and tabs; columns in any order, and ones we do not know. A cell that a
spreadsheet would take for a formula is written with an apostrophe before it, and read back without.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from course_engine.domain.errors import BadInput
from course_engine.i18n import gettext as _

COLUMNS = ("id", "name", "email", "language", "zone")
REASON = "reason"
# Other spellings of a column, in small letters and figures only.
SPELLINGS = {
    "email": "email", "emailaddress": "email", "mail": "email", "mailaddress": "email",
    "fullname": "name", "lang": "language", "timezone": "zone", "tz": "zone",
}  # fmt: skip
MOST_ROWS = 5000
LONGEST_CELL = 1000
_FORMULA = re.compile(r"'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_SEPARATORS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Row:
    """One person as a roster has them; `line` is where the row begins in the file."""

    line: int
    id: str = ""
    name: str = ""
    email: str = ""
    language: str = ""
    zone: str = ""

    def cells(self) -> tuple[str, ...]:
        return (self.id, self.name, self.email, self.language, self.zone)


def read(data: bytes) -> list[Row]:
    """The rows of a file that hold anything. Raises BadInput for a file that is no roster."""
    text = _text(data)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    try:
        return _rows(lines)
    except csv.Error as error:
        raise BadInput(
            {"file": _("Line %(line)s cannot be read as a row of a table.", line=lines.line_num)}
        ) from error


def unknown(data: bytes) -> tuple[str, ...]:
    """The columns of a file that are not known, as they stand in its first row. Raises BadInput."""
    text = _text(data)
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
        first = next((cells for cells in lines if any(cell.strip() for cell in cells)), [])
    except csv.Error:
        return ()
    taken = {*_places(first).values()}
    heads = [(at, plain(cell.strip())) for at, cell in enumerate(first)]
    return tuple(head for at, head in heads if head and at not in taken and head.lower() != REASON)


def write(rows: Iterable[Sequence[str]], *, reasons: bool = False) -> bytes:
    """A file of these rows; with `reasons` each has one more cell that says why it was not taken."""
    out = io.StringIO(newline="")
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow((*COLUMNS, REASON) if reasons else COLUMNS)
    lines.writerows([safe(cell) for cell in row] for row in rows)
    # The mark lets spreadsheets know that it is UTF-8.
    return out.getvalue().encode("utf-8-sig")


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def plain(cell: str) -> str:
    """The same cell as it was before `safe`."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _rows(lines: Iterable[list[str]]) -> list[Row]:
    places: dict[str, int] | None = None
    found: list[Row] = []
    for cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if places is None:
            places = _places(cells)
            continue
        if len(found) == MOST_ROWS:
            raise BadInput(
                {
                    "file": _(
                        "This file has more than %(most)s rows. Make several files of it.", most=MOST_ROWS
                    )
                }
            )
        given = {name: _cell(cells, at) for name, at in places.items()}
        found.append(Row(getattr(lines, "line_num", 0), **given))
    if places is None:
        raise BadInput(
            {"file": _("This file is empty. Its first row names the columns: %(names)s.", names=_names())}
        )
    return found


def _places(cells: list[str]) -> dict[str, int]:
    """Where each column we know stands, by the first row."""
    told = [_column(cell) for cell in cells]
    places = {name: told.index(name) for name in COLUMNS if name in told}
    if "name" not in places and "email" not in places:
        raise BadInput(
            {
                "file": _(
                    "The first row of the file names its columns: %(names)s. At least “name” or “email” has "
                    "to be among them.",
                    names=_names(),
                )
            }
        )
    return places


def _column(head: str) -> str:
    """The column that a head means: `E-mail address` is `email`."""
    plain_head = "".join(sign for sign in head.casefold() if sign.isalnum())
    return SPELLINGS.get(plain_head, plain_head)


def _cell(cells: list[str], at: int) -> str:
    return plain(cells[at]).strip() if at < len(cells) else ""


def _names() -> str:
    return ", ".join(COLUMNS)


def _separator(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(_SEPARATORS, key=first.count)


def _text(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(data, "utf-16")
    if data[1:2] == b"\0" or data[:1] == b"\0":
        return _decoded(data, "utf-16-le" if data[1:2] == b"\0" else "utf-16-be")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _decoded(data, "cp1252")
    return _without_nul(text)


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return _without_nul(data.decode(encoding))
    except UnicodeDecodeError as error:
        raise BadInput(
            {"file": _("This file is no table of text. Save it as CSV (UTF-8) and choose it again.")}
        ) from error


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise BadInput(
            {"file": _("This file is no table of text. Save it as CSV (UTF-8) and choose it again.")}
        )
    return text
