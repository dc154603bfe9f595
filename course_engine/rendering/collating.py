"""In which order the documents of a pack lie: copies, empty backs, folded sheets. Plain numbers only."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

FOLDED_PAGES = 4
NO_LABEL = -1

# What stands in the margin, where it does not change the page: documents that differ in it are set once.
LABEL = ("for", "paper_name", "paper_code")
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

    Each of `runs` is one copy of what belongs together. `filler` is the place of the empty page; whether
    it is used at all, `fillers` says.
    """

    filler: int
    folded: bool = False
    runs: list[list[Face]] = field(default_factory=list)

    @property
    def pages(self) -> int:
        """Pages of paper as they are printed: on those of a booklet two stand side by side."""
        return self.faces // 2 if self.folded else self.faces

    @property
    def faces(self) -> int:
        """Pages as they are read, the empty ones too."""
        return sum(map(len, self.runs))

    @property
    def fillers(self) -> int:
        """How many are left empty."""
        return sum(self.times(self.filler, run) for run in self.runs)

    def times(self, page: int, run: Sequence[Face]) -> int:
        """How often a page comes in this run."""
        return sum(1 for place, _label in run if place == page)


def wanted(kind: str, values: Mapping[str, object], language: str) -> Wanted:
    """What a question asks for, be it one document or a pack."""
    if kind != "pack":
        return Wanted([Asked(kind, values, language)], language)
    booklet = bool(values.get("booklet"))
    parts = values["parts"]
    return Wanted(
        parts=[_asked(part, booklet) for part in parts] if isinstance(parts, list) else [],
        language=language,
        title=str(values["title"]),
        sides=2 if values.get("sides") == 2 else 1,
        booklet=booklet,
        run_on=bool(values.get("run_on")),
    )


def collate(places: Sequence[Sequence[int]], labels: Sequence[int], filler: int, of: Wanted) -> Collated:
    """The order of all pages: `places` and `labels` say where those of each part are."""
    found = Collated(filler, of.booklet)
    backs = of.sides == 2 and not of.booklet
    empty: Face = (filler, NO_LABEL)
    for group, copies in _groups(places, labels, of.parts):
        run: list[Face] = []
        for faces in group:
            run += [*faces, empty] if backs and len(faces) % 2 and not of.run_on else faces
        if backs and len(run) % 2:
            run.append(empty)
        if of.booklet:
            run += [empty] * (-len(run) % FOLDED_PAGES)
        found.runs += [run] * copies
    if backs and found.runs[-1][-1] == empty:
        found.runs[-1] = found.runs[-1][:-1]
    return found


def length(pages: Sequence[int], of: Wanted) -> Length:
    """How long a pack will be whose parts have so many pages each."""
    total = sum(pages)
    places = [range(end - many, end) for end, many in zip(accumulate(pages), pages, strict=True)]
    found = collate(places, [NO_LABEL] * len(pages), total, of)
    a_sheet = FOLDED_PAGES if of.booklet else of.sides
    return Length(found.faces, -(-found.faces // a_sheet), found.fillers, tuple(pages))


def imposed(run: Sequence[Face]) -> Iterator[tuple[Face, Face]]:
    """The pages of a booklet side by side, as its sheets are printed: outside, inside, next outside.

    Their number is a multiple of four.
    """
    last = len(run) - 1
    for place in range(len(run) // 2):
        pair = run[last - place], run[place]
        yield pair if place % 2 == 0 else pair[::-1]


def _groups(
    places: Sequence[Sequence[int]], labels: Sequence[int], parts: Sequence[Asked]
) -> list[tuple[list[list[Face]], int]]:
    groups: list[tuple[list[list[Face]], int]] = []
    for pages, label, part in zip(places, labels, parts, strict=True):
        faces = [(page, label) for page in pages]
        if part.joined and groups:
            groups[-1][0].append(faces)
        else:
            groups.append(([faces], part.copies))
    return groups


def _asked(part: Mapping[str, object], booklet: bool) -> Asked:
    values = part["values"]
    return Asked(
        kind=str(part["kind"]),
        values={**values, "folded": booklet} if isinstance(values, dict) else {},
        language=str(part["language"]),
        copies=int(str(part.get("copies", 1))),
        joined=bool(part.get("joined")),
    )
