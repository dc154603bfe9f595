"""A group in numbers: how far people have come and how they took part in sessions. No names, no words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from course_engine.domain.cohorts import Present, Session
from course_engine.domain.course import Week

# A number of fewer people would be about somebody in particular.
FEWEST = 5


@dataclass(frozen=True, slots=True)
class Reached:
    """How many people have come to a week; `week` is None for the end of the course."""

    week: Week | None
    people: int


@dataclass(frozen=True, slots=True)
class Meeting:
    """A session that has begun, and how many took part in it in which way."""

    session: Session
    ways: Mapping[Present, int]
    people: int

    @property
    def unknown(self) -> int:
        """For how many nothing is written down."""
        return self.people - sum(self.ways.values())


@dataclass(frozen=True, slots=True)
class Figures:
    """A group in numbers; of fewer than FEWEST people who have begun there are none."""

    begun: int
    reached: tuple[Reached, ...] = ()
    meetings: tuple[Meeting, ...] = ()

    @property
    def shown(self) -> bool:
        return self.begun >= FEWEST


def figures(
    weeks: Sequence[Week],
    sessions: Iterable[Session],
    behind: Mapping[int, int],
    noted: Mapping[tuple[int, Present], int],
    now: datetime,
) -> Figures:
    """The numbers of a group.

    `behind` says how many people are past so many weeks, `noted` how many took part in a session in this way.
    """
    begun = sum(behind.values())
    if begun < FEWEST:
        return Figures(begun)
    places = (*weeks, None)
    reached = tuple(
        Reached(week, sum(count for past, count in behind.items() if past >= place))
        for place, week in enumerate(places)
    )
    held = [one for one in sessions if not one.cancelled and one.starts_at <= now]
    meetings = tuple(
        Meeting(one, {way: noted.get((one.number, way), 0) for way in Present}, begun) for one in held
    )
    return Figures(begun, reached, meetings)
