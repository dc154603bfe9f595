"""The learner's certificate: what it needs, making it, and the name on it."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import fields

from course_engine.domain.errors import BadInput, NotFound
from course_engine.domain.roles import Act
from course_engine.i18n import gettext as _
from course_engine.services import certificates, correcting
from course_engine.web import forms, here
from course_engine.web.access import to
from course_engine.web.journal import blueprint
from course_engine.web.views import CourseView

__all__ = ["blueprint"]


class Correction(forms.Form):
    """Another name: shown first, kept with `act=keep`."""

    name = fields.String(load_default="")
    act = fields.String(load_default="look")


@blueprint.get("/certificate")
@to(Act.LEARN)
def certificate() -> ResponseReturnValue:
    """What the certificate needs, or the certificate."""
    return _page({}, here.person().name)


@blueprint.post("/certificate")
@to(Act.LEARN)
def make_certificate() -> ResponseReturnValue:
    """Make the certificate, with the name as wished."""
    try:
        sent = forms.read(forms.Name)
        run = here.position().run
        certificates.award(here.engine(), here.person(), run, sent["name"], here.now())
    except BadInput as error:
        return _page(error.faults, request.form.get("name", "")), 422
    return redirect(f"{here.root()}/certificate", 303)


@blueprint.post("/certificate/name")
@to(Act.LEARN)
def correct_certificate() -> ResponseReturnValue:
    """Show how a corrected name would read, or (`act=keep`) keep it."""
    made = certificates.of_run(here.position().run)
    if made is None:
        raise NotFound(_("There is no certificate of this course yet."))
    try:
        sent = forms.read(Correction)
        if sent["act"] != "keep":
            return _page({}, sent["name"], correcting.preview(made, sent["name"]))
        correcting.by_holder(here.engine(), here.person(), made, sent["name"], here.now())
    except BadInput as error:
        return _page(error.faults, request.form.get("name", "")), 422
    flash(_("This is the name on your certificate now. The earlier code leads to the new one."), "done")
    return redirect(f"{here.root()}/certificate", 303)


def _page(faults: dict[str, str], name: str, preview: str = "") -> str:
    at = here.position()
    made = certificates.of_run(at.run)
    return render_template(
        "learner/certificate.html",
        page="course",
        view=CourseView(at),
        needed=certificates.still_needed(certificates.as_held(at, here.now())),
        made=made,
        before=correcting.before(made) if made else None,
        others=[one for one in certificates.of_person(here.person()) if made is None or one.id != made.id],
        faults=faults,
        name=name,
        preview=preview,
    )
