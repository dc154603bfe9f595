"""Who asked for a word, and what has become of it."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from course_engine.crypto import new_id
from course_engine.domain.cohorts import RequestState
from course_engine.domain.errors import BadInput
from course_engine.domain.roles import Act
from course_engine.i18n import gettext as _
from course_engine.i18n import mark
from course_engine.services import contacts
from course_engine.web import here
from course_engine.web.access import to
from course_engine.web.cohorts.blueprint import blueprint

WORDS = {
    RequestState.NEW: mark("New"),
    RequestState.SEEN: mark("Read"),
    RequestState.CONTACTED: mark("We have spoken"),
    RequestState.CLOSED: mark("Closed"),
}
MARKING = {
    RequestState.SEEN: mark("Mark as read"),
    RequestState.CONTACTED: mark("Mark as spoken with"),
    RequestState.CLOSED: mark("Close"),
}
_ORDER = list(RequestState)


@blueprint.get("/<id>/contact")
@to(Act.LEAD)
def contact(id: str) -> ResponseReturnValue:
    """What people wrote who asked for contact. Nothing else they write is ever here."""
    cohort = here.led(id)
    return render_template(
        "facilitator/contact.html",
        page="groups",
        cohort=cohort,
        opened=contacts.of_cohort(here.engine(), cohort, here.person(), here.now()),
        words={state: _(word) for state, word in WORDS.items()},
        marking={state: _marking(state) for state in RequestState},
        now=here.now(),
        press=new_id(),
    )


@blueprint.post("/<id>/contact/<request_id>")
@to(Act.LEAD)
def move_contact(id: str, request_id: str) -> ResponseReturnValue:
    """Write down how far it has come, with a note."""
    cohort = here.led(id)
    try:
        state = RequestState(request.form.get("state", ""))
    except ValueError as error:
        raise BadInput({"state": _("Choose one of the four words.")}) from error
    note, press, shown = (request.form.get(name, "") for name in ("note", "press", "shown"))
    stands = contacts.move(
        here.engine(), cohort, request_id, state, note, here.person(), here.now(), press, shown
    )
    if stands is not state:
        flash(
            _("Somebody has taken this further meanwhile, so it stays: %(state)s.", state=_(WORDS[stands])),
            "note",
        )
    flash(_("This is kept. The person sees how far it has come, and not your note."), "done")
    return redirect(f"/cohorts/{id}/contact", 303)


def _marking(now: RequestState) -> list[tuple[RequestState, str]]:
    """How much further a request can come from here, and that its note is kept as it is."""
    ahead = [(state, _(word)) for state, word in MARKING.items() if _ORDER.index(state) > _ORDER.index(now)]
    if now is RequestState.CLOSED:
        ahead = [(RequestState.SEEN, _("Open it again"))]
    return ahead if now is RequestState.NEW else [*ahead, (now, _("Keep the note"))]
