"""Inviting people by their addresses: who they are is shown before anything is sent."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import fields

from course_engine.domain.errors import BadInput
from course_engine.domain.roles import Act
from course_engine.services import inviting, letters, rosters
from course_engine.web import forms, here
from course_engine.web.access import to
from course_engine.web.cohorts.blueprint import blueprint


class Addresses(forms.Form):
    """A text with addresses in it."""

    addresses = fields.String(load_default="")
    act = fields.String(load_default="preview")


@blueprint.get("/<id>/people/invite")
@to(Act.LEAD)
def invite_page(id: str) -> ResponseReturnValue:
    here.led(id)
    return _page(id, [], {}, "")


@blueprint.post("/<id>/people/invite")
@to(Act.LEAD)
def invite(id: str) -> ResponseReturnValue:
    """Show who would be invited, or (`act=send`) invite them: each gets a link of their own."""
    cohort = here.led(id)
    typed = request.form.get("addresses", "")
    try:
        sent = forms.read(Addresses)
        found = rosters.addresses(cohort, sent["addresses"])
    except BadInput as error:
        return _page(id, [], error.faults, typed), 422
    good = [one for one in found if one.good]
    if sent["act"] != "send" or not good:
        return _page(id, found, {}, typed)
    links = rosters.invite(here.engine(), cohort, good, here.person(), here.now())
    if not links:
        return _page(id, rosters.addresses(cohort, typed), {}, typed)
    left = [one for one in found if one.fault]
    return render_template("facilitator/link.html", page="groups", cohort=cohort, links=links, left=left)


def _page(id: str, found: list[inviting.Address], faults: dict[str, str], typed: str) -> str:
    return render_template(
        "facilitator/invite.html",
        page="groups",
        cohort=here.led(id),
        found=found,
        good=[one for one in found if one.good],
        by_mail=letters.can_go(here.engine()),
        faults=faults,
        typed=typed,
    )
