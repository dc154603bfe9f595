"""What earns a certificate, and what is still to come, as plain facts."""

from collections.abc import Mapping
from dataclasses import dataclass

from course_engine.domain.access import Access
from course_engine.domain.course import Course


@dataclass(frozen=True, slots=True)
class Earned:
    """Whether a certificate has been earned; `weeks` (ids) and `sessions` (how many) are still to come."""

    weeks: tuple[str, ...]
    sessions: int

    @property
    def whole(self) -> bool:
        return not self.weeks and self.sessions <= 0


def earned(course: Course, found: Access, attended: Mapping[int, object], asked: int) -> Earned:
    """What a run still needs for its certificate: every week done and, in a cohort, `asked` sessions."""
    waiting = tuple(week.id for week in course.weeks if found.weeks[week.id].done_at is None)
    return Earned(waiting, max(0, asked - len(attended)))
