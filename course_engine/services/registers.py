"""All groups of a site, and who could lead one: for those who run it."""

from dataclasses import dataclass

from course_engine.domain.cohorts import Cohort, Session
from course_engine.domain.errors import NotFound, Refused
from course_engine.domain.people import Person
from course_engine.i18n import gettext as _
from course_engine.services import cohorts, people
from course_engine.storage import accounts, members
from course_engine.storage import cohorts as stored
from course_engine.storage import people as stored_people


@dataclass(frozen=True, slots=True)
class Listed:
    """A cohort with its first session and the number of people in it."""

    cohort: Cohort
    first: Session | None
    people: int


def all() -> list[Listed]:
    """Every cohort, by name."""
    return [
        Listed(one, next(iter(cohorts.sessions(one)), None), members.count(one.id)) for one in stored.every()
    ]


def find(which: str) -> Cohort:
    """A cohort by its id, or by its name where only one has it. Raises NotFound, Refused."""
    named = [one for one in stored.every() if which in (one.id, one.name)]
    if not named:
        raise NotFound(
            _("There is no group called %(which)s. See them all with: course-engine cohort list", which=which)
        )
    if len(named) > 1:
        raise Refused(_("Several groups are called %(which)s. Use the id of the one you mean.", which=which))
    return named[0]


def leads(cohort: Cohort) -> Person:
    """Somebody who leads this cohort, in whose name a command works. Raises Refused where nobody can."""
    found = cohorts.leaders(cohort)
    if not found:
        raise Refused(
            _(
                "Nobody can lead “%(name)s” at the moment. Unlock one of its facilitators, or let another "
                "lead it: course-engine cohort share",
                name=cohort.name,
            )
        )
    return found[0]


def leader(address: str | None) -> Person:
    """The facilitator with this address, or else the only one there is. Raises NotFound, Refused."""
    if address is not None:
        found = people.get(address)
        if found.id not in accounts.facilitators():
            raise Refused(_("%(name)s is no facilitator here, or cannot sign in.", name=found.name))
        return found
    leaders = stored_people.those(accounts.facilitators())
    if not leaders:
        raise NotFound(
            _("There is no facilitator yet. Make one with: course-engine person add EMAIL --role facilitator")
        )
    if len(leaders) > 1:
        raise Refused(_("There are several facilitators. Say who leads the group: --facilitator ADDRESS"))
    return leaders[0]
