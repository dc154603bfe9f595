"""The words of a course as they stand in its files, whatever their shape: each text with its place.

A unit is what is translated as one: a YAML file, the top of a week or a page, or one section of a week.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from marshmallow import Schema

from course_engine.content import kinds
from course_engine.content.faults import Spot
from course_engine.content.reading import Document, Passage, Trail

UNSPOKEN = {"authors", "edition", "licence", "review", "reviewed"}
MARK_SIGNS = 8

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Text:
    """One text: `prose` is Markdown, `quoted` what others say; `stays` may stand untranslated."""

    words: str
    spot: Spot
    prose: bool = False
    quoted: bool = False
    stays: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """What is translated as one; `name` is its file, with `#id` for a section."""

    name: str
    file: str
    spot: Spot
    language: str
    texts: tuple[Text, ...]

    @property
    def mark(self) -> str:
        """The sign of these words: it changes with every word and with nothing else."""
        told = "\n".join(" ".join(text.words.split()) for text in self.texts)
        return sha256(told.encode()).hexdigest()[:MARK_SIGNS]

    @property
    def words(self) -> int:
        """How many texts of it want translating."""
        return sum(not text.stays for text in self.texts)


def texts_of(shape: type[Schema], document: Document, data: Plain) -> Iterator[Text]:
    """Every text of a YAML file, in the order of its shape; ids, numbers and choices are none."""
    yield from _of_keys(shape(), document, data, ())


def text_of(passage: Passage) -> Iterator[Text]:
    """A passage of Markdown, if there is anything in it."""
    if passage.text.strip():
        yield Text(passage.text, passage.spot, prose=True)


def place(text: Text, start: int, words: str, lines: Sequence[str]) -> Spot:
    """Where these words of a text, which begin at `start`, stand in the lines of its file."""
    row = text.words.count("\n", 0, start)
    spot = Spot(text.spot.line + row, text.spot.column + start - (text.words.rfind("\n", 0, start) + 1))
    if _stands(words, spot, lines):
        return spot
    return _found(words, text.spot, lines) or text.spot


def flexible(words: str) -> re.Pattern[str]:
    """These words exactly, wherever lines break between them."""
    return re.compile(r"\s+".join(map(re.escape, words.split())) or r"(?!)")


def _of_keys(schema: Schema, document: Document, data: Plain, trail: Trail) -> Iterator[Text]:
    for name, field in schema.fields.items():
        key = field.data_key or name
        if name in data and (trail or key not in UNSPOKEN):
            yield from _of_value(field, document, data[name], (*trail, key))


def _of_value(field: Any, document: Document, value: Any, trail: Trail) -> Iterator[Text]:
    if isinstance(field, kinds.Listing):
        for at, item in enumerate(value):
            yield from _of_value(field.inner, document, item, (*trail, at))
    elif isinstance(field, kinds.Group):
        yield from _of_keys(field.schema, document, value, trail)
    elif isinstance(field, kinds.Words | kinds.Text):
        spot = document.texts.get(trail) or document.at(*trail)
        prose, quoted = isinstance(field, kinds.Text), isinstance(field, kinds.Quoted)
        yield Text(value, spot, prose, quoted, stays=bool(field.metadata.get("stays")))


def _stands(words: str, spot: Spot, lines: Sequence[str]) -> bool:
    line = lines[spot.line - 1] if spot.line <= len(lines) else ""
    first = words.split("\n", 1)[0]
    return line[spot.column - 1 : spot.column - 1 + len(first)] == first


def _found(words: str, begin: Spot, lines: Sequence[str]) -> Spot | None:
    """The first place at or below where a text begins that has these words: folded or quoted YAML."""
    below = "\n".join([lines[begin.line - 1][begin.column - 1 :], *lines[begin.line :]])
    match = flexible(words).search(below)
    if match is None:
        return None
    row = below.count("\n", 0, match.start())
    column = match.start() - below.rfind("\n", 0, match.start()) - 1
    return Spot(begin.line + row, column + (begin.column if row == 0 else 1))
