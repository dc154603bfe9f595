"""Finding words in texts: case and accents make no difference, and the beginning of a word is enough.

A title counts for more than a heading and a heading for more than the text below it. For a word that stands
nowhere, a slip of the fingers perhaps, the nearest one that does can be asked for.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_WORDS = 8
_WORD = re.compile(r"[\w\u0300-\u036f]+")
_TITLE, _HEADING, _TEXT = 100, 10, 1
_OFTEN = 5
_BEFORE, _AFTER = 70, 150
# So many slips a word may have, by its length: none in short ones, which are near to too many others.
_ONE_SLIP, _TWO_SLIPS = 4, 8


@dataclass(frozen=True, slots=True)
class Text:
    """Something to be found: `kind` and `address` say what it is and where, `passages` are its paragraphs."""

    kind: str
    address: str
    title: str
    headings: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()
    week: int | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a snippet; what was looked for is `found`."""

    words: str
    found: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A text that has all the words, with a snippet of it around them; none where only its title has them."""

    text: Text
    title: tuple[Piece, ...]
    snippet: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class _Folded:
    """A text as it is looked through: every piece as words with a space before each."""

    text: Text
    title: str
    headings: str
    passages: tuple[str, ...]
    all: str


class Index:
    """Texts that can be searched, in the order in which equal hits are given."""

    def __init__(self, texts: Iterable[Text]) -> None:
        self._texts = [_folded(text) for text in texts]
        self._known: Counter[str] = Counter()

    def find(self, looked_for: str, most: int) -> tuple[list[Hit], int]:
        """The best `most` texts that have all of these words, and how many have."""
        wanted = words(looked_for)
        if not wanted:
            return [], 0
        hits = [one for one in self._texts if all(word in one.all for word in wanted)]
        hits.sort(key=lambda one: -_weight(one, wanted))
        return [_hit(one, wanted) for one in hits[:most]], len(hits)

    def nearest(self, looked_for: str) -> str:
        """The same words with those that stand nowhere made the nearest ones that do; empty where none is."""
        self._known = self._known or Counter(word for one in self._texts for word in set(one.all.split()))
        wanted = words(looked_for)
        mended = [word.strip() if self._has(word) else self._near(word.strip()) for word in wanted]
        return " ".join(mended) if all(mended) else ""

    def _has(self, word: str) -> bool:
        return any(word in one.all for one in self._texts)

    def _near(self, typed: str) -> str:
        """The nearest word there is; of equally near ones that of most texts."""
        most = (len(typed) >= _ONE_SLIP) + (len(typed) >= _TWO_SLIPS)
        # Most words lack too many of the letters, which is quickly seen.
        letters = set(typed)
        like = [known for known in self._known if len(letters.difference(known)) <= most]
        alike = ((slips(typed, known, most), -self._known[known], known) for known in like)
        found = min((one for one in alike if one[0] <= most), default=None) if most else None
        return found[2] if found else ""


def slips(one: str, two: str, most: int) -> int:
    """How many letters were left out, added, changed or swapped with the next; over `most` is not counted."""
    if abs(len(one) - len(two)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(two) + 1))
    for place, letter in enumerate(one, 1):
        row = [place]
        for at, other in enumerate(two, 1):
            cost = min(last[at] + 1, row[-1] + 1, last[at - 1] + (letter != other))
            if place > 1 < at and letter == two[at - 2] and other == one[place - 2]:
                cost = min(cost, before[at - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return last[-1]


def words(typed: str) -> tuple[str, ...]:
    """The words somebody looks for, as they are compared: each with a space before it."""
    return tuple(dict.fromkeys(f" {word}" for word in fold(typed).split()))[:MOST_WORDS]


def fold(text: str) -> str:
    """The words of a text without case, accents and signs, one space before each."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return "".join(f" {word}" for word in _WORD.findall(bare))


def _folded(text: Text) -> _Folded:
    title, headings = fold(text.title), "".join(fold(one) for one in text.headings)
    passages = tuple(fold(one) for one in text.passages)
    return _Folded(text, title, headings, passages, title + headings + "".join(passages))


def _weight(one: _Folded, wanted: Sequence[str]) -> int:
    weight = 0
    for word in wanted:
        weight += _TITLE * (word in one.title) + _HEADING * (word in one.headings)
        weight += _TEXT * min(one.all.count(word), _OFTEN)
    return weight + _TITLE * ("".join(wanted) in one.title) + _OFTEN * ("".join(wanted) in one.all)


def _hit(one: _Folded, wanted: Sequence[str]) -> Hit:
    best, has = "", 0
    for passage, folded in zip(one.text.passages, one.passages, strict=True):
        found = sum(word in folded for word in wanted)
        if found > has:
            best, has = passage, found
    return Hit(one.text, _marked(one.text.title, wanted), _marked(_window(best, wanted), wanted))


def _window(passage: str, wanted: Sequence[str]) -> str:
    """The part of a passage around the first of these words."""
    if len(passage) <= _BEFORE + _AFTER:
        return passage
    at = next((match.start() for match in _WORD.finditer(passage) if _is_wanted(match[0], wanted)), 0)
    start = 0 if at <= _BEFORE else passage.find(" ", at - _BEFORE, at) + 1 or at
    end = len(passage) if at + _AFTER >= len(passage) else passage.rfind(" ", at + 1, at + _AFTER)
    end = end if end > at else at + _AFTER
    return ("… " if start else "") + passage[start:end] + (" …" if end < len(passage) else "")


def _marked(text: str, wanted: Sequence[str]) -> tuple[Piece, ...]:
    """A text in pieces, those that were looked for marked."""
    pieces: list[Piece] = []
    at = 0
    for match in _WORD.finditer(text):
        if _is_wanted(match[0], wanted):
            pieces += [Piece(text[at : match.start()], False), Piece(match[0], True)]
            at = match.end()
    pieces.append(Piece(text[at:], False))
    return tuple(piece for piece in pieces if piece.words)


def _is_wanted(word: str, wanted: Sequence[str]) -> bool:
    folded = fold(word)
    return any(one in folded for one in wanted)
