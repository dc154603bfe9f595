"""What those who lead a group have written to its people."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from course_engine.domain.errors import NotFound
from course_engine.domain.roles import Act
from course_engine.i18n import gettext as _
from course_engine.services import messages
from course_engine.web import here
from course_engine.web.access import to

blueprint = Blueprint("messages", __name__)


@blueprint.get("/messages")
@to(Act.LEARN)
def page() -> ResponseReturnValue:
    """The messages of one's group, newest first."""
    at = here.position()
    cohort = at.cohort
    if cohort is None:
        raise NotFound(_("You go through this course alone, so there are no messages of a group."))
    if at.run.started_at is None:
        raise NotFound(_("You read the messages of this group here once you have joined it, from Today."))
    return render_template(
        "learner/messages.html",
        page="today",
        cohort=cohort,
        messages=messages.to_person(cohort, here.person()),
    )
