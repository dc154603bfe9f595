"""Which letters our fonts have, by a short list beside them: pages ask it, and need no font and no child.

The list is made with the fonts (`.dev/fonts`), and a test holds it against them.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from functools import cache

from course_engine.paths import FONTS

SIGN = "\ufffd"
STAND_INS = {"\u2010": "-", "\u2011": "-", "\u2212": "-", "\u2192": "->", "\u2190": "<-", "\u00ad": ""}
SILENT = {"Cc", "Cf", "Zl", "Zp"}


def has(letter: str) -> bool:
    """Whether some font of ours has this letter."""
    return bool(bisect_right(_bounds(), ord(letter)) % 2)


def unprintable(text: str) -> str:
    """The letters that no font of ours has, each once, in order; empty when all of it can be printed."""
    return "".join(dict.fromkeys(letter for letter in shown(text) if not has(letter)))


def signed(text: str) -> str:
    """The same with a sign for each letter that cannot be printed; what is no letter is left as it is.

    Put in words, as pictures are, a page in Chinese would be a hundred.
    """
    if text.isascii():
        return text
    whole = unicodedata.normalize("NFC", text)
    strange = {letter for letter in set(whole) if not has(letter) and letter not in STAND_INS}
    signs = {ord(letter): _sign(letter) for letter in strange if _is_letter(letter)}
    return whole.translate(signs) if signs else text


def shown(text: str) -> Iterable[str]:
    """The letters of a text that leave something on the page, composed."""
    whole = unicodedata.normalize("NFC", text)
    return (letter for letter in whole if _is_seen(letter))


def _is_seen(letter: str) -> bool:
    return not letter.isspace() and unicodedata.category(letter) not in SILENT


def _is_letter(letter: str) -> bool:
    """Whether it is read rather than looked at; pictures and the like are no letters."""
    return _is_seen(letter) and not unicodedata.category(letter).startswith("S")


def _sign(letter: str) -> str:
    # A mark stands with the letter before it, which has its sign already.
    return "" if unicodedata.category(letter).startswith("M") else SIGN


@cache
def _bounds() -> tuple[int, ...]:
    """Where a row of letters that we have begins, where it is over, where the next begins, and so on."""
    found: list[int] = []
    for row in (FONTS / "letters.txt").read_text("ascii").split():
        first, _to, last = row.partition("-")
        found += [int(first, 16), int(last or first, 16) + 1]
    return tuple(found)
