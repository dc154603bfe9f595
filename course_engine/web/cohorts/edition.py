"""The edition of a group's course: what another one would change, then moving the group to it."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import fields

from course_engine.domain.errors import NotFound
from course_engine.domain.roles import Act
from course_engine.i18n import gettext as _
from course_engine.i18n import mark
from course_engine.services import catalogue, differences, moving
from course_engine.web import forms, here
from course_engine.web.access import to
from course_engine.web.cohorts.blueprint import blueprint


class ChosenEdition(forms.Form):
    to = fields.String(required=True, error_messages={"required": mark("Choose an edition.")})


@blueprint.get("/<id>/edition")
@to(Act.LEAD)
def edition_page(id: str) -> ResponseReturnValue:
    """The edition the group has, and what would come of another (`to=`); nothing is changed yet."""
    cohort = here.led(id)
    choices = moving.choices(cohort)
    asked = request.args.get("to") or (choices[0].digest if choices else "")
    move = moving.plan(here.engine(), cohort, asked, here.now()) if asked else None
    return render_template(
        "facilitator/edition.html",
        page="groups",
        cohort=cohort,
        course=here.engine().shelf.course(cohort.edition, here.person().language),
        choices=choices,
        newest=catalogue.newest(cohort.course),
        withdrawn=catalogue.use(cohort.edition).edition.withdrawn_at is not None,
        move=move,
        sections=differences.told(move.comparison) if move else [],
        zone=here.person().zone,
    )


@blueprint.post("/<id>/edition")
@to(Act.LEAD)
def move_edition(id: str) -> ResponseReturnValue:
    """Move the group; pressed twice, it is moved once."""
    cohort = here.led(id)
    sent = forms.read(ChosenEdition)
    try:
        moving.move(here.engine(), cohort, sent["to"], here.person(), here.now())
    except NotFound:
        if here.led(id).edition != sent["to"]:
            raise
    flash(_("The group has this edition now. What was open or done stays so."), "done")
    return redirect(f"/cohorts/{id}/edition", 303)
