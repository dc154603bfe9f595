"""What is wrong in a course folder: one sentence each, and where it stands."""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """A place in a file, counted from 1."""

    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault; `file` is relative to the course folder, `/` between its parts."""

    file: str
    line: int
    column: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.sentence}"


@dataclass(slots=True)
class Faults:
    """Collects faults while a folder is read, so that all are told at once."""

    found: set[Fault] = field(default_factory=set)

    def add(self, file: str, spot: Spot, sentence: str) -> None:
        self.found.add(Fault(file, spot.line, spot.column, sentence))

    def __iter__(self) -> Iterator[Fault]:
        """In order of file, line and column."""
        return iter(sorted(self.found))
