"""Asking the facilitator of one's group for a word; exactly what is sent is shown first."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from course_engine.domain.cohorts import Cohort
from course_engine.domain.errors import BadInput
from course_engine.domain.roles import Act
from course_engine.i18n import gettext as _
from course_engine.services import cohorts, contact_letters, contacts
from course_engine.services.contact_letters import Heard
from course_engine.web import here
from course_engine.web.access import to

blueprint = Blueprint("contact", __name__)


@blueprint.get("/contact")
@to(Act.LEARN)
def page() -> ResponseReturnValue:
    """What a word with the facilitator is, and is not; to whoever is alone, whom else there is to turn to."""
    cohort = here.position().cohort
    return _alone("") if cohort is None else _page(cohort, {}, "", "")


@blueprint.post("/contact")
@to(Act.LEARN)
def ask() -> ResponseReturnValue:
    """Show what would be sent, or (`act=send`) send it."""
    cohort, text = here.position().cohort, request.form.get("text", "")
    if cohort is None:
        # Left the group while writing: to send it once more would never help.
        return _alone(text.strip())
    if request.form.get("act") == "back":
        return _page(cohort, {}, text, "")
    try:
        words = contacts.checked(text)
        if request.form.get("act") != "send":
            return _page(cohort, {}, text, words)
        contacts.ask(here.engine(), here.person(), cohort, words, here.now())
    except BadInput as error:
        return _page(cohort, error.faults, text, ""), 422
    _say(cohort)
    return redirect("/today", 303)


def _say(cohort: Cohort) -> None:
    """Who learns of what was sent; where nobody leads the group, also whom to turn to now."""
    heard = contact_letters.heard(here.engine(), cohort)
    if heard is Heard.READ:
        flash(_("It is sent. On your Today page you see when someone has read it."), "done")
        return
    if heard is Heard.TOLD:
        kept = _(
            "Your words are kept for whoever leads your group next. Nobody leads your group just now. "
            "Those who run this site are told."
        )
    else:
        kept = _(
            "Your words are kept for whoever leads your group next. Nobody can be told of them just now."
        )
    flash(f"{kept} {contacts.turn_to(cohort)}", "note")


def _alone(words: str) -> ResponseReturnValue:
    return render_template("learner/alone.html", words=words), 404


def _page(cohort: Cohort, faults: dict[str, str], text: str, words: str) -> str:
    return render_template(
        "learner/contact.html",
        cohort=cohort,
        leaders=cohorts.leaders(cohort),
        heard=contact_letters.heard(here.engine(), cohort).value,
        turn_to=contacts.turn_to(cohort),
        faults=faults,
        text=text,
        words=words,
    )
