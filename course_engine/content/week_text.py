"""Splits a week file: front matter, the welcome, then one section for each second-level heading."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from course_engine.content.faults import Faults, Spot
from course_engine.content.reading import Document, Passage, read_yaml, shortened
from course_engine.i18n import gettext as _

_HEADING = re.compile(r"## +(?P<title>.*?) *(?:\{(?P<braces>[^{}]*)\})? *#* *$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
STEP_KINDS = ("lesson", "practice", "check-in", "journal", "worksheet")
_FLAGS = {"required": "required", "always-open": "always_open"}


@dataclass(frozen=True, slots=True)
class Section:
    """One section: its title, what its braces say, and its text.

    `clear` is false when the braces hold something that is not known, which is a fault already.
    """

    title: str
    line: int
    attributes: dict[str, Any]
    text: Passage
    home: bool = False
    clear: bool = True


@dataclass(slots=True)
class WeekText:
    """A week file in its parts."""

    front: Document
    welcome: Passage
    sections: list[Section] = field(default_factory=list)


def split_week(file: str, text: str, faults: Faults) -> WeekText | None:
    """The parts of a week file; None when its front matter cannot be read."""
    sentence = _("A week begins with its keys between two lines that hold only `---`.")
    parts = split_front(file, text, sentence, faults)
    if parts is None:
        return None
    front, body = parts
    lines, start = text.split("\n"), body.spot.line - 1
    heads = list(_headings(file, lines, start, faults))
    first = heads[0] if heads else len(lines)
    week = WeekText(front, _passage(lines, start, first))
    for here, following in zip(heads, [*heads[1:], len(lines)], strict=True):
        week.sections.append(_section(file, lines, here, following, faults))
    return week


def split_front(file: str, text: str, sentence: str, faults: Faults) -> tuple[Document, Passage] | None:
    """Front matter and the Markdown below it; None when there is none, with this fault, or it is no YAML."""
    lines = text.split("\n")
    end = next((at for at, line in enumerate(lines) if at and line.rstrip() == "---"), None)
    if lines[0].rstrip() != "---" or end is None:
        faults.add(file, Spot(), sentence)
        return None
    front = read_yaml(file, "\n".join(lines[1:end]) + "\n", faults, first_line=2)
    return (front, _passage(lines, end + 1, len(lines))) if front else None


def _headings(file: str, lines: list[str], start: int, faults: Faults) -> Iterator[int]:
    """The lines that begin a section; inside a fence of code nothing does."""
    fence, opened = "", start
    for at in range(start, len(lines)):
        line = lines[at]
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        elif mark:
            fence, opened = mark[1], at
        elif line.startswith("## "):
            yield at
    if fence:
        faults.add(
            file,
            Spot(opened + 1),
            _("This fence of code is not closed; end it with the same signs on a line."),
        )


def _passage(lines: list[str], start: int, end: int) -> Passage:
    return Passage("\n".join(lines[start:end]), Spot(start + 1))


def _section(file: str, lines: list[str], here: int, following: int, faults: Faults) -> Section:
    spot = Spot(here + 1)
    heading = _HEADING.match(lines[here])
    title, braces = (heading["title"], heading["braces"]) if heading else (lines[here][3:], None)
    if not title.strip():
        faults.add(file, spot, _("This heading has no words."))
    if braces is None:
        sentence = _("A step has braces after its title, such as `{#my-step .lesson minutes=5}`.")
        faults.add(file, spot, sentence)
    words = (braces or "").split()
    text = _passage(lines, here + 1, following)
    home = ".home" in words
    attributes, clear = _attributes(file, spot, [word for word in words if word != ".home"], faults)
    return Section(title.strip(), spot.line, attributes, text, home, clear and braces is not None)


def _attributes(file: str, spot: Spot, words: list[str], faults: Faults) -> tuple[dict[str, Any], bool]:
    attributes: dict[str, Any] = {}
    clear = True
    for word in words:
        name, value = _attribute(word)
        if not name:
            sentence = _(
                "`%(word)s` is not known in braces; there stand `#id`, a kind (%(kinds)s), `.required`, "
                "`.always-open`, `one_of=`, `minutes=` and `file=`.",
                word=shortened(word),
                kinds=", ".join(f"`.{kind}`" for kind in STEP_KINDS),
            )
            faults.add(file, spot, sentence)
            clear = False
        elif name in attributes:
            sentence = _("The braces say `%(key)s` twice; keep one.", key=shortened(name))
            faults.add(file, spot, sentence)
        else:
            attributes[name] = value
    return attributes, clear


def _attribute(word: str) -> tuple[str, Any]:
    sign, rest = word[0], word[1:]
    if sign == "#":
        return "id", rest
    if sign == ".":
        return ("kind", rest) if rest in STEP_KINDS else (_FLAGS.get(rest, ""), True)
    name, equals, value = word.partition("=")
    if not equals or name not in ("one_of", "minutes", "file", "of"):
        return "", None
    if name == "of":
        return name, value
    return name, int(value) if value.isascii() and value.isdecimal() and len(value) < 9 else value
