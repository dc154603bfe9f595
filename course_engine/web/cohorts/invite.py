"""Inviting people by their addresses: who they are is shown before anything is sent."""

from dataclasses import replace

from flask import render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import fields

from course_engine.domain.cohorts import Cohort
from course_engine.domain.errors import BadInput
from course_engine.domain.invitations import Room
from course_engine.domain.roles import Act
from course_engine.i18n import gettext as _
from course_engine.i18n import ngettext
from course_engine.services import invitations, inviting, letters, members, rosters
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
    """Show who would be invited, or invite them: all (`act=send`), or as many as have room (`act=first`)."""
    cohort = here.led(id)
    typed = request.form.get("addresses", "")
    try:
        sent = forms.read(Addresses)
        found = rosters.addresses(cohort, sent["addresses"])
    except BadInput as error:
        return _page(id, [], error.faults, typed), 422
    good = [one for one in found if one.good]
    if sent["act"] not in ("send", "first") or not good:
        return _page(id, found, {}, typed)
    within = sent["act"] == "first"
    links = rosters.invite(here.engine(), cohort, good, here.person(), here.now(), within=within)
    if not links:
        return _page(id, rosters.addresses(cohort, typed), {}, typed)
    return _invited(cohort, links, found, within)


def places(room: Room, new: int) -> str:
    """How many places a group has, and how many people it would have beyond them with these."""
    words = ngettext(
        "%(n)s place, %(taken)s taken.", "%(n)s places, %(taken)s taken.", room.seats, taken=room.taken
    )
    over = ngettext(
        "With these there is %(n)s person more than places.",
        "With these there are %(n)s people more than places.",
        room.beyond(new),
    )
    return f"{words} {over}" if room.beyond(new) else words


def _invited(cohort: Cohort, links: list[inviting.Link], found: list[inviting.Address], within: bool) -> str:
    reached = {link.person.email for link in links}
    full = _("Every place is taken, so nothing was sent.") if within else _("In this group already.")
    others = [one for one in found if one.email not in reached and not one.here]
    return render_template(
        "facilitator/link.html",
        page="groups",
        cohort=cohort,
        links=links,
        called={one.id: one.called for one in members.of(cohort)},
        left=[replace(one, fault=one.fault or full) for one in others],
    )


def _page(id: str, found: list[inviting.Address], faults: dict[str, str], typed: str) -> str:
    cohort = here.led(id)
    good = [one for one in found if one.good]
    room = invitations.room(cohort) if good else None
    return render_template(
        "facilitator/invite.html",
        page="groups",
        cohort=cohort,
        found=found,
        good=good,
        places=places(room, len(good)) if room else "",
        beyond=good[room.free :] if room else [],
        by_mail=letters.can_go(here.engine()),
        faults=faults,
        typed=typed,
    )
