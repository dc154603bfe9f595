"""Messages to a group: written, looked at as a learner would see it, sent now or later, taken back."""

from datetime import date, datetime, time

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from course_engine.crypto import new_id
from course_engine.domain.calendar import at_local
from course_engine.domain.cohorts import Cohort
from course_engine.domain.errors import BadInput
from course_engine.domain.roles import Act
from course_engine.i18n import gettext as _
from course_engine.i18n import mark, ngettext, there
from course_engine.services import cohorts, messages
from course_engine.web import here
from course_engine.web.access import to
from course_engine.web.cohorts.blueprint import blueprint
from course_engine.web.cohorts.days import within

STATES = {
    "draft": mark("Draft"),
    "scheduled": mark("Waits for its hour"),
    "sent": mark("Sent"),
    "cancelled": mark("Taken back"),
}
SAMPLES = (
    (
        mark("See you soon"),
        mark("Hello everyone,\n\nwe meet again this week. Come as you are, whatever your week was like."),
    ),
    (
        mark("Your place is kept"),
        mark(
            "Hello,\n\nyour place in the group is kept. There is nothing to catch up on; come back when you "
            "like."
        ),
    ),
)


@blueprint.get("/<id>/messages")
@to(Act.LEAD)
def all_messages(id: str) -> ResponseReturnValue:
    """All messages, and an empty one: to everybody, or (`to=`) to one person."""
    cohort = here.led(id)
    person = request.args.get("to", "")
    names = {one: name for one, name, _run in cohorts.roster(cohort)}
    sample = SAMPLES[1]
    sent = {"to": person, "subject": _(sample[0]), "text": _(sample[1])} if person in names else {}
    return _page(cohort, {}, sent, names)


@blueprint.post("/<id>/messages")
@to(Act.LEAD)
def write_message(id: str) -> ResponseReturnValue:
    """Keep a draft; nothing goes out before it was looked at."""
    cohort = here.led(id)
    form = request.form
    try:
        made = messages.write(
            here.engine(), cohort, form.get("subject", ""), form.get("text", ""), here.person(), here.now(),
            form.get("to", ""), form.get("press", ""),
        )  # fmt: skip
    except BadInput as error:
        return _page(cohort, error.faults, form, None), 422
    return redirect(f"/cohorts/{id}/messages/{made.id}", 303)


@blueprint.get("/<id>/messages/<message>")
@to(Act.LEAD)
def message(id: str, message: str) -> ResponseReturnValue:
    """One message as the people of the group see it, with what can still be done."""
    return _one(here.led(id), message, {})


@blueprint.post("/<id>/messages/<message>")
@to(Act.LEAD)
def change_message(id: str, message: str) -> ResponseReturnValue:
    """Change its words (`act=change`), send it now or later (`act=send`), or take it back (`act=cancel`)."""
    cohort = here.led(id)
    found, form, now = messages.own(cohort, message), request.form, here.now()
    try:
        match form.get("act"):
            case "change":
                messages.change(here.engine(), found, form.get("subject", ""), form.get("text", ""))
                flash(_("The draft is kept."), "done")
            case "cancel":
                messages.cancel(here.engine(), found, here.person(), now)
                flash(_("The message is taken back. Nobody has been sent it."), "done")
            case _:
                due = messages.send(
                    here.engine(), found, cohort, _due(cohort, now), here.person(), now, form.get("seen", "")
                )
                words = (
                    _("It goes out on %(when)s.", when=there(due, cohort.zone))
                    if due > now
                    else _("It is sent.")
                )
                flash(words, "done")
    except BadInput as error:
        return _one(cohort, message, error.faults), 422
    return redirect(f"/cohorts/{id}/messages", 303)


def reached(found: messages.Reach) -> list[str]:
    """To how many people words would go, and who gets no letter."""
    by_letter = ngettext(
        "To %(n)s person, each by a letter of their own.", "To %(n)s people, each by a letter of their own.",
        found.by_letter,
    )  # fmt: skip
    no_address = ngettext(
        "%(n)s person has no e-mail address and gets no letter, so tell them yourself.",
        "%(n)s people have no e-mail address and get no letter, so tell them yourself.",
        found.no_address,
    )
    not_joined = ngettext(
        "%(n)s person has not joined yet and gets nothing.",
        "%(n)s people have not joined yet and get nothing.",
        found.not_joined,
    )
    return [
        by_letter if found.by_letter else _("Nobody gets a letter of this."),
        *([no_address] if found.no_address else []),
        *([not_joined] if found.not_joined else []),
    ]


def _due(cohort: Cohort, now: datetime) -> datetime:
    day, hour = request.form.get("day", ""), request.form.get("hour", "")
    if not day and not hour:
        return now
    try:
        chosen, at = date.fromisoformat(day), time.fromisoformat(hour)
    except ValueError as error:
        raise BadInput({"due": _("Write a day and an hour, such as 18:30, or leave both empty.")}) from error
    return at_local(within(chosen, "due"), at, cohort.zone)


def _one(cohort: Cohort, id: str, faults: dict[str, str]) -> str:
    found = messages.own(cohort, id)
    names = {one: name for one, name, _run in cohorts.roster(cohort)}
    return render_template(
        "facilitator/message.html",
        page="groups",
        cohort=cohort,
        message=found,
        to=names.get(found.person or "", "–"),
        reached=reached(messages.reach(cohort, found.person)),
        states={state: _(word) for state, word in STATES.items()},
        faults=faults,
        sent=request.form,
    )


def _page(cohort: Cohort, faults: dict[str, str], sent: object, names: dict[str, str] | None) -> str:
    if names is None:
        names = {one: name for one, name, _run in cohorts.roster(cohort)}
    return render_template(
        "facilitator/messages.html",
        page="groups",
        cohort=cohort,
        messages=messages.of_cohort(cohort),
        names=names,
        states={state: _(word) for state, word in STATES.items()},
        samples=[(_(subject), _(text)) for subject, text in SAMPLES],
        faults=faults,
        sent=sent,
        press=new_id(),
    )
