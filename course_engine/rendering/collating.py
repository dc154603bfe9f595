"""In which order the documents of a pack lie: copies, empty backs, folded sheets. Plain numbers only."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, islice

FOLDED_PAGES = 4
# Folded, so few pages would leave half their sheet empty: they are printed flat.
FLAT_PAGES = 2
# What whoever leads holds in the hand is never folded.
FLAT = ("plan", "sign-in")
NO_LABEL = -1
UNLABELLED = (NO_LABEL, NO_LABEL)

# What stands in the margin, where it does not change the page: documents that differ in it are set once.
LABEL = ("for", "paper_name", "paper_code", "paper_named")
# What changes a page, but not how many there are.
PERSONAL = ("person", "address")

Face = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Asked:
    """A part of a pack as it was asked for."""

    kind: str
    values: Mapping[str, object]
    language: str
    copies: int = 1
    joined: bool = False

    @property
    def folded(self) -> bool:
        """Whether it is set on half pages."""
        return bool(self.values.get("folded"))

    def fold(self, *, folded: bool) -> "Asked":
        """The same, on half pages or flat."""
        return replace(self, values={**self.values, "folded": folded})

    @property
    def label(self) -> Mapping[str, object]:
        """What stands in its margin, where something does."""
        return {name: value for name in LABEL if (value := self.values.get(name))}

    def bare(self, *, counting: bool = False) -> "Asked":
        """The same without its label; for `counting` it is also the same for every person."""
        kept = {name: value for name, value in self.values.items() if name not in LABEL}
        if counting:
            kept |= {name: "A" for name in PERSONAL if kept.get(name)}
        return Asked(self.kind, kept, self.language)

    @property
    def key(self) -> str:
        """The same for parts of which the same pages are made."""
        return json.dumps([self.kind, self.language, self.values], sort_keys=True)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document, or a pack of them: `title` is empty where the document has one of its own.

    With `run_on` the documents that belong together follow one another on both sides of the paper.
    """

    parts: Sequence[Asked]
    language: str
    title: str = ""
    sides: int = 1
    booklet: bool = False
    run_on: bool = False

    @property
    def identifier(self) -> bytes:
        """A name for the file, the same for the same pack."""
        parts = [[part.key, part.copies, part.joined] for part in self.parts]
        told = json.dumps([parts, self.language, self.title, self.sides, self.booklet, self.run_on])
        return hashlib.sha256(told.encode()).hexdigest()[:32].encode()


@dataclass(frozen=True, slots=True)
class Length:
    """How long a pack is: pages and sheets of paper with every copy, and the pages of each of its parts.

    `empty` pages are left free so that everybody begins on the front of a sheet. In a booklet two pages
    share a side.
    """

    pages: int
    sheets: int
    empty: int
    parts: tuple[int, ...]


@dataclass(slots=True)
class Collated:
    """Faces of paper in their order: each the place of a page, and that of the label in its margin.

    Each of `runs` is one copy of what belongs together, and `folds` says whether it is folded. `filler` is
    the place of the empty page, the one after it that of an empty half page; whether they are used at all,
    `fillers` says.
    """

    filler: int
    runs: list[list[Face]] = field(default_factory=list)
    folds: list[bool] = field(default_factory=list)

    @property
    def pages(self) -> int:
        """Pages of paper as they are printed: on those of a booklet two stand side by side."""
        return self.faces - self.folded_faces // 2

    @property
    def faces(self) -> int:
        """Pages as they are read, the empty ones too."""
        return sum(map(len, self.runs))

    @property
    def folded_faces(self) -> int:
        """Those of them that are half pages."""
        return sum(len(run) for run, folded in zip(self.runs, self.folds, strict=True) if folded)

    @property
    def fillers(self) -> int:
        """How many are left empty."""
        return sum(self.times(self.filler + half, run) for run in self.runs for half in (0, 1))

    def times(self, page: int, run: Sequence[Face]) -> int:
        """How often a page comes in this run."""
        return sum(1 for place, _label in run if place == page)


