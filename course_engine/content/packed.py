"""A course folder that comes as a ZIP: unpacked only when everything about the file is as it should be.

Nothing is believed of such a file: names, kinds, counts and sizes are looked at one by one, and what is
unpacked is counted as it comes, whatever the file says of itself.
"""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from course_engine.content.folder import (
    DEEPEST_FOLDER,
    MOST_BYTES,
    MOST_FILES,
    PICTURES,
    TEXTS,
    strange_character,
)
from course_engine.domain.errors import Refused
from course_engine.i18n import gettext as _

MOST_PACKED = 8_000_000
MOST_UNPACKED = 24_000_000
MOST_MEMBERS = MOST_FILES + 500
LONGEST_NAME = 240
# The folders around a course, such as the one that a website puts round its files.
_AROUND = 3
_PIECE = 64_000
_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError,
    LookupError, OverflowError,
)  # fmt: skip


def unpack(file: Path, into: Path) -> Path:
    """Unpack the one course in this file below `into`, and give its folder. Raises Refused."""
    if file.stat().st_size > MOST_PACKED:
        raise Refused(too_large())
    try:
        with zipfile.ZipFile(file) as packed:
            wanted = _wanted(packed)
            top = _course_folder(wanted)
            _write(packed, wanted, into)
    except _BROKEN as error:
        raise Refused(_unreadable()) from error
    return into / top


def too_large() -> str:
    """What is said of a file that holds more than any course."""
    return _(
        "This file is larger than %(most)d MB. A course is texts and small pictures: take out what the "
        "course does not use.",
        most=MOST_PACKED // 1_000_000,
    )


def _wanted(packed: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The files a course can use, by name; one member that is not as it should be refuses the whole file."""
    members = packed.infolist()
    if len(members) > MOST_MEMBERS:
        raise Refused(
            _("This file holds %(n)d files and folders; a course has at most %(most)d.",
              n=len(members), most=MOST_FILES)
        )  # fmt: skip
    if sum(member.file_size for member in members) > MOST_UNPACKED:
        raise Refused(_unpacked_too_large())
    seen: set[str] = set()
    wanted: dict[str, zipfile.ZipInfo] = {}
    for member in members:
        _check(member)
        if member.is_dir():
            continue
        if member.filename.casefold() in seen:
            raise Refused(_("Two files in it are called “%(name)s”. Keep one.", name=_said(member)))
        seen.add(member.filename.casefold())
        if _is_of_a_course(member.filename):
            wanted[member.filename] = member
    return wanted


def _check(member: zipfile.ZipInfo) -> None:
    # The name as it stood in the file: Python's own cleans some of it away.
    name = member.orig_filename
    parts = name.rstrip("/").split("/")
    leads_out = name.startswith("/") or ".." in parts or "\\" in name or ":" in parts[0]
    if leads_out or not name.rstrip("/") or strange_character(name) is not None or name != member.filename:
        raise Refused(
            _("“%(name)s” cannot be the name of a file in a course. Pack the folder anew with plain names.",
              name=_said(member))
        )  # fmt: skip
    if len(name) > LONGEST_NAME or len(parts) > _AROUND + DEEPEST_FOLDER + 1 or "" in parts or "." in parts:
        raise Refused(
            _("“%(name)s” lies too deep, or its name is too long. Pack the folder of one course.",
              name=_said(member))
        )  # fmt: skip
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Refused(
            _("“%(name)s” is a link to another place. Put the file itself there.", name=_said(member))
        )
    if member.flag_bits & 1:
        raise Refused(_("This file is locked with a password. Pack it again without one."))
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refused(_("This file is packed in a way that is not read here. Pack it as a plain ZIP."))


def _is_of_a_course(name: str) -> bool:
    hidden = any(part.startswith((".", "__")) for part in name.split("/"))
    return not hidden and name.rsplit(".", 1)[-1] in (*TEXTS, *PICTURES)


def _course_folder(names: dict[str, zipfile.ZipInfo]) -> str:
    found = [name for name in names if name.rsplit("/", 1)[-1] == "course.yaml"]
    if not found:
        raise Refused(_("There is no course.yaml in this file. Pack the whole folder of one course."))
    if len(found) > 1:
        raise Refused(
            _("This file holds %(n)d courses. Pack each of them by itself and bring them in one by one.",
              n=len(found))
        )  # fmt: skip
    return found[0].rpartition("/")[0]


def _write(packed: zipfile.ZipFile, wanted: dict[str, zipfile.ZipInfo], into: Path) -> None:
    left = MOST_UNPACKED
    for name, member in wanted.items():
        place = into / name
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("xb") as target:
            for piece in _pieces(packed, member):
                left -= len(piece)
                if left < 0:
                    raise Refused(_unpacked_too_large())
                target.write(piece)


def _pieces(packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """What a member holds, no more of it than the reader of the folder needs to see that it is too large."""
    left = MOST_BYTES + 1
    with packed.open(member) as source:
        while left > 0 and (piece := source.read(min(_PIECE, left))):
            left -= len(piece)
            yield piece


def _said(member: zipfile.ZipInfo) -> str:
    name = "".join(sign if sign.isprintable() else "?" for sign in member.orig_filename)
    return name if len(name) <= 80 else f"{name[:79]}…"


def _unpacked_too_large() -> str:
    return _(
        "Unpacked, this file would be larger than %(most)d MB. A course is texts and small pictures: take "
        "out what the course does not use.",
        most=MOST_UNPACKED // 1_000_000,
    )


def _unreadable() -> str:
    return _(
        "This file cannot be read as a ZIP: it may be cut short. Pack the folder again and choose it anew."
    )
