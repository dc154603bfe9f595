"""Pages of a course that stand outside its weeks: good to have at hand, and never locked."""

from dataclasses import dataclass
from enum import StrEnum


class Readers(StrEnum):
    """Whom a page is written for."""

    EVERYONE = "everyone"
    FACILITATORS = "facilitators"


@dataclass(frozen=True, slots=True)
class Page:
    """One page; `html` is safe, ready-made HTML whose headings begin at the second level."""

    id: str
    title: str
    summary: str
    readers: Readers
    html: str
