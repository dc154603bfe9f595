"""Overrides: what facilitators and learners change about when weeks open. What was open stays open."""

from dataclasses import replace
from datetime import datetime

from course_engine.crypto import new_id
from course_engine.domain.errors import NotFound, Refused
from course_engine.domain.pace import By, Override, OverrideKind
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.domain.standing import Status
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.services import runs
from course_engine.storage import audit, progress


def add(engine: Engine, run: Run, change: Override, actor: Person, reason: str, now: datetime) -> Override:
    """Change when the weeks of one run open: early, hold, extend or waive. What is open stays open.

    Raises Refused for a second hold of the whole run while one lasts.
    """
    with runs.changing(engine, run, now) as at:
        made = replace(change, id=new_id())
        if change.kind is OverrideKind.HOLD and change.week is None:
            _refuse_second_hold(at, change)
        progress.change([(run.id, made)], actor.id, now, reason)
        number = at.course.number_of(change.week)
        detail = {"run": run.id, "week": change.week, "number": number}
        audit.add(now, actor.id, f"run.{change.kind.value}", run.person, detail)
    return made


def undo(engine: Engine, run: Run, change: str, actor: Person, now: datetime) -> None:
    """Take a change back. A week it opened closes only if the learner has not looked at it.

    Learners take back only holds of their own. Raises NotFound.
    """
    with runs.changing(engine, run, now) as at:
        undone = progress.undo_override(change, now, run=run.id)
        if not undone and not progress.undo_hold(change, run.id, _whose_holds(run, actor)):
            raise NotFound(_("There is no such change to take back."))
        was = next((one for one in at.overrides if one.id == change), None)
        week = was.week if was else None
        detail = {
            "run": run.id, "override": change, "kind": was.kind.value if was else None, "week": week,
            "number": at.course.number_of(week),
        }  # fmt: skip
        audit.add(now, actor.id, "run.undo", run.person, detail)


def end_hold(engine: Engine, run: Run, actor: Person, now: datetime) -> None:
    """Come back from a hold of the whole run; learners from their own. Raises Refused when there is none."""
    with runs.changing(engine, run, now) as at:
        if not progress.end_holds([run.id], now, _whose_holds(run, actor)):
            if at.access.status is Status.ON_HOLD and actor.id == run.person:
                raise Refused(_("Your facilitator has put this course on hold, and can take it up again."))
            raise Refused(_("This course is not on hold."))
        audit.add(now, actor.id, "run.return", run.person, {"run": run.id})


def _refuse_second_hold(at: runs.Position, new: Override) -> None:
    for hold in at.overrides:
        if hold.kind is not OverrideKind.HOLD or hold.week is not None:
            continue
        before_its_end = hold.end is None or new.start < hold.end
        after_its_start = new.end is None or hold.start < new.end
        if before_its_end and after_its_start and hold.end != hold.start:
            raise Refused(_("This course is on hold already. End that hold first, or wait until it ends."))


def _whose_holds(run: Run, actor: Person) -> By | None:
    return By.LEARNER if actor.id == run.person else None
