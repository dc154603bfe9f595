"""The certificate of one person of a group: a sample before it is made, its name corrected afterwards."""

from dataclasses import replace

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import fields

from course_engine.domain.cohorts import Cohort
from course_engine.domain.errors import BadInput, NotFound, Refused
from course_engine.domain.roles import Act
from course_engine.i18n import gettext as _
from course_engine.services import candidates, certificates, correcting, prints, samples
from course_engine.services.candidates import Row
from course_engine.services.runs import person_of
from course_engine.web import forms, here
from course_engine.web.access import to
from course_engine.web.cohorts import awarded
from course_engine.web.cohorts.blueprint import blueprint
from course_engine.web.prints import deliver, paper


class Making(forms.Form):
    name = fields.String(load_default="")
    reason = fields.String(load_default="")


class Correction(forms.Form):
    name = fields.String(load_default="")
    reason = fields.String(load_default="")
    act = fields.String(load_default="look")


@blueprint.get("/<id>/certificates/<person>")
@to(Act.LEAD)
def award_page(id: str, person: str) -> ResponseReturnValue:
    """One person: what is missing, or the certificate and the name on it."""
    cohort = here.led(id)
    return _page(cohort, _row(cohort, person), {})


@blueprint.post("/<id>/certificates/<person>")
@to(Act.LEAD)
def award(id: str, person: str) -> ResponseReturnValue:
    """Make it with the name as typed: by the rule or, where something is missing, for a reason."""
    cohort = here.led(id)
    row = _row(cohort, person)
    try:
        sent = forms.read(Making)
        _make(row, sent["name"], sent["reason"])
    except BadInput as error:
        return _page(cohort, row, error.faults), 422
    flash(_("The certificate of %(name)s is made.", name=row.name), "done")
    return redirect(f"/cohorts/{id}/certificates/{person}", 303)


@blueprint.post("/<id>/certificates/<person>/name")
@to(Act.LEAD)
def correct_name(id: str, person: str) -> ResponseReturnValue:
    """Show how the corrected name would read, or (`act=keep`) keep it."""
    cohort = here.led(id)
    row = _row(cohort, person)
    if row.made is None:
        raise NotFound(_("There is no certificate of this course yet."))
    try:
        sent = forms.read(Correction)
        if sent["act"] != "keep":
            return _page(cohort, row, {}, correcting.preview(row.made, sent["name"]))
        new = correcting.by_leader(
            here.engine(), row, sent["name"], sent["reason"], here.person(), here.now()
        )
    except BadInput as error:
        return _page(cohort, row, error.faults), 422
    flash(_("The certificate reads “%(name)s” now.", name=new.frozen["name"]), "done")
    return redirect(f"/cohorts/{id}/certificates/{person}", 303)


@blueprint.get("/<id>/certificates/<person>/sample.pdf")
@to(Act.LEAD)
def award_sample(id: str, person: str) -> ResponseReturnValue:
    """How it would look if it were made now; marked as a sample, with no code that anyone could check."""
    cohort = here.led(id)
    row = _row(cohort, person)
    _refuse_not_begun(row)
    engine, whose = here.engine(), person_of(row.run)
    name = request.args.get("name") or whose.name
    wanted = samples.of_run(engine, whose, row.run, name, paper(), here.now())
    return deliver(replace(wanted, cohort=cohort.id))


@blueprint.get("/<id>/certificates/<person>/certificate.pdf")
@to(Act.LEAD)
def award_pdf(id: str, person: str) -> ResponseReturnValue:
    """The certificate, to print for its holder."""
    cohort = here.led(id)
    row = _row(cohort, person)
    if row.made is None:
        raise NotFound(_("There is no certificate of this course yet."))
    return deliver(replace(prints.certificate(here.engine(), row.made, paper()), cohort=cohort.id))


def _row(cohort: Cohort, person: str) -> Row:
    return candidates.one(here.engine(), cohort, person, here.person().language, here.now())


def _make(row: Row, name: str, reason: str) -> None:
    engine, actor, now = here.engine(), here.person(), here.now()
    _refuse_not_begun(row)
    whose = person_of(row.run)
    if row.needed.whole or row.made is not None:
        certificates.award(engine, whose, row.run, name, now, actor)
    else:
        certificates.decide(engine, whose, row.run, name, reason, actor, now)


def _refuse_not_begun(row: Row) -> None:
    """An account that has not agreed to be here yet shows no name."""
    if row.run.started_at is None:
        raise Refused(_("Whoever has not begun the course yet has nothing that a certificate could name."))


def _page(cohort: Cohort, row: Row, faults: dict[str, str], preview: str = "") -> str:
    made = row.made
    return render_template(
        "facilitator/certificate.html",
        page="groups",
        cohort=cohort,
        row=row,
        course=here.engine().shelf.course(cohort.edition, here.person().language),
        corrections=correcting.history(cohort, made) if made else [],
        awarded=awarded,
        preview=preview,
        faults=faults,
        sent=request.form,
    )
