"""How long things are kept: the rules in words, and in numbers what they will do and have done."""

import re
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
from course_engine.web.untouched import as_shown, untouched

TITLES = {
    "run_months": mark("Courses that nobody comes back to"),
    "contact_days": mark("Requests for contact"),
    "invited_months": mark("People who were invited and never came"),
    "audit_months": mark("Lines of the audit"),
    "letter_days": mark("Letters"),
}


class Rules(forms.Form):
    """A number for every rule, as it was typed."""

    run_months = fields.String(load_default="")
    contact_days = fields.String(load_default="")
    audit_months = fields.String(load_default="")
    letter_days = fields.String(load_default="")
    invited_months = fields.String(load_default="")
    shown = fields.String(load_default="")


@blueprint.get("/retention")
@to(Act.ADMINISTER)
def retention_page() -> ResponseReturnValue:
    return _page({}, {})


@blueprint.post("/retention")
@to(Act.ADMINISTER)
def retention() -> ResponseReturnValue:
    """Keep things for longer or shorter from now on."""
    try:
        kept.change(here.engine(), here.person(), _wanted(forms.read(Rules)), here.now())
    except BadInput as error:
        return _page(error.faults, request.form), 422
    flash(_("This is kept. Nothing goes before whoever it belongs to has been told."), "done")
    return redirect("/admin/retention", 303)


def _wanted(sent: dict[str, str]) -> dict[str, int]:
    """The rules as numbers; one that nobody touched, as it is by now.

    Raises BadInput with all that are none, or none that the rule can have.
    """
    now_is, typed = _rules(), {name: sent[name].strip() for name in TITLES}
    typed |= {name: now_is[name] for name in untouched(sent["shown"], typed)}
    faults = {name: _fault(name) for name in TITLES if not _is_within(typed[name], *BOUNDS[name])}
    if faults:
        raise BadInput(faults)
    return {name: int(number) for name, number in typed.items()}


def _rules() -> dict[str, str]:
    rules = kept.rules()
    return {name: str(getattr(rules, name)) for name in TITLES}


def _is_within(typed: str, least: int, most: int) -> bool:
    return re.fullmatch("[0-9]{1,4}", typed) is not None and least <= int(typed) <= most


def _fault(name: str) -> str:
    least, most = BOUNDS[name]
    return _(
        "%(rule)s: write a whole number from %(least)s to %(most)s.",
        rule=_(TITLES[name]),
        least=least,
        most=most,
    )


def _page(faults: dict[str, str], sent: Any) -> str:
    rules = kept.rules()
    return render_template(
        "admin/retention.html",
        page="admin",
        rules=rules,
        chosen={name: sent.get(name, getattr(rules, name)) for name in BOUNDS},
        shown=sent.get("shown") or as_shown(_rules()),
        titles={name: _(words) for name, words in TITLES.items()},
        bounds=BOUNDS,
        longer=LONGER,
        warning=WARNING.days,
        outlook=kept.outlook(here.engine(), here.now()),
        by_letter=letters.can_go(here.engine()),
        faults=faults,
    )
