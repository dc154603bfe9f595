"""Waiting for a place in a full cohort: whoever came first gets the seat that becomes free."""

from datetime import datetime

from course_engine.crypto import new_id
from course_engine.domain.cohorts import Cohort
from course_engine.domain.errors import Refused
from course_engine.domain.invitations import Wait
from course_engine.domain.people import Person
from course_engine.domain.work import Letter
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.i18n import speak
from course_engine.services import cohorts, invitations, letters
from course_engine.storage import audit, members, people, waiting
from course_engine.storage import cohorts as stored


def join(engine: Engine, cohort: Cohort, person: Person, now: datetime) -> Wait:
    """Wait for a place; whoever waits already keeps theirs."""
    with engine.database.transaction():
        waiting.add(cohort.id, person.id, now)
        audit.add(now, person.id, "cohort.wait", person.id, {"cohort": cohort.id})
        return next(one for one in waiting.of_cohort(cohort.id) if one.person == person.id)


def leave(engine: Engine, cohort: str, person: str, actor: Person, now: datetime) -> None:
    """Wait no longer."""
    with engine.database.transaction():
        if waiting.drop(cohort, person):
            audit.add(now, actor.id, "cohort.wait_no_longer", person, {"cohort": cohort})


def of_cohort(cohort: Cohort) -> list[tuple[Person, Wait]]:
    """Who waits, in order."""
    found = waiting.of_cohort(cohort.id)
    who = {person.id: person for person in people.those([one.person for one in found])}
    return [(who[one.person], one) for one in found]


def of_person(person: Person) -> list[tuple[Cohort, Wait]]:
    """The cohorts someone waits for, with their place in each."""
    found = [(stored.get(one.cohort), one) for one in waiting.of_person(person.id)]
    return [(cohort, one) for cohort, one in found if cohort is not None]


def fill(engine: Engine, cohort: str, now: datetime) -> list[Person]:
    """Give the seats that are free to those who wait, with a letter to each who has an address."""
    taken: list[Person] = []
    with engine.database.transaction():
        engine.database.one_at_a_time(f"cohort {cohort}")
        found = stored.get(cohort)
        if found is None or found.ended_at is not None:
            return []
        for one in waiting.of_cohort(cohort):
            if invitations.is_full(found):
                break
            person = people.get(one.person)
            waiting.drop(cohort, one.person)
            if person is not None and _take(engine, found, person, now):
                taken.append(person)
    return taken


def fill_all(engine: Engine, now: datetime) -> int:
    """The same for every cohort that somebody waits for; how many people got a seat."""
    return sum(len(fill(engine, cohort, now)) for cohort in waiting.wanted())


def take(engine: Engine, cohort: Cohort, person: Person, now: datetime) -> None:
    """Let someone in who waited: they are invited, once, and begin when they have agreed."""
    with engine.database.transaction():
        engine.database.one_at_a_time(f"cohort {cohort.id}")
        waiting.drop(cohort.id, person.id)
        if members.one(cohort.id, person.id) is not None:
            return
        cohorts.add_member(engine, cohort, person, now, started=False)
        audit.add(now, None, "cohort.seat", person.id, {"cohort": cohort.id})
        if person.email:
            once = letters.of_place(cohort.id, person.id) + new_id()
            letters.post(engine, _letter(engine, cohort, person, now), dedupe=once)


def _take(engine: Engine, cohort: Cohort, person: Person, now: datetime) -> bool:
    # Somebody who has gone on in another group meanwhile keeps nobody else from a seat.
    try:
        take(engine, cohort, person, now)
    except Refused:
        return False
    return True


def _letter(engine: Engine, cohort: Cohort, person: Person, now: datetime) -> Letter:
    with speak(person.language):
        return Letter(
            id=new_id(),
            to=person.email or "",
            subject=_("%(site)s: there is a place for you", site=engine.config.site_name),
            text=_(
                "Hello %(name)s,\n\na place in the group “%(cohort)s” has become free, and it is yours.\n\n"
                "Here you can look at its dates, agree and begin:\n\n%(link)s\n\n"
                "If you would rather not, you can leave the place to someone else there.\n",
                name=person.name,
                cohort=cohort.name,
                link=f"{engine.config.base_url}/today",
            ),
            created_at=now,
        )
