"""Longer work: asked for in the transaction that needs it, done by a worker, seen as a row with progress.

A job may run twice (its worker may have been killed), so every handler can be repeated without harm.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from course_engine import i18n
from course_engine.crypto import new_id
from course_engine.domain.errors import CourseEngineError, NotFound, TookTooLong, Unavailable
from course_engine.domain.people import Person
from course_engine.domain.work import Job, JobState
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.storage import jobs, people

LEASE = timedelta(seconds=60)
TRIES = 3
PAUSE = timedelta(seconds=20)
_log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
Handler = Callable[[Engine, Job, Progress, datetime], Mapping[str, object]]


class TakenOver(Exception):
    """This worker has the job no more: it was silent for too long, or whoever asked has cancelled it."""


def ask(
    engine: Engine, kind: str, person: Person, subject: Mapping[str, object], total: int, now: datetime
) -> Job:
    """Ask for longer work; it begins once the surrounding transaction is written."""
    job = Job(new_id(), kind, person.id, subject, JobState.WAITING, 0, 0, total, {}, "", now)
    with engine.database.transaction():
        jobs.add(job)
        engine.database.after_commit(engine.bell.ring)
    return job


def own(person: Person, id: str) -> Job:
    """A job this person asked for. Raises NotFound, for another's too."""
    job = jobs.get(id)
    if job is None or job.person != person.id:
        raise NotFound(_("There is no such page."))
    return job


def under_way(person: Person) -> list[Job]:
    """The jobs this person asked for that have not ended, newest first."""
    going = (JobState.WAITING, JobState.RUNNING)
    return [job for job in jobs.of_person(person.id) if job.state in going]


def of(person: Person, kind: str) -> list[Job]:
    """The jobs of a kind that this person asked for, newest first."""
    return [job for job in jobs.of_person(person.id) if job.kind == kind]


def cancel(engine: Engine, person: Person, id: str) -> Job:
    """Want a job no more: a worker that is at it lets go within seconds. One that has ended stays as it is.

    Raises NotFound, for another's too.
    """
    own(person, id)
    with engine.database.transaction():
        jobs.cancel(id)
    return own(person, id)


def again(engine: Engine, person: Person, id: str) -> Job:
    """Have a job done that was given up or cancelled; pressed twice, it is done once. Raises NotFound."""
    own(person, id)
    with engine.database.transaction():
        if jobs.again(id):
            engine.database.after_commit(engine.bell.ring)
    return own(person, id)


def asked_by(job: Job) -> Person:
    """The person a job is done for. Raises NotFound."""
    person = people.get(job.person)
    if person is None:
        raise NotFound(_("There is no such person."))
    return person


def free(now: datetime) -> int:
    """How many jobs wait for a worker, those counted whose worker is gone."""
    return len(jobs.waiting()) + len(jobs.expired(now))


def run_next(
    engine: Engine, handlers: Mapping[str, Handler], worker: str, clock: Callable[[], datetime]
) -> bool:
    """Do the oldest job that is free; whether there was one."""
    with engine.database.transaction():
        job = jobs.claim(worker, clock(), LEASE)
    if job is None:
        return False
    asker = people.get(job.person)
    with i18n.speak(asker.language if asker else engine.config.locale):
        _do(engine, handlers, job, worker, clock)
    return True


def _do(
    engine: Engine, handlers: Mapping[str, Handler], job: Job, worker: str, clock: Callable[[], datetime]
) -> None:
    if job.tries > TRIES:
        # Every worker that took it up came to an end, perhaps because of it.
        _end(engine, job, worker, _("Something went wrong on our side."), None)
        return
    try:
        result = handlers[job.kind](engine, job, _progress(engine, job, worker, clock), clock())
    except TakenOver:
        _log.warning("job given up", extra={"job": job.id})
    except CourseEngineError as error:
        helps = isinstance(error, Unavailable) and not isinstance(error, TookTooLong)
        _end(engine, job, worker, str(error), _again(job, clock) if helps else None)
    except Exception:
        _log.exception("job stopped", extra={"job": job.id, "kind": job.kind})
        _end(engine, job, worker, _("Something went wrong on our side."), _again(job, clock))
    else:
        with engine.database.transaction():
            jobs.finish(job.id, worker, result)


def _progress(engine: Engine, job: Job, worker: str, clock: Callable[[], datetime]) -> Progress:
    def report(done: int, total: int) -> None:
        with engine.database.transaction():
            if not jobs.renew(job.id, worker, clock(), LEASE, done, total):
                raise TakenOver

    return report


def _again(job: Job, clock: Callable[[], datetime]) -> datetime | None:
    return clock() + PAUSE * job.tries if job.tries < TRIES else None


def _end(engine: Engine, job: Job, worker: str, fault: str, again: datetime | None) -> None:
    with engine.database.transaction():
        if again is None:
            jobs.stop(job.id, worker, fault)
        else:
            jobs.put_back(job.id, worker, fault, again)
