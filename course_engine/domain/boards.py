"""What a board tells of a cohort besides its rows."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Word:
    """A fact for which somebody might welcome a word; `at` is its instant, if it has one.

    Nothing that is sent reaches whoever is `on_paper`.
    """

    fact: str
    person: str
    name: str
    at: datetime | None
    on_paper: bool = False


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many people a cohort has, and how many of them are on hold or have not begun."""

    people: int
    on_hold: int
    not_started: int
