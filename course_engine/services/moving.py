"""Moving a group to another edition of its course: looked at first, and nothing that was open closes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from course_engine.domain.calendar import local_day
from course_engine.domain.cohorts import Cohort, Session, weekly
from course_engine.domain.editions import Edition, renumbered
from course_engine.domain.errors import NotFound, Refused
from course_engine.domain.people import Person
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.services import boards, catalogue, standings
from course_engine.services.catalogue import Comparison
from course_engine.storage import audit, cohorts
from course_engine.storage import editions as stored
from course_engine.storage import runs as stored_runs


@dataclass(frozen=True, slots=True)
class Move:
    """What would come of moving a group: the difference, its new and dropped sessions, and its people.

    `stops` says why it cannot be done, where it cannot.
    """

    to: Edition
    comparison: Comparison
    added: tuple[Session, ...]
    dropped: tuple[Session, ...]
    people: int
    stops: str = ""


def choices(cohort: Cohort) -> list[Edition]:
    """The editions a group could move to, newest first: those on offer, and those it had before."""
    met = stored.met(cohort.id)
    return [
        one
        for one in stored.every(cohort.course)
        if one.digest != cohort.edition and (one.withdrawn_at is None or one.digest in met)
    ]


def plan(engine: Engine, cohort: Cohort, digest: str, now: datetime) -> Move:
    """What would come of it; nothing is changed. Raises NotFound for an edition it cannot have."""
    to = next((one for one in choices(cohort) if one.digest == digest), None)
    if to is None:
        raise NotFound(_("There is no such edition for this group. It may have been withdrawn meanwhile."))
    found = catalogue.compare(engine, cohort.edition, digest)
    held = cohorts.sessions(cohort.id)
    there = {one.number for one in held}
    numbers = [week.number for week in found.new.weeks if week.number]
    dropped = tuple(one for one in held if one.number not in numbers and one.starts_at > now)
    added = _added(cohort, held, [number for number in numbers if number not in there], now)
    people = len(stored_runs.of_cohort(cohort.id))
    return Move(to, found, added, dropped, people, _stops(cohort, found, held, now))


def move(engine: Engine, cohort: Cohort, digest: str, actor: Person, now: datetime) -> Move:
    """Do it for everybody in the group at once; what was open or done stays so. Raises NotFound, Refused."""
    with engine.database.transaction():
        engine.database.one_at_a_time(f"cohort {cohort.id}")
        # Whoever completes a step just now has done so before or after, by one edition and not by two.
        inside = stored_runs.of_cohort(cohort.id)
        engine.database.one_at_a_time(*(f"run {run.id}" for run in inside))
        current = cohorts.get(cohort.id) or cohort
        found = plan(engine, current, digest, now)
        if found.stops:
            raise Refused(found.stops)
        held = cohorts.sessions(cohort.id)
        standings.keep_all(engine, current, held, now)
        stored.move_cohort(cohort.id, digest)
        gone = {one.number for one in found.dropped}
        kept = sorted([*(one for one in held if one.number not in gone), *found.added], key=_number)
        cohorts.set_sessions(cohort.id, kept)
        detail = {"cohort": cohort.id, "course": cohort.course, "from": current.edition, "edition": digest}
        audit.add(now, actor.id, "cohort.edition", None, detail)
        boards.recount(engine, cohort.id, now)
    return found


def _added(cohort: Cohort, held: Sequence[Session], numbers: list[int], now: datetime) -> tuple[Session, ...]:
    """Sessions for weeks that come anew: week by week after the last one there is, on days to come."""
    if not numbers or not held or cohort.ended_at is not None:
        return ()
    last = max(held, key=lambda one: one.starts_at)
    day, today = local_day(last.starts_at, cohort.zone), local_day(now, cohort.zone)
    over = {day + timedelta(weeks=weeks) for weeks in range(max(0, (today - day).days) // 7 + 1)}
    return tuple(weekly(cohort.id, numbers, last.starts_at, cohort.zone, last.minutes, over))


def _stops(cohort: Cohort, found: Comparison, held: Sequence[Session], now: datetime) -> str:
    """Sessions are kept by the number of their week: where that means another week, being there would too."""
    odd = renumbered(found.old, found.new) if found.old else set()
    met = [one.number for one in held if one.number in odd and one.starts_at <= now]
    if not met:
        return ""
    return _(
        "Your group has met for week %(number)s already, and in this edition that is another week. Who was "
        "there would be noted for the wrong one, so the group stays with its edition.",
        number=met[0],
    )


def _number(session: Session) -> int:
    return session.number
