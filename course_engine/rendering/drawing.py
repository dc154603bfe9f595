"""From values to a PDF, inside the child process. The same values give the same bytes."""

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pydyf
from weasyprint.text.ffi import harfbuzz_subset

from course_engine import i18n
from course_engine.domain.errors import Refused
from course_engine.i18n import gettext as _
from course_engine.rendering.collating import NO_LABEL, Asked, Collated, Wanted, collate, wanted
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
        pile = self._piled(of, clock, pictures)
        labels = [self._label(pile, part, pictures) if of.title else NO_LABEL for part in of.parts]
        order = collate(pile.places, labels, pile.pages, of)
        _refuse_over(MOST_PRINTED, order.pages)
        if order.fillers:
            self._margin("filler", of.parts[0], of.language, pile, pictures)
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
        pile = self._piled(of, Clock(), pictures, counting=True)
        self._setter.keep(pictures)
        order = collate(pile.places, [NO_LABEL] * len(of.parts), pile.pages, of)
        _refuse_over(MOST_PRINTED, order.pages)
        return {"pages": order.pages, "parts": [len(pages) for pages in pile.places]}

    def _piled(
        self, of: Wanted, clock: Clock, pictures: dict[str, object], *, counting: bool = False
    ) -> Pile:
        """The pages of every part; parts of which the same pages are made are set once."""
        pile, known = Pile(), dict[str, Sequence[int]]()
        self._progress.begin(wanted=bool(of.title))
        before = 0
        for done, part in enumerate(of.parts):
            # In a booklet what is joined goes on where the part before it ends, on either side of the fold.
            before = before if part.joined else 0
            verso = of.booklet and before % 2 == 1
            bare = part.bare(counting=counting) if of.title else part
            if (key := f"{verso}{bare.key}") not in known:
                known[key] = self._set(pile, bare, clock, pictures, verso=verso, alone=not of.title)
                _refuse_over(MOST_SET, pile.pages)
            pile.places.append(known[key])
            before += len(known[key])
            if of.title:
                self._progress.laid_out(done + 1, len(of.parts))
        return pile

    def _set(
        self,
        pile: Pile,
        part: Asked,
        clock: Clock,
        pictures: dict[str, object],
        *,
        verso: bool,
        alone: bool,
    ) -> Sequence[int]:
        written = self._setter.write(part)
        if alone and part.kind == "book":
            self._progress.begin(len(written.text) // LETTERS.get(str(part.values.get("size")), 650))
        clock.lap("html")
        pages = pile.add(self._setter.set(written, pictures, verso=verso), part.language)
        clock.lap("layout")
        return pages

    def _label(self, pile: Pile, part: Asked, pictures: dict[str, object]) -> int:
        """The page with nothing on it but what stands in the margin of this part."""
        return self._margin("label", part, part.language, pile, pictures) if part.label else NO_LABEL

    def _margin(self, kind: str, part: Asked, language: str, pile: Pile, pictures: dict[str, object]) -> int:
        """An empty page on the paper of this part."""
        shared = {
            name: part.values[name] for name in ("paper", "size", "ink", "folded") if name in part.values
        }
        asked = Asked(kind, {"size": "normal", "ink": "normal", **shared, **part.label}, language)
        return pile.add(self._setter.set(self._setter.write(asked), pictures), language)[0]

    def _written(
        self, of: Wanted, pile: Pile, order: Collated, clock: Clock, pictures: dict[str, object]
    ) -> bytes:
        whole = joined(of, pile, order) if of.title else pile.documents[0]

        def finish(_document: object, pdf: pydyf.PDF) -> None:
            self._progress.reach(DRAWN)
            name_every_glyph(pdf)
            if of.booklet:
                with i18n.speak(of.language):
                    impose(pdf, order.runs, from_right=i18n.direction() == "rtl")
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


def _refuse_over(most: int, pages: int) -> None:
    if pages > most:
        raise Refused(_("This has more than %(most)s pages. Please print it in parts.", most=most))
