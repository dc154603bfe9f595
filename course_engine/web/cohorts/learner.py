"""One person of a group, as the facilitator sees them: what is done, where they were, what was changed."""

from flask import render_template
from flask.typing import ResponseReturnValue

from course_engine.domain.calendar import local_day
from course_engine.domain.roles import Act
from course_engine.services import learners, letters
from course_engine.web import here
from course_engine.web.access import to
from course_engine.web.cohorts import effects, told
from course_engine.web.cohorts.blueprint import blueprint


@blueprint.get("/<id>/people/<person>")
@to(Act.LEAD)
def learner(id: str, person: str) -> ResponseReturnValue:
    """Whether steps are done and never how; nothing that was written."""
    cohort = here.led(id)
    now = here.now()
    return render_template(
        "facilitator/learner.html",
        page="groups",
        cohort=cohort,
        found=learners.learner(here.engine(), cohort, person, here.person().language, now),
        told=told,
        effects=effects,
        by_mail=letters.can_go(here.engine()),
        now=now,
        today=local_day(now, cohort.zone),
    )
