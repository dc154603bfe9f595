"""Checking a certificate: for anyone who holds its code, showing the least that answers the question."""

from datetime import date

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from course_engine.crypto import read_code
from course_engine.domain.errors import BadInput, NotFound
from course_engine.services import verifying
from course_engine.web import forms
from course_engine.web.access import public

blueprint = Blueprint("verify", __name__, url_prefix="/verify")


@blueprint.get("")
@public
def ask() -> ResponseReturnValue:
    return render_template("verify/ask.html", faults={}, code="")


@blueprint.post("")
@public
def find() -> ResponseReturnValue:
    """From the typed code to its address."""
    try:
        sent = forms.read(forms.Code)
    except BadInput as error:
        return render_template("verify/ask.html", faults=error.faults, code=request.form.get("code", "")), 422
    # Without a letter or figure it is no code, and its page says so.
    return redirect(f"/verify/{read_code(sent['code']) or '-'}", 303)


@blueprint.get("/<code>")
@public
def told(code: str) -> ResponseReturnValue:
    """What may be told about a code; an old one leads to the one that took its place."""
    try:
        found = verifying.verify(code)
    except NotFound:
        return _answer(make_response(render_template("verify/unknown.html", code=code), 404))
    if found.next_code is not None:
        return redirect(f"/verify/{found.next_code}", 303)
    page = render_template(
        "verify/found.html",
        found=found,
        started=date.fromisoformat(found.started),
        finished=date.fromisoformat(found.finished),
    )
    return _answer(make_response(page))


def _answer(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex"
    return response
