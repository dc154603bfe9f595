"""How much of a course stands in another language, unit by unit, and what has changed since."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from course_engine.content.faults import Fault, Faults, Spot
from course_engine.content.reading import Document
from course_engine.content.texts import MARK_SIGNS, Unit
from course_engine.content.week_text import Section
from course_engine.i18n import gettext as _
from course_engine.i18n import language_name, ngettext

_MARK = re.compile(rf"[0-9a-f]{{{MARK_SIGNS}}}")
_LINE = re.compile(rf"of:\s*(?P<quote>[\"']?)(?P<mark>[0-9a-f]{{{MARK_SIGNS}}})(?P=quote)\s*(?:#.*)?")


class State(StrEnum):
    """How a unit stands in another language."""

    WHOLE = "whole"
    PARTLY = "partly"
    UNMARKED = "without of"
    STALE = "stale"
    MISSING = "not yet"


@dataclass(frozen=True, slots=True)
class Met:
    """A unit of a translation, which text it says that it translates (if any), and where it says so."""

    unit: Unit
    of: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit of the course and how it stands in one language; `of` is the sign of the original of now."""

    original: Unit
    of: str
    state: State
    met: Met | None = None


def mark_of_file(document: Document, text: str, faults: Faults) -> tuple[str, Spot]:
    """What `of` says at the top of a file, and where; read as it is written, since figures are no number."""
    if not isinstance(document.data, dict) or "of" not in document.data:
        return "", Spot()
    spot = document.at("of")
    found = _LINE.fullmatch(text.split("\n")[spot.line - 1].strip())
    if found is None:
        faults.add(document.file, spot, _not_a_mark())
    return (found["mark"] if found else ""), spot


def mark_of_section(file: str, section: Section, faults: Faults) -> tuple[str, Spot]:
    """The same in the braces of a section."""
    mark, spot = str(section.attributes.get("of", "")), Spot(section.line)
    if mark and not _MARK.fullmatch(mark):
        faults.add(file, spot, _not_a_mark())
        return "", spot
    return mark, spot


def standings(originals: Sequence[Unit], translated: Sequence[Met]) -> list[Standing]:
    """Every unit of the course, in its order, as it stands in one language."""
    met = {one.unit.name: one for one in translated}
    return [_standing(unit, met.get(unit.name)) for unit in originals]


def notes(language: str, found: Sequence[Standing]) -> Iterator[Fault]:
    """What a translator may want to look at, and how far they have come."""
    for standing in found:
        if standing.met and standing.state in (State.STALE, State.UNMARKED):
            spot = standing.met.spot
            told = _stale if standing.state is State.STALE else _unmarked
            written = f"of={standing.of}" if "#" in standing.original.name else f"of: {standing.of}"
            yield Fault(standing.met.unit.file, spot.line, spot.column, told(written))
    counted = Counter(standing.state for standing in found)
    sentence = _(
        "%(language)s: %(there)s of %(all)s texts are translated, %(partly)s of them in part.",
        language=language_name(language),
        there=len(found) - counted[State.MISSING],
        all=len(found),
        partly=counted[State.PARTLY],
    )
    if counted[State.STALE]:
        sentence += " " + ngettext(
            "The original of %(n)s has changed since.",
            "The originals of %(n)s have changed since.",
            counted[State.STALE],
        )
    yield Fault("course.yaml", 1, 1, sentence)


def _standing(unit: Unit, met: Met | None) -> Standing:
    mark = unit.mark
    if met is None:
        state = State.MISSING
    elif met.of and met.of != mark:
        state = State.STALE
    elif not met.of:
        state = State.UNMARKED
    else:
        state = State.PARTLY if met.unit.words < unit.words else State.WHOLE
    return Standing(unit, mark, state, met)


def _stale(written: str) -> str:
    return _(
        "The original has changed since this was translated. Compare the two; once they say the same again, "
        "mark it with `%(of)s`.",
        of=written,
    )


def _unmarked(written: str) -> str:
    return _(
        "This does not say which version of the original it translates. If it is the present one, mark "
        "it with `%(of)s`.",
        of=written,
    )


def _not_a_mark() -> str:
    return _(
        "`of` takes the eight signs of the text that this translates; `check --language` lists them all."
    )
