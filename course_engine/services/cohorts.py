"""Cohorts: groups with dates, the people in them, what is changed for them, and their requests."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from course_engine.crypto import new_id
from course_engine.domain.cohorts import Cohort, ContactRequest, Present, RequestState, Session
from course_engine.domain.course import Course
from course_engine.domain.errors import NotFound, Refused
from course_engine.domain.pace import By, Override, OverrideKind, PaceKind
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.domain.standing import Status
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.services import editions, runs
from course_engine.storage import audit, cohorts, contacts, people, progress
from course_engine.storage import runs as stored_runs


def add(
    engine: Engine,
    facilitator: Person,
    course: str,
    name: str,
    first: datetime,
    zone: str,
    minutes: int,
    now: datetime,
    skipped: Iterable[date] = (),
) -> Cohort:
    """A new cohort whose first session is at `first`, then one a week at the same local hour.

    A week whose day is in `skipped` has no session; it and all later ones move on by a week.
    """
    digest = editions.newest(course)
    of = engine.shelf.course(digest, engine.config.locale)
    cohort = Cohort(
        id=new_id(),
        name=name,
        course=course,
        edition=digest,
        zone=zone,
        time=True,
        completion=True,
        attended=of.certificate.attended,
        facilitators=(facilitator.id,),
        created_at=now,
    )
    with engine.database.transaction():
        cohorts.add(cohort)
        cohorts.set_sessions(cohort.id, calendar(cohort.id, of, first, zone, minutes, skipped))
        audit.add(now, facilitator.id, "cohort.add", None, {"cohort": cohort.id})
    return cohort


def calendar(
    cohort: str, course: Course, first: datetime, zone: str, minutes: int, skipped: Iterable[date] = ()
) -> list[Session]:
    """A session for every numbered week, at the same local hour through summer and winter time."""
    away = set(skipped)
    local = first.astimezone(ZoneInfo(zone))
    day, hour = local.date(), time(local.hour, local.minute)
    sessions: list[Session] = []
    for week in course.weeks:
        if week.number == 0:
            continue
        while day in away:
            day += timedelta(days=7)
        starts_at = datetime.combine(day, hour, ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))
        sessions.append(Session(cohort, week.number, starts_at, minutes))
        day += timedelta(days=7)
    return sessions


def add_member(engine: Engine, cohort: Cohort, person: Person, now: datetime, started: bool = True) -> Run:
    """Take someone into a cohort with a run of its edition; one who was invited only has not begun.

    Someone who had left comes back to the run there was.
    """
    with engine.database.transaction():
        engine.database.one_at_a_time(f"runs of {person.id}")
        run = next((run for run in stored_runs.of(person.id) if run.cohort == cohort.id), None)
        if run is None:
            run = Run(
                new_id(), person.id, cohort.course, cohort.edition, PaceKind.COHORT.value, cohort.id,
                now if started else None,
            )  # fmt: skip
            stored_runs.add(run, now)
        cohorts.add_member(cohort.id, person.id, run.id, now)
    return run


def led_by(person: Person) -> list[tuple[Cohort, int]]:
    """The cohorts someone leads, each with its number of people."""
    return cohorts.of_facilitator(person.id)


def led(person: Person, cohort: str) -> Cohort:
    """A cohort this person leads. Raises NotFound for any other, the same as for none."""
    found = cohorts.get(cohort)
    if found is None or person.id not in found.facilitators:
        raise NotFound(_("There is no such page."))
    return found


def sessions(cohort: Cohort) -> list[Session]:
    """The sessions of a cohort in order."""
    return cohorts.sessions(cohort.id)


def attend(
    engine: Engine, cohort: Cohort, number: int, person: str, present: Present, by: Person, now: datetime
) -> None:
    """Write down how someone took part in a session, which may finish a week or the course.

    What was open stays open. Raises NotFound for a session that there is not, and for people outside.
    """
    members = {member: run for member, run, _joined in cohorts.members(cohort.id)}
    run = stored_runs.get(members.get(person, ""))
    if run is None or number not in {one.number for one in sessions(cohort) if not one.cancelled}:
        raise NotFound(_("There is no such page."))
    with _changing(engine, run, now) as before:
        cohorts.attend(cohort.id, number, person, present, now, by.id)
        audit.add(
            now, by.id, "cohort.attend", person,
            {"cohort": cohort.id, "session": number, "present": present.value},
        )  # fmt: skip
        whose = _person_of(run)
        after = runs.position(engine, whose, run, now)
        weeks = after.access.weeks.items()
        if any(week.done_at and not before.access.weeks[id].done_at for id, week in weeks):
            runs.settle(engine, whose, after, now)


def override(
    engine: Engine, run: Run, change: Override, actor: Person, reason: str, now: datetime
) -> Override:
    """Change when the weeks of one run open: early, hold, extend or waive. What is open stays open.

    Raises Refused for a second hold of the whole run while one lasts.
    """
    with _changing(engine, run, now) as at:
        made = replace(change, id=new_id())
        if change.kind is OverrideKind.HOLD and change.week is None:
            _refuse_second_hold(at, change)
            progress.hold(made.id, run.id, change.start, change.end, change.by, actor.id)
        else:
            progress.add_override(made, run=run.id, actor=actor.id, reason=reason, now=now)
        audit.add(now, actor.id, f"run.{change.kind.value}", run.person, {"run": run.id, "week": change.week})
    return made


def undo(engine: Engine, run: Run, change: str, actor: Person, now: datetime) -> None:
    """Take a change back. A week it opened closes only if the learner has not looked at it.

    Learners take back only holds of their own. Raises NotFound.
    """
    with _changing(engine, run, now):
        undone = progress.undo_override(change, now, run=run.id)
        if not undone and not progress.undo_hold(change, run.id, _whose_holds(run, actor)):
            raise NotFound(_("There is no such change to take back."))
        audit.add(now, actor.id, "run.undo", run.person, {"run": run.id, "override": change})


def end_hold(engine: Engine, run: Run, actor: Person, now: datetime) -> None:
    """Come back from a hold of the whole run; learners from their own. Raises Refused when there is none."""
    with _changing(engine, run, now) as at:
        if not progress.end_hold(run.id, now, _whose_holds(run, actor)):
            if at.access.status is Status.ON_HOLD and actor.id == run.person:
                raise Refused(_("Your facilitator has put this course on hold, and can take it up again."))
            raise Refused(_("This course is not on hold."))
        audit.add(now, actor.id, "run.return", run.person, {"run": run.id})


def ask_contact(engine: Engine, person: Person, cohort: Cohort, text: str, now: datetime) -> ContactRequest:
    """Ask the facilitators of one's cohort for a word; the words are sealed."""
    id = new_id()
    sealed = engine.person_key(person.id).seal(text, f"contact|{person.id}|{id}")
    request = ContactRequest(id, person.id, cohort.id, RequestState.NEW, sealed, now, now)
    with engine.database.transaction():
        contacts.add(request)
    return request


