"""Cohorts: groups with dates, who leads them, and the people in them."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from course_engine.crypto import new_id
from course_engine.domain.cohorts import Cohort, Session
from course_engine.domain.errors import BadInput, NotFound, Refused
from course_engine.domain.pace import PaceKind
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.services import boards, calendars, editions, runs
from course_engine.services.names import checked_name
from course_engine.storage import accounts, audit, cohorts, people
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
    skipped: Collection[date] = (),
    **chosen: Any,
) -> Cohort:
    """A new cohort whose first session is at `first`, then one a week at the same local hour.

    A week whose day is in `skipped` has no session; it and all later ones move on by a week. `chosen` are
    further fields of the cohort. Raises BadInput for a day that is over or far away, or an hour taken.
    """
    digest = editions.newest(course)
    of = engine.shelf.course(digest, engine.config.locale)
    sessions = calendars.first_plan(engine, facilitator, of, first, zone, minutes, now, skipped)
    cohort = Cohort(
        new_id(), checked_title(name), course, digest, zone, time=True, completion=True,
        attended=of.certificate.attended, facilitators=(facilitator.id,), created_at=now, **chosen,
    )  # fmt: skip
    with engine.database.transaction():
        cohorts.add(cohort)
        cohorts.set_sessions(cohort.id, sessions)
        audit.add(now, facilitator.id, "cohort.add", None, {"cohort": cohort.id})
    return cohort


def change(engine: Engine, cohort: Cohort, actor: Person, now: datetime, **fields: Any) -> None:
    """Change what a cohort is called, where it meets, and who is there for its people."""
    if "name" in fields:
        fields["name"] = checked_title(fields["name"])
    with engine.database.transaction():
        cohorts.change(cohort.id, **fields)
        audit.add(now, actor.id, "cohort.change", None, {"cohort": cohort.id, "fields": sorted(fields)})


def checked_title(typed: str) -> str:
    """What a cohort is called, as it is shown. Raises BadInput."""
    wrong = _("Give the group a name, such as “Tuesday evenings”, in at most 80 characters.")
    return checked_name(typed, wrong)


def end(engine: Engine, cohort: Cohort, actor: Person, now: datetime) -> None:
    """Bring a cohort to its end: nothing more opens, what is open stays so. Once is enough."""
    with engine.database.transaction():
        if not cohorts.end(cohort.id, now):
            return
        audit.add(now, actor.id, "cohort.end", None, {"cohort": cohort.id})
        boards.recount(engine, cohort.id, now)


def go_on(engine: Engine, cohort: Cohort, actor: Person, now: datetime) -> None:
    """Take the end of a cohort back."""
    with engine.database.transaction():
        cohorts.change(cohort.id, ended_at=None, warned_at=None)
        audit.add(now, actor.id, "cohort.go_on", None, {"cohort": cohort.id})
        boards.recount(engine, cohort.id, now)


def share(engine: Engine, cohort: Cohort, address: str, actor: Person | None, now: datetime) -> Person:
    """Let another facilitator lead this cohort too; the terminal asks without an actor. Raises BadInput."""
    found = people.by_address(address.strip().lower())
    if found is None or found[0].id not in accounts.facilitators():
        raise BadInput(
            {"address": _("There is no facilitator with this address here. An admin can make someone one.")}
        )
    with engine.database.transaction():
        cohorts.set_facilitators(cohort.id, {*_standing(engine, cohort), found[0].id})
        audit.add(now, actor.id if actor else None, "cohort.share", found[0].id, {"cohort": cohort.id})
    return found[0]


def stop_leading(engine: Engine, cohort: Cohort, person: str, actor: Person, now: datetime) -> None:
    """Let someone lead this cohort no longer. Raises Refused for the last one, NotFound for anybody else."""
    with engine.database.transaction():
        standing = _standing(engine, cohort)
        if person not in standing:
            raise NotFound(_("There is no such page."))
        found = cohorts.get(cohort.id)
        if found is None or not set(found.facilitators) - {person}:
            raise Refused(_("Somebody has to lead this group. Ask another facilitator in first."))
        cohorts.set_facilitators(cohort.id, standing - {person})
        audit.add(now, actor.id, "cohort.stop_leading", person, {"cohort": cohort.id})


def add_member(engine: Engine, cohort: Cohort, person: Person, now: datetime, started: bool = True) -> Run:
    """Take someone into a cohort with a run of its edition; one who was invited only has not begun.

    Someone who had left comes back to the run there was: it holds which sessions they were at. Raises
    Refused where that run goes on in another cohort now.
    """
    with engine.database.transaction():
        engine.database.one_at_a_time(f"runs of {person.id}")
        run = _former(cohort, person.id)
        if run is not None and run.cohort is None:
            _bring_in(engine, cohort, run, now)
            return replace(run, cohort=cohort.id, edition=cohort.edition, pace=PaceKind.COHORT.value)
        if run is None:
            run = next((run for run in stored_runs.of(person.id) if run.cohort == cohort.id), None)
        if run is None:
            run = Run(
                new_id(), person.id, cohort.course, cohort.edition, PaceKind.COHORT.value, cohort.id,
                now if started else None,
            )  # fmt: skip
            stored_runs.add(run, now)
        cohorts.add_member(cohort.id, person.id, run.id, now)
    return run


@dataclass(frozen=True, slots=True)
class Led:
    """A cohort that someone leads: how many people are in it, and its next session."""

    cohort: Cohort
    people: int
    next: Session | None


def led_by(person: Person, now: datetime) -> list[Led]:
    """The cohorts someone leads, by name, those that came to their end last."""
    coming: dict[str, Session] = {}
    for _name, one in cohorts.sessions_led(person.id, now, now + timedelta(days=400)):
        known = coming.get(one.cohort)
        if one.ends_at >= now and (known is None or one.starts_at < known.starts_at):
            coming[one.cohort] = one
    found = [Led(cohort, count, coming.get(cohort.id)) for cohort, count in cohorts.of_facilitator(person.id)]
    return sorted(found, key=lambda led: led.cohort.ended_at is not None)


def led(person: Person, cohort: str) -> Cohort:
    """A cohort this person leads, as pages, files and jobs ask. Raises NotFound for any other or none.

    Whose role was taken or whose account is locked leads none.
    """
    found = cohorts.get(cohort)
    if found is None or person.id not in found.facilitators:
        raise NotFound(_("There is no such page."))
    return found


def leave(engine: Engine, cohort: Cohort, run: Run, pace: PaceKind, actor: Person, now: datetime) -> None:
    """Let someone go on alone, at a pace of their own; what was open or done stays so."""
    with runs.changing(engine, run, now):
        cohorts.remove_member(cohort.id, run.person, now)
        stored_runs.set_cohort(run.id, None, pace.value)
        stored_runs.print_whole(run.id, run.whole_workbook or cohort.whole_workbook)
        audit.add(now, actor.id, "cohort.leave", run.person, {"cohort": cohort.id, "run": run.id})


def take_in(engine: Engine, cohort: Cohort, run: Run, actor: Person, now: datetime) -> None:
    """Take someone who goes through the same course alone into a cohort, with all they have done.

    Raises Refused for another course, and where they have been in this cohort with another run.
    """
    if run.course != cohort.course:
        raise Refused(_("This group goes through another course."))
    with engine.database.transaction():
        former = _former(cohort, run.person)
        if former is not None and former.id != run.id and former.started_at is not None:
            raise Refused(
                _(
                    "You were in this group before. Come back without bringing another course along: what "
                    "you did with the group is still there."
                )
            )
        _bring_in(engine, cohort, run, now)
        audit.add(now, actor.id, "cohort.take_in", run.person, {"cohort": cohort.id, "run": run.id})


def gone_with(run: Run) -> Cohort | None:
    """The cohort that somebody goes through a course with, once they have begun and until it ends."""
    found = cohorts.get(run.cohort) if run.cohort and run.started_at else None
    return found if found and found.ended_at is None else None


def leaders(cohort: Cohort) -> list[Person]:
    """Who leads a cohort, by name."""
    return sorted(people.those(cohort.facilitators), key=lambda person: person.name)


def standing(cohort: Cohort) -> list[Person]:
    """Who stands in a cohort as a facilitator, by name: those too who cannot lead it at the moment."""
    return sorted(people.those(cohorts.standing(cohort.id)), key=lambda person: person.name)


def roster(cohort: Cohort) -> list[tuple[str, str, str]]:
    """Who is in a cohort now, by name: person, name, run."""
    return cohorts.roster(cohort.id)


def sessions(cohort: Cohort) -> list[Session]:
    """The sessions of a cohort in order."""
    return cohorts.sessions(cohort.id)


def _former(cohort: Cohort, person: str) -> Run | None:
    run = stored_runs.get(cohorts.run_of(cohort.id, person) or "")
    if run is not None and run.cohort not in (None, cohort.id):
        raise Refused(_("Whoever goes on in another group now leaves that one first, then comes back here."))
    return run


def _bring_in(engine: Engine, cohort: Cohort, run: Run, now: datetime) -> None:
    with runs.changing(engine, run, now):
        stored_runs.set_cohort(run.id, cohort.id, PaceKind.COHORT.value)
        stored_runs.move_edition(run.id, cohort.edition)
        cohorts.add_member(cohort.id, run.person, run.id, now)


def _standing(engine: Engine, cohort: Cohort) -> set[str]:
    """Who stands in a cohort as a facilitator; nobody else changes that until the transaction ends."""
    engine.database.one_at_a_time(f"cohort {cohort.id}")
    return set(cohorts.standing(cohort.id))
