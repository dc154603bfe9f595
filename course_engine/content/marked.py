"""Markdown looked at as it is written: its blocks of prose, its spans and its links, by place."""

import re
from collections.abc import Iterator

from course_engine.content.markdown import prose_lines
from course_engine.content.proofs import EVIDENCE, SPANS

_SPAN_END = re.compile(rf"\]\{{\s*\.(?P<name>{'|'.join(SPANS)})\s*\}}")
_TARGET = re.compile(
    r"\]\([^()\s]*(?:\s+\"[^\"]*\")?\)|<(?:https?|mailto|tel):[^>\s]*>|^ {0,3}\[[^\]]+\]:.*$", re.M
)
_CITED = re.compile(rf"\]\(\s*<?{EVIDENCE}(?P<row>[a-z0-9-]+)")

Span = tuple[int, int]


def hidden(text: str) -> tuple[list[Span], list[Span]]:
    """What is not looked at, for words to avoid and for claims: link targets, and spans that excuse."""
    targets = [match.span() for match in _TARGET.finditer(text)]
    both, said = list(targets), list(targets)
    for match in _SPAN_END.finditer(text):
        span = (_opening(text, match.start()), match.end())
        both.append(span)
        if match["name"] == "said":
            said.append(span)
    return both, said


def blocks(text: str) -> Iterator[Span]:
    """Each paragraph, item of a list and row of a table, from its first sign to its last."""
    starts = [0, *(match.end() for match in re.finditer("\n", text)), len(text) + 1]
    for first, last in prose_lines(text):
        yield starts[first], starts[min(last, len(starts) - 1)] - 1


def cited(text: str) -> list[str]:
    """The rows of evidence that a text links to."""
    return [match["row"] for match in _CITED.finditer(text)]


def _opening(text: str, end: int) -> int:
    """The bracket that the one at `end` closes."""
    depth = 0
    for at in range(end, -1, -1):
        depth += (text[at] == "]") - (text[at] == "[")
        if depth == 0:
            return at
    return end
