"""Runs: people's ways through courses."""

from datetime import datetime
from typing import Any

from course_engine.domain.progress import Run
from course_engine.storage import tables as t
from course_engine.storage.database import fetch, first_row
from course_engine.storage.fields import instant

_SELECT = "SELECT id, person, course, edition, pace, cohort, started_at, finished_at FROM run "
_GET = _SELECT + "WHERE id = ?"
_OF = _SELECT + "WHERE person = ? ORDER BY begun_at DESC, id"
_OF_COURSE = _SELECT + "WHERE person = ? AND course = ? ORDER BY begun_at DESC, id"
_OF_COHORT = _SELECT + "WHERE cohort = ? ORDER BY begun_at, id"


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


def start(id: str, at: datetime) -> None:
    """Note when the run started; the first time stays."""
    t.Run.update(started_at=at).where((t.Run.id == id) & t.Run.started_at.is_null()).execute()


def finish(id: str, at: datetime) -> bool:
    """Note when the run was finished; the first time stays. Whether this was the first."""
    return bool(t.Run.update(finished_at=at).where((t.Run.id == id) & t.Run.finished_at.is_null()).execute())


def move_edition(id: str, edition: str) -> None:
    """Point a run at another edition of its course."""
    t.Run.update(edition=edition).where(t.Run.id == id).execute()


def set_pace(id: str, pace: str) -> None:
    """Change the pace of a run."""
    t.Run.update(pace=pace).where(t.Run.id == id).execute()


def set_cohort(id: str, cohort: str | None, pace: str) -> None:
    """Let a run go with a cohort, or alone again."""
    t.Run.update(cohort=cohort, pace=pace).where(t.Run.id == id).execute()


def _first(rows: list[tuple[Any, ...]]) -> Run | None:
    return _made(rows[0]) if rows else None


def _made(row: tuple[Any, ...]) -> Run:
    id, person, course, edition, pace, cohort, started_at, finished_at = row
    return Run(id, person, course, edition, pace, cohort, instant(started_at), instant(finished_at))
