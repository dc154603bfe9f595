"""Copies of pages in a PDF that is about to be written: drawn once, there many times.

A copy shares the drawing of the page it is of; what stands in its margin alone, a name or a code, is a
drawing beside it. What a reader that speaks needs (the tree of tags) and links are its own, because each
tag belongs to one page; links lead to places in the same copy.
"""

from collections.abc import Mapping, Sequence

import pydyf

from course_engine.rendering.collating import NO_LABEL, Face
from course_engine.rendering.tags import Copies, number_of, places_of


def copy_pages(pdf: pydyf.PDF, runs: Sequence[Sequence[Face]], languages: Sequence[str]) -> None:
    """Put the drawn pages into this order, each of `runs` being one copy of what belongs together.

    `languages` says of each drawn page what its words are in, or nothing where that is the document's own.
    """
    sheaf = _Sheaf(pdf)
    for page, language in enumerate(languages):
        if language:
            sheaf.speak(page, language)
    for label in {label for run in runs for _page, label in run if label != NO_LABEL}:
        sheaf.as_label(label)
    drawn: set[int] = set()
    for run in runs:
        sheaf.put(run, drawn)
        drawn.update(page for page, _label in run)
    sheaf.finish()


class _Sheaf:
    """The drawn pages with their tags, and the order in which they and their copies will lie."""

    def __init__(self, pdf: pydyf.PDF) -> None:
        self._pdf = pdf
        self._drawn: list[int] = list(pdf.pages["Kids"][::3])
        self._drawings = [pdf.objects[page]["Contents"] for page in self._drawn]
        self._pages: list[int] = []
        self._elements: list[bytes] = []
        self._between: list[bytes] = []
        root = self._at(pdf.catalog["StructTreeRoot"])
        self._document = self._at(root["K"][0])
        self._nums = self._at(root["ParentTree"])["Nums"]
        self._next = max(self._nums[::2]) + 1
        self._places = places_of(pdf)
        self._tops: dict[int, list[bytes]] = {number: [] for number in self._drawn}
        for top in self._document["K"]:
            self._tops[number_of(self._at(top)["Pg"])].append(top)

    def speak(self, page: int, language: str) -> None:
        """Say of a drawn page what language it is in."""
        for top in self._tops[self._drawn[page]]:
            self._at(top)["Lang"] = pydyf.String(language)

    def as_label(self, page: int) -> None:
        """What is drawn on this page will stand in margins: nothing to be read aloud on every page."""
        drawing = self._at(self._drawings[page]).stream
        for place, item in enumerate(drawing):
            if item == b"BDC":
                drawing[place - 2 : place] = ["/Artifact", "<</Type /Pagination>>"]
        self._listed(self._drawn[page]).clear()

    def put(self, run: Sequence[Face], drawn: set[int]) -> None:
        """Lay down one run of pages; those already `drawn`, or twice in it, are copied."""
        seen = set(drawn)
        numbers: list[int] = []
        for page, label in run:
            numbers.append(self._copy_of(self._drawn[page]) if page in seen else self._drawn[page])
            self._label(numbers[-1], page, label)
            seen.add(page)
        own = [self._drawn[page] for page, _label in run]
        within = dict(zip(reversed(own), reversed(numbers), strict=True))
        for original, number in zip(own, numbers, strict=True):
            same = number == original
            self._elements += self._tops[number] if same else self._tags(original, number, within)
        self._pages += numbers

    def finish(self) -> None:
        """Let the document be what was laid down."""
        for page in set(self._drawn) - set(self._pages):
            self._pdf.objects[page].clear()
        self._pdf.pages["Kids"] = pydyf.Array([part for page in self._pages for part in (page, 0, "R")])
        self._pdf.pages["Count"] = len(self._pages)
        self._document["K"] = pydyf.Array(self._elements)

    def _copy_of(self, number: int) -> int:
        copy = pydyf.Dictionary(self._pdf.objects[number])
        self._pdf.add_object(copy)
        return int(copy.number)

    def _label(self, number: int, page: int, label: int) -> None:
        if label == NO_LABEL:
            self._pdf.objects[number]["Contents"] = self._drawings[page]
            return
        if not self._between:
            # A drawing leaves the page turned and scaled: what comes after it begins afresh.
            for sign in (b"q", b"Q"):
                stream = pydyf.Stream([sign])
                self._pdf.add_object(stream)
                self._between.append(stream.reference)
        before, after = self._between
        self._pdf.objects[number]["Contents"] = pydyf.Array(
            [before, self._drawings[page], after, self._drawings[label]]
        )

    def _tags(self, original: int, copy: int, within: Mapping[int, int]) -> list[bytes]:
        """The tags of a page once more, for its copy."""
        page = self._pdf.objects[copy]
        made = Copies(self._pdf, page, self._next, self._places, within)
        tops = [made.element(top, self._document.reference) for top in self._tops[original]]
        listed = self._listed(original)
        for one in listed:
            if one not in made.renamed:
                # Headers and footers have tags that are not in the tree: no reader says them on each page.
                made.element(self._top_of(one), self._document.reference)
        page["StructParents"] = self._next
        self._nums += [self._next, pydyf.Array([made.renamed[one] for one in listed])]
        for annotation, element in made.annotations:
            self._nums += [annotation, element]
        self._next += 1 + len(made.annotations)
        return tops

    def _listed(self, page: int) -> pydyf.Array:
        return self._nums[self._nums.index(self._pdf.objects[page]["StructParents"]) + 1]

    def _top_of(self, reference: bytes) -> bytes:
        parent: bytes = self._at(reference)["P"]
        return reference if parent == self._document.reference else self._top_of(parent)

    def _at(self, reference: bytes) -> pydyf.Dictionary:
        return self._pdf.objects[number_of(reference)]
