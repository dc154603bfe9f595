"""What nobody has come back to for long: found, marked as warned, and deleted under the very same conditions.

Each deletion takes hold of its row and asks again whether it is still due, so that somebody who has come
back meanwhile keeps everything.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import fn

from course_engine.domain.people import Person
from course_engine.storage import people
from course_engine.storage import tables as t
from course_engine.storage.database import all_rows, current
from course_engine.storage.due import (
    Due,
    certificate_of_run,
    cohort_is_due,
    invited_is_due,
    run_is_due,
)
from course_engine.storage.fields import moment

WORD = "retention"
# Of a run with a certificate these rows go. The certificate stays, and so do the days on which weeks were
# finished, which it tells too.
EMPTIED = (
    t.Completion, t.Journal, t.Answer, t.Override, t.Hold, t.ChangeReason, t.PaperCode, t.Membership,
)  # fmt: skip
KEPT = (t.Certificate, t.WeekMark)


@dataclass(frozen=True, slots=True)
class Quiet:
    """A run or a cohort with nothing new since `last`; `whose` is the run's person, or the cohort's name.

    `ended` says that somebody ended it.
    """

    id: str
    whose: str
    edition: str
    last: datetime
    ended: bool = True


def word(kind: str, id: str) -> str:
    """How the words begin under which the warnings about a run, a cohort or a person lie in the outbox."""
    return f"{WORD}|{kind}|{id}"


def forget_warning(of: str) -> None:
    """Somebody's warning was taken out of the outbox under this word: they have not been warned."""
    kind, id = [*of.split("|"), "", ""][1:3] if of.startswith(f"{WORD}|") else ("", "")
    tables: dict[str, Any] = {"run": t.Run, "cohort": t.Cohort, "person": t.Person}
    table = tables.get(kind)
    if table is not None:
        table.update(warned_at=None).where(table.id == id).execute()


def runs(due: Due) -> list[Quiet]:
    """Runs that are due to be warned about, or to go, those longest quiet first."""
    columns = (t.Run.id, t.Run.person, t.Run.edition, t.Run.begun_at, t.Run.started_at, t.Run.seen_at)
    are = run_is_due(due)
    rows = all_rows(t.Run.select(*columns).where(are).order_by(t.Run.begun_at, t.Run.id))
    if not rows:
        return []
    done = t.Completion.select(t.Completion.run, fn.MAX(t.Completion.at)).group_by(t.Completion.run)
    last_done = dict(all_rows(done.where(t.Completion.run.in_(t.Run.select(t.Run.id).where(are)))))
    return [
        Quiet(id, person, edition, max(moment(at) for at in (*whens, last_done.get(id)) if at is not None))
        for id, person, edition, *whens in rows
    ]


def count_runs(due: Due) -> tuple[int, int]:
    """How many runs these are, and of how many of them a certificate stays."""
    query = t.Run.select().where(run_is_due(due))
    with_one = int(query.where(fn.EXISTS(certificate_of_run())).count())
    return int(query.count()) - with_one, with_one


def warn_run(id: str, due: Due, now: datetime) -> bool:
    """Note that a warning about this run is on its way; false when it is not due any more."""
    return bool(t.Run.update(warned_at=now).where((t.Run.id == id) & run_is_due(due)).execute())


def delete_run(id: str, due: Due) -> str:
    """Delete a run that is due: `gone`, `emptied` where a certificate stays, or nothing when it is not.

    Whoever holds a certificate can have it checked for ever. So its run stays as a frame without anything
    in it: whose, of which course, and on which days weeks were finished, which the certificate tells too.
    """
    mine = t.Run.id == id
    _hold(t.Run, id)
    if not t.Run.update(warned_at=None).where(mine & run_is_due(due)).execute():
        return ""
    ((person, came),) = all_rows(t.Run.select(t.Run.person, t.Run.started_at).where(mine))
    # Who was where and when goes with the run, in groups that were left earlier too.
    groups = t.Membership.select(t.Membership.cohort).where(t.Membership.run == id)
    there = (t.Attendance.person == person) & t.Attendance.cohort.in_(groups)
    came = t.Attendance.delete().where(there).execute() or came
    if not all_rows(t.Certificate.select(t.Certificate.id).where(t.Certificate.run == id).limit(1)):
        t.Run.delete().where(mine).execute()
        if came:
            # Without an account they are from now on somebody who was invited, and are told of that anew.
            t.Person.update(warned_at=None).where(t.Person.id == person).execute()
        return "gone"
    for table in EMPTIED:
        table.delete().where(table.run == id).execute()
    t.Run.update(cohort=None, pace="free", reached=0, waits_until=None).where(mine).execute()
    return "emptied"


