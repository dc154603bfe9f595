"""Coming into a cohort: with its code, or as someone who was invited; agreeing is what begins the course."""

from dataclasses import dataclass
from datetime import datetime

from course_engine.domain.cohorts import Cohort, Session
from course_engine.domain.course import Course
from course_engine.domain.errors import NotFound, Refused
from course_engine.domain.invitations import Wait
from course_engine.domain.people import Consent, Person
from course_engine.domain.progress import Run
from course_engine.domain.roles import Role
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.services import cohorts, invitations, runs, waiting
from course_engine.storage import audit, members, people
from course_engine.storage import cohorts as stored
from course_engine.storage import invitations as codes
from course_engine.storage import runs as stored_runs
from course_engine.storage import waiting as stored_waiting


@dataclass(frozen=True, slots=True)
class Joined:
    """What came of a code: a run, a place in the waiting list, or that one leads the cohort too."""

    run: Run | None = None
    wait: Wait | None = None
    leads: bool = False


@dataclass(frozen=True, slots=True)
class Invited:
    """A cohort that waits for someone to agree and begin."""

    run: Run
    cohort: Cohort
    course: Course
    sessions: tuple[Session, ...]


def join(engine: Engine, person: Person, code: str, now: datetime, *, bring: Run | None = None) -> Joined:
    """Come in with a code, having agreed to the three points; `bring` is a run alone to go on with.

    A full cohort gives a place in its waiting list, and nobody passes those who wait there; whoever is in
    already stays where they are, whatever has become of the code. Raises NotFound and Refused.
    """
    with engine.database.transaction():
        door = invitations.look(engine, code, now, visitor=person)
        cohort = door.cohort
        engine.database.one_at_a_time(f"cohort {cohort.id}")
        if door.invitation.role is Role.FACILITATOR:
            return _lead(engine, person, door, now)
        if person.id in cohort.facilitators:
            raise Refused(_("You lead this group, so there is no need to join it."))
        inside = member_run(cohort, person)
        if inside is not None:
            return Joined(
                begin(engine, person, inside, now, bring=bring) if inside.started_at is None else inside
            )
        if not invitations.has_seat(cohort, person):
            return Joined(wait=waiting.join(engine, cohort, person, now))
        _count(door, now)
        return Joined(_enter(engine, cohort, person, bring, now))


def begin(engine: Engine, person: Person, run: Run, now: datetime, *, bring: Run | None = None) -> Run:
    """Agree and begin in the cohort that one was invited to. Raises NotFound, Refused."""
    with engine.database.transaction():
        engine.database.one_at_a_time(f"cohort {run.cohort}")
        # The invitation may have been taken back since its page was shown.
        run = runs.own(engine, person, run.id)
        cohort = stored.get(run.cohort or "")
        if cohort is None:
            raise NotFound(_("There is no such page."))
        if run.started_at is not None:
            return run
        if cohort.ended_at is not None:
            raise Refused(_("This group has come to its end, so nobody can join it any more."))
        return _enter(engine, cohort, person, bring, now)


def decline(engine: Engine, person: Person, run: Run, now: datetime) -> None:
    """Leave the place to someone else: nothing was begun, so nothing of it stays. Raises Refused."""
    if run.person != person.id or run.cohort is None:
        raise NotFound(_("There is no such page."))
    with engine.database.transaction():
        engine.database.one_at_a_time(f"cohort {run.cohort}")
        if stored_runs.remove(run.id):
            audit.add(now, person.id, "cohort.decline", person.id, {"cohort": run.cohort})
        elif stored_runs.get(run.id) is not None:
            raise Refused(
                _("You have begun with this group already. Your facilitator can help you to leave it.")
            )
    waiting.fill(engine, run.cohort, now)


def alone(engine: Engine, person: Person, course: str, now: datetime) -> Run | None:
    """An unfinished run of this course that someone goes through alone, and could bring along."""
    for run in stored_runs.of(person.id):
        if run.course == course and run.cohort is None and run.started_at and not run.finished_at:
            return run
    return None


def invited(engine: Engine, person: Person) -> list[Invited]:
    """The cohorts that wait for someone to agree and begin."""
    found = []
    for run in stored_runs.of(person.id):
        known = stored.calendar(run.cohort) if run.cohort and run.started_at is None else None
        if known is not None:
            course = engine.shelf.course(run.edition, person.language)
            found.append(Invited(run, known[0], course, known[1]))
    return found


def invitation_of(engine: Engine, person: Person, run: str) -> Invited:
    """One of them by its run. Raises NotFound."""
    one = next((one for one in invited(engine, person) if one.run.id == run), None)
    if one is None:
        raise NotFound(_("There is no such page."))
    return one


def member_run(cohort: Cohort, person: Person) -> Run | None:
    """The run by which someone is in a cohort now."""
    inside = members.one(cohort.id, person.id)
    return stored_runs.get(inside.run) if inside else None


def _enter(engine: Engine, cohort: Cohort, person: Person, bring: Run | None, now: datetime) -> Run:
    stored_waiting.drop(cohort.id, person.id)
    empty = member_run(cohort, person)
    if bring is not None:
        cohorts.take_in(engine, cohort, bring, person, now)
        if empty is not None and empty.started_at is None:
            stored_runs.remove(empty.id)
        run = runs.own(engine, person, bring.id)
    else:
        run = cohorts.add_member(engine, cohort, person, now)
        stored_runs.start(run.id, now)
    stored_runs.bring_forward(run.id, now)
    people.agree(person.id, cohort.course, Consent(runs.CONSENT_VERSION, now))
    audit.add(now, person.id, "cohort.join", person.id, {"cohort": cohort.id, "run": run.id})
    return runs.own(engine, person, run.id)


def _lead(engine: Engine, person: Person, door: invitations.Door, now: datetime) -> Joined:
    cohort = door.cohort
    if Role.FACILITATOR not in person.roles:
        raise Refused(
            _("This code is for facilitators. Ask the people who run this site to make you one first.")
        )
    standing = stored.standing(cohort.id)
    if person.id in standing:
        return Joined(leads=True)
    _count(door, now)
    stored.set_facilitators(cohort.id, {*standing, person.id})
    audit.add(now, person.id, "cohort.share", person.id, {"cohort": cohort.id})
    return Joined(leads=True)


def _count(door: invitations.Door, now: datetime) -> None:
    if not codes.use(door.invitation.code, now):
        raise invitations.NoEntry(
            _("As many people have joined with this code as it was made for. Ask your facilitator."),
            door.cohort.name,
        )
