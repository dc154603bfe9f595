"""Addresses inside the words of a course, led to the same pages below another place.

The words say `/pages/ID` or `/steps/ID`. A reader of an old run, or of the library, stays where they are.
A table among the words gets a name, for on a small screen it is moved sideways by itself.
"""

import re

from markupsafe import Markup, escape

from course_engine.i18n import gettext as _

_HEAD = re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL)
_TABLE = '<div class="table"'
_OURS = re.compile(r'href="/(?P<kind>pages|steps|worksheets|evidence|weeks)(?P<rest>[/#"])')


def below(html: str, root: str) -> Markup:
    """The words with their links led below `root`, such as `/runs/RUN`."""
    led = _OURS.sub(lambda found: f'href="{root}/{found["kind"]}{found["rest"]}', html) if root else html
    return Markup(_with_named_tables(led))  # noqa: S704 - made from course files by our own allow-list


def _with_named_tables(html: str) -> str:
    first, *others = html.split(_TABLE)
    return first + "".join(f'{_TABLE} role="region" aria-label="{_name(table)}"{table}' for table in others)


def _name(table: str) -> Markup:
    """What a table is about: the words at the head of its columns."""
    heads = (Markup(head).striptags() for head in _HEAD.findall(table.partition("</thead>")[0]))  # noqa: S704
    return escape(_("Table: %(heads)s", heads=", ".join(filter(None, heads))))
