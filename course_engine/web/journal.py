"""The journal: read, write, change and delete one's own pages."""

from collections.abc import Mapping
from contextlib import suppress

from flask import flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from course_engine.crypto import new_id
from course_engine.domain.errors import BadInput, ChangedMeanwhile, NotFound, NotYetOpen
from course_engine.domain.roles import Act
from course_engine.i18n import gettext as _
from course_engine.services import progress, writings
from course_engine.services.marks import Came
from course_engine.services.runs import Position
from course_engine.web import forms, here, tongues
from course_engine.web.access import to
from course_engine.web.filling import others_stand
from course_engine.web.learner import step_page
from course_engine.web.moments import blueprint

__all__ = ["blueprint"]


@blueprint.get("/journal")
@to(Act.LEARN)
def journal() -> ResponseReturnValue:
    """All of the journal, newest first."""
    return _page({})


@blueprint.post("/journal")
@to(Act.LEARN)
def write() -> ResponseReturnValue:
    """Keep an entry, a new one or an older one that was changed. An empty new page is no fault."""
    if not request.form.get("entry") and not request.form.get("text", "").strip():
        flash(_("Nothing written today, and that is fine."), "note")
        return redirect(_back(request.form.get("step", "")), 303)
    try:
        sent = forms.read(forms.Entry)
        at = here.position()
        # What was written stays one's own to change, whatever has become of the step it answered.
        step = "" if sent["entry"] else sent["step"]
        if step:
            progress.readable_step(at, step)
        came = _keep(at, sent, step)
    except BadInput as error:
        return _not_kept(error.faults), 422
    except ChangedMeanwhile:
        return _not_kept({}, "changed"), 409
    except writings.EntryGone:
        return _not_kept({}, "gone"), 404
    if came is Came.OTHERS_STAND:
        flash(others_stand(), "note")
    else:
        flash(_("Kept. Only you can see it."), "done")
    return redirect(_back(step or _looked_at(sent["step"])), 303)


@blueprint.get("/journal/<entry>/delete")
@to(Act.LEARN)
def delete_page(entry: str) -> ResponseReturnValue:
    """Look at a page of the journal once more before it is deleted."""
    try:
        found = writings.entry(here.engine(), here.person(), entry)
    except writings.EntryGone:
        return _gone()
    return render_template(
        "learner/delete.html",
        page="journal",
        root=here.root(),
        one=found,
        from_page=request.args.get("page", ""),
        back=_back(_looked_at(found.step or "")),
    )


@blueprint.post("/journal/<entry>/delete")
@to(Act.LEARN)
def delete(entry: str) -> ResponseReturnValue:
    """Delete a page of the journal: its sealed words are gone from then on."""
    try:
        found = writings.delete_entry(here.engine(), here.person(), entry)
    except writings.EntryGone:
        return _gone()
    flash(_("Deleted. The words of that page are gone."), "done")
    return redirect(_back(_looked_at(found.step or "")), 303)


def _keep(at: Position, sent: Mapping[str, str], step: str) -> Came:
    engine, person = here.engine(), here.person()
    if sent["entry"]:
        mark = sent["made_from"]
        return writings.change_entry(engine, person, sent["entry"], sent["text"], here.now(), mark)
    writings.write_entry(engine, person, at.run, sent["text"], here.now(), step or None, sent["press"])
    return Came.KEPT


def _gone() -> ResponseReturnValue:
    return render_template("learner/gone.html", page="journal"), 404


def _not_kept(faults: dict[str, str], meanwhile: str = "") -> str:
    """The page somebody wrote on, with what is wrong at the box they used.

    `meanwhile`, while that page was open, an entry was "changed" or is "gone".
    """
    sent = request.form
    entry, step = sent.get("entry", ""), sent.get("step", "")
    if entry and "text" in faults:
        faults = {f"entry-{entry}": faults.pop("text"), **faults}
    step = _looked_at(step) if entry else step
    if not step:
        return _page(faults, meanwhile)
    at = here.position()
    return step_page(at, progress.readable_step(at, step), faults, meanwhile)


def _page(faults: dict[str, str], meanwhile: str = "") -> str:
    titles = _titles()
    return render_template(
        "learner/entries.html",
        page="journal",
        root=here.root(),
        begun=titles is not None,
        titles=titles or {},
        entries=writings.entries(here.engine(), here.person()),
        press=new_id(),
        faults=faults,
        meanwhile=meanwhile,
        sent=request.form if faults or meanwhile else {},
    )


def _looked_at(step: str) -> str:
    """The step, if the form or link stood on its page and not in the journal."""
    return step if request.values.get("page") == "step" else ""


def _back(step: str) -> str:
    """The page of this step, if it can be read, or else the journal."""
    if step:
        with suppress(NotFound, NotYetOpen):
            progress.readable_step(here.position(), step)
            return f"{here.root()}/steps/{step}"
    return f"{here.root()}/journal"


def _titles() -> Mapping[str, str] | None:
    try:
        course = here.position().course
        return {id: tongues.spoken(step.title, course.language) for id, step in course.steps.items()}
    except NotFound:
        if g.run:
            raise
        return None
