"""The admin's pages."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from course_engine.domain.roles import Act
from course_engine.services import people
from course_engine.web import here
from course_engine.web.access import to

blueprint = Blueprint("admin", __name__, url_prefix="/admin")


@blueprint.get("/people")
@to(Act.ADMINISTER)
def accounts() -> ResponseReturnValue:
    """Everybody with an account, 50 a page."""
    page = people.page(request.args.get("after", ""))
    return render_template(
        "admin/people.html",
        page="accounts",
        people=page.people,
        total=page.total,
        after=page.after,
        zone=here.person().zone,
    )
