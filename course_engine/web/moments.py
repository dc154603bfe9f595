"""After a practice: one word for how one is, a note, and deleting such a note again."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from course_engine.crypto import new_id
from course_engine.domain.course import Step
from course_engine.domain.errors import BadInput
from course_engine.domain.roles import Act
from course_engine.i18n import gettext as _
from course_engine.services import moments, progress
from course_engine.services.runs import Position
from course_engine.web import forms, here
from course_engine.web.access import to
from course_engine.web.learner import blueprint
from course_engine.web.views import CourseView

__all__ = ["blueprint"]


@blueprint.get("/steps/<step>/moment")
@to(Act.LEARN)
def moment_page(step: str) -> ResponseReturnValue:
    """How are you now? Five words, or none."""
    at = here.position()
    return _page(at, progress.readable_step(at, step), {})


@blueprint.post("/steps/<step>/moment")
@to(Act.LEARN)
def moment(step: str) -> ResponseReturnValue:
    """Keep what was chosen and written; an unsettled word leads to ways to steady oneself.

    Whoever skips chooses no word; a note that was typed is kept all the same.
    """
    at = here.position()
    found = progress.readable_step(at, step)
    try:
        sent = forms.read(forms.Moment)
        word = "" if sent["how"] == "skip" else sent["moment"]
        kept = moments.keep(
            here.engine(), here.person(), at.run, step, word, sent["note"], here.now(), sent["press"]
        )
    except BadInput as error:
        return _page(at, found, error.faults), 422
    if word in ("unsettled", "overwhelmed"):
        return redirect("/steady", 303)
    if kept:
        flash(_("Kept. Only you can see it. It stands on the page of this practice."), "done")
    return redirect(f"{here.root()}/today", 303)


@blueprint.get("/steps/<step>/moments/<kept>/delete")
@to(Act.LEARN)
def delete_moment_page(step: str, kept: str) -> ResponseReturnValue:
    """Look at a note once more before it is deleted."""
    at = here.position()
    return render_template(
        "learner/delete-moment.html",
        page="course",
        view=CourseView(at),
        step=progress.readable_step(at, step),
        one=moments.one(here.engine(), here.person(), step, kept),
    )


@blueprint.post("/steps/<step>/moments/<kept>/delete")
@to(Act.LEARN)
def delete_moment(step: str, kept: str) -> ResponseReturnValue:
    """Delete a note: its sealed words are gone from then on."""
    progress.readable_step(here.position(), step)
    moments.delete(here.engine(), here.person(), step, kept)
    flash(_("Deleted. The words of that note are gone."), "done")
    return redirect(f"{here.root()}/steps/{step}", 303)


def _page(at: Position, step: Step, faults: dict[str, str]) -> str:
    return render_template(
        "learner/moment.html",
        view=CourseView(at),
        step=step,
        faults=faults,
        sent=request.form if faults else {},
        press=request.form.get("press") or new_id(),
    )
