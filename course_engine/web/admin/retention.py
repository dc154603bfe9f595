"""How long things are kept: the rules in words, and in numbers what they will do and have done."""

from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import fields

from course_engine.domain.errors import BadInput
from course_engine.domain.retention import BOUNDS, LONGER, WARNING
from course_engine.domain.roles import Act
from course_engine.i18n import gettext as _
from course_engine.i18n import mark
from course_engine.services import letters
from course_engine.services import retention as kept
from course_engine.web import forms, here
from course_engine.web.access import to
from course_engine.web.admin.blueprint import blueprint


def _number() -> fields.Integer:
    words = mark("Write a whole number.")
    return fields.Integer(required=True, error_messages={"required": words, "invalid": words, "null": words})


class Rules(forms.Form):
    """A number for every rule."""

    run_months = _number()
    contact_days = _number()
    audit_months = _number()
    letter_days = _number()
    invited_months = _number()


@blueprint.get("/retention")
@to(Act.ADMINISTER)
def retention_page() -> ResponseReturnValue:
    return _page({}, {})


@blueprint.post("/retention")
@to(Act.ADMINISTER)
def retention() -> ResponseReturnValue:
    """Keep things for longer or shorter from now on."""
    try:
        sent = forms.read(Rules)
        kept.change(here.engine(), here.person(), {name: sent[name] for name in BOUNDS}, here.now())
    except BadInput as error:
        return _page(error.faults, request.form), 422
    flash(_("This is kept. Nothing goes before whoever it belongs to has been told."), "done")
    return redirect("/admin/retention", 303)


def _page(faults: dict[str, str], sent: Any) -> str:
    rules = kept.rules()
    return render_template(
        "admin/retention.html",
        page="admin",
        rules=rules,
        chosen={name: sent.get(name, getattr(rules, name)) for name in BOUNDS},
        bounds=BOUNDS,
        longer=LONGER,
        warning=WARNING.days,
        outlook=kept.outlook(here.engine(), here.now()),
        by_letter=letters.can_go(here.engine()),
        faults=faults,
    )
