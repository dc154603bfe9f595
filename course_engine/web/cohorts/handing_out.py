"""Giving out certificates: all or some of a group in one PDF, in a ZIP, or by letters."""

from flask import Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import fields

from course_engine.crypto import new_id
from course_engine.domain.cohorts import Cohort
from course_engine.domain.errors import BadInput
from course_engine.domain.roles import Act
from course_engine.i18n import gettext as _
from course_engine.i18n import ngettext
from course_engine.services import awarding, candidates, handing_out, letters
from course_engine.web import forms, here
from course_engine.web.access import to
from course_engine.web.cohorts.blueprint import blueprint
from course_engine.web.prints import deliver, paper


class Sending(forms.Form):
    """Letters or files for those who were ticked, for those of a job, or for all."""

    job = fields.String(load_default="")
    part = fields.String(load_default="")
    press = fields.String(load_default="")
    paper = fields.String(load_default="")


@blueprint.get("/<id>/certificates.pdf")
@to(Act.LEAD)
def awards_pdf(id: str) -> ResponseReturnValue:
    """All of them, or those asked for, in one document."""
    cohort = here.led(id)
    of = _chosen(cohort)
    return deliver(handing_out.one_pdf(here.engine(), cohort, of, paper()))


@blueprint.post("/<id>/certificates/zip")
@to(Act.LEAD)
def awards_zip(id: str) -> ResponseReturnValue:
    """The same as a ZIP with a PDF for each, made as a job."""
    cohort = here.led(id)
    sent = forms.read(Sending, leave=("who",))
    job = handing_out.ask_zip(
        here.engine(), cohort, _chosen(cohort), paper(), here.person(), here.now(), sent["press"]
    )
    return redirect(f"/jobs/{job.id}", 303)


@blueprint.get("/<id>/certificates/zip/<file>")
@to(Act.LEAD)
def awards_file(id: str, file: str) -> ResponseReturnValue:
    """The ZIP, once it is made."""
    cohort = here.led(id)
    answer = Response(
        handing_out.zip_file(here.engine(), cohort, here.person(), file), mimetype="application/zip"
    )
    answer.headers["Content-Disposition"] = 'attachment; filename="certificates.zip"'
    return answer


@blueprint.get("/<id>/certificates/mail")
@to(Act.LEAD)
def mail_page(id: str) -> ResponseReturnValue:
    """Who would get a letter, and whose certificate is better printed."""
    cohort = here.led(id)
    of = _chosen(cohort)
    return render_template(
        "facilitator/certificates-mail.html",
        page="groups",
        cohort=cohort,
        post=handing_out.post(of),
        who=request.args.getlist("who"),
        job=request.args.get("job", ""),
        part=request.args.get("part", ""),
        by_mail=letters.can_go(here.engine()),
        press=new_id(),
    )


@blueprint.post("/<id>/certificates/mail")
@to(Act.LEAD)
def mail(id: str) -> ResponseReturnValue:
    """Send the letters."""
    cohort = here.led(id)
    sent = forms.read(Sending, leave=("who",))
    count = handing_out.send(here.engine(), cohort, _chosen(cohort), here.person(), here.now(), sent["press"])
    if count:
        flash(ngettext("%(n)s letter is on its way.", "%(n)s letters are on their way.", count), "done")
    else:
        flash(_("None of these people can be written to, so nothing was sent."), "note")
    return redirect(f"/cohorts/{id}/certificates", 303)


def _chosen(cohort: Cohort) -> list[handing_out.Holder]:
    """Those who were ticked, those of a job, or all; of many a part (from 1). Raises BadInput."""
    sent = request.values
    who = sent.getlist("who")
    if not who and sent.get("job"):
        outcome = awarding.outcome(here.engine(), cohort, here.person(), sent["job"])
        who = [person for person, _name in (*outcome.made, *outcome.had)]
        if not who:
            raise BadInput({"job": _("None of them has a certificate here now. Look at the list again.")})
    elif not who:
        who = candidates.made(here.engine(), cohort, here.now())
    part = sent.get("part", "")
    if part:
        if not part.isdecimal() or not 0 < len(part) < 4:
            raise BadInput({"part": _("Choose one of the parts.")})
        who = who[(int(part) - 1) * handing_out.AT_ONCE : int(part) * handing_out.AT_ONCE]
    return handing_out.given(cohort, who)
