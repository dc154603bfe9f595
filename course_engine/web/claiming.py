"""A way in of one's own, for people whom a facilitator has entered: by a link, or by a code on paper."""

from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import fields

from course_engine.crypto import read_code
from course_engine.domain.errors import BadInput, Refused
from course_engine.domain.people import Person
from course_engine.i18n import gettext as _
from course_engine.i18n import mark
from course_engine.services import claims, devices, new_passwords
from course_engine.web import auth, forms, here
from course_engine.web.access import public
from course_engine.web.public import first_page

blueprint = Blueprint("claiming", __name__)


class Claim(forms.Form):
    """How somebody wants to be called and to sign in."""

    name = fields.String(load_default="")
    email = fields.String(load_default="")
    password = fields.String(required=True, error_messages={"required": mark("Choose a password.")})


@blueprint.get("/join/claim")
@public
def ask() -> ResponseReturnValue:
    return _page(None, "", {}, {})


@blueprint.post("/join/claim")
@public
def typed() -> ResponseReturnValue:
    """A code that somebody typed leads to the page where they choose how to sign in."""
    code = read_code(request.form.get("code", "")[:60])
    if not code:
        return _page(None, "", {"code": _("Write the code that your facilitator gave you.")}, {}), 422
    return redirect(f"/join/claim/{code}", 303)


@blueprint.get("/join/claim/<code>")
@public
def claim_page(code: str) -> ResponseReturnValue:
    try:
        whose = claims.look(code, here.now()).person
    except Refused as error:
        return _page(None, code[:60], {"code": str(error)}, {}), 410
    visitor = here.visitor()
    if visitor is not None and visitor.id == whose.id:
        return redirect(first_page(visitor.roles), 303)
    return _page(whose, code, {}, {})


@blueprint.post("/join/claim/<code>")
@public
def claim(code: str) -> ResponseReturnValue:
    """Take over what was begun: sign in from now on with what was chosen."""
    engine, now = here.engine(), here.now()
    try:
        whose = claims.look(code, now).person
    except Refused as error:
        return _page(None, code[:60], {"code": str(error)}, {}), 410
    try:
        sent = forms.read(Claim)
        person = claims.claim(engine, code, sent["name"], sent["email"], sent["password"], now)
    except BadInput as error:
        return _page(whose, code, error.faults, request.form), 422
    auth.remember(devices.sign_in_new(engine, person, auth.label(), now))
    onward = first_page(person.roles)
    if person.email:
        return redirect(onward, 303)
    return render_template(
        "account/code.html",
        code=new_passwords.new_code_on_paper(engine, person, now),
        name=person.sign_in_name,
        next=onward,
    )


def _page(whose: Person | None, code: str, faults: dict[str, str], sent: Any) -> str:
    return render_template("join/claim.html", whose=whose, code=code, faults=faults, sent=sent)
