"""The installation: what the site is called, how it stands, and whether a letter arrives."""

from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import fields

from course_engine.domain.errors import BadInput, Refused
from course_engine.domain.roles import Act
from course_engine.i18n import gettext as _
from course_engine.services import installation
from course_engine.web import forms, here
from course_engine.web.access import to
from course_engine.web.admin.blueprint import blueprint
from course_engine.web.untouched import as_shown, untouched
from course_engine.web.zones import zones


class Settings(forms.Form):
    """What can be chosen; what the installer has set is not sent."""

    site_name = fields.String()
    zone = fields.String()
    paper = fields.String()
    shown = fields.String(load_default="")


@blueprint.get("/settings")
@to(Act.ADMINISTER)
def settings_page() -> ResponseReturnValue:
    return _page({}, {})


@blueprint.post("/settings")
@to(Act.ADMINISTER)
def settings() -> ResponseReturnValue:
    """Choose name, zone and paper."""
    try:
        sent = forms.read(Settings)
        chosen = {name: sent[name] for name in installation.CHOICES if name in sent}
        for name in untouched(sent["shown"], chosen):
            del chosen[name]
        installation.change(here.engine(), here.person(), chosen, here.now())
    except BadInput as error:
        return _page(error.faults, request.form), 422
    except Refused as error:
        return _page({"": str(error)}, request.form), 409
    flash(_("This is kept. The whole site follows within a few seconds."), "done")
    return redirect("/admin/settings", 303)


@blueprint.post("/settings/letter")
@to(Act.ADMINISTER)
def test_letter() -> ResponseReturnValue:
    """Send a letter to oneself."""
    try:
        letter = installation.send_test(here.engine(), here.person(), here.now())
    except Refused as error:
        flash(str(error), "error")
    else:
        flash(
            _(
                "A letter to %(address)s is on its way. The outbox shows whether it went out.",
                address=letter.to,
            ),
            "done",
        )
    return redirect("/admin/settings", 303)


def _page(faults: dict[str, str], sent: Any) -> str:
    engine = here.engine()
    config = engine.config
    now_is = {name: getattr(config, name) for name in installation.CHOICES}
    return render_template(
        "admin/settings.html",
        page="admin",
        at=installation.look(engine, here.now()),
        open=installation.open_choices(engine),
        chosen={**now_is, **{name: sent[name] for name in now_is if name in sent}},
        shown=sent.get("shown") or as_shown(now_is),
        locale=config.locale,
        zones=zones(config.zone),
        zone=here.person().zone,
        now=here.now(),
        faults=faults,
    )
