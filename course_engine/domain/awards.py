"""What earns a certificate, and what is still to come, as plain facts."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from course_engine.domain.access import Outline
from course_engine.domain.cohorts import Session
from course_engine.domain.course import Course


class Stage(StrEnum):
    """How near somebody is to a certificate."""

    READY = "ready"
    MADE = "made"
    NOT_YET = "not-yet"
    WITHDRAWN = "withdrawn"


class Left(StrEnum):
    """Why no certificate was made for somebody who was chosen."""

    GONE = "gone"
    NOT_BEGUN = "not_begun"
    NOTHING_DONE = "nothing_done"
    NOT_EARNED = "not_earned"
    LETTERS = "letters"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Earned:
    """Whether a certificate has been earned; `weeks` (ids) and `sessions` (how many) are still to come."""

    weeks: tuple[str, ...]
    sessions: int

    @property
    def whole(self) -> bool:
        return not self.weeks and self.sessions <= 0


def earned(
    course: Course, found: Outline, attended: Collection[int], sessions: Iterable[Session], asked: int
) -> Earned:
    """What a run still needs for its certificate: every week done and, in a cohort, `asked` sessions.

    Of these it never asks for more than can be attended: see `to_attend`.
    """
    held = list(sessions)
    waiting = tuple(week.id for week in course.weeks if found.weeks[week.id].done_at is None)
    return Earned(waiting, max(0, to_attend(asked, held) - len(counted(attended, held))))


def to_attend(asked: int, sessions: Iterable[Session]) -> int:
    """How many sessions a certificate asks for: `asked`, or all that take place where they are fewer."""
    return min(asked, sum(not one.cancelled for one in sessions))


def counted(attended: Collection[int], sessions: Iterable[Session]) -> frozenset[int]:
    """Those of the `attended` sessions (by number) that count: one that was cancelled counts for nobody."""
    return frozenset(one.number for one in sessions if not one.cancelled and one.number in attended)
