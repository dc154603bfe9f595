"""Addresses inside the words of a course, led to the same pages below another place.

The words say `/pages/ID` or `/steps/ID`. A reader of an old run, or of the library, stays where they are.
A table among the words gets a name, for on a small screen it is moved sideways by itself.
"""

import re
from itertools import count

from markupsafe import Markup, escape

from course_engine.i18n import gettext as _

_TABLE = '<div class="table"'
_OURS = re.compile(r'href="/(?P<kind>pages|steps|worksheets|evidence|weeks)(?P<rest>[/#"])')


def below(html: str, root: str) -> Markup:
    """The words with their links led below `root`, such as `/runs/RUN`."""
    led = _OURS.sub(lambda found: f'href="{root}/{found["kind"]}{found["rest"]}', html) if root else html
    return Markup(_with_named_tables(led))  # noqa: S704 - made from course files by our own allow-list


def _with_named_tables(html: str) -> str:
    first, *others = html.split(_TABLE)
    numbers = count(1)
    return first + "".join(
        f'{_TABLE} role="region" aria-label="{escape(_("Table %(n)s", n=next(numbers)))}"{rest}'
        for rest in others
    )
