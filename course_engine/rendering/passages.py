"""Course text made ready for paper: headings one level down, and links that lead somewhere.

On screen a step is a page of its own and a link leads to another page of the site. On paper a step
stands inside something larger, and a link leads to a place in the same document or is plain words.
"""

import re
from collections.abc import Callable

Target = Callable[[str], str]

_HEADING = re.compile(r"(</?h)([2-5])\b")
_LINK = re.compile(r'<a\b[^>]*?\bhref="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_OUTSIDE = ("https://", "http://", "mailto:", "tel:")
_EVIDENCE = re.compile(r"(?:/runs/[^/]+)?(?:/evidence#|evidence:)([a-z0-9-]+)")


def nowhere(_address: str) -> str:
    """For a document that holds nothing to lead to."""
    return ""


def passage(html: str, target: Target = nowhere, deeper: int = 1) -> str:
    """The text with its headings `deeper` and its links led by `target`.

    `target` gives the id inside the document for an address of the site, or nothing.
    """
    return _led(_lowered(html, deeper), target)


def evidence_id(address: str) -> str:
    """The id of the claim that an address leads to; empty for any other address."""
    found = _EVIDENCE.fullmatch(address)
    return found[1] if found else ""


def _lowered(html: str, deeper: int) -> str:
    return _HEADING.sub(lambda found: f"{found[1]}{min(int(found[2]) + deeper, 6)}", html)


def _led(html: str, target: Target) -> str:
    def led(found: re.Match[str]) -> str:
        address, words = found[1], found[2]
        if address.startswith(_OUTSIDE):
            return f'<a href="{address}">{_bare(words)}</a>'
        place = target(address)
        return f'<a href="#{place}">{_bare(words)}</a>' if place else words

    return _LINK.sub(led, html)


def _bare(words: str) -> str:
    # A link is tagged as one for those who listen only where it holds nothing but words.
    return _TAG.sub("", words)
