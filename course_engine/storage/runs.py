"""Runs: people's ways through courses."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from course_engine.domain.people import listed_as
from course_engine.domain.progress import Run
from course_engine.storage import tables as t
from course_engine.storage.database import fetch, first_row, parts
from course_engine.storage.fields import instant

_SELECT = (
    "SELECT id, person, course, edition, pace, cohort, started_at, finished_at, seen_at, whole_workbook "
    "FROM run "
)
_GET = _SELECT + "WHERE id = ?"
# An invitation that waits for an answer never pushes aside what someone is in the middle of.
_NEWEST = "ORDER BY started_at IS NULL, begun_at DESC, id"
_ASKS = (
    "EXISTS (SELECT 1 FROM waiting w WHERE w.person = run.person) OR EXISTS "
    "(SELECT 1 FROM run i WHERE i.person = run.person AND i.started_at IS NULL AND i.id <> run.id)"
)
_LEFT = (
    "FROM membership m JOIN cohort c ON c.id = m.cohort "
    "WHERE m.run = run.id AND run.cohort IS NULL AND m.removed_at IS NOT NULL"
)
_LAST_LEFT = f"(SELECT c.name {_LEFT} ORDER BY m.removed_at DESC LIMIT 1), (SELECT MAX(m.removed_at) {_LEFT})"
_OF = _SELECT.replace(" FROM", f", {_ASKS}, {_LAST_LEFT} FROM") + "WHERE person = ? " + _NEWEST
_OF_COURSE = _SELECT + "WHERE person = ? AND course = ? " + _NEWEST
_OF_COHORT = _SELECT + "WHERE cohort = ? ORDER BY begun_at, id"
# Until somebody with an address has begun a run, they show what they were invited as, else that address: with
# an account or without one it is the same, so that nobody learns from it who has one.
CALLED = (
    "CASE WHEN r.started_at IS NULL AND p.email IS NOT NULL "
    "THEN COALESCE(NULLIF(r.invited_as, ''), p.email) ELSE p.name END"
)
ON_PAPER = "(p.password_hash = '' AND (r.started_at IS NOT NULL OR p.email IS NULL))"
_NAMES = f"SELECT r.id, {CALLED}, r.listed_as FROM run r JOIN person p ON p.id = r.person WHERE "  # noqa: S608


def add(run: Run, begun_at: datetime) -> None:
    """Write down a new run."""
    t.Run.insert(
        id=run.id,
        person=run.person,
        course=run.course,
        edition=run.edition,
        pace=run.pace,
        cohort=run.cohort,
        started_at=run.started_at,
        finished_at=run.finished_at,
        begun_at=begun_at,
    ).execute()
    _name("r.id = ?", run.id)


def get(id: str) -> Run | None:
    """The run with this id."""
    return _first(fetch(_GET, id))


def of(person: str) -> list[Run]:
    """All runs of a person, newest first."""
    return [_made(row) for row in fetch(_OF, person)]


def of_cohort(cohort: str) -> list[Run]:
    """The runs that go with a cohort now."""
    return [_made(row) for row in fetch(_OF_COHORT, cohort)]


def current(person: str, course: str | None = None) -> Run | None:
    """The newest run of a person, in one course or in any. One query."""
    return _first(fetch(_OF_COURSE, person, course) if course else fetch(_OF, person))


def begun_at(id: str) -> datetime | None:
    """When the person joined."""
    row = first_row(t.Run.select(t.Run.begun_at).where(t.Run.id == id))
    return row[0] if row else None


def bring_forward(id: str, at: datetime) -> None:
    """Make this the person's newest run: the one an address without a course means."""
    t.Run.update(begun_at=at).where(t.Run.id == id).execute()


def remove(id: str) -> bool:
    """Forget a run that was never begun, with its place in a cohort. Whether it is gone by this."""
    return bool(t.Run.delete().where((t.Run.id == id) & t.Run.started_at.is_null()).execute())


def start(id: str, at: datetime) -> None:
    """Note when the run started; the first time stays."""
    t.Run.update(started_at=at).where((t.Run.id == id) & t.Run.started_at.is_null()).execute()
    _name("r.id = ?", id)


def finish(id: str, at: datetime) -> bool:
    """Note when the run was finished; the first time stays. Whether this was the first."""
    return bool(t.Run.update(finished_at=at).where((t.Run.id == id) & t.Run.finished_at.is_null()).execute())


def move_edition(id: str, edition: str) -> None:
    """Point a run at another edition of its course."""
    t.Run.update(edition=edition).where(t.Run.id == id).execute()


def set_pace(id: str, pace: str) -> None:
    """Change the pace of a run."""
    t.Run.update(pace=pace).where(t.Run.id == id).execute()


def print_whole(id: str, whole: bool) -> None:
    """Let the workbook of somebody who goes alone be whole, or hold what is open."""
    t.Run.update(whole_workbook=whole).where(t.Run.id == id).execute()


def set_cohort(id: str, cohort: str | None, pace: str) -> None:
    """Let a run go with a cohort, or alone again."""
    t.Run.update(cohort=cohort, pace=pace).where(t.Run.id == id).execute()


def seen(id: str, at: datetime) -> None:
    """Note that somebody was there; the latest time stays."""
    earlier = t.Run.seen_at.is_null() | (t.Run.seen_at < at)
    t.Run.update(seen_at=at).where((t.Run.id == id) & earlier).execute()


def count(facts: Mapping[str, tuple[int, datetime | None]]) -> None:
    """Keep what boards sort and filter by, of each run.

    That is how many weeks are done, and until when the next is waited for.
    """
    alike: dict[tuple[int, datetime | None], list[str]] = {}
    for run, told in sorted(facts.items()):
        alike.setdefault(told, []).append(run)
    for (reached, waits_until), runs in alike.items():
        counted = t.Run.update(reached=reached, waits_until=waits_until)
        for some in parts(runs):
            counted.where(t.Run.id.in_(some)).execute()


def invited_as(cohort: str, person: str, name: str) -> None:
    """Let somebody who was invited to a cohort and has not come in yet be called so there."""
    theirs = (t.Run.cohort == cohort) & (t.Run.person == person) & t.Run.started_at.is_null()
    t.Run.update(invited_as=name).where(theirs).execute()
    name_of(person)


def name_all(cohort: str) -> None:
    """Let every run of a cohort be listed under the name its person has now."""
    _name("r.cohort = ?", cohort)


def name_of(person: str) -> None:
    """Let every run of a person be listed under the name they have there now."""
    _name("r.person = ?", person)


def unfinish(id: str) -> None:
    """Take back that a run was finished."""
    t.Run.update(finished_at=None).where(t.Run.id == id).execute()


def _name(which: str, id: str) -> None:
    for run, name, listed in fetch(_NAMES + which, id):
        if listed_as(name) != listed:
            t.Run.update(listed_as=listed_as(name)).where(t.Run.id == run).execute()


def _first(rows: list[tuple[Any, ...]]) -> Run | None:
    return _made(rows[0]) if rows else None


def _made(row: tuple[Any, ...]) -> Run:
    id, person, course, edition, pace, cohort, started_at, finished_at, seen_at, whole, *more = row
    asks, left, left_at = more or (False, None, None)
    return Run(
        id, person, course, edition, pace, cohort, instant(started_at), instant(finished_at),
        instant(seen_at), bool(asks), bool(whole), left or "", instant(left_at),
    )  # fmt: skip
