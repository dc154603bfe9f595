"""Is it open, and if not, why and from when: the one rule that every page, print and command asks.

A week opens when all its gates are met: `completion` (the week before is done) and `time` (its day has
come). What people change about that comes in as overrides, and what was open or done once comes in
with the history and is never taken back. Nothing here reads a clock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from course_engine.domain.course import Course, Module, Week
from course_engine.domain.openings import Rules, opening, stays_before, steps_done, waiting
from course_engine.domain.pace import Override, Pace
from course_engine.domain.progress import History
from course_engine.domain.standing import Standing, State, Status


@dataclass(frozen=True, slots=True)
class Outline:
    """How the weeks of a course stand for one run at one instant: what boards show of many people."""

    status: Status
    weeks: Mapping[str, Standing]
    next_step: str | None
    here: str | None
    next_opening: tuple[str, datetime] | None

    @property
    def reached(self) -> int:
        """How many weeks are done."""
        return sum(standing.state is State.DONE for standing in self.weeks.values())

    @property
    def waits_until(self) -> datetime | None:
        """When the next week opens, where all that is open is done and only that day is waited for."""
        if self.status in (Status.NOT_STARTED, Status.FINISHED) or self.next_opening is None:
            return None
        unfinished = any(at.state in (State.OPEN, State.NEXT) for at in self.weeks.values())
        return None if unfinished else self.next_opening[1]


@dataclass(frozen=True, slots=True)
class Access(Outline):
    """How every item of a course stands for one run at one instant, by id.

    `next_step` is the one next thing, if there is one; `here` is its week, or else the last open one;
    `next_opening` is the next week that will open by itself, and when.
    """

    modules: Mapping[str, Standing]
    steps: Mapping[str, Standing]


def access(
    course: Course, history: History, pace: Pace, overrides: Sequence[Override], now: datetime
) -> Access:
    """The standing of every item of the course for one run at one instant."""
    rules = Rules(history, pace, overrides, now, steps_done(history, course.weeks))
    found = _outline(course, rules)
    return Access(
        status=found.status,
        weeks=found.weeks,
        next_step=found.next_step,
        here=found.here,
        next_opening=found.next_opening,
        modules={module.id: _module(module, found.weeks) for module in course.modules},
        steps=_steps(course, rules.done, found.weeks, found.next_step),
    )


def outline(
    course: Course, history: History, pace: Pace, overrides: Sequence[Override], now: datetime
) -> Outline:
    """The same as far as the weeks, in half the time."""
    return _outline(course, Rules(history, pace, overrides, now, steps_done(history, course.weeks)))


def to_keep(found: Outline) -> tuple[dict[str, datetime], dict[str, datetime]]:
    """The weeks that are open and those that are done, with their instants.

    Written down with the history before the rules of a run change, so that nothing is taken back.
    """
    opened = {week: at.opened_at for week, at in found.weeks.items() if at.opened_at}
    finished = {week: at.done_at for week, at in found.weeks.items() if at.done_at}
    return opened, finished


def _outline(course: Course, rules: Rules) -> Outline:
    weeks = _weeks(course, rules)
    next_step = _next_step(course, rules, weeks)
    here = _here(course, weeks, next_step)
    if next_step is not None and here is not None:
        weeks[here] = weeks[here]._replace(state=State.NEXT)
    return Outline(
        status=_status(course, rules, weeks),
        weeks=weeks,
        next_step=next_step,
        here=here,
        next_opening=next(
            ((week, at.opens_at) for week, at in weeks.items() if not at.readable and at.opens_at), None
        ),
    )


def _weeks(course: Course, rules: Rules) -> dict[str, Standing]:
    standings: dict[str, Standing] = {}
    before: Week | None = None
    last: Standing | None = None
    for week in course.weeks:
        found = opening(rules, week, before, last)
        done_at = _done_at(rules, week, found.opened_at)
        if done_at is not None:
            last = Standing(State.DONE, opened_at=found.opened_at or done_at, done_at=done_at)
        elif found.opened_at is not None:
            last = Standing(State.OPEN, opened_at=found.opened_at)
        else:
            last = Standing(State.LOCKED, found.reasons, found.opens_at)
        standings[week.id] = last
        before = week
    return standings


def _done_at(rules: Rules, week: Week, opened_at: datetime | None) -> datetime | None:
    kept = rules.history.finished.get(week.id)
    if kept is not None:
        return kept
    latest = opened_at
    for ids in week.asked:
        instants = [rules.done[id] for id in ids if id in rules.done]
        if not instants:
            return None
        latest = max(latest, min(instants)) if latest else min(instants)
    return latest


def _next_step(course: Course, rules: Rules, weeks: Mapping[str, Standing]) -> str | None:
    for week in course.weeks:
        if weeks[week.id].state is State.OPEN and not stays_before(rules, week):
            ids = waiting(rules.done, week)
            return next(step.id for step in week.steps if step.id in ids)
    return None


def _here(course: Course, weeks: Mapping[str, Standing], next_step: str | None) -> str | None:
    if next_step is not None:
        return course.week_of[next_step].id
    return next((week.id for week in reversed(course.weeks) if weeks[week.id].readable), None)


def _steps(
    course: Course, done: Mapping[str, datetime], weeks: Mapping[str, Standing], next_step: str | None
) -> dict[str, Standing]:
    standings: dict[str, Standing] = {}
    for week in course.weeks:
        around = weeks[week.id]
        plain = Standing(State.OPEN, opened_at=around.opened_at)
        other = plain if around.readable else Standing(State.LOCKED, around.reasons, around.opens_at)
        new = plain._replace(new=True) if around.state is State.DONE else None
        for step in week.steps:
            done_at = done.get(step.id)
            if done_at is not None:
                standings[step.id] = Standing(State.DONE, (), None, around.opened_at, done_at)
            elif step.id == next_step:
                standings[step.id] = plain._replace(state=State.NEXT)
            elif new is not None and step.required:
                standings[step.id] = new
            else:
                standings[step.id] = plain if step.always_open else other
    return standings


def _module(module: Module, weeks: Mapping[str, Standing]) -> Standing:
    inside = [weeks[week.id] for week in module.weeks]
    opened_at = inside[0].opened_at
    finished = [at.done_at for at in inside if at.done_at is not None]
    if len(finished) == len(inside):
        return Standing(State.DONE, opened_at=opened_at, done_at=max(finished))
    if any(at.state is State.NEXT for at in inside):
        return Standing(State.NEXT, opened_at=opened_at)
    if any(at.readable for at in inside):
        return Standing(State.OPEN, opened_at=opened_at)
    return Standing(State.LOCKED, inside[0].reasons, inside[0].opens_at)


def _status(course: Course, rules: Rules, weeks: Mapping[str, Standing]) -> Status:
    started = rules.history.started_at
    if started is None or started > rules.now:
        return Status.NOT_STARTED
    if all(weeks[week.id].done_at is not None for week in course.weeks):
        return Status.FINISHED
    return Status.ON_HOLD if rules.hold_now() else Status.ACTIVE
