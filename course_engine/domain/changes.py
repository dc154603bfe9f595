"""What a facilitator changes for people of a cohort, and what comes of it for each: by the rule alone.

The same function tells what would happen and decides what does.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from course_engine.domain.access import Outline, outline
from course_engine.domain.course import Course, Week
from course_engine.domain.openings import satisfied
from course_engine.domain.pace import Override, OverrideKind, Pace
from course_engine.domain.progress import History
from course_engine.domain.standing import Code, State, Status

STAY = timedelta(days=7)


class Deed(StrEnum):
    """What can be changed."""

    OPEN = "open"
    STAY = "stay"
    HOLD = "hold"
    RETURN = "return"
    WAIVE = "waive"
    PAPER = "paper"


class Outcome(StrEnum):
    """What comes of it for one person; all but the first leave them as they are."""

    CHANGES = "changes"
    OPEN_ALREADY = "open_already"
    DONE_ALREADY = "done_already"
    HELD_ALREADY = "held_already"
    NOT_HELD = "not_held"
    NOT_STARTED = "not_started"
    ON_HOLD = "on_hold"
    NOT_THERE_YET = "not_there_yet"
    FINISHED = "finished"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Change:
    """A change from `start` on (for a hold, until `end`) about one week, or about the whole course.

    `week` is the id of the week that opens, or that one stays in; `steps` are those done on paper.
    """

    deed: Deed
    start: datetime
    week: str | None = None
    end: datetime | None = None
    steps: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Life:
    """Everything the rule reads of one run."""

    course: Course
    history: History
    pace: Pace
    overrides: Sequence[Override]

    def at(self, now: datetime) -> Outline:
        return outline(self.course, self.history, self.pace, self.overrides, now)


@dataclass(frozen=True, slots=True)
class Made:
    """A change that stands: `id` is None for steps marked on paper, of which there are `steps`."""

    batch: str | None
    id: str | None
    kind: str
    week: str | None
    start: datetime
    end: datetime | None
    by: str
    actor: str
    reason: str
    note: str
    at: datetime
    steps: int


def outcome(life: Life, change: Change, now: datetime) -> Outcome:
    """What this change would do for one run."""
    moment = max(now, change.start)
    stands = life.at(moment)
    if stands.status is Status.NOT_STARTED:
        return Outcome.NOT_STARTED
    match change.deed:
        case Deed.OPEN | Deed.WAIVE:
            return _opening(life, change, stands, moment)
        case Deed.STAY:
            return _staying(life, change, stands)
        case Deed.HOLD:
            return _holding(life, change, stands)
        case Deed.RETURN:
            return Outcome.CHANGES if stands.status is Status.ON_HOLD else Outcome.NOT_HELD
        case Deed.PAPER:
            return _on_paper(life, change, stands)


def changed(life: Life, change: Change, now: datetime) -> Life:
    """The same run with this change in it, for one that it changes."""
    if change.deed is Deed.PAPER:
        done = dict.fromkeys(left_to_do(life, change), now)
        history = replace(life.history, done={**life.history.done, **done})
        return replace(life, history=history)
    if change.deed is Deed.RETURN:
        return replace(life, overrides=tuple(_ended(one, now) for one in life.overrides))
    return replace(life, overrides=(*life.overrides, override_of(life, change, now)))


def override_of(life: Life, change: Change, now: datetime) -> Override:
    """The override that makes this change for this run."""
    start = max(now, change.start)
    match change.deed:
        case Deed.STAY:
            following = after(life.course, change.week)
            opening = life.at(start).weeks[following.id].opens_at if following else None
            week = following.id if following else None
            return Override(
                OverrideKind.EXTEND, max(start, opening or start), week, days=STAY.days, note=change.note
            )
        case Deed.HOLD:
            return Override(OverrideKind.HOLD, start, change.week, change.end, note=change.note)
        case Deed.WAIVE:
            return Override(OverrideKind.WAIVE, start, change.week, note=change.note)
        case _:
            return Override(OverrideKind.OPEN_EARLY, start, change.week, note=change.note)


def left_to_do(life: Life, change: Change) -> list[str]:
    """Which of the steps done on paper are not done yet for this run."""
    week = _week(life.course, change.week)
    return [
        step.id
        for step in (week.steps if week else ())
        if step.id in change.steps and satisfied(life.history, week, step) is None  # type: ignore[arg-type]
    ]


def after(course: Course, week: str | None) -> Week | None:
    """The week that comes after this one."""
    ids = [one.id for one in course.weeks]
    place = ids.index(week) + 1 if week in ids else len(ids)
    return course.weeks[place] if place < len(ids) else None


def _opening(life: Life, change: Change, stands: Outline, moment: datetime) -> Outcome:
    week = change.week or ""
    if stands.weeks[week].readable:
        return Outcome.OPEN_ALREADY
    then = changed(life, change, moment).at(moment).weeks[week]
    if then.readable:
        return Outcome.CHANGES
    codes = {reason.code for reason in then.reasons}
    waited = any(reason.code is Code.PREVIOUS_NOT_DONE for reason in stands.weeks[week].reasons)
    if change.deed is Deed.WAIVE and waited and Code.PREVIOUS_NOT_DONE not in codes:
        return Outcome.CHANGES
    if Code.HELD in codes:
        return Outcome.ON_HOLD
    return Outcome.ENDED if Code.ENDED in codes else Outcome.NOT_THERE_YET


def _staying(life: Life, change: Change, stands: Outline) -> Outcome:
    following = after(life.course, change.week)
    if following is None or stands.status is Status.FINISHED:
        return Outcome.FINISHED
    if not stands.weeks[change.week or ""].readable:
        return Outcome.NOT_THERE_YET
    return Outcome.DONE_ALREADY if stands.weeks[following.id].state is State.DONE else Outcome.CHANGES


def _holding(life: Life, change: Change, stands: Outline) -> Outcome:
    if stands.status is Status.FINISHED:
        return Outcome.FINISHED
    if change.week is not None:
        return Outcome.OPEN_ALREADY if stands.weeks[change.week].readable else Outcome.CHANGES
    holds = (one for one in life.overrides if one.kind is OverrideKind.HOLD and one.week is None)
    return Outcome.HELD_ALREADY if any(overlap(one, change) for one in holds) else Outcome.CHANGES


def overlap(hold: Override, change: Change | Override) -> bool:
    """Whether a hold and another share any time; one that was taken back has none."""
    if hold.end == hold.start:
        return False
    start = change.start
    before_its_end = hold.end is None or start < hold.end
    after_its_start = change.end is None or hold.start < change.end
    return before_its_end and after_its_start


def _on_paper(life: Life, change: Change, stands: Outline) -> Outcome:
    if not stands.weeks[change.week or ""].readable:
        return Outcome.NOT_THERE_YET
    return Outcome.CHANGES if left_to_do(life, change) else Outcome.DONE_ALREADY


def _ended(one: Override, now: datetime) -> Override:
    lasts = one.kind is OverrideKind.HOLD and one.week is None and one.start <= now
    return replace(one, end=now) if lasts and (one.end is None or one.end > now) else one


def _week(course: Course, id: str | None) -> Week | None:
    return next((week for week in course.weeks if week.id == id), None)
