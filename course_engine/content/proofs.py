"""Reads parsed Markdown for what may not stand in a course: each as a fault with its line and column."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from urllib.parse import unquote

from markdown_it.token import Token

from course_engine.content.faults import Faults, Spot
from course_engine.content.pictures import drawable
from course_engine.content.reading import Passage, shortened
from course_engine.i18n import gettext as _
from course_engine.i18n import mark

DEEPEST = 60
BOXES = {
    "try": mark("Try it"),
    "note": mark("Good to know"),
    "care": mark("Go gently"),
    "unknown": mark("What we do not know"),
}
SPANS = ("critic", "said")
EVIDENCE = "evidence:"
SCHEMES = ("https:", "http:", "mailto:", "tel:")
_CLOSING = re.compile(r"[ >\t]*:{3,}\s*")


@dataclass(slots=True)
class Desk:
    """What rendering needs besides the words: where they are from, their language and their pictures.

    `evidence` holds the ids a claim may link to; None where they cannot be known.
    """

    file: str
    language: str
    faults: Faults
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    evidence: Collection[str] | None = ()

    @property
    def folder(self) -> str:
        return self.file.rpartition("/")[0]


@dataclass(slots=True)
class Proofreader:
    """Finds what may not stand in a text."""

    passage: Passage
    desk: Desk
    headings: int | None
    top: int = 3
    level: int = field(init=False)
    open_boxes: list[int] = field(default_factory=list)
    lines: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.lines = self.passage.text.split("\n")
        self.level = self.top - 1

    def read(self, tokens: Sequence[Token]) -> None:
        for token, following in zip(tokens, [*tokens[1:], *tokens[-1:]], strict=True):
            at = token.map[0] if token.map else 0
            if token.level >= DEEPEST:
                self.fault(at, "", _("This is nested too deeply; take out some of the levels."))
                return
            if token.type == "heading_open":
                self.heading(token, following.content, at)
            elif token.type == "html_block":
                self.fault(at, token.content.strip()[:1], _html())
            elif token.type == "container_box_open":
                self.box(token, at)
            elif token.type == "container_box_close":
                self.open_boxes.pop()
            elif token.type == "inline":
                self.inline(token.children or [], at)

    def fault(self, at: int, needle: str, sentence: str) -> None:
        line = self.lines[at] if at < len(self.lines) else ""
        column = max(line.find(needle), 0)
        start = self.passage.spot
        self.desk.faults.add(self.desk.file, Spot(start.line + at, start.column + column), sentence)

    def heading(self, token: Token, words: str, at: int) -> None:
        level = int(token.tag[1])
        if self.headings is None:
            self.fault(at, "", _("Headings cannot stand in this text; take the heading out."))
        elif level < self.top:
            self.fault(at, "", _too_high(self.top))
        elif level > self.level + 1:
            above = "#" * (self.level + 1)
            self.fault(
                at, "", _("This heading skips a level; the next one down is `%(above)s`.", above=above)
            )
        elif not words.strip():
            self.fault(at, "", _("This heading has no words."))
        self.level = max(level, self.top - 1)

    def box(self, token: Token, at: int) -> None:
        name = token.info.strip()
        if name not in BOXES:
            known = ", ".join(f"`{box}`" for box in BOXES)
            sentence = _(
                "There is no box `%(name)s`; the boxes are %(known)s.", name=shortened(name), known=known
            )
            self.fault(at, ":::", sentence)
        if self.open_boxes:
            sentence = _("This box is not closed before the next one begins; end it with a line `:::`.")
            self.fault(self.open_boxes[-1], ":::", sentence)
        elif not self.closed(token):
            self.fault(at, ":::", _("This box is not closed; end it with a line `:::`."))
        self.open_boxes.append(at)

    def closed(self, token: Token) -> bool:
        end = token.map[1] if token.map else 0
        return end < len(self.lines) and bool(_CLOSING.fullmatch(self.lines[end]))

    def inline(self, children: Sequence[Token], at: int) -> None:
        tags = 0
        for token, following in zip_longest(children, children[1:]):
            if token.level >= DEEPEST:
                self.fault(at, "", _("This is nested too deeply; take out some of the levels."))
                return
            if token.type in ("softbreak", "hardbreak"):
                at += 1
            elif token.type == "html_inline":
                tags += 1
                if tags == 1 or not token.content.startswith("</"):
                    self.fault(at, token.content[:8], _html())
            elif token.type == "link_open":
                self.link(token, at, empty=following is not None and following.type == "link_close")
            elif token.type == "image":
                self.picture(token, at)
            elif token.type == "span_open":
                self.span(token, at)
            elif token.type == "text":
                self.stray(token.content, at)

    def link(self, token: Token, at: int, *, empty: bool) -> None:
        address = str(token.attrs.get("href", ""))
        if address.startswith(EVIDENCE) and not empty:
            self.evidence(token, address.removeprefix(EVIDENCE), at)
        elif not _allowed(address):
            sentence = _(
                "A link to `%(address)s` is not allowed; begin it with `https://`, `mailto:`, `tel:`, "
                "or `/` for a page of this site.",
                address=shortened(address),
            )
            self.fault(at, "[", sentence)
            token.attrs["href"] = ""
        elif empty:
            self.fault(at, "[", _("This link has no words to follow; write what it leads to."))

    def evidence(self, token: Token, row: str, at: int) -> None:
        known = self.desk.evidence
        if known is not None and row not in known:
            sentence = _(
                "`evidence.yaml` has no row `%(id)s`; link to one that is there, or add it.",
                id=shortened(row),
            )
            self.fault(at, f"{EVIDENCE}{row}", sentence)
        token.attrs["href"] = f"/evidence#{row}"
        token.attrs["class"] = "evidence"

    def span(self, token: Token, at: int) -> None:
        if token.attrs.get("class") in SPANS and len(token.attrs) == 1 and not token.meta:
            return
        known = ", ".join(f"`{{.{name}}}`" for name in SPANS)
        self.fault(
            at, "{", _("Braces after words in brackets are one of %(known)s, and hold no more.", known=known)
        )

    def stray(self, words: str, at: int) -> None:
        if words.startswith(":::"):
            sentence = _("This `:::` neither opens nor closes a box; take it out, or name the box.")
            self.fault(at, ":::", sentence)
        elif "{." in words or "{#" in words:
            sentence = _("These braces belong to nothing; write `[words]{.said}`, with nothing in between.")
            self.fault(at, "{", sentence)

    def picture(self, token: Token, at: int) -> None:
        if not token.content.strip():
            self.fault(
                at,
                "![",
                _("This picture has no words for those who cannot see it; write them: `![words](name.svg)`."),
            )
        name = unquote(str(token.attrs.get("src", "")))
        sentence = drawable(self.desk.pictures, self.desk.folder, name)
        if sentence:
            self.fault(at, "![", sentence)
            token.attrs["src"] = ""


def _too_high(top: int) -> str:
    if top == 2:
        return _("Headings of a page begin at `##`; its title stands above them already.")
    return _("Inside a step headings begin at `###`; `##` begins a new step.")


def _html() -> str:
    return _("Raw HTML is not allowed; write it as Markdown, or put `\\` before the `<`.")


def _allowed(address: str) -> bool:
    if address.startswith("/"):
        return not address.startswith(("//", "/\\"))
    return address.lower().startswith(SCHEMES)
