"""Cohorts: who is in them, who leads them, when they meet and who was there."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from peewee import Case

from course_engine.domain.cohorts import Cohort, Present, RequestState, Safety, Session, Times
from course_engine.storage import tables as t
from course_engine.storage.accounts import may_lead
from course_engine.storage.database import all_rows, current, fetch, first_row
from course_engine.storage.fields import instant, moment
from course_engine.storage.runs import CALLED

_COHORT = (
    "c.id, c.name, c.course, c.edition, c.zone, c.time, c.completion, c.attended, c.created_at, c.ended_at, "
    "c.place, c.link, c.seats, c.safety, c.whole_workbook"
)
_LEADERS = f"facilitator f ON f.cohort = c.id AND {may_lead('f.person')}"
_GET = f"""
    SELECT {_COHORT}, f.person FROM cohort c LEFT JOIN {_LEADERS} WHERE c.id = ?
"""  # noqa: S608 — fixed columns
_CALENDAR = f"""
    SELECT {_COHORT}, f.person, s.number, s.starts_at, s.minutes, s.cancelled, s.code,
        (SELECT r.state FROM contact_request r WHERE r.cohort = c.id AND r.person = ?
         ORDER BY r.created_at DESC LIMIT 1)
    FROM cohort c LEFT JOIN {_LEADERS} LEFT JOIN session s ON s.cohort = c.id
    WHERE c.id = ?
"""  # noqa: S608 — fixed columns
_LEADER = 15
_LED = f"""
    SELECT {_COHORT}, f.person,
        (SELECT COUNT(*) FROM membership m WHERE m.cohort = c.id AND m.removed_at IS NULL)
    FROM cohort c JOIN facilitator mine ON mine.cohort = c.id LEFT JOIN {_LEADERS}
    WHERE mine.person = ? AND {may_lead("mine.person")} ORDER BY c.name, c.id
"""  # noqa: S608 — fixed columns
_EVER = f"""
    SELECT m.person, {CALLED}, m.run
    FROM membership m JOIN person p ON p.id = m.person JOIN run r ON r.id = m.run WHERE m.cohort = ?
"""  # noqa: S608 — fixed columns
_ROSTER = f"{_EVER} AND m.removed_at IS NULL ORDER BY r.listed_as, m.person"


def add(cohort: Cohort) -> None:
    """Write down a new cohort and who leads it."""
    with current().transaction():
        t.Cohort.insert(
            id=cohort.id,
            name=cohort.name,
            course=cohort.course,
            edition=cohort.edition,
            zone=cohort.zone,
            time=cohort.time,
            completion=cohort.completion,
            attended=cohort.attended,
            created_at=cohort.created_at,
            ended_at=cohort.ended_at,
            place=cohort.place,
            link=cohort.link,
            seats=cohort.seats,
            safety=asdict(cohort.safety),
            whole_workbook=cohort.whole_workbook,
        ).execute()
        set_facilitators(cohort.id, cohort.facilitators)


def get(id: str) -> Cohort | None:
    """The cohort with this id."""
    rows = fetch(_GET, id)
    return _made(rows) if rows else None


def calendar(id: str) -> tuple[Cohort, tuple[Session, ...]] | None:
    """A cohort and its sessions in order. One query."""
    found = calendar_for(id, "")
    return found[:2] if found else None


def calendar_for(id: str, person: str) -> tuple[Cohort, tuple[Session, ...], RequestState | None] | None:
    """A cohort, its sessions in order, and how this person's newest contact request stands. One query."""
    rows = fetch(_CALENDAR, person, id)
    if not rows:
        return None
    asked = RequestState(rows[0][-1]) if rows[0][-1] else None
    meeting = _LEADER + 1
    sessions = {row[meeting]: _session(id, row[meeting:-1]) for row in rows if row[meeting] is not None}
    return _made(rows), tuple(sessions[number] for number in sorted(sessions)), asked


