"""The calendar of a cohort: planned week by week, checked, and moved with what it opened kept open."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from course_engine.domain.calendar import local_day, opening_instant
from course_engine.domain.cohorts import Cohort, Session, weekly
from course_engine.domain.course import Course, Week
from course_engine.domain.errors import BadInput, Refused
from course_engine.domain.people import Person
from course_engine.engine import Engine
from course_engine.i18n import day as named_day
from course_engine.i18n import gettext as _
from course_engine.services import attendance, boards, messages, standings
from course_engine.storage import audit, cohorts

BACK, AHEAD = timedelta(days=1), timedelta(days=5 * 366)
NOTED_BACK = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Evening:
    """A row of a calendar that is being planned: the session of a week, or a week without one.

    `clash` names another cohort of the same facilitator at that time; `clocks` says that the clocks have
    changed since the row before, `jumped` that they jump over the hour of the others on this day.
    """

    day: date
    week: Week | None = None
    session: Session | None = None
    clash: str = ""
    clocks: bool = False
    jumped: bool = False


def within(day: date, field: str, now: datetime, back: timedelta = BACK) -> date:
    """The day, from yesterday to five years from now, whatever the zone. Raises BadInput by this field.

    With `back` it may lie further in the past: `NOTED_BACK` is for a session that somebody was at.
    """
    today = now.date()
    if day < today - back:
        raise BadInput({field: _("This day is over. Choose today or a later day.")})
    if day > today + AHEAD:
        raise BadInput({field: _("This day is too far away. Choose one within the next five years.")})
    return day


def first_day(day: date, zone: str, now: datetime) -> date:
    """The day, if the first session of a new cohort in this zone can be on it. Raises BadInput."""
    if within(day, "first", now) < local_day(now, zone):
        raise BadInput({"first": _("This day is over. Choose today or a later day.")})
    return day


def plan(
    engine: Engine,
    facilitator: Person,
    course: Course,
    first: datetime,
    zone: str,
    minutes: int,
    skipped: Collection[date] = (),
) -> list[Evening]:
    """The calendar as it would be, week by week, those without a session too."""
    sessions = weekly("", _numbers(course), first, zone, minutes, skipped)
    taken = cohorts.sessions_led(facilitator.id, sessions[0].starts_at, sessions[-1].starts_at)
    rows = [
        Evening(
            local_day(one.starts_at, zone), course.week(one.number), one, _clash(one, taken),
            jumped=_hour(one.starts_at, zone) != _hour(first, zone),
        )
        for one in sessions
    ]  # fmt: skip
    days = {row.day for row in rows}
    rows += [
        Evening(day)
        for day in skipped
        if rows[0].day - timedelta(days=7) <= day < rows[-1].day and day not in days
    ]
    rows.sort(key=lambda row: row.day)
    return [
        replace(
            row, clocks=at > 0 and _offset(row.day, first, zone) != _offset(rows[at - 1].day, first, zone)
        )
        for at, row in enumerate(rows)
    ]


def first_plan(
    engine: Engine,
    facilitator: Person,
    course: Course,
    first: datetime,
    zone: str,
    minutes: int,
    now: datetime,
    skipped: Collection[date] = (),
) -> list[Session]:
    """The sessions of a new cohort. Raises BadInput for a day that cannot be, or an hour that is taken."""
    first_day(local_day(first, zone), zone, now)
    rows = plan(engine, facilitator, course, first, zone, minutes, skipped)
    clash = next((row for row in rows if row.clash), None)
    if clash is not None:
        raise BadInput({"first": _clashing(clash)})
    return [row.session for row in rows if row.session is not None]


def changed(
    before: Sequence[Session], wanted: Sequence[Session], met: Collection[int], now: datetime
) -> list[Session]:
    """The sessions that would change, as they would be; at those in `met` (by number) somebody has been.

    Raises BadInput, by `session-N`, for one that would move into the past, before the one before it, or to a
    time that is still to come though somebody has been there. One that is to come though it was noted already
    moves wherever it fits, back too.
    """
    were = {one.number: one for one in before}
    found = [one for one in wanted if were[one.number] != one]
    moved = [one for one in found if were[one.number].starts_at != one.starts_at]
    stuck = {number for number in met if number in were and attendance.begins(were[number]) > now}
    _refuse_odd_dates(wanted, moved, met, stuck, now)
    return found


def refuse_clashes(
    cohort: Cohort, before: Sequence[Session], wanted: Sequence[Session], leader: Person, now: datetime
) -> None:
    """Raises BadInput, by `session-N`, for one that would come to where this person leads another cohort."""
    were = {one.number: one for one in before}
    moved = [one for one in wanted if were[one.number] != one and not one.cancelled and one.starts_at > now]
    if not moved:
        return
    starts = [one.starts_at for one in moved]
    led = cohorts.sessions_led(leader.id, min(starts), max(starts))
    taken = [(name, other) for name, other in led if other.cohort != cohort.id]
    names = {f"session-{one.number}": _clash(one, taken) for one in moved}
    faults = {
        field: _("You lead “%(name)s” at that time. Choose another day or hour.", name=name)
        for field, name in names.items()
        if name
    }
    if faults:
        raise BadInput(faults)


def reschedule_and_tell(
    engine: Engine,
    cohort: Cohort,
    wanted: Sequence[Session],
    subject: str,
    text: str,
    actor: Person,
    now: datetime,
) -> datetime | None:
    """Give a cohort other dates and send everybody this message; when it goes out, None if nothing changed.

    Both are kept or neither. Raises as `reschedule` does, and BadInput for a message that cannot be.
    """
    with engine.database.transaction():
        if not reschedule(engine, cohort, wanted, actor, now):
            return None
        message = messages.write(engine, cohort, subject, text, actor, now)
        return messages.send(engine, message, cohort, now, actor, now)


def reschedule(
    engine: Engine, cohort: Cohort, wanted: Sequence[Session], actor: Person, now: datetime
) -> list[Session]:
    """Give a cohort other dates; what was open stays open. The sessions that changed.

    Raises BadInput as `changed` and `refuse_clashes` do, and Refused where the group has other sessions by
    now than were looked at.
    """
    with engine.database.transaction():
        engine.database.one_at_a_time(f"cohort {cohort.id}")
        cohort = cohorts.get(cohort.id) or cohort
        held = cohorts.sessions(cohort.id)
        before = {one.number: one for one in held}
        if {one.number for one in wanted} != before.keys():
            raise Refused(
                _(
                    "Your group has been moved to another edition meanwhile, and has other sessions now. "
                    "Nothing was changed. Look at the calendar again."
                )
            )
        other = changed(held, wanted, attendance.counts(cohort), now)
        if not other:
            return []
        refuse_clashes(cohort, held, wanted, actor, now)
        if any(_has_opened(cohort, before[one.number], now) for one in other):
            standings.keep_all(engine, cohort, held, now)
        cohorts.set_sessions(cohort.id, wanted)
        audit.add(
            now, actor.id, "cohort.calendar", None,
            {"cohort": cohort.id, "sessions": [one.number for one in other]},
        )  # fmt: skip
        boards.recount(engine, cohort.id, now)
    return other


def later(sessions: Sequence[Session], number: int, zone: str) -> list[Session]:
    """The same sessions, from this one on a week later at the same local hour."""
    hours = {_hour(one.starts_at, zone) for one in sessions}
    return [
        one if one.number < number else replace(one, starts_at=_week_on(one, zone, hours)) for one in sessions
    ]


def _numbers(course: Course) -> list[int]:
    return [week.number for week in course.weeks if week.number]


def _offset(day: date, first: datetime, zone: str) -> timedelta | None:
    return datetime.combine(day, _hour(first, zone), ZoneInfo(zone)).utcoffset()


def _hour(moment: datetime, zone: str) -> time:
    return moment.astimezone(ZoneInfo(zone)).time().replace(second=0, microsecond=0)


def _clash(session: Session, taken: Sequence[tuple[str, Session]]) -> str:
    return next((name for name, other in taken if session.overlaps(other)), "")


def _clashing(row: Evening) -> str:
    return _(
        "On %(day)s you lead “%(name)s” at the same time. Choose another day or hour, or leave that week "
        "out.",
        day=named_day(row.day),
        name=row.clash,
    )


def _refuse_odd_dates(
    wanted: Sequence[Session],
    moved: Sequence[Session],
    met: Collection[int],
    stuck: Collection[int],
    now: datetime,
) -> None:
    faults: dict[str, str] = {}
    for one in moved:
        if one.number in stuck:
            continue
        if one.number in met and attendance.begins(one) > now:
            faults[f"session-{one.number}"] = _(
                "Somebody is noted as having been at this session, so its day and hour stay. If it has not "
                "taken place, note them as not here first."
            )
        elif one.starts_at < now and not one.cancelled:
            faults[f"session-{one.number}"] = _("This time is over. Choose a later one.")
    for before, after in pairwise(wanted):
        if after.starts_at < before.starts_at + timedelta(minutes=before.minutes):
            faults[f"session-{after.number}"] = _(
                "This lies before the end of session %(n)s. Sessions come one after another.", n=before.number
            )
    if faults:
        raise BadInput(faults)


def _has_opened(cohort: Cohort, session: Session, now: datetime) -> bool:
    return opening_instant(local_day(session.starts_at, cohort.zone), cohort.zone) <= now


def _week_on(session: Session, zone: str, hours: Collection[time]) -> datetime:
    """A week later at the same local hour; at that of the others where the clocks had jumped over it."""
    local = session.starts_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    jumped = [
        hour
        for hour in hours
        if hour != _hour(session.starts_at, zone) and _instant(local.date(), hour, zone) == session.starts_at
    ]
    day = local.date() + timedelta(days=7)
    return _instant(day, jumped[0] if jumped else local.time(), zone)


def _instant(day: date, hour: time, zone: str) -> datetime:
    return datetime.combine(day, hour, ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))
