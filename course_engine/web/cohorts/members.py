"""What a facilitator does with one person of a group: let in, help in, move on, remove, take back."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import fields

from course_engine.domain.cohorts import Cohort
from course_engine.domain.errors import BadInput, NotFound
from course_engine.domain.members import Member
from course_engine.domain.pace import PaceKind
from course_engine.domain.roles import Act
from course_engine.i18n import gettext as _
from course_engine.services import inviting, members, waiting
from course_engine.web import forms, here
from course_engine.web.access import to
from course_engine.web.cohorts import told, undo
from course_engine.web.cohorts.blueprint import blueprint
from course_engine.web.cohorts.people import people


class OnPaper(forms.Form):
    """Somebody who takes part on paper."""

    name = fields.String(load_default="")
    agreed = fields.String(load_default="")
    press = fields.String(load_default="")


@blueprint.post("/<id>/people/paper")
@to(Act.LEAD)
def add_on_paper(id: str) -> ResponseReturnValue:
    cohort = here.led(id)
    try:
        sent = forms.read(OnPaper)
        agreed = sent["agreed"] == "yes"
        added = members.add_on_paper(
            here.engine(), cohort, sent["name"], here.person(), here.now(), agreed=agreed, press=sent["press"]
        )
    except BadInput as error:
        return people(cohort, error.faults, request.form), 422
    flash(_("%(name)s takes part on paper.", name=added.name), "done")
    alike = members.called_alike(cohort, added.name)
    if alike > 1:
        flash(told.alike(added.name, alike), "note")
    return redirect(f"/cohorts/{id}/people", 303)


@blueprint.post("/<id>/people/<person>/begin")
@to(Act.LEAD)
def begin_on_paper(id: str, person: str) -> ResponseReturnValue:
    """Somebody without an account has agreed on paper."""
    cohort = here.led(id)
    members.begin_on_paper(here.engine(), cohort, person, here.person(), here.now())
    return redirect(f"/cohorts/{id}/people", 303)


@blueprint.post("/<id>/people/<person>/remove")
@to(Act.LEAD)
def remove(id: str, person: str) -> ResponseReturnValue:
    cohort = here.led(id)
    try:
        gone = members.remove(here.engine(), cohort, person, here.person(), here.now())
    except NotFound:
        return _gone_before(cohort, person)
    return _gone(cohort, gone)


@blueprint.post("/<id>/people/<person>/own-pace")
@to(Act.LEAD)
def own_pace(id: str, person: str) -> ResponseReturnValue:
    """Let someone go on alone, at a pace that suits them."""
    cohort = here.led(id)
    pace = PaceKind(forms.read(forms.ChosenPace, leave=("undo",))["pace"])
    try:
        gone = members.own_pace(here.engine(), cohort, person, pace, here.person(), here.now())
    except NotFound:
        return _gone_before(cohort, person)
    return _gone(cohort, gone)


@blueprint.post("/<id>/people/back")
@to(Act.LEAD)
def back(id: str) -> ResponseReturnValue:
    """Take a removal back."""
    cohort = here.led(id)
    was = undo.checked(request.form.get("undo", ""), cohort)
    members.back(here.engine(), cohort, was.person, was.run, here.person(), here.now())
    flash(_("%(name)s is in the group again.", name=was.name), "done")
    return redirect(f"/cohorts/{id}/people", 303)


@blueprint.post("/<id>/people/<person>/link")
@to(Act.LEAD)
def link(id: str, person: str) -> ResponseReturnValue:
    """The way in for one person, to copy or to give on paper; a letter with it where `letter=yes`."""
    cohort, engine, now = here.led(id), here.engine(), here.now()
    member = members.one(cohort, person)
    who = members.person_of(member)
    letter = request.form.get("letter") == "yes"
    made = inviting.write(engine, cohort, [who], here.person(), now, letters_too=letter)
    called = {member.id: member.called}
    return render_template(
        "facilitator/link.html", page="groups", cohort=cohort, links=made, called=called, left=()
    )


@blueprint.post("/<id>/waiting/<person>")
@to(Act.LEAD)
def waits(id: str, person: str) -> ResponseReturnValue:
    """Let someone in who waits although every seat is taken, or (`act=drop`) take them off the list."""
    cohort = here.led(id)
    found = {who.id: who for who, _wait in waiting.of_cohort(cohort)}
    if request.form.get("act") == "drop":
        if person in found:
            waiting.leave(here.engine(), cohort.id, person, here.person(), here.now())
            flash(_("%(name)s is not on the waiting list any more.", name=found[person].name), "done")
    elif person in found:
        waiting.take(here.engine(), cohort, found[person], here.now())
        flash(_("%(name)s has a place now.", name=found[person].name), "done")
    else:
        # Whoever pressed twice has let them in with the first press.
        flash(_("%(name)s has a place now.", name=members.one(cohort, person).called), "done")
    return redirect(f"/cohorts/{id}/people", 303)


def _gone_before(cohort: Cohort, person: str) -> ResponseReturnValue:
    """Whoever pressed twice is told again what the first press did, with the way back that the form had.

    Raises NotFound for somebody who was not in the list of the form.
    """
    was = undo.checked(request.form.get("undo", ""), cohort)
    if was.person != person:
        raise NotFound(_("There is no such page."))
    return redirect(f"/cohorts/{cohort.id}/people?undo={was.token}", 303)


def _gone(cohort: Cohort, member: Member) -> ResponseReturnValue:
    return redirect(f"/cohorts/{cohort.id}/people?undo={undo.sign(cohort, member)}", 303)
