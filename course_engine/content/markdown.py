"""Markdown to safe HTML for pages and print.

Two walls: every doubtful token is a fault with its line and is not drawn, and what is drawn
passes an allow-list that knows only the tags and attributes made here.
"""

from base64 import b64encode
from collections.abc import Iterator, MutableMapping, Sequence
from typing import Any
from urllib.parse import unquote

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.attrs import attrs_plugin
from mdit_py_plugins.container import container_plugin

from course_engine.content.pictures import PICTURES
from course_engine.content.proofs import BOXES, DEEPEST, SCHEMES, SPANS, Desk, Proofreader
from course_engine.content.quotes import set_tokens
from course_engine.content.reading import Passage
from course_engine.i18n import gettext as _
from course_engine.i18n import speak

LONGEST = 30_000


def render(passage: Passage, desk: Desk, headings: int | None = None, top: int = 3) -> str:
    """Safe HTML; `headings` is the level of a page on which the highest heading stands, None where there may
    be none. The highest is `###` in a step and `##` (`top` 2) in a page of its own.
    """
    if len(passage.text) > LONGEST:
        desk.faults.add(desk.file, passage.spot, _("This text is too long for one step; divide it."))
        return ""
    env: dict[str, Any] = {"shift": top - headings if headings else 0, "language": desk.language}
    # Looking for spans doubles the time that many open brackets take, so only where one can be.
    markdown = _WITH_SPANS if "]{" in passage.text else _MARKDOWN
    tokens = markdown.parse(passage.text, env)
    Proofreader(passage, desk, headings, top).read(tokens)
    with speak(desk.language):
        html = str(markdown.renderer.render(tokens, markdown.options, env))
    return _with_pictures(_CLEANER.clean(html).strip(), desk)


def prose_lines(text: str) -> Iterator[tuple[int, int]]:
    """The lines (first, and the one after the last) of each paragraph, item of a list and row of a table."""
    head = False
    for token in _MARKDOWN.parse(text) if len(text) <= LONGEST else ():
        if token.type in ("thead_open", "thead_close"):
            head = token.type == "thead_open"
        elif token.map and not head and token.type in ("paragraph_open", "tr_open"):
            yield token.map[0], token.map[1]


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802
        """Every link becomes a token, so that a refused one has a line."""
        return True


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


def _assemble(*, spans: bool) -> _Markdown:
    markdown = _Markdown("commonmark", {"html": True, "maxNesting": DEEPEST + 4})
    markdown.enable("table")
    # Before escaped signs become text like any other, so that a backslash keeps a sign as it is.
    markdown.core.ruler.before("text_join", "quotes", set_tokens)
    attrs_plugin(markdown, after=(), spans=spans, allowed=("class",))
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


_MARKDOWN = _assemble(spans=False)
_WITH_SPANS = _assemble(spans=True)
_TEXT_TAGS = {
    "p",
    "br",
    "hr",
    "strong",
    "em",
    "code",
    "pre",
    "blockquote",
    "ul",
    "ol",
    "li",
    "a",
    "img",
    "span",
}
_CLEANER = nh3.Cleaner(
    tags=_TEXT_TAGS | {"h2", "h3", "h4", "h5", "div", "table", "thead", "tbody", "tr", "th", "td"},
    attributes={
        "a": {"href"},
        "img": {"src", "alt"},
        "th": {"scope"},
        "ol": {"start"},
        "div": {"role", "tabindex"},
    },
    allowed_classes={
        "div": {"box", "table", *(f"box-{box}" for box in BOXES)},
        "p": {"box-title"},
        "a": {"evidence"},
        "span": set(SPANS),
    },
    url_schemes={scheme.rstrip(":") for scheme in SCHEMES} | {"picture"},
)
