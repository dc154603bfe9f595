"""Jobs: the rows are the truth, whatever queue wakes the workers."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from course_engine.domain.work import Job, JobState
from course_engine.storage import tables as t
from course_engine.storage.database import all_rows, first_row

_COLUMNS = (
    t.Job.id, t.Job.kind, t.Job.person, t.Job.subject, t.Job.state, t.Job.tries, t.Job.done, t.Job.total,
    t.Job.result, t.Job.fault, t.Job.created_at, t.Job.lease_until,
)  # fmt: skip
_GOING = [JobState.WAITING, JobState.RUNNING]


def add(job: Job) -> None:
    """Write down a new job."""
    t.Job.insert(
        id=job.id,
        kind=job.kind,
        person=job.person,
        subject=dict(job.subject),
        state=job.state,
        tries=job.tries,
        done=job.done,
        total=job.total,
        result=dict(job.result),
        fault=job.fault,
        created_at=job.created_at,
        lease_until=job.lease_until,
    ).execute()


def get(id: str) -> Job | None:
    """The job with this id."""
    return next(iter(_found(t.Job.id == id)), None)


def of_person(person: str) -> list[Job]:
    """The jobs a person asked for, newest first."""
    return _found(t.Job.person == person)[::-1]


def listed(states: Collection[JobState], after: str, limit: int) -> list[Job]:
    """The jobs in these states, newest first, beginning below the one with id `after`."""
    query = t.Job.select(*_COLUMNS).where(t.Job.state.in_([state.value for state in states]))
    last = first_row(t.Job.select(t.Job.created_at).where(t.Job.id == after)) if after else None
    if last:
        older = (t.Job.created_at == last[0]) & (t.Job.id < after)
        query = query.where((t.Job.created_at < last[0]) | older)
    rows = all_rows(query.order_by(t.Job.created_at.desc(), t.Job.id.desc()).limit(limit))
    return [replace(Job(*row), state=JobState(row[4])) for row in rows]


def claim(worker: str, now: datetime, lease: timedelta, id: str | None = None) -> Job | None:
    """Take up the oldest free job, or the one with this id; nobody else has it until the lease ends."""
    free = _free(now)
    for one in [id] if id else _ids(free, limit=20):
        taken = t.Job.update(
            state=JobState.RUNNING, worker=worker, lease_until=now + lease, tries=t.Job.tries + 1
        ).where((t.Job.id == one) & free)
        if taken.execute():
            return get(one)
    return None


def renew(id: str, worker: str, now: datetime, lease: timedelta, done: int, total: int) -> bool:
    """Note how far a job is and keep it; false when another worker has taken it."""
    query = t.Job.update(lease_until=now + lease, done=done, total=total)
    return bool(query.where(_mine(id, worker)).execute())


def note(id: str, result: Mapping[str, object]) -> None:
    """Note what came of a job before it is finished: whoever has to take it up again finds it there."""
    running = (t.Job.id == id) & (t.Job.state == JobState.RUNNING)
    t.Job.update(result=dict(result)).where(running).execute()


def finish(id: str, worker: str, result: Mapping[str, object]) -> bool:
    """Note what came of a job; false when another worker has taken it."""
    query = t.Job.update(
        state=JobState.DONE, result=dict(result), fault="", lease_until=None, done=t.Job.total
    )
    return bool(query.where(_mine(id, worker)).execute())


def stop(id: str, worker: str, fault: str) -> bool:
    """Give a job up for good; false when another worker has taken it."""
    query = t.Job.update(state=JobState.STOPPED, fault=fault, lease_until=None)
    return bool(query.where(_mine(id, worker)).execute())


def put_back(id: str, worker: str, fault: str, until: datetime | None = None) -> bool:
    """Let a job be tried again, not before `until`; false when another worker has taken it."""
    query = t.Job.update(state=JobState.WAITING, fault=fault, lease_until=until, worker=None)
    return bool(query.where(_mine(id, worker)).execute())


def cancel(id: str) -> bool:
    """Note that nobody wants a job any more; false when it has ended."""
    query = t.Job.update(state=JobState.CANCELLED, lease_until=None, worker=None)
    return bool(query.where((t.Job.id == id) & t.Job.state.in_(_GOING)).execute())


def again(id: str) -> bool:
    """Let a job that was given up or cancelled be done anew, from its beginning; false for any other."""
    query = t.Job.update(
        state=JobState.WAITING, fault="", tries=0, done=0, lease_until=None, worker=None, result={}
    )
    given_up = t.Job.state.in_([JobState.STOPPED, JobState.CANCELLED])
    return bool(query.where((t.Job.id == id) & given_up).execute())


def expired(now: datetime) -> list[str]:
    """The jobs whose worker is gone, oldest first."""
    return _ids((t.Job.state == JobState.RUNNING) & (t.Job.lease_until < now))


def waiting() -> list[str]:
    """The jobs nobody has taken up, oldest first."""
    return _ids(t.Job.state == JobState.WAITING)


def sweep(before: datetime) -> int:
    """Forget jobs that ended and were asked for before then."""
    ended = t.Job.state.in_([JobState.DONE, JobState.STOPPED, JobState.CANCELLED])
    return int(t.Job.delete().where(ended & (t.Job.created_at < before)).execute())


def _free(now: datetime) -> Any:
    left_alone = t.Job.lease_until.is_null() | (t.Job.lease_until < now)
    return t.Job.state.in_(_GOING) & left_alone


def _mine(id: str, worker: str) -> Any:
    return (t.Job.id == id) & (t.Job.worker == worker) & (t.Job.state == JobState.RUNNING)


def _ids(where: Any, limit: int | None = None) -> list[str]:
    rows = all_rows(t.Job.select(t.Job.id).where(where).order_by(t.Job.created_at, t.Job.id).limit(limit))
    return [id for (id,) in rows]


def _found(where: Any) -> list[Job]:
    rows = all_rows(t.Job.select(*_COLUMNS).where(where).order_by(t.Job.created_at, t.Job.id))
    return [replace(Job(*row), state=JobState(row[4])) for row in rows]
