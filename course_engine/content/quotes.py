"""Quotes, apostrophes and ranges as they are set in print, whatever signs a keyboard had for them.

Files keep what their authors typed. What is not sure stays as it is: feet and inches, signs after a
backslash, quotes of a language that is not named here.
"""

import re
from collections.abc import Iterator
from typing import Any

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_QUOTES = {
    "en": ("“", "”", "‘", "’"), "es": ("«", "»", "“", "”"), "de": ("„", "“", "‚", "‘"),
    "fr": ("«\u202f", "\u202f»", "“", "”"), "it": ("«", "»", "“", "”"), "pt": ("“", "”", "‘", "’"),
}  # fmt: skip
_ADDRESS = r"""(?<![^\s"'<>()])[^\s"'<>()]*(?:://|@)[^\s"<>()]*"""
_LOW, _HIGH = r"[0-9]|[1-9][0-9]|[1-9][0-9]{3}", r"[1-9][0-9]?|100|[1-9][0-9]{3}"
_RANGE = rf"(?<![\w.,/:=+#–-])(?P<low>{_LOW})-(?P<high>{_HIGH})(?![\w/:=–-]|[.,][0-9])"
_SIGNS = re.compile(rf"""{_ADDRESS}|{_RANGE}|["']""")
_CAN_CLOSE = re.compile(r"\S'(?!\w)")
_SHORTENED = re.compile(r"(?:tis|twas|twere|em|til|n['’]|[0-9]0s)(?!\w)", re.IGNORECASE)
_OPENS, _CLOSES, _APOSTROPHE = "(", ")", "’"
_BEFORE, _BETWEEN = "([{“‘„‚«¿¡", "-–—/*_|’"
_NAMES = {
    "id", "kind", "type", "one_of", "home_id", "uses", "teaches", "evidence", "safety", "edition", "call",
}  # fmt: skip


def printed(text: str, language: str) -> str:
    """A text without markup as it is set in print."""
    return _put(text, dict(_changes(text, language)), 0)


def set_data(data: Any, language: str, key: str = "") -> Any:
    """The same for all the words of plain data; names of things and ready HTML stay."""
    if isinstance(data, dict):
        return {name: set_data(value, language, name) for name, value in data.items()}
    if key in _NAMES or key == "html" or key.endswith("_html"):
        return data
    if isinstance(data, list):
        return [set_data(item, language, key) for item in data]
    return printed(data, language) if isinstance(data, str) else data


def set_tokens(state: StateCore) -> None:
    """A rule of Markdown: each paragraph as one text, whatever is strong, linked or code in it."""
    language = state.env.get("language", "")
    for block in state.tokens if language else ():
        pieces, at = [one for one in block.children or [] if not one.nesting], 0
        changes = dict(_changes("".join(map(_seen, pieces)), language))
        for one in pieces:
            if one.type == "text":
                one.content = _put(one.content, changes, at)
            elif one.type == "image":
                one.content = printed(one.content, language)
            at += len(_seen(one))


def _seen(one: Token) -> str:
    """What the signs around a piece see of it."""
    return one.content if one.type == "text" else "\n" if one.type.endswith("break") else "x"


def _put(text: str, changes: dict[int, str], start: int) -> str:
    return "".join(changes.get(at, sign) for at, sign in enumerate(text, start)) if changes else text


def _changes(text: str, language: str) -> Iterator[tuple[int, str]]:
    """Where another sign belongs, and which."""
    quotes = _QUOTES.get(language.partition("_")[0], ('"', '"', "'", "'"))
    last = max((match.end() - 1 for match in _CAN_CLOSE.finditer(text)), default=-1)
    is_open, ended, before = {'"': False, "'": False}, 0, ""
    for match in _SIGNS.finditer(text):
        at, sign = match.start(), match[0]
        if match["low"] and _goes_up(match["low"], match["high"]):
            yield match.end("low"), "–"
        if sign not in is_open:
            continue
        before = before if ended == at else text[at - 1]
        kind = _kind(text, at, before, is_open[sign], last)
        ended, before = at + 1, kind or sign
        if kind == _APOSTROPHE:
            yield at, "’"
        elif kind:
            is_open[sign] = kind == _OPENS
            yield at, quotes[2 * (sign == "'") + (kind == _CLOSES)]


def _kind(text: str, at: int, before: str, is_open: bool, last: int) -> str:
    """What the straight sign here is, as a sign of its own kind; nothing if that is not sure."""
    sign, after = text[at], text[at + 1 : at + 2]
    if sign == "'" and before.isalnum() and after.isalpha():
        return _APOSTROPHE
    if before.isdigit() and (after.isdigit() or not is_open):
        return ""
    spaced = not before or before.isspace()
    follows = bool(after) and not after.isspace()
    if follows and (spaced or before in _BEFORE or (before in _BETWEEN and after.isalnum())):
        shortened = sign == "'" and (at >= last or _SHORTENED.match(text, at + 1))
        return _APOSTROPHE if shortened else _OPENS
    if spaced:
        return ""
    return _APOSTROPHE if sign == "'" and not is_open else _CLOSES


def _goes_up(low: str, high: str) -> bool:
    """Whether two numbers with a hyphen between them are a range: of years, or of anything up to 100."""
    return int(low) < int(high) and (len(low) == 4 or len(high) < 4)
