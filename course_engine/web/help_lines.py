"""The admin's page of help lines: look at each, then let it show."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from course_engine.domain.roles import Act
from course_engine.i18n import country, language_name
from course_engine.i18n import gettext as _
from course_engine.services import help_lines
from course_engine.web import forms, here
from course_engine.web.access import to

blueprint = Blueprint("help-lines", __name__, url_prefix="/admin/help-lines")


@blueprint.get("")
@to(Act.ADMINISTER)
def lines() -> ResponseReturnValue:
    """Every line the courses name, or those of one country, with what is known of it."""
    offered = help_lines.offered(here.engine())
    countries = {one.line.country: country(one.line.country) for one in offered}
    asked = request.args.get("country", "")
    chosen = asked if asked in countries else ""
    shown = [one for one in offered if chosen in ("", one.line.country)]
    return render_template(
        "admin/help-lines.html",
        page="admin",
        offered=shown,
        countries=countries,
        chosen=chosen,
        confirmed=sum(one.confirmation is not None for one in offered),
        total=len(offered),
        language_name=language_name,
        zone=here.person().zone,
    )


@blueprint.post("/confirm")
@to(Act.ADMINISTER)
def confirm() -> ResponseReturnValue:
    """Let a line show, in exactly these words."""
    sent = forms.read(forms.ChosenLine)
    line = help_lines.confirm(here.engine(), here.person(), sent["digest"], here.now())
    flash(_("“%(name)s” now shows on the help page.", name=line.name), "done")
    return _back(sent["country"], line.id)


@blueprint.post("/take-back")
@to(Act.ADMINISTER)
def take_back() -> ResponseReturnValue:
    """Let a line wait again."""
    sent = forms.read(forms.ChosenLine)
    line = help_lines.take_back(here.engine(), here.person(), sent["digest"], here.now())
    flash(_("“%(name)s” does not show any more.", name=line.name), "done")
    return _back(sent["country"], line.id)


def _back(chosen: str, line: str) -> ResponseReturnValue:
    where = f"?country={chosen}" if chosen else ""
    return redirect(f"/admin/help-lines{where}#{line}", 303)
