"""YAML text to plain data that remembers where each key and value stands.

Built from ruamel's events (YAML 1.2), so that nesting, aliases and tags are refused while
reading and nothing large is ever built from something small.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.nodes import ScalarNode

from course_engine.content.faults import Faults, Spot
from course_engine.content.folder import strange_character
from course_engine.i18n import gettext as _

DEEPEST = 20
_DECIMAL = re.compile(r"[+-]?[0-9]{1,6}\.[0-9]{1,6}")

Trail = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """Markdown, and the place in its file where it begins."""

    text: str
    spot: Spot


@dataclass(slots=True)
class Document:
    """What a YAML text says, and where: `keys` of every key and item, `texts` of the words under them."""

    file: str
    data: Any = None
    keys: dict[Trail, Spot] = field(default_factory=dict)
    texts: dict[Trail, Spot] = field(default_factory=dict)

    def at(self, *trail: str | int) -> Spot:
        """Where this key or item stands, or the nearest thing around it."""
        while trail and trail not in self.keys:
            trail = trail[:-1]
        return self.keys.get(trail, Spot())

    def passage(self, text: str, *trail: str | int) -> Passage:
        """The text of a value as Markdown that knows its lines."""
        return Passage(text, self.texts.get(trail) or self.at(*trail))


class _Stop(Exception):
    def __init__(self, mark: Any, sentence: str) -> None:
        super().__init__(sentence)
        self.mark = mark
        self.sentence = sentence


def read_yaml(file: str, text: str, faults: Faults, first_line: int = 1) -> Document | None:
    """What the text says; None when it cannot be read, with the fault added.

    `first_line` is the line of the file on which the text begins.
    """
    builder = _Builder(file, text, faults, first_line)
    try:
        builder.build()
    except _Stop as stop:
        faults.add(file, builder.spot(stop.mark), stop.sentence)
        return None
    except MarkedYAMLError as error:
        faults.add(file, builder.spot(error.problem_mark or error.context_mark), _unreadable())
        return None
    except (YAMLError, ValueError, LookupError, AssertionError, OverflowError):
        faults.add(file, Spot(first_line), _unreadable())
        return None
    return builder.document


def _unreadable() -> str:
    return _(
        "From here on this cannot be read as YAML. Often it is a colon in words without quotes, "
        "a tab, an open quote or an uneven indent."
    )


class _Builder:
    """Walks the events once; `open` holds the collections that are not closed yet."""

    def __init__(self, file: str, text: str, faults: Faults, first_line: int) -> None:
        self.document = Document(file)
        self.lines = text.split("\n")
        self.text = text
        self.faults = faults
        self.first_line = first_line
        self.open: list[tuple[Any, Trail]] = []
        self.name: str | None = None
        self.done = False
        self.yaml = YAML(typ="safe", pure=True)

    def spot(self, mark: Any) -> Spot:
        return Spot(self.first_line + mark.line, mark.column + 1) if mark else Spot(self.first_line)

    def build(self) -> None:
        for event in self._events():
            if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
                raise _Stop(event.start_mark, _aliased())
            if isinstance(event, DocumentStartEvent):
                self._start(event)
            elif isinstance(event, MappingStartEvent):
                self._enter(event, {})
            elif isinstance(event, SequenceStartEvent):
                self._enter(event, [])
            elif isinstance(event, MappingEndEvent | SequenceEndEvent):
                self.open.pop()
            elif isinstance(event, ScalarEvent):
                self._scalar(event)

    def _events(self) -> Iterator[Any]:
        yield from self.yaml.parse(self.text)

    def _start(self, event: Any) -> None:
        if self.done or event.version or event.tags:
            raise _Stop(
                event.start_mark,
                _("One file holds one document; take out the lines that begin with `---` or `%`."),
            )
        self.done = True

    def _enter(self, event: Any, collection: Any) -> None:
        if event.ctag is not None and str(event.ctag) not in ("None", ""):
            raise _Stop(event.start_mark, _tagged())
        if len(self.open) >= DEEPEST:
            raise _Stop(
                event.start_mark,
                _("This is nested too deeply; nothing in a course needs more than a few levels."),
            )
        if self._awaits_key():
            raise _Stop(event.start_mark, _("A key is a word; here stands a list or a group of keys."))
        self.open.append((collection, self._put(collection, event)))

    def _scalar(self, event: Any) -> None:
        tag = getattr(event, "ctag", None)
        if tag is not None and str(tag) not in ("None", "", "!"):
            raise _Stop(event.start_mark, _tagged())
        if strange_character(event.value) is not None:
            raise _Stop(event.start_mark, _("Here stands a character that cannot be shown; take it out."))
        if self._awaits_key():
            self._key(event)
            return
        trail = self._put(self._plain(event), event)
        self.document.texts[trail] = self._text_spot(event)

    def _awaits_key(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1][0], dict) and self.name is None

    def _key(self, event: Any) -> None:
        collection, trail = self.open[-1]
        self.name = event.value
        if event.value in collection:
            sentence = _("The key `%(key)s` stands here a second time; keep one.", key=_short(event.value))
            self.faults.add(self.document.file, self.spot(event.start_mark), sentence)
        self.document.keys[(*trail, event.value)] = self.spot(event.start_mark)

    def _put(self, value: Any, event: Any) -> Trail:
        if not self.open:
            self.document.data = value
            self.document.keys[()] = Spot(self.first_line)
            return ()
        collection, trail = self.open[-1]
        if isinstance(collection, dict):
            here: Trail = (*trail, self.name or "")
            collection[self.name or ""] = value
            self.name = None
            return here
        collection.append(value)
        here = (*trail, len(collection) - 1)
        self.document.keys[here] = self.spot(event.start_mark)
        return here

    def _plain(self, event: Any) -> object:
        """A value that was not quoted may be a number, true, false or nothing."""
        if event.style is not None or str(getattr(event, "ctag", None)) == "!":
            return event.value
        tag = str(self.yaml.resolver.resolve(ScalarNode, event.value, (True, False))).rsplit(":", 1)[-1]
        if tag == "null":
            return None
        if tag == "bool":
            return event.value.lower() == "true"
        if tag == "int" and len(event.value) <= 12 and event.value.lstrip("+-").isdecimal():
            return int(event.value)
        if tag == "float":
            return float(event.value) if _DECIMAL.fullmatch(event.value) else float("nan")
        return event.value

    def _text_spot(self, event: Any) -> Spot:
        """Where the words of a value begin: under the sign for a block, after the quote otherwise."""
        mark = event.start_mark
        if event.style not in ("|", ">"):
            return Spot(self.first_line + mark.line, mark.column + (2 if event.style else 1))
        line = mark.line + 1
        while line < len(self.lines) - 1 and not self.lines[line].strip():
            line += 1
        words = self.lines[line] if line < len(self.lines) else ""
        return Spot(self.first_line + mark.line + 1, len(words) - len(words.lstrip(" ")) + 1)


def _aliased() -> str:
    return _("Anchors and aliases (`&`, `*`) are not used here; write it out, or put it in quotes.")


def _tagged() -> str:
    return _("Tags (`!`) are not used here; put the words in quotes.")


def _short(words: str) -> str:
    return words if len(words) <= 40 else words[:39] + "…"


def shortened(value: object) -> str:
    """A value in a sentence: in full when short, cut when long."""
    return _short(" ".join(str(value).split()))
