"""What is said once a step is done, and where it leads."""

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from course_engine.domain.course import Step, StepKind
from course_engine.domain.progress import How
from course_engine.i18n import gettext as _
from course_engine.services.marks import Came
from course_engine.services.progress import Completed
from course_engine.web import filling, here, questions


def lead_on(completed: Completed, step: str, keeping: filling.Keeping, page: str) -> ResponseReturnValue:
    """Say what came of a step that somebody completed on this page, and go where it leads."""
    if keeping.came is Came.OTHERS_STAND:
        flash(filling.others_stand(), "note")
    if keeping.how is How.NOT_TODAY and completed.week is None:
        return _left(completed, step, page)
    found = completed.at.course.steps[step]
    for told in _told(completed, found, keeping.how, keeping.came):
        flash(told, "done")
    return redirect(here.root() + _onward(completed, found, keeping.how), 303)


def _told(completed: Completed, step: Step, how: How, came: Came | None) -> list[str]:
    """What is said once a step is done, and of the week or course that ended with it."""
    told = []
    if step.measure is not None and how is How.DONE and not questions.read(step.fields):
        told += [_("You have answered nothing, and that is fine. The questions stay here for another day.")]
    if how is How.GENTLER:
        told += [_("Done more gently. It counts in full.")]
    if completed.course:
        told += [_("You have come to the end of the course. Everything stays open to you.")]
    elif completed.week is not None:
        numbered = _("This week is complete. Stay as long as you like.")
        told += [numbered if completed.week.number else _("This is complete. Stay as long as you like.")]
    kept = filling.has_words(step) and came is not Came.OTHERS_STAND
    return told or [_("Kept. Only you can see it.") if kept else _("Done.")]


def _onward(completed: Completed, step: Step, how: How) -> str:
    """Where a step that is done leads to: as a rule to Today, where the next one is at the top."""
    if step.kind is StepKind.PRACTICE and how is not How.NOT_TODAY:
        return f"/steps/{step.id}/moment"
    if step.measure is not None and how is How.DONE and questions.read(step.fields):
        return f"/steps/{step.id}"
    if completed.course:
        return "/certificate"
    return f"/weeks/{completed.week.number}" if completed.week is not None else "/today"


def _left(completed: Completed, step: str, page: str) -> ResponseReturnValue:
    """Back to where somebody left a step for today: to Today, or to the week it stands in."""
    left = completed.step.how is How.NOT_TODAY
    flash(
        _("Left for today. It stays open, whenever you like.") if left
        else _("It stays done. You can come back to it as often as you like."),
        "note",
    )  # fmt: skip
    if page == "today":
        return redirect(f"{here.root()}/today", 303)
    return redirect(f"{here.root()}/weeks/{completed.at.course.week_of[step].number}", 303)
