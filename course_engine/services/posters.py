"""The poster of a group, to hang up where people pass."""

from datetime import datetime

from course_engine.domain.cohorts import Cohort
from course_engine.domain.errors import Refused
from course_engine.engine import Engine
from course_engine.i18n import day, place, speak
from course_engine.i18n import gettext as _
from course_engine.rendering.paper import Paper
from course_engine.rendering.posters import poster_values
from course_engine.services import cohorts, invitations
from course_engine.services.prints import Print
from course_engine.services.wording import meets


def poster(engine: Engine, cohort: Cohort, language: str, paper: Paper, now: datetime) -> Print:
    """The poster with the code for learners. Raises Refused where there is none that lets people in."""
    found = invitations.of(cohort)
    if found is None or found.closed(now) is not None:
        raise Refused(_("This group has no code that lets people in. Make one first, then print the poster."))
    course = engine.shelf.course(cohort.edition, language)
    first = next((one for one in cohorts.sessions(cohort) if not one.cancelled), None)
    with speak(course.language):
        values = poster_values(
            course,
            site=engine.config.site_name,
            cohort=cohort.name,
            when=meets(first.starts_at, cohort.zone) if first else "",
            where=cohort.place
            or (_("Online, by the clock of %(place)s", place=place(cohort.zone)) if cohort.link else ""),
            leaders=", ".join(person.name for person in cohorts.leaders(cohort)),
            code=found.shown,
            address=f"{engine.config.base_url}/join/{found.code}",
            until=day(found.expires_at, cohort.zone) if found.expires_at else "",
            paper=paper,
        )
    return Print("poster", values, course.language, "poster.pdf", cohort=cohort.id)
