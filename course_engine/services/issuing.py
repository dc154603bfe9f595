"""Certificates from the terminal: what a learner or a whole cohort has earned, made in one go."""

from datetime import datetime

from course_engine.domain.cohorts import Cohort
from course_engine.domain.errors import BadInput, NotFound, Refused
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.services import registers
from course_engine.services.certificates import award
from course_engine.storage import cohorts, people, runs


def whose(which: str) -> list[tuple[Person, Run]]:
    """A learner (by address) or everybody in a cohort (by id or name), each with the run that is meant.

    Raises NotFound; Refused for a name that several cohorts have.
    """
    cohort = _cohort(which)
    if cohort is not None:
        inside = {person: runs.get(run) for person, run, _joined in cohorts.members(cohort.id)}
        everybody = sorted(people.those(inside), key=lambda person: person.name)
        return [(one, run) for one in everybody if (run := inside[one.id]) is not None]
    found = people.by_address(which.strip().lower())
    if found is None:
        raise NotFound(_("There is no cohort and nobody with the address %(whom)s.", whom=which))
    run = runs.current(found[0].id)
    if run is None:
        raise NotFound(_("%(name)s has not begun a course yet.", name=found[0].name))
    return [(found[0], run)]


def issue(engine: Engine, person: Person, run: Run, now: datetime) -> dict[str, object]:
    """Make the certificate that was earned: a row with the name, the code, and what is still to come."""
    try:
        code = award(engine, person, run, person.name, now).code
    except (BadInput, Refused) as error:
        return {"name": person.name, "code": "", "waits for": str(error)}
    return {"name": person.name, "code": code, "waits for": ""}


def _cohort(which: str) -> Cohort | None:
    try:
        return registers.find(which)
    except NotFound:
        return None


def _issued(engine: Engine, person: str, run: Run, now: datetime) -> dict[str, object]:
    whose = people.get(person)
    if whose is None:
        raise NotFound(_("There is no such person."))
    try:
        code = award(engine, whose, run, whose.name, now).code
    except (BadInput, Refused) as error:
        return {"name": whose.name, "code": "", "waits for": str(error)}
    return {"name": whose.name, "code": code, "waits for": ""}
