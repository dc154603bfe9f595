"""Where the lines of a heading end.

WeasyPrint 70 knows no `text-wrap: balance`, so the last words of a heading are held together: none of
them stands on a line of its own.
"""

import re
from itertools import accumulate

_HEADING = re.compile(r'(<(?:(h[1-6])\b[^>]*|(p) class="[^"]*\bheld")>)(.*?)(\s*</(?:\2|\3)>)', re.DOTALL)
# The end of a heading, in letters: long enough to look like a line, short enough for the largest type.
_LEAST, _MOST = 9, 16


def held(html: str) -> str:
    """The same with the last words of headings, and of paragraphs of class `held`, in a `last` of their own.

    A space that does not break would do, but bookmarks are made of headings and are searched.
    """
    return _HEADING.sub(lambda found: f"{found[1]}{_held(found[4])}{found[5]}", html)


def _held(words: str) -> str:
    marked, end, text = words.rpartition(">")
    kept = text.split()
    lengths = list(accumulate(len(word) + 1 for word in reversed(kept)))
    many = next((place for place, length in enumerate(lengths, 1) if length > _LEAST), 0)
    while many > 1 and lengths[many - 1] > _MOST + 1:
        many -= 1
    if many < 2 or many >= len(kept):
        return words
    before = " ".join(kept[:-many])
    space = " " if text[:1].isspace() else ""
    return f'{marked}{end}{space}{before} <span class="last">{" ".join(kept[-many:])}</span>'
