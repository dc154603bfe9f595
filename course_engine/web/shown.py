"""Filters that show words as they are best read: titles whole, codes in fours, long texts in two parts."""

import re

from flask import Flask
from markupsafe import Markup, escape

from course_engine.domain import help_lines
from course_engine.rendering.certificates import grouped

# Fewer digits may be a room or a year, and a day is no number to call.
_LEAST_DIGITS = 6
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# A tag is left as it is; words joined by hyphens are short enough to stand on one line of a phone.
_JOINED = re.compile(r"(<[^>]*>)|(\b\w+(?:-\w+)+\b)")
_LONGEST = 20
_LINES, _SIGNS = 12, 1200


def init(app: Flask) -> None:
    """Give templates the filters `whole`, `fours`, `parted` and `dialled`."""
    app.jinja_env.filters.update(whole=whole, fours=grouped, parted=parted, dialled=dialled)


def whole(title: str) -> Markup:
    """A title in which no line ends at a hyphen: `self-compassion` stays in one piece."""
    if "-" not in title:
        return escape(title)
    return Markup(_JOINED.sub(_kept, escape(title)))  # noqa: S704 - it is escaped, and we add one element


def parted(text: str) -> tuple[str, str]:
    """The beginning of a long text, up to the end of a line or word, and the rest; a short one has none."""
    if len(text) <= _SIGNS and text.count("\n") < _LINES:
        return text, ""
    begun = "\n".join(text.split("\n", _LINES)[:_LINES])
    if len(begun) > _SIGNS:
        begun = begun[:_SIGNS]
        end = max(begun.rfind(" "), begun.rfind("\n"))
        begun = begun[:end] if end > 0 else begun
    return begun.rstrip(), text[len(begun) :].strip()


def dialled(words: str) -> Markup:
    """A way to reach somebody: a link to call where it is one phone number for certain, else the words."""
    number = help_lines.dialled(words.strip())
    if len(number) < _LEAST_DIGITS or _DAY.fullmatch(words.strip()):
        return escape(words)
    return Markup('<a href="tel:{}">{}</a>').format(number, words)


def _kept(found: re.Match[str]) -> str:
    tag, words = found.groups()
    return tag or (f'<span class="whole">{words}</span>' if len(words) <= _LONGEST else words)
