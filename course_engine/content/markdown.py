"""Markdown to safe HTML for pages and print.

Two walls: every doubtful token is a fault with its line and is not drawn, and what is drawn
passes an allow-list that knows only the tags and attributes made here.
"""

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any
from urllib.parse import unquote

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin

from course_engine.content.faults import Faults, Spot
from course_engine.content.pictures import PICTURES, drawable
from course_engine.content.reading import Passage, shortened
from course_engine.i18n import gettext as _
from course_engine.i18n import mark, speak

DEEPEST = 60
LONGEST = 30_000
BOXES = {
    "try": mark("Try it"),
    "note": mark("Good to know"),
    "care": mark("Go gently"),
    "unknown": mark("What we do not know"),
}
_CLOSING = re.compile(r"[ >\t]*:{3,}\s*")
_SCHEMES = ("https:", "http:", "mailto:", "tel:")


@dataclass(slots=True)
class Desk:
    """What rendering needs besides the words: where they are from, their language and their pictures."""

    file: str
    language: str
    faults: Faults
    pictures: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def folder(self) -> str:
        return self.file.rpartition("/")[0]


def render(passage: Passage, desk: Desk, headings: int | None = None) -> str:
    """Safe HTML; `headings` is the level of a page on which `###` stands, None where there may be none."""
    if len(passage.text) > LONGEST:
        desk.faults.add(desk.file, passage.spot, _("This text is too long for one step; divide it."))
        return ""
    env: dict[str, Any] = {"shift": 3 - headings if headings else 0}
    tokens = _MARKDOWN.parse(passage.text, env)
    _Reader(passage, desk, headings).read(tokens)
    with speak(desk.language):
        html = str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, env))
    return _with_pictures(_CLEANER.clean(html).strip(), desk)


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802
        """Every link becomes a token, so that a refused one has a line."""
        return True


@dataclass(slots=True)
class _Reader:
    """Finds what may not stand in a text."""

    passage: Passage
    desk: Desk
    headings: int | None
    level: int = 2
    open_boxes: list[int] = field(default_factory=list)
    lines: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.lines = self.passage.text.split("\n")

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
        elif level < 3:
            self.fault(at, "", _("Inside a step headings begin at `###`; `##` begins a new step."))
        elif level > self.level + 1:
            above = "#" * (self.level + 1)
            self.fault(
                at, "", _("This heading skips a level; the next one down is `%(above)s`.", above=above)
            )
        elif not words.strip():
            self.fault(at, "", _("This heading has no words."))
        self.level = max(level, 2)

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
            elif token.type == "text" and token.content.startswith(":::"):
                self.fault(
                    at, ":::", _("This `:::` neither opens nor closes a box; take it out, or name the box.")
                )

    def link(self, token: Token, at: int, *, empty: bool) -> None:
        address = str(token.attrs.get("href", ""))
        if not _allowed(address):
            sentence = _(
                "A link to `%(address)s` is not allowed; begin it with `https://`, `mailto:`, `tel:`, "
                "or `/` for a page of this site.",
                address=shortened(address),
            )
            self.fault(at, "[", sentence)
            token.attrs["href"] = ""
        elif empty:
            self.fault(at, "[", _("This link has no words to follow; write what it leads to."))

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


def _html() -> str:
    return _("Raw HTML is not allowed; write it as Markdown, or put `\\` before the `<`.")


def _allowed(address: str) -> bool:
    if address.startswith("/"):
        return not address.startswith(("//", "/\\"))
    return address.lower().startswith(_SCHEMES)


def _box(self: Any, tokens: Sequence[Token], at: int, options: Any, env: MutableMapping[str, Any]) -> str:
    if tokens[at].nesting < 0:
        return "</div>\n"
    name = tokens[at].info.strip()
    if name not in BOXES:
        return "<div>\n"
    return (
        f'<div class="box box-{name}" role="note"><p class="box-title">{nh3.clean_text(_(BOXES[name]))}</p>\n'
    )


def _heading(self: Any, tokens: Sequence[Token], at: int, options: Any, env: MutableMapping[str, Any]) -> str:
    level = max(int(tokens[at].tag[1]) - env["shift"], 2)
    return f"<h{level}>" if tokens[at].nesting > 0 else f"</h{level}>\n"


def _picture(self: Any, tokens: Sequence[Token], at: int, options: Any, env: MutableMapping[str, Any]) -> str:
    name = unquote(str(tokens[at].attrs.get("src", "")))
    words = nh3.clean_text(tokens[at].content)
    return f'<img src="picture:{nh3.clean_text(name)}" alt="{words}">' if name else ""


def _nothing(self: Any, tokens: Sequence[Token], at: int, options: Any, env: MutableMapping[str, Any]) -> str:
    return ""


def _plain(html: str) -> Any:
    def rule(self: Any, tokens: Sequence[Token], at: int, options: Any, env: MutableMapping[str, Any]) -> str:
        return html

    return rule


def _assemble() -> _Markdown:
    markdown = _Markdown("commonmark", {"html": True, "maxNesting": DEEPEST + 4})
    markdown.enable("table")
    container_plugin(markdown, "box", validate=lambda params, markup: bool(params.strip()))
    rules = {
        "container_box_open": _box,
        "container_box_close": _box,
        "heading_open": _heading,
        "heading_close": _heading,
        "html_block": _nothing,
        "html_inline": _nothing,
        "image": _picture,
        "table_open": _plain('<div class="table" tabindex="0"><table>\n'),
        "table_close": _plain("</table></div>\n"),
        "th_open": _plain('<th scope="col">'),
        "td_open": _plain("<td>"),
    }
    for name, rule in rules.items():
        markdown.add_render_rule(name, rule)
    return markdown


def _with_pictures(html: str, desk: Desk) -> str:
    for name, source in _pictures_in(html, desk):
        html = html.replace(f'src="picture:{name}"', f'src="{source}"')
    return html


def _pictures_in(html: str, desk: Desk) -> Iterator[tuple[str, str]]:
    if 'src="picture:' not in html:
        return
    prefix = f"{desk.folder}/" if desk.folder else ""
    for path, raw in desk.pictures.items():
        if path.startswith(prefix):
            kind = PICTURES[path.rsplit(".", 1)[-1]]
            yield path[len(prefix) :], f"data:{kind};base64,{b64encode(raw).decode()}"


_MARKDOWN = _assemble()
_TEXT_TAGS = {"p", "br", "hr", "strong", "em", "code", "pre", "blockquote", "ul", "ol", "li", "a", "img"}
_CLEANER = nh3.Cleaner(
    tags=_TEXT_TAGS | {"h2", "h3", "h4", "h5", "div", "table", "thead", "tbody", "tr", "th", "td"},
    attributes={
        "a": {"href"},
        "img": {"src", "alt"},
        "th": {"scope"},
        "ol": {"start"},
        "div": {"role", "tabindex"},
    },
    allowed_classes={"div": {"box", "table", *(f"box-{box}" for box in BOXES)}, "p": {"box-title"}},
    url_schemes={scheme.rstrip(":") for scheme in _SCHEMES} | {"picture"},
)