def read_contact(engine: Engine, request: ContactRequest) -> str:
    """The words of a contact request."""
    return engine.person_key(request.person).open(request.sealed, f"contact|{request.person}|{request.id}")


def move_contact(engine: Engine, request: ContactRequest, state: RequestState, now: datetime) -> None:
    """Write down how far a contact request has come."""
    with engine.database.transaction():
        contacts.set_state(request.id, state, now)


@contextmanager
def _changing(engine: Engine, run: Run, now: datetime) -> Iterator[runs.Position]:
    """Nobody else changes this run meanwhile; how it stood before, with what was open written down."""
    person = _person_of(run)
    with engine.database.transaction():
        engine.database.one_at_a_time(f"run {run.id}")
        at = runs.position(engine, person, run, now)
        runs.keep(at)
        yield at


def _refuse_second_hold(at: runs.Position, new: Override) -> None:
    for hold in at.overrides:
        if hold.kind is not OverrideKind.HOLD or hold.week is not None:
            continue
        before_its_end = hold.end is None or new.start < hold.end
        after_its_start = new.end is None or hold.start < new.end
        if before_its_end and after_its_start and hold.end != hold.start:
            raise Refused(_("This course is on hold already. End that hold first, or wait until it ends."))


def _whose_holds(run: Run, actor: Person) -> By | None:
    return By.LEARNER if actor.id == run.person else None


def _person_of(run: Run) -> Person:
    person = people.get(run.person)
    if person is None:
        raise NotFound(_("There is no such page."))
    return person
