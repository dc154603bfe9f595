"""Which font has the letters of a name, how wide it is in it, and what stands in for letters that none has.

A font that lacks a letter would print an empty box, so text is looked at before it is drawn.
Used in the child process only: reading the fonts takes a moment. `letters` asks without them.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from fontTools.ttLib import TTFont

from course_engine.paths import FONTS
from course_engine.rendering.letters import SILENT, STAND_INS, has, shown

SERIF = "CE Literata"
SANS = "CE Figtree"
MONO = "CE Mono"


@dataclass(frozen=True, slots=True)
class Face:
    """One font file: its family, weight, and the width of each letter in thousandths of its size."""

    family: str
    weight: int
    widths: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Run:
    """Words that one family can print whole."""

    text: str
    family: str


@cache
def faces() -> tuple[Face, ...]:
    """Every font we ship, by file name."""
    return tuple(_read(str(path)) for path in sorted(FONTS.glob("*.ttf")))


def stack(first: Sequence[str]) -> tuple[str, ...]:
    """Family names in order of preference: these, then all our others."""
    others = sorted({face.family for face in faces()} - set(first))
    return (*(family for family in first if _face(family)), *others)


def runs(text: str, first: Sequence[str]) -> tuple[Run, ...]:
    """The text in the first family that has all of it, else word by word; empty if some word has none."""
    whole = unicodedata.normalize("NFC", text)
    families = stack(first)
    if family := _covering(whole, families):
        return (Run(whole, family),)
    found = [(word, _covering(word, families)) for word in whole.split()]
    if not all(family for _word, family in found):
        return ()
    return _joined((word, family) for word, family in found if family)


def width(parts: Iterable[Run], size: float, weight: int = 600) -> float:
    """How wide the text is at this size, in the same unit (points in, points out)."""
    return sum(_width(part, weight) for part in parts) * size / 1000


def printable(text: str) -> str:
    """The text with letters we cannot print put in words, `[slightly smiling face]`."""
    stand_ins = {ord(letter): _stand_in(letter) for letter in set(text) if not has(letter)}
    return text.translate(stand_ins) if stand_ins else text


def _read(path: str) -> Face:
    with TTFont(path, lazy=True) as font:
        names = font["name"]
        family = names.getDebugName(16) or names.getDebugName(1)
        advances, em = font["hmtx"].metrics, font["head"].unitsPerEm
        widths = {chr(code): advances[glyph][0] * 1000 / em for code, glyph in font.getBestCmap().items()}
        return Face(str(family), font["OS/2"].usWeightClass, widths)


def _face(family: str, weight: int = 400) -> Face | None:
    ours = [face for face in faces() if face.family == family]
    return min(ours, key=lambda face: abs(face.weight - weight), default=None)


def _covering(text: str, families: Iterable[str]) -> str | None:
    needed = set(shown(text))
    return next(
        (family for family in families if (face := _face(family)) and needed <= face.widths.keys()), None
    )


def _joined(words: Iterable[tuple[str, str]]) -> tuple[Run, ...]:
    joined: list[Run] = []
    for word, family in words:
        if joined and joined[-1].family == family:
            joined[-1] = Run(f"{joined[-1].text} {word}", family)
        else:
            joined.append(Run(word, family))
    spaced = [Run(f"{run.text} ", run.family) for run in joined[:-1]]
    return (*spaced, *joined[-1:])


def _width(run: Run, weight: int) -> float:
    face = _face(run.family, weight)
    if face is None:
        return 0.0
    space = face.widths.get(" ", 250.0)
    return sum(face.widths.get(letter, space if letter.isspace() else 0.0) for letter in run.text)


def _stand_in(letter: str) -> str:
    if letter in STAND_INS:
        return STAND_INS[letter].replace("<", "&lt;").replace(">", "&gt;")
    if letter in "\n\r\t":
        return letter
    if letter.isspace():
        return " "
    category = unicodedata.category(letter)
    # Joiners and marks shape the letter before them; alone they say nothing.
    if category in SILENT or category in ("Mn", "Sk"):
        return ""
    name = unicodedata.name(letter, "").lower()
    return f"[{name}]" if name else "[?]"
