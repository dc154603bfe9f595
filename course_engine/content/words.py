"""`words.yaml`: words a course does not use, and words that need a source beside them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from marshmallow import ValidationError
from marshmallow.fields import Field

from course_engine.content.faults import Fault, Faults
from course_engine.content.kinds import Group, Line, Listing, Matching, Plain, Shape, Words
from course_engine.content.marked import blocks, cited, hidden
from course_engine.content.reading import Document, shortened
from course_engine.content.texts import Text, Unit, flexible, place
from course_engine.i18n import gettext as _
from course_engine.i18n import is_language, mark

FILE = "words.yaml"
MOST = 500
NUMBER = r"[0-9][0-9.,]*\s*(?:%|per\s?cent\b)"
_NONE = re.compile(r"(?!)")

Data = dict[str, Any]
Span = tuple[int, int]


class Entry(Matching):
    """One word, or a few; a `*` ends a stem."""

    def __init__(self, **kwargs: Any) -> None:
        takes = mark("a word or a few in a row; a `*` may end it, as in `ruin*`, for all that begins so")
        super().__init__(r"\w(?:[\w'’ -]{0,58}[\w])?\*?", takes, **kwargs)


class ByLanguage(Plain, Field[Any]):
    """Lists of words, each under its language."""

    takes = mark("a language on each line, such as `en:`, and its words in a list")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.listing = Listing(Entry(), least=0, most=MOST)

    def _bind_to_schema(self, field_name: str, parent: Any) -> None:
        super()._bind_to_schema(field_name, parent)
        self.listing._bind_to_schema(field_name, parent)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, list[str]]:
        if not isinstance(value, dict):
            raise self.make_error("invalid")
        wrong: dict[str, Any] = {}
        lists: dict[str, list[str]] = {}
        for language, words in value.items():
            try:
                if not is_language(language):
                    raise ValidationError([_("There is no language `%(code)s`.", code=shortened(language))])
                lists[language] = self.listing.deserialize(words) or []
            except ValidationError as error:
                wrong[language] = error.messages
        if wrong:
            raise ValidationError(wrong)
        return lists


class ExceptionSchema(Shape):
    file = Line(required=True)
    words = Words(required=True)
    reason = Words(required=True)


class WordsSchema(Shape):
    avoid = ByLanguage()
    claims = ByLanguage()
    exceptions = Listing(Group(ExceptionSchema), least=0, most=MOST)


@dataclass(slots=True)
class _Watch:
    """The lists of a course, ready to look with."""

    avoid: Mapping[str, re.Pattern[str]]
    claims: Mapping[str, re.Pattern[str]]
    exceptions: Mapping[str, Sequence[re.Pattern[str]]] = field(default_factory=dict)


def check(data: Data, units: Iterable[Unit], files: Mapping[str, str], faults: Faults) -> None:
    """Every avoided word, and every claim without a source, that no span and no exception covers."""
    watch = _watch(data)
    for unit in units:
        lines = files.get(unit.file, "").split("\n")
        for text in unit.texts:
            for start, end, sentence in _found(watch, unit, text):
                spot = place(text, start, text.words[start:end], lines)
                faults.add(unit.file, spot, sentence)


def check_exceptions(document: Document, data: Data, files: Mapping[str, str], faults: Faults) -> None:
    """Exceptions whose words do not stand in their file (any more)."""
    for at, one in enumerate(data.get("exceptions", [])):
        text = files.get(one["file"])
        if text is None:
            sentence = _("There is no file `%(file)s` in this course.", file=shortened(one["file"]))
            faults.add(document.file, document.at("exceptions", at, "file"), sentence)
        elif not flexible(one["words"]).search(text):
            sentence = _(
                "These words do not stand in `%(file)s`; correct them, or take the exception out.",
                file=one["file"],
            )
            faults.add(document.file, document.at("exceptions", at, "words"), sentence)


def idle(document: Document, data: Data) -> Iterator[Fault]:
    """Notes: exceptions that hold no word of the lists."""
    watch = _watch(data)
    patterns = [*watch.avoid.values(), *watch.claims.values(), re.compile(NUMBER)]
    for at, one in enumerate(data.get("exceptions", [])):
        if not any(pattern.search(one["words"]) for pattern in patterns):
            spot = document.at("exceptions", at, "words")
            sentence = _("These words need no exception; it can go.")
            yield Fault(document.file, spot.line, spot.column, sentence)


def _watch(data: Data) -> _Watch:
    exceptions: dict[str, list[re.Pattern[str]]] = {}
    for one in data.get("exceptions", []):
        exceptions.setdefault(one["file"], []).append(flexible(one["words"]))
    return _Watch(
        {language: _pattern(words) for language, words in data.get("avoid", {}).items()},
        {language: _pattern(words, NUMBER) for language, words in data.get("claims", {}).items()},
        exceptions,
    )


def _pattern(entries: Sequence[str], besides: str = "") -> re.Pattern[str]:
    """Whole words in any case; longer entries first, so that the whole of one is told."""
    parts = [_entry(entry) for entry in sorted(entries, key=len, reverse=True)]
    whole = [rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)"] if parts else []
    return re.compile("|".join([*whole, *filter(None, [besides])]) or _NONE.pattern, re.IGNORECASE)


def _entry(entry: str) -> str:
    words = r"\s+".join(map(re.escape, entry.removesuffix("*").split())).replace("’", "'")
    return words.replace("'", "['’]") + (r"\w*" if entry.endswith("*") else "")


def _found(watch: _Watch, unit: Unit, text: Text) -> Iterator[tuple[int, int, str]]:
    """Where something stands that may not, and what is said of it."""
    if text.quoted:
        return
    excused = [
        match.span() for words in watch.exceptions.get(unit.file, ()) for match in words.finditer(text.words)
    ]
    both, said = hidden(text.words) if text.prose else ([], [])
    avoid = _of(watch.avoid, unit.language)
    for match in _outside(avoid, text.words, 0, len(text.words), [*excused, *both]):
        yield match.start(), match.end(), _avoided(match[0])
    if not text.prose:
        return
    claims = _of(watch.claims, unit.language)
    for begin, end in blocks(text.words):
        claim = next(_outside(claims, text.words, begin, end, [*excused, *said]), None)
        if claim and not cited(text.words[begin:end]):
            yield claim.start(), claim.end(), _unsourced(claim[0])


def _of(patterns: Mapping[str, re.Pattern[str]], language: str) -> re.Pattern[str]:
    return patterns.get(language) or patterns.get(language.partition("_")[0]) or _NONE


def _outside(
    pattern: re.Pattern[str], words: str, begin: int, end: int, covered: Sequence[Span]
) -> Iterator[re.Match[str]]:
    for match in pattern.finditer(words, begin, end):
        if not any(start < match.end() and match.start() < stop for start, stop in covered):
            yield match


def _avoided(word: str) -> str:
    return _(
        "This course does not use `%(word)s` (see `words.yaml`). Say it in another way; the critic's words "
        "stand in `[…]{.critic}`, those of others in `[…]{.said}`, and an exception has its reason.",
        word=shortened(word),
    )


def _unsourced(word: str) -> str:
    return _(
        "`%(word)s` claims something (see `words.yaml`). Link to its row in the same paragraph, as in "
        "`[words](evidence:ID)`, or say it without the claim.",
        word=shortened(word),
    )
