"""The print room of a group, and the handouts of a session."""

from flask import request
from flask.typing import ResponseReturnValue

from course_engine.domain.errors import NotFound
from course_engine.domain.roles import Act
from course_engine.i18n import gettext as _
from course_engine.services.choices import What, Whom
from course_engine.web import here, printing
from course_engine.web.access import to
from course_engine.web.cohorts.blueprint import blueprint

TEMPLATE = "facilitator/print.html"


@blueprint.get("/<id>/print")
@to(Act.LEAD)
def print_room(id: str) -> ResponseReturnValue:
    """What to print, for whom, on which paper, and how much of it that takes."""
    return printing.page(_room(id), TEMPLATE)


@blueprint.get("/<id>/print.pdf")
@to(Act.LEAD)
def print_pdf(id: str) -> ResponseReturnValue:
    """What was chosen in the print room, or (`first`) its first sheet."""
    return printing.document(_room(id), TEMPLATE)


@blueprint.get("/<id>/sessions/<int:number>.pdf")
@to(Act.LEAD)
def handouts(id: str, number: int) -> ResponseReturnValue:
    """The handouts of a session for those expected, or (`for`, `people`) for others."""
    room = _room(id)
    if not any(one.number == number for one in room.sessions):
        raise NotFound(_("There is no such page."))
    whom = request.args.get("for", Whom.EXPECTED.value)
    return printing.document(room, TEMPLATE, what=What.HANDOUTS.value, week=str(number), **{"for": whom})


def _room(id: str) -> printing.Room:
    cohort = here.led(id)
    course = here.engine().shelf.course(cohort.edition, here.person().language)
    return printing.room(f"/cohorts/{id}/print", course, cohort)