def wanted(kind: str, values: Mapping[str, object], language: str) -> Wanted:
    """What a question asks for, be it one document or a pack."""
    if kind != "pack":
        return Wanted([Asked(kind, values, language)], language)
    booklet = bool(values.get("booklet"))
    told = values["parts"]
    parts = [_asked(part) for part in told] if isinstance(told, list) else []
    if booklet:
        parts = [part.fold(folded=one) for part, one in zip(parts, folding(parts), strict=True)]
    return Wanted(
        parts=parts,
        language=language,
        title=str(values["title"]),
        sides=2 if values.get("sides") == 2 else 1,
        booklet=booklet,
        run_on=bool(values.get("run_on")),
    )


def collate(places: Sequence[Sequence[int]], labels: Sequence[Face], filler: int, of: Wanted) -> Collated:
    """The order of all pages: `places` and `labels` say where those of each part are.

    A label is two: for the first page of its part, and for those after it.
    """
    found = Collated(filler)
    backs = of.sides == 2 or of.booklet
    for group, copies, half in _piles(places, labels, of.parts):
        folded = of.booklet and half
        empty: Face = (filler + folded, NO_LABEL)
        run: list[Face] = []
        for faces in group:
            run += [*faces, empty] if backs and len(faces) % 2 and not (of.run_on or of.booklet) else faces
        run += [empty] * (-len(run) % (FOLDED_PAGES if folded else 2 if backs else 1))
        found.runs += [run] * copies
        found.folds += [folded] * copies
    if backs and not found.folds[-1] and found.runs[-1][-1] == (filler, NO_LABEL):
        found.runs[-1] = found.runs[-1][:-1]
    return found


def groups(parts: Sequence[Asked]) -> list[list[Asked]]:
    """Parts that are repeated together."""
    found: list[list[Asked]] = []
    for part in parts:
        if part.joined and found:
            found[-1].append(part)
        else:
            found.append([part])
    return found


def folding(parts: Sequence[Asked], pages: Sequence[int] = ()) -> list[bool]:
    """Which parts of a booklet are folded; with the `pages` of each, those too short for it are not."""
    counted = iter(pages)
    told = []
    for group in groups(parts):
        short = bool(pages) and sum(next(counted) for _part in group) <= FLAT_PAGES
        told += [not short and all(part.kind not in FLAT for part in group)] * len(group)
    return told


def length(pages: Sequence[int], of: Wanted) -> Length:
    """How long a pack will be whose parts have so many pages each."""
    total = sum(pages)
    places = [range(end - many, end) for end, many in zip(accumulate(pages), pages, strict=True)]
    if of.booklet:
        folds = folding(of.parts, pages)
        of = replace(of, parts=[part.fold(folded=told) for part, told in zip(of.parts, folds, strict=True)])
    found = collate(places, [UNLABELLED] * len(pages), total, of)
    folded, sides = found.folded_faces, 2 if of.booklet else of.sides
    sheets = folded // FOLDED_PAGES + -(-(found.faces - folded) // sides)
    return Length(found.faces, sheets, found.fillers, tuple(pages))


def imposed(run: Sequence[Face]) -> Iterator[tuple[Face, Face]]:
    """The pages of a booklet side by side, as its sheets are printed: outside, inside, next outside.

    Their number is a multiple of four.
    """
    last = len(run) - 1
    for place in range(len(run) // 2):
        pair = run[last - place], run[place]
        yield pair if place % 2 == 0 else pair[::-1]


def _piles(
    places: Sequence[Sequence[int]], labels: Sequence[Face], parts: Sequence[Asked]
) -> Iterator[tuple[list[list[Face]], int, bool]]:
    """The faces of each part that belong together, their copies, and whether they are on half pages."""
    known = zip(places, labels, strict=True)
    for group in groups(parts):
        faces = []
        for pages, (first, after) in islice(known, len(group)):
            faces.append([(page, after if number else first) for number, page in enumerate(pages)])
        yield faces, group[0].copies, group[0].folded


def _asked(part: Mapping[str, object]) -> Asked:
    values = part["values"]
    return Asked(
        kind=str(part["kind"]),
        values=values if isinstance(values, dict) else {},
        language=str(part["language"]),
        copies=int(str(part.get("copies", 1))),
        joined=bool(part.get("joined")),
    )
