"""Noting for oneself that one is at the session of one's group, with the code shown there."""

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue

from course_engine.domain.cohorts import Present
from course_engine.domain.errors import BadInput
from course_engine.domain.roles import Act
from course_engine.i18n import gettext as _
from course_engine.services import attendance
from course_engine.services.tries import TooManyTries
from course_engine.web import forms, here
from course_engine.web.access import to

blueprint = Blueprint("present", __name__)


@blueprint.post("/present")
@to(Act.LEARN)
def present() -> ResponseReturnValue:
    """With the code that the facilitator shows."""
    how = Present.ONLINE if request.form.get("online") else Present.PRESENT
    try:
        code = forms.read(forms.Code, leave=("online",))["code"]
        session = attendance.check_in(here.engine(), here.person(), here.position(), code, how, here.now())
    except (BadInput, TooManyTries) as error:
        flash(next(iter(error.faults.values())) if isinstance(error, BadInput) else str(error), "error")
    else:
        flash(_("You are noted as here at session %(n)s. Welcome.", n=session.number), "done")
    return redirect("/today", 303)
