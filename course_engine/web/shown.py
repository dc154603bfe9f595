"""Filters by which templates show words as they are best read: titles whole, codes in fours."""

import re

from flask import Flask
from markupsafe import Markup, escape

from course_engine.rendering.certificates import grouped

# A tag is left as it is; words joined by hyphens are short enough to stand on one line of a phone.
_JOINED = re.compile(r"(<[^>]*>)|(\b\w+(?:-\w+)+\b)")
_LONGEST = 20


def init(app: Flask) -> None:
    """Give templates the filters `whole` and `fours`."""
    app.jinja_env.filters.update(whole=whole, fours=grouped)


def whole(title: str) -> Markup:
    """A title in which no line ends at a hyphen: `self-compassion` stays in one piece."""
    if "-" not in title:
        return escape(title)
    return Markup(_JOINED.sub(_kept, escape(title)))  # noqa: S704 - it is escaped, and we add one element


def _kept(found: re.Match[str]) -> str:
    tag, words = found.groups()
    return tag or (f'<span class="whole">{words}</span>' if len(words) <= _LONGEST else words)
