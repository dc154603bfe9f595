"""Reads the texts and pictures of a course folder, whatever lies there.

Links are refused altogether: a course holds its own files, and no chain of links can then
lead out of the folder or round in a circle.
"""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path, PurePosixPath

from course_engine.content.faults import Faults, Spot
from course_engine.i18n import gettext as _

MOST_BYTES = 1_000_000
MOST_PICTURE_BYTES = 64_000
MOST_FILES = 2000
DEEPEST_FOLDER = 4
TEXTS = ("yaml", "yml", "md")
PICTURES = {"svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg"}

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(slots=True)
class Files:
    """What a folder holds, by path in the folder with `/` between its parts, in order of names."""

    texts: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)


def read_folder(folder: Path, faults: Faults) -> Files:
    """Every YAML, Markdown and picture file; those that cannot be used become faults."""
    files = Files()
    for count, (name, entry) in enumerate(_walk(folder, faults), 1):
        if count > MOST_FILES:
            sentence = _(
                "The folder holds more than %(most)d files; take out what the course does not use.",
                most=MOST_FILES,
            )
            faults.add("course.yaml", Spot(), sentence)
            break
        if entry.is_symlink():
            sentence = _("This is a link to another place; put the file itself here, or take the link out.")
            faults.add(name, Spot(), sentence)
        elif entry.is_file(follow_symlinks=False):
            _read(entry, name, files, faults)
    return Files(dict(sorted(files.texts.items())), dict(sorted(files.pictures.items())))


def files_digest(folder: Path) -> str:
    """A digest of these files as they lie there, usable or not, to see whether one of them has changed.

    What a course cannot have is not opened, however large it is.
    """
    found = {name: _told(entry) for name, entry in islice(_walk(folder, Faults()), MOST_FILES)}
    whole = sha256()
    for name in sorted((name for name, told in found.items() if told), key=PurePosixPath):
        whole.update(f"{name}\0".encode() + found[name])
    return whole.hexdigest()


def all_courses(folders: Sequence[Path]) -> list[Path]:
    """Every folder of a course in these folders or right below them, two with one id as well."""
    return [
        place
        for folder in folders
        for place in (folder, *(sorted(folder.iterdir()) if folder.is_dir() else ()))
        if (place / "course.yaml").is_file()
    ]


def strange_character(text: str) -> int | None:
    """Where the first character stands that can be neither shown nor stored, if there is one."""
    found = _CONTROL.search(text)
    return found.start() if found else None


def _told(entry: os.DirEntry[str]) -> bytes:
    """What stands for a file of a course or a link in a digest; for anything else, nothing."""
    try:
        if entry.is_symlink():
            return b"link"
        if not entry.is_file(follow_symlinks=False) or _ending(entry.name) not in (*TEXTS, *PICTURES):
            return b""
        with open(entry.path, "rb") as file:
            return sha256(file.read(MOST_BYTES + 1)).digest()
    except OSError:
        return b"unreadable"


def _walk(folder: Path, faults: Faults) -> Iterator[tuple[str, os.DirEntry[str]]]:
    waiting = [(folder, "", 0)]
    while waiting:
        place, prefix, depth = waiting.pop()
        for entry in _entries(place, prefix, faults):
            name = prefix + _printable(entry.name)
            yield name, entry
            if depth < DEEPEST_FOLDER and entry.is_dir(follow_symlinks=False):
                waiting.append((Path(entry.path), f"{name}/", depth + 1))


def _entries(place: Path, prefix: str, faults: Faults) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(place) as entries:
            return sorted((entry for entry in entries if entry.name[0] != "."), key=lambda entry: entry.name)
    except OSError:
        sentence = _("This folder cannot be read; check that it exists and who may read it.")
        faults.add(prefix.rstrip("/") or "course.yaml", Spot(), sentence)
        return []


def _read(entry: os.DirEntry[str], name: str, files: Files, faults: Faults) -> None:
    ending = _ending(name)
    picture = ending in PICTURES
    if not picture and ending not in TEXTS:
        return
    most = MOST_PICTURE_BYTES if picture else MOST_BYTES
    try:
        with open(entry.path, "rb") as file:
            raw = file.read(most + 1)
    except OSError:
        faults.add(name, Spot(), _("This file cannot be read; check who may read it."))
        return
    if len(raw) > most:
        sentence = _(
            "This file is larger than %(most)d kB; make it smaller, or divide it.", most=most // 1000
        )
        faults.add(name, Spot(), sentence)
    elif picture:
        files.pictures[name] = raw
    else:
        text = _text(raw, name, faults)
        if text is not None:
            files.texts[name] = text


def _text(raw: bytes, name: str, faults: Faults) -> str | None:
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        faults.add(name, Spot(line), _("This line is not UTF-8 text; save the file as UTF-8."))
        return None
    strange = strange_character(text)
    if strange is None:
        return text
    line, column = text.count("\n", 0, strange) + 1, strange - text.rfind("\n", 0, strange)
    faults.add(name, Spot(line, column), _("Here stands a character that cannot be shown; take it out."))
    return None


def _ending(name: str) -> str:
    return name.rsplit(".", 1)[-1]


def _printable(name: str) -> str:
    return name.encode("utf-8", "replace").decode()
