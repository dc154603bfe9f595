"""The one way to a PDF: `render(kind, values, language)`.

Values are plain data (what JSON can hold). The drawing is done by a child process, so this
one never imports WeasyPrint.
"""

import atexit
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version

from course_engine.rendering import shelf
from course_engine.rendering.press import Press, Reply, Tell, Terms

STAGES = ("html", "layout", "draw", "write")
MINUTES = 300.0


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF and what is known of it: seconds by stage, pages, and what the library complained of.

    `parts` are the pages of each part of a pack, in its order, without copies and pages left empty.
    """

    pdf: bytes
    pages: int
    timings: Mapping[str, float]
    warnings: tuple[str, ...]
    parts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """How long a document would be: `pages` with copies and empty ones, and the pages of each part."""

    pages: int
    parts: tuple[int, ...]


def configure(terms: Terms) -> None:
    """Use these folders and limits from the next document on."""
    # Children that read nothing but what we ship go on; what is in an owner's folder may have changed.
    if terms != _kept.terms or terms.templates or terms.designs:
        close()
    _kept.terms, _kept.looks = terms, ""


def render(kind: str, values: Mapping[str, object], language: str, within: float | None = None) -> bytes:
    """The PDF of one document of any kind, `worksheet`, `week`, `pack` and so on.

    Raises Refused when these values cannot be printed, Unavailable when no child answers or (if
    given) `within` seconds have passed.
    """
    return printed(kind, values, language, within).pdf


def printed(kind: str, values: Mapping[str, object], language: str, within: float | None = None) -> Printed:
    """As `render`, with pages, timings and warnings beside the PDF."""
    return _read(_press().ask(_question(kind, values, language), within))


def count(kind: str, values: Mapping[str, object], language: str, within: float | None = None) -> Counted:
    """The pages of a document or pack, which is set but not drawn. Raises as `render` does."""
    head, _body = _press().ask(_question(kind, values, language, "count"), within)
    return Counted(_whole(head["pages"]), _parts(head))


def render_long(kind: str, values: Mapping[str, object], language: str, tell: Tell) -> Printed:
    """As `printed`, for a `book` or a `pack`: a child of its own makes this one document and ends.

    So short documents need not wait for it, and its memory goes back. It may take minutes; `tell` hears
    every few seconds how many of a hundred parts are done.
    """
    press = Press(replace(_kept.terms, processes=1, seconds=MINUTES))
    _kept.long.add(press)
    try:
        return _read(press.ask_long(_question(kind, values, language), tell))
    finally:
        _kept.long.discard(press)
        press.stop()


def stop_long() -> None:
    """Give up the long documents in hand, because this process ends; who asked is told to try again."""
    for press in tuple(_kept.long):
        press.stop()


def looks() -> str:
    """A digest of all that documents are made with beside their values, as it lay there at the start."""
    with _kept.lock:
        if not _kept.looks:
            terms = _kept.terms
            _kept.looks = f"{version('weasyprint')}.{shelf.looks_digest(terms.templates, terms.designs)}"
        return _kept.looks


def _question(
    kind: str, values: Mapping[str, object], language: str, verb: str = "render"
) -> dict[str, object]:
    return {"verb": verb, "kind": kind, "values": values, "language": language}


def _read(reply: Reply) -> Printed:
    told, body = reply
    return Printed(
        pdf=body,
        pages=_whole(told["pages"]),
        timings={stage: _seconds(told, stage) for stage in STAGES},
        warnings=tuple(str(line) for line in _list(told["warnings"])),
        parts=_parts(told),
    )


def missing_libraries() -> list[str]:
    """System libraries whose absence makes documents slow, one sentence each."""
    head, _body = _press().ask({"verb": "libraries"})
    return [str(sentence) for sentence in _list(head["missing"])]


def warm() -> None:
    """Start the children now, so that the first document does not wait for them."""
    _press().warm()


def close() -> None:
    """End the children; the next document starts new ones."""
    with _kept.lock:
        press, _kept.press = _kept.press, None
    if press and _kept.owner == os.getpid():
        press.close()


class _Kept:
    def __init__(self) -> None:
        self.terms = Terms()
        self.looks = ""
        self.press: Press | None = None
        self.long: set[Press] = set()
        self.owner = 0
        self.lock = threading.Lock()


_kept = _Kept()
atexit.register(close)


def _press() -> Press:
    with _kept.lock:
        if _kept.press is None or _kept.owner != os.getpid():
            _kept.press, _kept.owner = Press(_kept.terms), os.getpid()
        return _kept.press


def _parts(head: Mapping[str, object]) -> tuple[int, ...]:
    return tuple(_whole(pages) for pages in _list(head["parts"]))


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _seconds(head: Mapping[str, object], stage: str) -> float:
    timings = head.get("timings")
    return float(timings[stage]) if isinstance(timings, dict) else 0.0
