"""What a course claims and what stands behind it: sources, how certain they are, and what nobody knows."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Certainty(StrEnum):
    """How much a claim can bear."""

    STRONG = "strong"
    MODERATE = "moderate"
    EARLY = "early"
    NOT_KNOWN = "not known"


class Read(StrEnum):
    """How much of the source the authors have seen."""

    FULL = "full"
    SUMMARY = "summary"
    SECOND_HAND = "second-hand"


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim that a lesson may make, with its source; `figure` may be empty."""

    id: str
    claim: str
    source: str
    design: str
    size: str
    certainty: Certainty
    limits: str
    read: Read
    figure: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table: its cells, how certain it is, and the ids of the claims behind it."""

    cells: tuple[str, ...]
    certainty: Certainty
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """What studies looked at, side by side."""

    id: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]
    intro: str = ""


@dataclass(frozen=True, slots=True)
class Overstated:
    """Something that is often said, and what is fair to say instead."""

    said: str
    fair: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """All of a course's evidence, in the order of its file."""

    claims: tuple[Claim, ...]
    tables: tuple[Table, ...] = ()
    overstated: tuple[Overstated, ...] = ()
    not_known: tuple[str, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Claim]:
        """Every claim by its id."""
        return {claim.id: claim for claim in self.claims}
