"""Addresses inside the words of a course, led to the same pages below another place.

The words say `/pages/ID` or `/steps/ID`. A reader of an old run, or of the library, stays where they are.
"""

import re

from markupsafe import Markup

_OURS = re.compile(r'href="/(?P<kind>pages|steps|worksheets|evidence|weeks)(?P<rest>[/#"])')


def below(html: str, root: str) -> Markup:
    """The words with their links led below `root`, such as `/runs/RUN`."""
    led = _OURS.sub(lambda found: f'href="{root}/{found["kind"]}{found["rest"]}', html) if root else html
    return Markup(led)  # noqa: S704 - made from course files by our own allow-list
