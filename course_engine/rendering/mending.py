"""What the library gets wrong and a page can avoid."""

import re

_GLUED = re.compile(r"(?<=[^\s>])\s+(?=<(?:a|b|cite|em|i|span|strong)\b)")


def unglued(text: str) -> str:
    """The text with the space before bold or linked words in an element of its own.

    WeasyPrint 70 breaks a line after its first word where all of it fits but for such a space.
    """
    return _GLUED.sub("<span> </span>", text)
