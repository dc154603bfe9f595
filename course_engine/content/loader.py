"""Course folders to editions, and editions to courses: what other floors use of this one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course_engine.content import rules
from course_engine.content.compiled import compiled
from course_engine.content.draft import read_draft
from course_engine.content.edition import course_of, decode, digest_of, encode, languages_of
from course_engine.content.faults import Fault, Faults
from course_engine.content.reading import read_yaml
from course_engine.content.translations import translated

__all__ = [
    "Compiled", "all_courses", "compile_course", "course_of", "courses_by_id", "decode", "encode",
    "find_courses", "languages_of",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Compiled:
    """A folder as an edition: its plain data and digest, empty when there are faults.

    `notes` are no faults: weeks that still wait for the reader they ask for.
    """

    data: dict[str, Any] = field(default_factory=dict)
    digest: str = ""
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()


def compile_course(folder: Path) -> Compiled:
    """Everything the folder holds, or every fault in it. Same files, same digest."""
    faults = Faults()
    draft = read_draft(folder.resolve(), faults)
    rules.apply(draft, faults)
    data = {**compiled(draft, faults), "translations": translated(draft, faults)}
    notes = tuple(sorted(rules.reviews(draft)))
    if faults.found:
        return Compiled(faults=tuple(faults), notes=notes)
    return Compiled(data, digest_of(data), notes=notes)


def find_courses(folders: Sequence[Path]) -> list[Path]:
    """Every course in these folders or right below them; of two with one id the earlier folder's."""
    return list(courses_by_id(folders).values())


def courses_by_id(folders: Sequence[Path]) -> dict[str, Path]:
    """The same, each under its id."""
    found: dict[str, Path] = {}
    for place in all_courses(folders):
        found.setdefault(_id_of(place), place)
    return found


def all_courses(folders: Sequence[Path]) -> list[Path]:
    """Every folder of a course in these folders or right below them, two with one id as well."""
    return [
        place
        for folder in folders
        for place in (folder, *(sorted(folder.iterdir()) if folder.is_dir() else ()))
        if (place / "course.yaml").is_file()
    ]


def _id_of(folder: Path) -> str:
    try:
        text = (folder / "course.yaml").read_text("utf-8", errors="replace")[:100_000]
    except OSError:
        return folder.name
    document = read_yaml("course.yaml", text, Faults())
    named = document.data.get("id") if document and isinstance(document.data, dict) else None
    return str(named or folder.name)
