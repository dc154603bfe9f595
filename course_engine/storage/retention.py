"""What nobody has come back to for long: found, marked as warned, and deleted under the very same conditions.

Each deletion takes hold of its row and asks again whether it is still due, so that somebody who has come
back meanwhile keeps everything. Whoever belongs to a group that goes on and will meet again is never due.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import SQL, fn

from course_engine.domain.cohorts import COUNTS
from course_engine.domain.people import Person
from course_engine.storage import people
from course_engine.storage import tables as t
from course_engine.storage.accounts import may_lead
from course_engine.storage.database import all_rows, current
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


@dataclass(frozen=True, slots=True)
class Due:
    """What is due: quiet since `before`, and warned by `warned` if that matters.

    A cohort that meets after `now` keeps its people. `reached` chooses people with an address, or those
    without one; None takes both.
    """

    before: datetime
    now: datetime
    warned: datetime | None = None
    reached: bool | None = None


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
    are = _run_is(due)
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
    query = t.Run.select().where(_run_is(due))
    with_one = int(query.where(fn.EXISTS(_certificate())).count())
    return int(query.count()) - with_one, with_one


def warn_run(id: str, due: Due, now: datetime) -> bool:
    """Note that a warning about this run is on its way; false when it is not due any more."""
    return bool(t.Run.update(warned_at=now).where((t.Run.id == id) & _run_is(due)).execute())


def delete_run(id: str, due: Due) -> str:
    """Delete a run that is due: `gone`, `emptied` where a certificate stays, or nothing when it is not.

    Whoever holds a certificate can have it checked for ever. So its run stays as a frame without anything
    in it: whose, of which course, and on which days weeks were finished, which the certificate tells too.
    """
    mine = t.Run.id == id
    _hold(t.Run, id)
    if not t.Run.update(warned_at=None).where(mine & _run_is(due)).execute():
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
    query = t.Cohort.select(*columns).where(_cohort_is(due)).order_by(t.Cohort.ended_at, t.Cohort.id)
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
    these = t.Cohort.select(t.Cohort.id).where(_cohort_is(due))
    return int(t.ContactRequest.select().where(t.ContactRequest.cohort.in_(these)).count())


def warn_cohort(id: str, due: Due, now: datetime) -> bool:
    """Note that those who lead this cohort are told; false when it is not due any more."""
    return bool(t.Cohort.update(warned_at=now).where((t.Cohort.id == id) & _cohort_is(due)).execute())


def delete_requests(id: str, due: Due) -> int:
    """Delete the contact requests of a cohort that are due; how many those were."""
    _hold(t.Cohort, id)
    held = t.Cohort.update(warned_at=t.Cohort.warned_at).where((t.Cohort.id == id) & _cohort_is(due))
    if not held.execute():
        return 0
    return int(t.ContactRequest.delete().where(t.ContactRequest.cohort == id).execute())


def invited(due: Due) -> list[Person]:
    """People who were invited and never came, due to be warned or to be forgotten."""
    query = t.Person.select(t.Person.id).where(_invited_is(due)).order_by(t.Person.created_at, t.Person.id)
    ids = [id for (id,) in all_rows(query)]
    return people.those(ids) if ids else []


def count_invited(due: Due) -> int:
    """How many of them there are."""
    return int(t.Person.select().where(_invited_is(due)).count())


def warn_invited(id: str, due: Due, now: datetime) -> bool:
    """Note that a warning to this person is on its way; false when it is not due any more."""
    return bool(t.Person.update(warned_at=now).where((t.Person.id == id) & _invited_is(due)).execute())


def delete_invited(id: str, due: Due) -> bool:
    """Forget somebody who never came; false when that is not due any more."""
    _hold(t.Person, id)
    return bool(t.Person.delete().where((t.Person.id == id) & _invited_is(due)).execute())


def _hold(table: Any, id: str) -> None:
    """Let nobody write to this row, or anything that belongs to it, until the end of the transaction.

    Without it, what somebody is just writing would not be seen by the question whether a row is due, and
    would go with it. On SQLite only one transaction writes at a time anyway.
    """
    if not current().is_sqlite:
        all_rows(table.select(table.id).where(table.id == id).for_update())


def _run_is(due: Due) -> Any:
    run = t.Run
    later = t.Completion.select(t.Completion.run).where(t.Completion.run == run.id)
    quiet = (
        (run.begun_at <= due.before)
        & (run.started_at.is_null() | (run.started_at <= due.before))
        & (run.seen_at.is_null() | (run.seen_at <= due.before))
        & ~fn.EXISTS(later.where(t.Completion.at > due.before))
        & ~fn.EXISTS(_meets([run.cohort], due.now))
    )
    told = (
        run.warned_at.is_null(False)
        & (run.warned_at > run.begun_at)
        & (run.started_at.is_null() | (run.warned_at > run.started_at))
        & (run.seen_at.is_null() | (run.warned_at > run.seen_at))
        & ~fn.EXISTS(later.where(t.Completion.at > run.warned_at))
        & ~fn.EXISTS(_meets([run.cohort], run.warned_at))
    )
    full = (
        ~fn.EXISTS(_certificate())
        | fn.EXISTS(t.Completion.select(t.Completion.run).where(t.Completion.run == run.id))
        | fn.EXISTS(t.Journal.select(t.Journal.run).where(t.Journal.run == run.id))
        | fn.EXISTS(t.Answer.select(t.Answer.run).where(t.Answer.run == run.id))
    )
    is_due = (
        quiet & full & (told & (run.warned_at <= due.warned) if due.warned else _not(told, run.warned_at))
    )
    if due.reached is None:
        return is_due
    addressed = t.Person.select(t.Person.id).where(t.Person.email.is_null(not due.reached))
    return is_due & run.person.in_(addressed)


def _cohort_is(due: Due) -> Any:
    cohort, request = t.Cohort, t.ContactRequest
    inside = request.select(request.id).where(request.cohort == cohort.id)
    meets = t.Session.select(t.Session.number).where(_held())
    # Where nobody ends a cohort, it is over after its last session and the last that was asked or answered.
    ended = fn.EXISTS(inside) & (
        (cohort.ended_at.is_null(False) & (cohort.ended_at <= due.before))
        | (
            cohort.ended_at.is_null()
            & (cohort.created_at <= due.before)
            & ~fn.EXISTS(meets.where(t.Session.starts_at > due.before))
            & ~fn.EXISTS(inside.where(request.changed_at > due.before))
        )
    )
    told = (
        cohort.warned_at.is_null(False)
        & (cohort.ended_at.is_null() | (cohort.warned_at > cohort.ended_at))
        & ~fn.EXISTS(inside.where(request.created_at > cohort.warned_at))
        & (
            cohort.ended_at.is_null(False)
            | ~fn.EXISTS(meets.where(t.Session.starts_at > cohort.warned_at))
            & ~fn.EXISTS(inside.where(request.changed_at > cohort.warned_at))
        )
    )
    is_due = ended & (told & (cohort.warned_at <= due.warned) if due.warned else _not(told, cohort.warned_at))
    if due.reached is None:
        return is_due
    addressed = t.Person.select(t.Person.id).where(t.Person.email.is_null(False))
    leader = t.Facilitator.alias("leader")
    leads = leader.select(leader.cohort).where(
        (leader.cohort == cohort.id) & leader.person.in_(addressed) & SQL(may_lead("leader.person"))
    )
    return is_due & (fn.EXISTS(leads) if due.reached else ~fn.EXISTS(leads))


def _invited_is(due: Due) -> Any:
    person = t.Person
    theirs = t.Run.select(t.Run.id).where(t.Run.person == person.id)
    places = t.Run.select(t.Run.cohort).where(t.Run.person == person.id)
    been = t.Run.started_at.is_null(False) | (t.Run.seen_at > due.before) | (t.Run.begun_at > due.before)
    there = t.Attendance.select(t.Attendance.person).where(
        (t.Attendance.person == person.id) & t.Attendance.present.in_(sorted(COUNTS))
    )
    link = t.ResetLink.select(t.ResetLink.person).where(
        (t.ResetLink.person == person.id) & t.ResetLink.used_at.is_null()
    )
    never_came = (
        (person.password_hash == "")
        & (person.created_at <= due.before)
        & ~fn.EXISTS(theirs.where(been))
        & ~fn.EXISTS(there)
        & ~fn.EXISTS(link.where(t.ResetLink.expires_at > due.now))
        & ~fn.EXISTS(t.Certificate.select(t.Certificate.id).where(t.Certificate.person == person.id))
        & ~fn.EXISTS(t.Facilitator.select(t.Facilitator.person).where(t.Facilitator.person == person.id))
        & ~fn.EXISTS(_meets(places, due.now))
    )
    told = (
        person.warned_at.is_null(False)
        & (person.warned_at > person.created_at)
        & ~fn.EXISTS(theirs.where(t.Run.begun_at > person.warned_at))
        & ~fn.EXISTS(_meets(places, person.warned_at))
    )
    is_due = never_came & (
        told & (person.warned_at <= due.warned) if due.warned else _not(told, person.warned_at)
    )
    return is_due if due.reached is None else is_due & person.email.is_null(not due.reached)


def _meets(cohorts: Any, after: Any) -> Any:
    """The sessions after this of such cohorts, as far as they go on; a person comes back for each of them."""
    here = t.Session.cohort.in_(cohorts)
    on = (t.Cohort.id == t.Session.cohort) & t.Cohort.ended_at.is_null()
    meetings = t.Session.select(t.Session.number).join(t.Cohort, on=on)
    return meetings.where(here & ~t.Session.cancelled & (t.Session.starts_at > after))


def _held() -> Any:
    """The sessions of the cohort that a query is about, but for cancelled ones."""
    return (t.Session.cohort == t.Cohort.id) & ~t.Session.cancelled


def _not(told: Any, warned: Any) -> Any:
    # NOT of a comparison with NULL would be NULL, and such rows would never be found.
    return warned.is_null() | ~told


def _certificate() -> Any:
    return t.Certificate.select(t.Certificate.id).where(t.Certificate.run == t.Run.id)
