"""From values to a PDF, inside the child process. The same values give the same bytes."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pydyf
from weasyprint import Document
from weasyprint.text.ffi import harfbuzz_subset

from course_engine import i18n
from course_engine.domain.errors import Refused
from course_engine.i18n import gettext as _
from course_engine.rendering.collating import (
    FLAT_PAGES,
    UNLABELLED,
    Asked,
    Collated,
    Face,
    Wanted,
    collate,
    groups,
    wanted,
)
from course_engine.rendering.copying import copy_pages
from course_engine.rendering.imposing import impose
from course_engine.rendering.joining import Pile, joined, name_every_glyph
from course_engine.rendering.setting import UA, Setter
from course_engine.rendering.watching import DRAWN, LAID_OUT, Clock, Complaints, Progress

LETTERS = {"normal": 650, "large": 350}
MOST_SET = 1000
MOST_PRINTED = 2000


class Drawer:
    """What a child draws with, and what it tells of it."""

    def __init__(self, templates: Sequence[Path] = (), designs: Sequence[Path] = ()) -> None:
        self._setter = Setter(templates, designs)
        self._complaints = Complaints()
        logging.getLogger("weasyprint").addHandler(self._complaints)
        logging.getLogger("fontTools").setLevel(logging.ERROR)
        self._progress = Progress()
        progress = logging.getLogger("weasyprint.progress")
        progress.setLevel(logging.INFO)
        progress.addHandler(self._progress)

    @property
    def tell(self) -> Callable[[int], None]:
        """Who hears how many of a hundred parts of a long document are done."""
        return self._progress.tell

    @tell.setter
    def tell(self, tell: Callable[[int], None]) -> None:
        self._progress.tell = tell

    def draw(self, kind: str, values: Mapping[str, object], language: str) -> tuple[dict[str, object], bytes]:
        """The answer to one question: what is known of the document or pack, and its PDF."""
        clock, pictures = Clock(), self._setter.pictures()
        self._complaints.lines.clear()
        of = wanted(kind, values, language)
        pile, of = self._piled(of, clock, pictures)
        labels = [self._label(pile, part, pictures) if of.title else UNLABELLED for part in of.parts]
        order = collate(pile.places, labels, pile.pages, of)
        _refuse_over(MOST_PRINTED, order.pages)
        if order.fillers:
            for folded in (False, True) if of.booklet else (False,):
                part = of.parts[0].fold(folded=folded)
                self._margin("filler", {}, part, of.language, pile, pictures)
        clock.lap("layout")
        self._progress.reach(LAID_OUT)
        body = self._written(of, pile, order, clock, pictures)
        self._setter.keep(pictures)
        told = {
            "pages": order.pages,
            "parts": [len(pages) for pages in pile.places],
            "timings": clock.laps,
            "warnings": list(self._complaints.lines),
        }
        return told, body

    def count(self, kind: str, values: Mapping[str, object], language: str) -> dict[str, object]:
        """How many pages there would be, without drawing them.

        Documents that differ only in whom they are for are set once.
        """
        of, pictures = wanted(kind, values, language), self._setter.pictures()
        pile, of = self._piled(of, Clock(), pictures, counting=True)
        self._setter.keep(pictures)
        order = collate(pile.places, [UNLABELLED] * len(of.parts), pile.pages, of)
        _refuse_over(MOST_PRINTED, order.pages)
        return {"pages": order.pages, "parts": [len(pages) for pages in pile.places]}

    def _piled(
        self, of: Wanted, clock: Clock, pictures: dict[str, object], *, counting: bool = False
    ) -> tuple[Pile, Wanted]:
        """The pages of every part, and the parts as they were set: what is too short to fold lies flat.

        Parts of which the same pages are made are set once.
        """
        pile, made, known = Pile(), dict[str, Document](), dict[str, Sequence[int]]()
        self._progress.begin(wanted=bool(of.title))
        settled: list[Asked] = []
        for asked in groups(of.parts):
            group, documents = asked, self._set_group(asked, made, of, clock, pictures, counting=counting)
            if of.booklet and asked[0].folded and _pages(documents) <= FLAT_PAGES:
                flat = [part.fold(folded=False) for part in asked]
                on_whole_sheets = self._set_group(flat, made, of, clock, pictures, counting=counting)
                if _pages(on_whole_sheets) <= FLAT_PAGES:
                    group, documents = flat, on_whole_sheets
            for part, (key, document) in zip(group, documents, strict=True):
                if key not in known:
                    known[key] = pile.add(document, part.language)
                    _refuse_over(MOST_SET, pile.pages)
                pile.places.append(known[key])
            settled += group
            if of.title:
                self._progress.laid_out(len(settled), len(of.parts))
        return pile, replace(of, parts=settled)

    def _set_group(
        self,
        group: Sequence[Asked],
        made: dict[str, Document],
        of: Wanted,
        clock: Clock,
        pictures: dict[str, object],
        *,
        counting: bool,
    ) -> list[tuple[str, Document]]:
        """The documents of what belongs together, each with its name among those that are `made`."""
        found: list[tuple[str, Document]] = []
        for part in group:
            # In a booklet what is joined goes on where the part before it ends, on either side of the fold.
            verso = part.folded and _pages(found) % 2 == 1
            bare = part.bare(counting=counting) if of.title else part
            if (key := f"{verso}{bare.key}") not in made:
                made[key] = self._set(bare, clock, pictures, verso=verso, alone=not of.title)
            found.append((key, made[key]))
        return found

    def _set(
        self, part: Asked, clock: Clock, pictures: dict[str, object], *, verso: bool, alone: bool
    ) -> Document:
        written = self._setter.write(part)
        if alone and part.kind == "book":
            self._progress.begin(len(written.text) // LETTERS.get(str(part.values.get("size")), 650))
        clock.lap("html")
        document = self._setter.set(written, pictures, verso=verso)
        if part.values.get("spare"):
            document = self._spared(document, part, pictures, verso=verso)
        clock.lap("layout")
        return document

    def _spared(self, full: Document, part: Asked, pictures: dict[str, object], *, verso: bool) -> Document:
        """The document with as many of its spare rows as begin no page of their own."""
        guests, spare = int(str(part.values["guests"])), int(str(part.values["spare"]))

        def rows(left: int) -> Document:
            fewer = Asked(part.kind, {**part.values, "guests": guests - spare + left}, part.language)
            return self._setter.set(self._setter.write(fewer), pictures, verso=verso)

        found = rows(0)
        if len(found.pages) == len(full.pages):
            return full
        for left in range(1, spare):
            more = rows(left)
            if len(more.pages) > len(found.pages):
                break
            found = more
        return found

    def _label(self, pile: Pile, part: Asked, pictures: dict[str, object]) -> Face:
        """The pages with nothing on them but what stands in the margins of this part."""
        if not part.label:
            return UNLABELLED
        found = self._margin("label", part.label, part, part.language, pile, pictures)
        return found[0], found[-1]

    def _margin(
        self,
        kind: str,
        told: Mapping[str, object],
        part: Asked,
        language: str,
        pile: Pile,
        pictures: dict[str, object],
    ) -> Sequence[int]:
        """Empty pages on the paper of this part."""
        shared = {
            name: part.values[name] for name in ("paper", "size", "ink", "folded") if name in part.values
        }
        asked = Asked(kind, {"size": "normal", "ink": "normal", **shared, **told}, language)
        return pile.add(self._setter.set(self._setter.write(asked), pictures), language)

    def _written(
        self, of: Wanted, pile: Pile, order: Collated, clock: Clock, pictures: dict[str, object]
    ) -> bytes:
        whole = joined(of, pile, order) if of.title else pile.documents[0]

        def finish(_document: object, pdf: pydyf.PDF) -> None:
            self._progress.reach(DRAWN)
            name_every_glyph(pdf)
            if of.booklet:
                with i18n.speak(of.language):
                    impose(pdf, order.runs, order.folds, from_right=i18n.direction() == "rtl")
            elif of.title:
                copy_pages(pdf, order.runs, pile.languages(of.language))
            clock.lap("draw")

        body: bytes = whole.write_pdf(
            finisher=finish,
            pdf_variant=None if of.booklet else UA,
            pdf_tags=not of.booklet,
            # Of itself the library works it out by writing everything twice.
            pdf_identifier=of.identifier if of.title else True,
            cache=pictures,
        )
        clock.lap("write")
        return body


def missing_libraries() -> list[str]:
    """A sentence for each system library that should be there and is not."""
    if harfbuzz_subset:
        return []
    return [
        _(
            "libharfbuzz-subset is missing: documents take about four times as long. Install %(package)s.",
            package="libharfbuzz-subset0",
        )
    ]


def _pages(documents: Sequence[tuple[str, Document]]) -> int:
    return sum(len(document.pages) for _key, document in documents)


def _refuse_over(most: int, pages: int) -> None:
    if pages > most:
        raise Refused(_("This has more than %(most)s pages. Please print it in parts.", most=most))
