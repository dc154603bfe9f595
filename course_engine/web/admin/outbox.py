"""The outbox: which letters wait and which went out. Their words are shown to nobody."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import fields, validate

from course_engine.domain.roles import Act
from course_engine.i18n import gettext as _
from course_engine.i18n import mark
from course_engine.services import tending
from course_engine.web import forms, here
from course_engine.web.access import to
from course_engine.web.admin.blueprint import blueprint

_REFUSED = ("SMTPRecipientsRefused", "SMTPSenderRefused", "SMTPDataError", "ValueError", "HeaderParseError")
_CLOSED = ("SMTPAuthenticationError", "SMTPNotSupportedError", "NoSafeWay")


class Deed(forms.Form):
    act = fields.String(
        required=True,
        validate=validate.OneOf(["again", "drop"], error=mark("Choose to try again or to drop the letter.")),
    )


@blueprint.get("/outbox")
@to(Act.ADMINISTER)
def outbox() -> ResponseReturnValue:
    """The letters that wait, or those that were sent, newest first."""
    sent = request.args.get("show", "") == "sent"
    config = here.engine().config
    return render_template(
        "admin/outbox.html",
        page="admin",
        found=tending.letters(sent, request.args.get("after", "")),
        sent=sent,
        mail=config.mail_url is not None,
        production=config.env == "production",
        shortened=_shortened,
        went_wrong=_went_wrong,
        zone=here.person().zone,
        now=here.now(),
    )


@blueprint.post("/outbox/<id>")
@to(Act.ADMINISTER)
def letter(id: str) -> ResponseReturnValue:
    """Try a letter again at once, or drop it."""
    if forms.read(Deed)["act"] == "again":
        tending.send_now(here.engine(), here.person(), id, here.now())
        flash(_("The letter is tried again now."), "done")
    else:
        tending.drop(here.engine(), here.person(), id, here.now())
        flash(_("The letter is dropped. What it was about stays as it is."), "done")
    return redirect("/admin/outbox", 303)


def _shortened(address: str) -> str:
    """An address without most of its name; one's own is whole."""
    if address == here.person().email:
        return address
    name, at, host = address.rpartition("@")
    return f"{name[:1]}…{at}{host}"


def _went_wrong(fault: str) -> str:
    """What went wrong at the last try, in words."""
    if not fault:
        return ""
    if fault in _REFUSED:
        return _("The mail server did not take this letter.")
    if fault in _CLOSED:
        return _("The mail server did not let this site in. Look at its name and password.")
    return _("The mail server did not answer.")
