"""A course as someone would meet it who does each step as soon as it opens."""

from datetime import datetime, timedelta

from course_engine.domain.access import Access, access
from course_engine.domain.calendar import local_day
from course_engine.domain.course import Course
from course_engine.domain.pace import Pace, PaceKind
from course_engine.domain.progress import History, Run
from course_engine.engine import Engine
from course_engine.services import editions
from course_engine.services.runs import Position


def preview(
    engine: Engine, course: str, kind: PaceKind | None, begin: datetime, at: datetime
) -> tuple[Course, Access]:
    """The course and how it stands at an instant for someone who joined at `begin`. Raises NotFound.

    In a cohort the first session is a week after joining.
    """
    of = editions.look_up(engine, course)
    return of, seen(of, "", kind, engine.config.zone, begin, at).access


def seen(
    course: Course, digest: str, kind: PaceKind | None, zone: str, begin: datetime, at: datetime
) -> Position:
    """The same of any course, a draft too, as a position that is nobody's."""
    pace = _pace(course, kind or PaceKind(course.pace), begin, zone)
    past, now = History(started_at=begin), begin
    while True:
        found = access(course, past, pace, (), now)
        if found.next_step is not None and now < at:
            past = History(begin, {**past.done, found.next_step: now})
        elif found.next_opening is not None and found.next_opening[1] <= at:
            now = found.next_opening[1]
        else:
            break
    run = Run("", "", course.id, digest, pace.kind.value, None, begin)
    return Position(run, course, past, pace, (), access(course, past, pace, (), at), zone)


def _pace(course: Course, kind: PaceKind, begin: datetime, zone: str) -> Pace:
    if kind is not PaceKind.COHORT:
        return Pace.alone(kind, zone)
    first = local_day(begin, zone)
    calendar = {week.number: first + timedelta(days=7 * week.number) for week in course.weeks if week.number}
    return Pace(kind, zone, calendar=calendar)
