"""Cohorts: groups with dates, who leads them, and the people in them."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from course_engine.crypto import new_id
from course_engine.domain.cohorts import Cohort, Session
from course_engine.domain.course import Course
from course_engine.domain.errors import NotFound
from course_engine.domain.pace import PaceKind
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.services import editions
from course_engine.storage import audit, cohorts
from course_engine.storage import runs as stored_runs


def add(
    engine: Engine,
    facilitator: Person,
    course: str,
    name: str,
    first: datetime,
    zone: str,
    minutes: int,
    now: datetime,
    skipped: Iterable[date] = (),
) -> Cohort:
    """A new cohort whose first session is at `first`, then one a week at the same local hour.

    A week whose day is in `skipped` has no session; it and all later ones move on by a week.
    """
    digest = editions.newest(course)
    of = engine.shelf.course(digest, engine.config.locale)
    cohort = Cohort(
        id=new_id(),
        name=name,
        course=course,
        edition=digest,
        zone=zone,
        time=True,
        completion=True,
        attended=of.certificate.attended,
        facilitators=(facilitator.id,),
        created_at=now,
    )
    with engine.database.transaction():
        cohorts.add(cohort)
        cohorts.set_sessions(cohort.id, calendar(cohort.id, of, first, zone, minutes, skipped))
        audit.add(now, facilitator.id, "cohort.add", None, {"cohort": cohort.id})
    return cohort


def calendar(
    cohort: str, course: Course, first: datetime, zone: str, minutes: int, skipped: Iterable[date] = ()
) -> list[Session]:
    """A session for every numbered week, at the same local hour through summer and winter time."""
    away = set(skipped)
    local = first.astimezone(ZoneInfo(zone))
    day, hour = local.date(), time(local.hour, local.minute)
    sessions: list[Session] = []
    for week in course.weeks:
        if week.number == 0:
            continue
        while day in away:
            day += timedelta(days=7)
        starts_at = datetime.combine(day, hour, ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))
        sessions.append(Session(cohort, week.number, starts_at, minutes))
        day += timedelta(days=7)
    return sessions


def add_member(engine: Engine, cohort: Cohort, person: Person, now: datetime, started: bool = True) -> Run:
    """Take someone into a cohort with a run of its edition; one who was invited only has not begun.

    Someone who had left comes back to the run there was.
    """
    with engine.database.transaction():
        engine.database.one_at_a_time(f"runs of {person.id}")
        run = next((run for run in stored_runs.of(person.id) if run.cohort == cohort.id), None)
        if run is None:
            run = Run(
                new_id(), person.id, cohort.course, cohort.edition, PaceKind.COHORT.value, cohort.id,
                now if started else None,
            )  # fmt: skip
            stored_runs.add(run, now)
        cohorts.add_member(cohort.id, person.id, run.id, now)
    return run


def led_by(person: Person) -> list[tuple[Cohort, int]]:
    """The cohorts someone leads, each with its number of people."""
    return cohorts.of_facilitator(person.id)


def led(person: Person, cohort: str) -> Cohort:
    """A cohort this person leads. Raises NotFound for any other, the same as for none."""
    found = cohorts.get(cohort)
    if found is None or person.id not in found.facilitators:
        raise NotFound(_("There is no such page."))
    return found


def sessions(cohort: Cohort) -> list[Session]:
    """The sessions of a cohort in order."""
    return cohorts.sessions(cohort.id)
