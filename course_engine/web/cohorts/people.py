"""Who is in a group, and how people come in: its codes, the link, the poster."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import fields, validate

from course_engine.crypto import new_id
from course_engine.domain.calendar import at_local
from course_engine.domain.cohorts import Cohort
from course_engine.domain.errors import BadInput
from course_engine.domain.invitations import Invitation
from course_engine.domain.roles import Act, Role
from course_engine.i18n import gettext as _
from course_engine.i18n import mark
from course_engine.rendering import squares
from course_engine.services import invitations, letters, members, posters, waiting
from course_engine.web import forms, here
from course_engine.web.access import to
from course_engine.web.cohorts import undo
from course_engine.web.cohorts.blueprint import blueprint
from course_engine.web.cohorts.days import within
from course_engine.web.prints import deliver, paper

ROWS = 100
_ROLES = {"learner": Role.LEARNER, "facilitator": Role.FACILITATOR}


class Code(forms.Form):
    """A code for one role: a fresh one, other limits for it, or none any more."""

    role = fields.String(
        load_default="learner",
        validate=validate.OneOf([*_ROLES], error=mark("A code is for learners or for facilitators.")),
    )
    act = fields.String(
        required=True,
        validate=validate.OneOf(["new", "limit", "withdraw"], error=mark("Choose what to do with the code.")),
    )
    expires = fields.Date(
        load_default=None,
        error_messages={"invalid": mark("Choose the last day of this code, or leave it empty.")},
    )
    most = fields.String(
        load_default="",
        validate=validate.Regexp(
            r"([1-9][0-9]{0,3})?\Z", error=mark("Write for how many people it is, or leave it empty.")
        ),
    )
    press = fields.String(load_default="")


@blueprint.get("/<id>/people")
@to(Act.LEAD)
def people_page(id: str) -> ResponseReturnValue:
    return people(here.led(id), {}, {})


@blueprint.post("/<id>/people/code")
@to(Act.LEAD)
def code(id: str) -> ResponseReturnValue:
    """Make, limit or withdraw a code."""
    cohort, engine, person, now = here.led(id), here.engine(), here.person(), here.now()
    try:
        sent = forms.read(Code, leave=_empty("expires"))
        role, most = _ROLES[sent["role"]], int(sent["most"]) if sent["most"] else None
        until = _end_of(sent["expires"], cohort.zone)
        if sent["act"] == "new":
            older = invitations.of(cohort, role)
            made = invitations.make(engine, cohort, role, person, now, until, most, sent["press"])
            new = _("There is a new code. The one before lets nobody in any more.")
            flash(_("There is a code now.") if older in (None, made) else new, "done")
        elif sent["act"] == "limit":
            invitations.limit(engine, cohort, role, person, now, until, most)
            flash(_("This is kept."), "done")
        else:
            invitations.revoke(engine, cohort, role, person, now)
            flash(_("The code lets nobody in any more. Everybody who is here stays."), "done")
    except BadInput as error:
        return people(cohort, error.faults, request.form), 422
    return redirect(f"/cohorts/{id}/people", 303)


@blueprint.get("/<id>/people/poster.pdf")
@to(Act.LEAD)
def poster(id: str) -> ResponseReturnValue:
    """The poster with the code of the group."""
    cohort = here.led(id)
    return deliver(posters.poster(here.engine(), cohort, here.person().language, paper(), here.now()))


def people(cohort: Cohort, faults: dict[str, str], sent: Any) -> str:
    """The page of the people, with what was wrong in one of its forms."""
    everybody = members.of(cohort)
    at = request.args.get("page", "1")
    number = int(at) if at.isdecimal() and len(at) < 4 and int(at) else 1
    return render_template(
        "facilitator/people.html",
        page="groups",
        cohort=cohort,
        members=everybody[(number - 1) * ROWS : number * ROWS],
        weeks=[week.number for week in here.engine().shelf.course(cohort.edition, "en").weeks],
        total=len(everybody),
        number=number,
        pages=max(1, -(-len(everybody) // ROWS)),
        waits=waiting.of_cohort(cohort),
        codes=[(role, _shown(cohort, role)) for role in invitations.ROLES],
        square=squares.svg,
        base_url=here.engine().config.base_url,
        undo=undo.read(request.args.get("undo", ""), cohort),
        way_back=lambda member: undo.sign(cohort, member),
        by_mail=letters.can_go(here.engine()),
        now=here.now(),
        faults=faults,
        sent=sent,
        press=new_id(),
    )


def _shown(cohort: Cohort, role: Role) -> tuple[Invitation, str, str | None] | None:
    """A code, its last day as a form takes it, and why it lets nobody in, if it does not."""
    found = invitations.of(cohort, role)
    if found is None:
        return None
    last = found.expires_at
    day = (last.astimezone(ZoneInfo(cohort.zone)) - timedelta(seconds=1)).date().isoformat() if last else ""
    closed = found.closed(here.now())
    return found, day, closed.value if closed else None


def _end_of(day: date | None, zone: str) -> datetime | None:
    """The end of this day in the group's zone. Raises BadInput."""
    if day is None:
        return None
    return at_local(within(day, "expires") + timedelta(days=1), time(), zone)


def _empty(*names: str) -> list[str]:
    return [name for name in names if not request.form.get(name)]
