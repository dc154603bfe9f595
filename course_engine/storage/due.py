"""What is due: the conditions under which something that nobody came back to is warned about, and then goes.

Each is a condition of a query over runs, cohorts or people. Whoever belongs to a group that goes on and will
meet again is never due.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import SQL, fn

from course_engine.domain.cohorts import COUNTS
from course_engine.storage import tables as t
from course_engine.storage.accounts import may_lead


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


def run_is_due(due: Due) -> Any:
    """Of runs: nobody came, did or wrote anything in them, and there is something left to delete."""
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
        ~fn.EXISTS(certificate_of_run())
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


def cohort_is_due(due: Due) -> Any:
    """Of cohorts: they are over, and there are requests for contact in them."""
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


def invited_is_due(due: Due) -> Any:
    """Of people: they were invited, and never came."""
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


def certificate_of_run() -> Any:
    """The certificates of the run that a query is about."""
    return t.Certificate.select(t.Certificate.id).where(t.Certificate.run == t.Run.id)


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
