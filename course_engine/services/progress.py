"""Completing steps: done, in a gentler form, or not today. Each counts in full."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from course_engine.domain.access import access
from course_engine.domain.course import Step, Week
from course_engine.domain.errors import NotFound, NotYetOpen
from course_engine.domain.people import Person
from course_engine.domain.progress import Completion, How, Run
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.services.runs import Position, count, own, position, settle
from course_engine.storage import progress


@dataclass(frozen=True, slots=True)
class Completed:
    """What completing a step led to: how things stand now, and the week if this finished it."""

    step: Completion
    at: Position
    week: Week | None = None
    course: bool = False


def complete(
    engine: Engine,
    person: Person,
    run: Run,
    step: str,
    how: How,
    now: datetime,
    keep: Callable[[Position, Step], object] | None = None,
) -> Completed:
    """Complete a step. Doing it again changes nothing but may raise how it was done.

    `keep` writes down, before that and with it or not at all, what came along. Raises NotFound for a step
    the course does not have, and NotYetOpen for one that is locked.
    """
    with engine.database.transaction():
        # Two last steps at the same moment: the second has to see the first, or neither ends the week.
        engine.database.one_at_a_time(f"run {run.id}")
        # Meanwhile the group may have been moved to another edition, or the learner out of the group.
        run = own(engine, person, run.id)
        before = position(engine, person, run, now)
        found = readable_step(before, step)
        if keep is not None:
            keep(before, found)
        see_week(engine, before, before.course.week_of[step], now)
        done = progress.complete(run.id, step, how, now, run.edition)
        history = replace(before.history, done={**before.history.done, step: done.first_at})
        after = replace(
            before,
            history=history,
            access=access(before.course, history, before.pace, before.overrides, now),
        )
        week = after.course.week_of[step]
        if before.access.weeks[week.id].done_at or not after.access.weeks[week.id].done_at:
            return Completed(done, after)
        count(after)
        return Completed(done, after, week, settle(engine, person, after, now))


def ways(run: Run) -> dict[str, How]:
    """How each step that is done was done; this is told to the learner only."""
    return {step: done.how for step, done in progress.completions(run.id).items()}


def readable_step(at: Position, step: str) -> Step:
    """A step of the run's course that may be looked at. Raises NotFound or NotYetOpen."""
    found = at.course.steps.get(step)
    if found is None:
        raise NotFound(_("There is no such page."))
    if not at.access.steps[step].readable:
        raise NotYetOpen(step)
    return found


def readable_week(at: Position, number: int) -> Week:
    """A week of the run's course that may be looked at. Raises NotFound or NotYetOpen."""
    week = at.course.week(number)
    if week is None:
        raise NotFound(_("There is no such page."))
    if not at.access.weeks[week.id].readable:
        raise NotYetOpen(week.id)
    return week


def see_week(engine: Engine, at: Position, week: Week, now: datetime) -> None:
    """Write down that the learner has looked at a week or a step of it: from then on it will not close.

    A page that is always open says nothing of the week around it.
    """
    if week.id in at.history.opened or not at.access.weeks[week.id].readable:
        return
    opened_at = at.access.weeks[week.id].opened_at or now
    with engine.database.transaction():
        progress.see_week(at.run.id, week.id, now)
        progress.mark_weeks([(at.run.id, week.id, opened_at)], [])
