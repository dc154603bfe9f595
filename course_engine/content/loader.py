"""Course folders to editions, and editions to courses: what other floors use of this one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course_engine.content import coverage, evidence, rules, words
from course_engine.content.compiled import compiled
from course_engine.content.draft import Draft, read_draft
from course_engine.content.edition import course_of, decode, digest_of, encode, languages_of
from course_engine.content.faults import Fault, Faults
from course_engine.content.folder import all_courses
from course_engine.content.marked import cited
from course_engine.content.quotes import set_data
from course_engine.content.reading import read_yaml
from course_engine.content.texts import Unit
from course_engine.content.translations import translated
from course_engine.content.units import never_translated, units

__all__ = [
    "Compiled", "all_courses", "compile_course", "course_of", "courses_by_id", "decode", "encode",
    "find_courses", "languages_of",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Compiled:
    """A folder as an edition: its plain data and digest, empty when there are faults.

    `notes` are no faults: weeks that still wait for the reader they ask for, rows of evidence that nothing
    leads to, translations to look at. `units` are the course's texts, `met` those that translations hold.
    """

    data: dict[str, Any] = field(default_factory=dict)
    digest: str = ""
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()
    units: tuple[Unit, ...] = ()
    met: Mapping[str, Sequence[coverage.Met]] = field(default_factory=dict)

    def standings(self, language: str) -> list[coverage.Standing]:
        """How every unit stands in a language, one without any translation too."""
        return coverage.standings(self.units, self.met.get(language, ()))


def compile_course(folder: Path) -> Compiled:
    """Everything the folder holds, or every fault in it. Same files, same digest."""
    faults = Faults()
    draft = read_draft(folder.resolve(), faults)
    rules.apply(draft, faults)
    data = _set(draft, compiled(draft, faults), translated(draft, faults))
    texts = tuple(units(draft))
    everything = [
        *texts,
        *never_translated(draft),
        *(met.unit for found in draft.met.values() for met in found),
    ]
    _look_through(draft, everything, faults)
    notes = tuple(sorted(_notes(draft, texts, everything)))
    if faults.found:
        return Compiled(faults=tuple(faults), notes=notes, units=texts, met=draft.met)
    return Compiled(data, digest_of(data), notes=notes, units=texts, met=draft.met)


def find_courses(folders: Sequence[Path]) -> list[Path]:
    """Every course in these folders or right below them; of two with one id the earlier folder's."""
    return list(courses_by_id(folders).values())


def courses_by_id(folders: Sequence[Path]) -> dict[str, Path]:
    """The same, each under its id."""
    found: dict[str, Path] = {}
    for place in all_courses(folders):
        found.setdefault(_id_of(place), place)
    return found


def _set(draft: Draft, data: dict[str, Any], translations: dict[str, Any]) -> dict[str, Any]:
    """Everything in print signs, each text in those of its language."""
    words = {language: set_data(found, language) for language, found in translations.items()}
    return {**set_data(data, draft.language), "translations": words}


def _look_through(draft: Draft, everything: Sequence[Unit], faults: Faults) -> None:
    """What stands between evidence, words and all the texts of the course."""
    if draft.evidence and draft.evidence.data:
        evidence.check(draft.evidence.document, draft.evidence.data, faults)
    if draft.words and draft.words.data:
        words.check(draft.words.data, everything, draft.files.texts, faults)
        words.check_exceptions(draft.words.document, draft.words.data, draft.files.texts, faults)


def _notes(draft: Draft, texts: Sequence[Unit], everything: Sequence[Unit]) -> Iterator[Fault]:
    yield from rules.reviews(draft)
    if draft.evidence and draft.evidence.data:
        linked = {
            row for unit in everything for text in unit.texts if text.prose for row in cited(text.words)
        }
        yield from evidence.unlinked(draft.evidence.document, draft.evidence.data, linked)
    if draft.words and draft.words.data:
        yield from words.idle(draft.words.document, draft.words.data)
    for language, met in draft.met.items():
        yield from coverage.notes(language, coverage.standings(texts, met))


def _id_of(folder: Path) -> str:
    try:
        text = (folder / "course.yaml").read_text("utf-8", errors="replace")[:100_000]
    except OSError:
        return folder.name
    document = read_yaml("course.yaml", text, Faults())
    named = document.data.get("id") if document and isinstance(document.data, dict) else None
    return str(named or folder.name)
