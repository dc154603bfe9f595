"""The facilitator's pages."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from course_engine.domain.roles import Act
from course_engine.services import cohorts
from course_engine.web import here
from course_engine.web.access import to

blueprint = Blueprint("facilitator", __name__)


@blueprint.get("/cohorts")
@to(Act.LEAD)
def groups() -> ResponseReturnValue:
    """The groups someone leads."""
    return render_template("facilitator/groups.html", page="groups", groups=cohorts.led_by(here.person()))