def of_facilitator(person: str) -> list[tuple[Cohort, int]]:
    """The cohorts a person leads, by name, each with the number of people in it."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for row in fetch(_LED, person):
        found.setdefault(row[0], []).append(row)
    return [(_made(rows), int(rows[0][_LEADER + 1])) for rows in found.values()]


def every() -> list[Cohort]:
    """All cohorts, by name."""
    ids = all_rows(t.Cohort.select(t.Cohort.id).order_by(t.Cohort.name, t.Cohort.id))
    found = [get(id) for (id,) in ids]
    return [one for one in found if one is not None]


def change(id: str, **fields: Any) -> None:
    """Change columns of a cohort; `safety` as a Safety."""
    if "safety" in fields:
        fields["safety"] = asdict(fields["safety"])
    t.Cohort.update(**fields).where(t.Cohort.id == id).execute()


def end(id: str, at: datetime) -> bool:
    """Note that a cohort has come to its end; false when it had before."""
    query = t.Cohort.update(ended_at=at).where((t.Cohort.id == id) & t.Cohort.ended_at.is_null())
    return bool(query.execute())


def standing(id: str) -> list[str]:
    """Who stands in a cohort as a facilitator, those counted too who cannot lead at the moment."""
    query = t.Facilitator.select(t.Facilitator.person).where(t.Facilitator.cohort == id)
    return [person for (person,) in all_rows(query.order_by(t.Facilitator.person))]


def set_facilitators(id: str, people: Iterable[str]) -> None:
    """Let exactly these people stand in a cohort as its facilitators."""
    with current().transaction():
        t.Facilitator.delete().where(t.Facilitator.cohort == id).execute()
        rows = [(id, person) for person in sorted(set(people))]
        if rows:
            t.Facilitator.insert_many(rows, fields=[t.Facilitator.cohort, t.Facilitator.person]).execute()


def members(id: str) -> list[tuple[str, str, datetime]]:
    """Who is in a cohort now: person, run, joined at."""
    inside = (t.Membership.cohort == id) & t.Membership.removed_at.is_null()
    columns = (t.Membership.person, t.Membership.run, t.Membership.joined_at)
    query = t.Membership.select(*columns).where(inside).order_by(t.Membership.joined_at, t.Membership.person)
    return [(person, run, joined_at) for person, run, joined_at in all_rows(query)]


def roster(id: str) -> list[tuple[str, str, str]]:
    """Who is in a cohort now, by the name they are called there: person, name, run."""
    return [(person, str(name), run) for person, name, run in fetch(_ROSTER, id)]


def called(id: str) -> dict[str, str]:
    """What everybody is called, by id, who is in a cohort or was; not who was asked only and never came."""
    return {person: str(name) for person, name, _run in fetch(_EVER, id)}


def set_code(id: str, number: int, code: str | None) -> None:
    """Give a session the code by which people note that they are here, or take it away."""
    mine = (t.Session.cohort == id) & (t.Session.number == number)
    t.Session.update(code=code).where(mine).execute()


def add_member(id: str, person: str, run: str, at: datetime) -> None:
    """Take a person into a cohort; someone who had left comes back.

    Attendance is found by the membership, so one whose run has begun keeps that run.
    """
    begun = t.Run.select(t.Run.id).where(t.Run.started_at.is_null(False))
    keeps = Case(None, [(t.Membership.run.in_(begun), t.Membership.run)], run)
    with current().transaction():
        t.Membership.insert(cohort=id, person=person, run=run, joined_at=at).on_conflict(
            conflict_target=[t.Membership.cohort, t.Membership.person],
            update={"run": keeps, "removed_at": None, "away": _away(id, person, at)},
        ).execute()


def times(id: str, person: str) -> Times | None:
    """Since when a person is in a cohort, and when they were not; None for somebody who never was."""
    found = t.Membership.select(t.Membership.joined_at, t.Membership.removed_at, t.Membership.away)
    row = first_row(found.where((t.Membership.cohort == id) & (t.Membership.person == person)))
    if row is None:
        return None
    joined_at, removed_at, away = row
    gaps = [(datetime.fromisoformat(left), datetime.fromisoformat(back)) for left, back in away]
    return Times(joined_at, removed_at, tuple(gaps))


def run_of(id: str, person: str) -> str | None:
    """The run by which a person is or was in a cohort."""
    mine = (t.Membership.cohort == id) & (t.Membership.person == person)
    row = first_row(t.Membership.select(t.Membership.run).where(mine))
    return str(row[0]) if row else None


def left(id: str) -> set[str]:
    """Who was in a cohort and is in it no longer."""
    gone = (t.Membership.cohort == id) & t.Membership.removed_at.is_null(False)
    return {person for (person,) in all_rows(t.Membership.select(t.Membership.person).where(gone))}


def remove_member(id: str, person: str, at: datetime) -> bool:
    """Let a person leave a cohort; what they did stays. Whether they were in it."""
    found = (t.Membership.cohort == id) & (t.Membership.person == person) & t.Membership.removed_at.is_null()
    return bool(t.Membership.update(removed_at=at).where(found).execute())


def sessions(id: str) -> list[Session]:
    """The sessions of a cohort in order."""
    rows = all_rows(
        t.Session.select(
            t.Session.number, t.Session.starts_at, t.Session.minutes, t.Session.cancelled, t.Session.code
        )
        .where(t.Session.cohort == id)
        .order_by(t.Session.number)
    )
    return [_session(id, row) for row in rows]


def sessions_led(person: str, since: datetime, until: datetime) -> list[tuple[str, Session]]:
    """The sessions between these instants that a person leads, each with the name of its cohort."""
    day = timedelta(days=1)
    columns = (
        t.Cohort.name, t.Cohort.id, t.Session.number, t.Session.starts_at, t.Session.minutes,
        t.Session.cancelled, t.Session.code,
    )  # fmt: skip
    rows = all_rows(
        t.Session.select(*columns)
        .join(t.Cohort, on=(t.Cohort.id == t.Session.cohort))
        .join(t.Facilitator, on=(t.Facilitator.cohort == t.Cohort.id))
        .where((t.Facilitator.person == person) & t.Cohort.ended_at.is_null() & ~t.Session.cancelled)
        .where((t.Session.starts_at >= since - day) & (t.Session.starts_at <= until + day))
    )
    return [(name, _session(cohort, row)) for name, cohort, *row in rows]


def set_sessions(id: str, sessions: Iterable[Session]) -> None:
    """Give a cohort exactly these sessions; who was there stays written down."""
    with current().transaction():
        t.Session.delete().where(t.Session.cohort == id).execute()
        rows = [(id, s.number, s.starts_at, s.minutes, s.cancelled, s.code) for s in sessions]
        if rows:
            at = (t.Session.starts_at, t.Session.minutes, t.Session.cancelled, t.Session.code)
            fields = [t.Session.cohort, t.Session.number, *at]
            t.Session.insert_many(rows, fields=fields).execute()


def attend(id: str, number: int, person: str, present: Present, at: datetime, by: str | None) -> None:
    """Note how a person took part in a session; the newest note counts."""
    with current().transaction():
        t.Attendance.insert(
            cohort=id, number=number, person=person, present=present, at=at, by=by
        ).on_conflict(
            conflict_target=[t.Attendance.cohort, t.Attendance.person, t.Attendance.number],
            update={"present": present, "at": at, "by": by},
        ).execute()


def attendance_of(
    id: str, person: str | None = None, number: int | None = None
) -> dict[tuple[str, int], Present]:
    """How people, or one person, took part in all sessions or in one: by person and number of the session."""
    found = t.Attendance.cohort == id
    if person:
        found &= t.Attendance.person == person
    if number is not None:
        found &= t.Attendance.number == number
    rows = t.Attendance.select(t.Attendance.person, t.Attendance.number, t.Attendance.present).where(found)
    return {(who, number): Present(present) for who, number, present in all_rows(rows)}


def _away(id: str, person: str, back: datetime) -> list[tuple[str, str]]:
    """The times this person was away, with the one that ends now."""
    known = times(id, person)
    if known is None:
        return []
    last = [(known.left_at, back)] if known.left_at else []
    return [(left.isoformat(), came.isoformat()) for left, came in (*known.away, *last)]


def _made(rows: list[tuple[Any, ...]]) -> Cohort:
    (
        id, name, course, edition, zone, time, completion, attended, created_at, ended_at, place, link, seats,
        safety, whole_workbook,
    ) = rows[0][:_LEADER]  # fmt: skip
    leaders = tuple(sorted({row[_LEADER] for row in rows if row[_LEADER]}))
    return Cohort(
        id, name, course, edition, zone, bool(time), bool(completion), attended, leaders,
        moment(created_at), instant(ended_at), place, link, seats, Safety(**json.loads(safety)),
        bool(whole_workbook),
    )  # fmt: skip


def _session(cohort: str, row: Sequence[Any]) -> Session:
    number, starts_at, minutes, cancelled, code = row
    return Session(cohort, number, moment(starts_at), minutes, bool(cancelled), code)
