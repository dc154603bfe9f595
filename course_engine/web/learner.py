"""The learner's pages: today, the course, its weeks and steps.

The same pages lie below `/runs/RUN` for every run, old ones too.
"""

from contextlib import suppress

from flask import Blueprint, flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from course_engine.crypto import new_id
from course_engine.domain.course import Step, StepKind, Week
from course_engine.domain.errors import BadInput, ChangedMeanwhile, NotFound, Unavailable
from course_engine.domain.pages import Readers
from course_engine.domain.progress import How, Run
from course_engine.domain.roles import Act
from course_engine.i18n import gettext as _
from course_engine.services import (
    attendance,
    joining,
    measures,
    moments,
    overrides,
    progress,
    waiting,
    writings,
)
from course_engine.services.marks import Came
from course_engine.services.runs import Position
from course_engine.web import afterwards, filling, forms, here
from course_engine.web.access import to
from course_engine.web.views import CourseView, greeting, quiet

blueprint = Blueprint("learner", __name__)


@blueprint.url_value_preprocessor
def _which_run(_endpoint: str | None, values: dict[str, str] | None) -> None:
    g.run = values.pop("run", None) if values else None


@blueprint.get("/today")
@to(Act.LEARN)
def today() -> ResponseReturnValue:
    """The one next thing, and this week."""
    try:
        at = here.position()
    except NotFound:
        if g.run:
            raise
        return redirect("/join/waiting" if waiting.of_person(here.person()) else "/join/begin")
    return render_template(
        "learner/today.html",
        page="today",
        view=CourseView(at),
        hello=greeting(here.now(), here.person().zone),
        now=here.now(),
        session_now=attendance.now_on(at, here.now()),
        asked=_asked(at.run),
    )


@blueprint.get("/course")
@to(Act.LEARN)
def course() -> ResponseReturnValue:
    """The whole way on one page."""
    return render_template("learner/course.html", page="course", view=CourseView(here.position()))


@blueprint.get("/weeks/<int:number>")
@to(Act.LEARN)
def week(number: int) -> ResponseReturnValue:
    """One week and its steps."""
    at = here.position()
    found = progress.readable_week(at, number)
    _see(at, found)
    return render_template("learner/week.html", page="course", view=CourseView(at), week=found)


@blueprint.get("/steps/<step>")
@to(Act.LEARN)
def step(step: str) -> ResponseReturnValue:
    """One step: a lesson, a practice, a journal prompt, a check-in or a worksheet."""
    at = here.position()
    return step_page(at, progress.readable_step(at, step), {})


@blueprint.post("/steps/<step>/done")
@to(Act.LEARN)
def done(step: str) -> ResponseReturnValue:
    """Complete a step: done, in a gentler form, or not today. What was filled in is kept first."""
    try:
        sent = forms.read(forms.Done)
        how = How(sent["how"])
        keeping = filling.Keeping(how)
        completed = progress.complete(
            here.engine(), here.person(), here.run(), step, how, here.now(), keeping
        )
    except BadInput as error:
        at = here.position()
        return step_page(at, progress.readable_step(at, step), error.faults), 422
    except ChangedMeanwhile:
        at = here.position()
        return step_page(at, progress.readable_step(at, step), {}, "changed"), 409
    return afterwards.lead_on(completed, step, keeping, sent["page"])


@blueprint.get("/pages/<id>")
@to(Act.LEARN)
def page(id: str) -> ResponseReturnValue:
    """A page outside the weeks, never locked; one for facilitators is not here."""
    at = here.position()
    found = at.course.page_of.get(id)
    if found is None or found.readers is not Readers.EVERYONE:
        raise NotFound(_("There is no such page."))
    return render_template("learner/page.html", page="course", view=CourseView(at), one=found)


@blueprint.get("/worksheets/<id>")
@to(Act.LEARN)
def worksheet(id: str) -> ResponseReturnValue:
    """A worksheet on screen."""
    at = here.position()
    return step_page(at, _worksheet_step(at, id), {})


@blueprint.post("/worksheets/<id>")
@to(Act.LEARN)
def keep_worksheet(id: str) -> ResponseReturnValue:
    """Keep what was filled in; it can be changed at any time."""
    at = here.position()
    found = _worksheet_step(at, id)
    assert found.worksheet is not None  # noqa: S101 - the step of a worksheet has one
    try:
        came = filling.keep_worksheet(at, found.worksheet)
    except BadInput as error:
        return step_page(at, found, error.faults), 422
    except ChangedMeanwhile:
        return step_page(at, found, {}, "changed"), 409
    if came is Came.OTHERS_STAND:
        flash(filling.others_stand(), "note")
    else:
        flash(_("Kept. Only you can see it.") if filling.has_words(found) else _("Kept, empty."), "done")
    return redirect(f"{here.root()}/worksheets/{id}", 303)


@blueprint.post("/hold/end")
@to(Act.LEARN)
def come_back() -> ResponseReturnValue:
    """Come back from a hold of one's own."""
    overrides.end_hold(here.engine(), here.run(), here.person(), here.now())
    flash(_("Welcome back. Everything is as you left it."), "done")
    return redirect(f"{here.root()}/today", 303)


def step_page(at: Position, step: Step, faults: dict[str, str], meanwhile: str = "") -> str:
    """A step as its own page, with what was just typed where it could not be kept.

    There are faults then, or what stood here was "changed" `meanwhile` or is "gone".
    """
    engine, person = here.engine(), here.person()
    _see(at, at.course.week_of[step.id])
    entries = writings.entries(engine, person, step.id) if step.kind is StepKind.JOURNAL else []
    template = "practice" if step.kind is StepKind.PRACTICE else step.kind.value
    return render_template(
        f"learner/{template}.html",
        page="course",
        view=CourseView(at),
        step=step,
        answers=filling.of(at, step, typed=bool(faults), changed=meanwhile == "changed"),
        text=_new_words(faults, meanwhile),
        meanwhile=meanwhile,
        entries=entries,
        press=new_id(),
        faults=faults,
        sent=request.form,
        quiet=quiet,
        compared=measures.compared(engine, person, at, step),
        kept=moments.of_step(engine, person, step.id) if step.kind is StepKind.PRACTICE else [],
    )


def _new_words(faults: dict[str, str], meanwhile: str) -> str:
    """What was typed and is on no page: for a new one, or for one that is gone."""
    new = meanwhile == "gone" or (faults and not request.form.get("entry"))
    return request.form.get("text", "") if new else ""


def _asked(run: Run) -> list[tuple[str, str, str]]:
    """The groups that wait for this learner, or they for one: name, what it is about, and address."""
    if not run.asks:
        return []
    found = [
        (one.cohort.name, "invited", f"/join/invited/{one.run.id}")
        for one in joining.invited(here.engine(), here.person())
        if one.run.id != run.id
    ]
    return found + [(one.name, "waiting", "/join/waiting") for one, _wait in waiting.of_person(here.person())]


def _see(at: Position, week: Week) -> None:
    # A full disk or a busy moment keeps nobody from reading; the next visit notes it.
    with suppress(Unavailable):
        progress.see_week(here.engine(), at, week, here.now())


def _worksheet_step(at: Position, id: str) -> Step:
    found = at.course.worksheets.get(id)
    if found is None:
        raise NotFound(_("There is no such page."))
    return progress.readable_step(at, found.id)
