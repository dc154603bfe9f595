"""The files a document may use, read once when the child starts: stylesheets, pictures, designs.

Folders of the owner's come first, so a file of theirs replaces ours of the same name.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from course_engine.paths import CERTIFICATES, TEMPLATES
from course_engine.rendering.paper import dimensions

PICTURES = (".svg", ".png", ".jpg")


class Shelf:
    """Stylesheets as text and pictures as bytes, by name (`print/worksheet.css`, `classic/hills.svg`)."""

    def __init__(self, templates: Sequence[Path] = (), designs: Sequence[Path] = ()) -> None:
        self.folders = (*designs, CERTIFICATES)
        roots = [folder / "print" for folder in (*templates, TEMPLATES)]
        self._sheets: dict[str, str] = {}
        self.pictures: dict[str, bytes] = {}
        for folder in reversed(roots):
            self._take(folder, folder.parent)
        for folder in reversed(self.folders):
            self._take(folder, folder)

    def sheet(self, name: str) -> str:
        """A stylesheet by name; `paper:a4 landscape`, `paper:a4 half` and `verso` are made on the spot."""
        if name == "verso":
            return "html { break-before: verso }"
        if not name.startswith("paper:"):
            return self._sheets[name]
        paper, _space, way = name.removeprefix("paper:").partition(" ")
        size, width, height = dimensions(paper)
        if way == "half":
            return f"@page {{ size: {height / 2}mm {width}mm }} :root {{ --sheet-height: {width}mm }}"
        return f"@page {{ size: {size} {way} }} :root {{ --sheet-height: {height}mm }}"

    def has_sheet(self, name: str) -> bool:
        return name in self._sheets

    def _take(self, folder: Path, root: Path) -> None:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.suffix == ".css":
                self._sheets[name] = path.read_text(encoding="utf-8")
            elif path.suffix in PICTURES:
                self.pictures[name] = path.read_bytes()


def design_digest(folders: Sequence[Path], id: str) -> str:
    """A digest of the files of a certificate design, as they lie there now, the owner's before ours."""
    return _digest((CERTIFICATES, *reversed(folders)), id)


def looks_digest(templates: Sequence[Path], designs: Sequence[Path]) -> str:
    """A digest of every template, stylesheet, picture and design that documents are made with."""
    printed = _digest((TEMPLATES, *reversed(templates)), "print")
    return f"{printed}.{_digest((CERTIFICATES, *reversed(designs)), '')}"


def _digest(folders: Sequence[Path], below: str) -> str:
    files: dict[str, Path] = {}
    for folder in folders:
        inside = (path for path in (folder / below).rglob("*") if path.is_file())
        files.update({path.relative_to(folder).as_posix(): path for path in inside})
    found = hashlib.sha256()
    for name, path in sorted(files.items()):
        found.update(f"{name}\0".encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()
