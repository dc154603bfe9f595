"""Documents of a pack, each set by itself, made one: names of places apart, bookmarks in a tree of parts."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field

import pydyf
from weasyprint import Document

from course_engine.i18n import ngettext
from course_engine.rendering.collating import Collated, Wanted


@dataclass(slots=True)
class Pile:
    """Documents as they were set, one after the other; `places` says for each part where its pages are."""

    documents: list[Document] = field(default_factory=list)
    places: list[Sequence[int]] = field(default_factory=list)
    pages: int = 0
    _languages: list[str] = field(default_factory=list)

    def add(self, document: Document, language: str) -> Sequence[int]:
        """Put a document on the pile; where its pages are."""
        first = self.pages
        self.documents.append(document)
        self.pages += len(document.pages)
        self._languages += [language] * len(document.pages)
        return range(first, self.pages)

    def languages(self, own: str) -> list[str]:
        """The language of each page where it is not the pack's own."""
        return ["" if one == own else one.replace("_", "-") for one in self._languages]


def joined(of: Wanted, pile: Pile, order: Collated) -> Document:
    """One document of all these pages, with the pack's title."""
    first = 0
    for number, document in enumerate(pile.documents):
        _bookmark(document, sum(order.times(first, run) for run in order.runs), first in _firsts(pile))
        _name_apart(document, number)
        first += len(document.pages)
    whole: Document = pile.documents[0].copy([page for document in pile.documents for page in document.pages])
    whole.metadata = copy(pile.documents[0].metadata)
    whole.metadata.title, whole.metadata.lang = of.title, of.language.replace("_", "-")
    return whole


def name_every_glyph(pdf: pydyf.PDF) -> None:
    """Letters joined into one sign (Arabic, Devanagari) leave nameless glyphs, which a reader could not
    follow: each gets a space of no width.
    """
    for thing in pdf.objects:
        if isinstance(thing, pydyf.Stream) and b"begincmap" in thing.stream:
            thing.stream[:] = [
                line[:-2] + b"<200b>" if isinstance(line, bytes) and line.endswith(b" <>") else line
                for line in thing.stream
            ]


def _firsts(pile: Pile) -> set[int]:
    return {pages[0] for pages in pile.places}


def _bookmark(document: Document, copies: int, part: bool) -> None:
    """The part's title over its own bookmarks, with how many copies there are."""
    for page in document.pages:
        page.bookmarks = [(level + 1, name, place, state) for level, name, place, state in page.bookmarks]
    if not part:
        return
    label = document.metadata.title or ""
    if copies > 1:
        label = f"{label} ({ngettext('%(n)s copy', '%(n)s copies', copies)})"
    document.pages[0].bookmarks.insert(0, (1, label, (0, 0), "closed"))


def _name_apart(document: Document, number: int) -> None:
    """Two parts may use the same names for places in them: links lead within their own part."""
    for page in document.pages:
        page.anchors = {f"{number}-{name}": place for name, place in page.anchors.items()}
        page.links = [
            (kind, f"{number}-{target}" if kind == "internal" else target, *rest)
            for kind, target, *rest in page.links
        ]