def cohorts(due: Due) -> list[Quiet]:
    """Cohorts at their end whose contact requests are due to be warned about, or to go."""
    columns = (t.Cohort.id, t.Cohort.name, t.Cohort.edition, t.Cohort.ended_at, t.Cohort.created_at)
    query = t.Cohort.select(*columns).where(cohort_is_due(due)).order_by(t.Cohort.ended_at, t.Cohort.id)
    rows = all_rows(query)
    if not rows:
        return []
    last = _last_of([id for id, *_others in rows])
    return [
        Quiet(id, name, edition, ended_at or max(created_at, last[id]), ended_at is not None)
        for id, name, edition, ended_at, created_at in rows
    ]


def _last_of(cohorts: list[str]) -> dict[str, datetime]:
    """When each of these cohorts met last, or a request in it was made or answered, whichever was later."""
    session, request = t.Session, t.ContactRequest
    met = session.select(session.cohort, session.starts_at).where(~session.cancelled)
    asked = request.select(request.cohort, request.changed_at)
    found: dict[str, datetime] = {}
    for query, cohort in ((met, session.cohort), (asked, request.cohort)):
        for id, at in all_rows(query.where(cohort.in_(cohorts))):
            found[id] = max(found.get(id, moment(0)), moment(at))
    return found


def count_requests(due: Due) -> int:
    """How many contact requests these cohorts hold."""
    these = t.Cohort.select(t.Cohort.id).where(cohort_is_due(due))
    return int(t.ContactRequest.select().where(t.ContactRequest.cohort.in_(these)).count())


def warn_cohort(id: str, due: Due, now: datetime) -> bool:
    """Note that those who lead this cohort are told; false when it is not due any more."""
    return bool(t.Cohort.update(warned_at=now).where((t.Cohort.id == id) & cohort_is_due(due)).execute())


def delete_requests(id: str, due: Due) -> int:
    """Delete the contact requests of a cohort that are due; how many those were."""
    _hold(t.Cohort, id)
    held = t.Cohort.update(warned_at=t.Cohort.warned_at).where((t.Cohort.id == id) & cohort_is_due(due))
    if not held.execute():
        return 0
    return int(t.ContactRequest.delete().where(t.ContactRequest.cohort == id).execute())


def invited(due: Due) -> list[Person]:
    """People who were invited and never came, due to be warned or to be forgotten."""
    query = t.Person.select(t.Person.id).where(invited_is_due(due)).order_by(t.Person.created_at, t.Person.id)
    ids = [id for (id,) in all_rows(query)]
    return people.those(ids) if ids else []


def count_invited(due: Due) -> int:
    """How many of them there are."""
    return int(t.Person.select().where(invited_is_due(due)).count())


def warn_invited(id: str, due: Due, now: datetime) -> bool:
    """Note that a warning to this person is on its way; false when it is not due any more."""
    return bool(t.Person.update(warned_at=now).where((t.Person.id == id) & invited_is_due(due)).execute())


def delete_invited(id: str, due: Due) -> bool:
    """Forget somebody who never came; false when that is not due any more."""
    _hold(t.Person, id)
    return bool(t.Person.delete().where((t.Person.id == id) & invited_is_due(due)).execute())


def _hold(table: Any, id: str) -> None:
    """Let nobody write to this row, or anything that belongs to it, until the end of the transaction.

    Without it, what somebody is just writing would not be seen by the question whether a row is due, and
    would go with it. On SQLite only one transaction writes at a time anyway.
    """
    if not current().is_sqlite:
        all_rows(table.select(table.id).where(table.id == id).for_update())
