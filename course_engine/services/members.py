"""The people of a cohort: added on paper, moved to a pace of their own, removed, taken back."""

from datetime import datetime

from course_engine.crypto import new_id, pressed_id
from course_engine.domain.cohorts import Cohort
from course_engine.domain.errors import BadInput, NotFound, Refused, noting
from course_engine.domain.members import Member
from course_engine.domain.pace import PaceKind
from course_engine.domain.people import Consent, Person, Theme, listed_as
from course_engine.domain.progress import Run
from course_engine.domain.roles import Role
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.services import cohorts, frozen, letters, runs, waiting
from course_engine.services.names import checked_name
from course_engine.storage import audit, members, people
from course_engine.storage import runs as stored_runs


def of(cohort: Cohort) -> list[Member]:
    """Who is in a cohort, by name."""
    return members.of_cohort(cohort.id)


def one(cohort: Cohort, person: str) -> Member:
    """Someone in a cohort. Raises NotFound for anybody else."""
    found = members.one(cohort.id, person)
    if found is None:
        raise NotFound(_("There is no such page."))
    return found


def person_of(member: Member) -> Person:
    """The person behind a member. Raises NotFound."""
    found = people.get(member.id)
    if found is None:
        raise NotFound(_("There is no such page."))
    return found


def somebody(
    engine: Engine, name: str, email: str | None, language: str, zone: str, now: datetime, id: str = ""
) -> Person:
    """Somebody who has no way in yet: invited by an address, or on paper only."""
    return Person(
        id=id or new_id(),
        name=name,
        email=email,
        sign_in_name=None,
        roles=frozenset({Role.LEARNER}),
        zone=zone,
        language=language or engine.config.locale,
        theme=Theme.SYSTEM,
        created_at=now,
    )


def add_on_paper(
    engine: Engine, cohort: Cohort, name: str, actor: Person, now: datetime, *, agreed: bool, press: str = ""
) -> Person:
    """Somebody who takes part on paper, and has agreed to the three points there. Raises BadInput.

    The same name sent again with the same `press`, a random word of the form, is the same person.
    """
    shown = _checked_on_paper(name, agreed)
    id = pressed_id(press, cohort.id, actor.id, shown)
    person = somebody(engine, shown, None, actor.language, cohort.zone, now, id)
    with engine.database.transaction():
        engine.database.one_at_a_time(f"person {id}")
        before = people.get(id)
        if before is not None:
            return before
        people.add(person, "", engine.keys.new_person_key())
        cohorts.add_member(engine, cohort, person, now)
        people.agree(person.id, cohort.course, Consent(runs.CONSENT_VERSION, now))
        audit.add(now, actor.id, "cohort.add_on_paper", person.id, {"cohort": cohort.id})
    return person


def called_alike(cohort: Cohort, name: str) -> int:
    """How many people in a cohort are called so, whatever the accents and capitals."""
    return sum(listed_as(one.called) == listed_as(name) for one in of(cohort))


def begin_on_paper(engine: Engine, cohort: Cohort, person: str, actor: Person, now: datetime) -> None:
    """Somebody without an account has agreed on paper and begins. Raises Refused for an account."""
    member = one(cohort, person)
    if member.account or member.office or member.awaited:
        raise Refused(_("Whoever has an account or a link of their own agrees and begins there."))
    with engine.database.transaction():
        stored_runs.start(member.run, now)
        people.agree(person, cohort.course, Consent(runs.CONSENT_VERSION, now))
        audit.add(now, actor.id, "cohort.begin_on_paper", person, {"cohort": cohort.id})


def remove(engine: Engine, cohort: Cohort, person: str, actor: Person, now: datetime) -> Member:
    """Let someone be in the cohort no longer. What they did stays theirs, and they can go on alone.

    Of whoever never began nothing stays: a letter about the place that waits does not go out.
    """
    member = one(cohort, person)
    with engine.database.transaction():
        engine.database.one_at_a_time(f"cohort {cohort.id}")
        never_begun = stored_runs.remove(member.run)
        if never_begun:
            letters.forget(letters.of_place(cohort.id, person))
            audit.add(now, actor.id, "cohort.remove", person, {"cohort": cohort.id})
    if not never_begun:
        cohorts.leave(engine, cohort, _run(member), PaceKind.WEEKLY, actor, now)
    waiting.fill(engine, cohort.id, now)
    return member


def own_pace(
    engine: Engine, cohort: Cohort, person: str, pace: PaceKind, actor: Person, now: datetime
) -> Member:
    """Let someone go on alone at this pace, with all they have done. Raises Refused, BadInput."""
    member = one(cohort, person)
    if member.started_at is None:
        raise Refused(_("%(name)s has not begun yet, so there is nothing to go on with.", name=member.called))
    if pace is PaceKind.COHORT:
        raise BadInput({"pace": _("Choose one of the three paces.")})
    cohorts.leave(engine, cohort, _run(member), pace, actor, now)
    waiting.fill(engine, cohort.id, now)
    return member


def back(engine: Engine, cohort: Cohort, person: str, run: str, actor: Person, now: datetime) -> Person:
    """Take someone back who was removed or went on alone, with the run they had. Raises NotFound."""
    found = people.get(person)
    if found is None:
        raise NotFound(_("There is no such page."))
    had = stored_runs.get(run)
    if members.one(cohort.id, person) is not None:
        return found
    if had is not None and had.person == person and had.cohort is None:
        cohorts.take_in(engine, cohort, had, actor, now)
    else:
        cohorts.add_member(engine, cohort, found, now, started=False)
    return found


def name_of_former(person: str, run: str) -> str:
    """What somebody is called who has just been in a cohort; empty for nobody.

    Who was invited and had not agreed to be there shows the address only.
    """
    found = people.get(person)
    if found is None:
        return ""
    began = stored_runs.get(run) is not None
    return found.name if began else found.email or found.name


def _checked_on_paper(name: str, agreed: bool) -> str:
    faults: dict[str, str] = {}
    shown = ""
    with noting(faults):
        shown = checked_name(
            name, _("Write the name as it should stand on the certificate, in at most 80 characters.")
        )
    if strange := frozen.unprintable(shown):
        faults["name"] = strange
    if not agreed:
        faults["agreed"] = _("Read the three points together first, then tick this box.")
    if faults:
        raise BadInput(faults)
    return shown


def _run(member: Member) -> Run:
    found = stored_runs.get(member.run)
    if found is None:
        raise NotFound(_("There is no such page."))
    return found
