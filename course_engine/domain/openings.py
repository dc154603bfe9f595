"""When one week opens: its two gates, and what holds, stays and waivers do to them.

`access` walks the course with this, week by week, so that each can look at the one before it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from course_engine.domain.calendar import local_day, opening_instant, past_holds
from course_engine.domain.course import Step, StepKind, Week
from course_engine.domain.pace import DAYS, Override, OverrideKind, Pace, PaceKind
from course_engine.domain.progress import History
from course_engine.domain.standing import Code, Reason, Standing


class Opening(NamedTuple):
    """When a week opened, or else when it can open as far as is known, and what stands in between."""

    opened_at: datetime | None = None
    opens_at: datetime | None = None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that says when the weeks of one run open, at one instant; `done` is from `steps_done`."""

    history: History
    pace: Pace
    overrides: Sequence[Override]
    now: datetime
    done: Mapping[str, datetime] = field(default_factory=dict)

    def of(self, kind: OverrideKind, week: Week | None = None) -> list[Override]:
        """What was changed about this week, the changes for all weeks included; without one, only these."""
        if not self.overrides:
            return []
        weeks = (None,) if week is None else (None, week.id)
        return [one for one in self.overrides if one.kind is kind and one.week in weeks]

    def hold_now(self, week: Week | None = None) -> Override | None:
        """The hold in force now, on this week or on the whole run."""
        return next((hold for hold in self.of(OverrideKind.HOLD, week) if _lasts(hold, self.now)), None)


def opening(rules: Rules, week: Week, before: Week | None, last: Standing | None) -> Opening:
    """When this week opens; `before` is the week before it and `last` how that one stands."""
    history, now = rules.history, rules.now
    kept = history.opened.get(week.id)
    if kept is not None and kept <= now:
        return Opening(opened_at=kept)
    started = history.started_at
    if started is None or started > now:
        return Opening(opens_at=started, reasons=(Reason(Code.NOT_STARTED, at=started),))

    holds = rules.of(OverrideKind.HOLD, week)
    unmet, gate = _gates(rules, started, week, before, last)
    opens_at = past_holds(gate, holds)
    opened = _opened(rules, opens_at) if unmet is None else None
    early = min((one.start for one in rules.of(OverrideKind.OPEN_EARLY, week)), default=None)
    if early is not None and early <= now:
        unmet, gate = None, early
        holds = [hold for hold in holds if hold.week is None or hold.start > early]
        opens_at = past_holds(gate, holds)
        # What came first counts: a week that has opened by itself needs nobody to open it.
        opened = min(filter(None, (opened, _opened(rules, opens_at))), default=None)

    if opened is not None:
        return Opening(opened_at=opened)
    if rules.pace.ended_at is not None and _ended(rules, now):
        return Opening(reasons=(Reason(Code.ENDED, at=rules.pace.ended_at),))
    # A hold that is still to come, and has no end, says nothing yet about the day.
    return _not_yet(rules, holds, unmet, opens_at or gate)


def steps_done(history: History, weeks: Iterable[Week]) -> Mapping[str, datetime]:
    """When each step was done: by its own completion or, for a lesson, by attending the session of its week.

    Steps that the course does not have any more are among them.
    """
    if not history.attended:
        return history.done
    done = dict(history.done)
    for week in weeks:
        attended_at = history.attended.get(week.number)
        if attended_at is None:
            continue
        for step in week.steps:
            if step.kind is StepKind.LESSON:
                done[step.id] = min(attended_at, done.get(step.id, attended_at))
    return done


def satisfied(history: History, week: Week, step: Step) -> datetime | None:
    """When this step of this week was done, if it was."""
    return steps_done(history, (week,)).get(step.id)


def missing(history: History, week: Week) -> tuple[str, ...]:
    """The steps (one for each open `one_of` set) that the week still waits for."""
    return waiting(steps_done(history, (week,)), week)


def counted(history: History, week: Week) -> tuple[int, int]:
    """How many of the things that complete a week are done, and how many there are."""
    asked = len(week.asked)
    return asked - len(missing(history, week)), asked


def waiting(done: Mapping[str, datetime], week: Week) -> tuple[str, ...]:
    """The same, where it is known already which steps are done."""
    known = done.keys()
    return tuple([ids[0] for ids in week.asked if known.isdisjoint(ids)])


def stays_before(rules: Rules, week: Week) -> bool:
    """In a cohort a stay moves what is shown as next, not the dates of the group."""
    if rules.pace.kind is not PaceKind.COHORT:
        return False
    until = datetime.min.replace(tzinfo=UTC)
    begun = [stay for stay in rules.of(OverrideKind.EXTEND, week) if stay.start <= rules.now]
    for stay in sorted(begun, key=lambda one: one.start):
        until = max(until, stay.start) + timedelta(days=stay.days)
    return rules.now < until


def _gates(
    rules: Rules, started: datetime, week: Week, before: Week | None, last: Standing | None
) -> tuple[Reason | None, datetime]:
    """What the completion gate waits for, and the later instant of the gates that are known."""
    if before is None or last is None:
        return None, max(started, _session_day(rules, week) or started)
    gate = max(started, _time_gate(rules, week, before, last) or started)
    if not rules.pace.completion or _waived(rules, week):
        counted = rules.pace.time and rules.pace.kind is not PaceKind.COHORT
        return (_previous(rules, before, last) if counted and not _day_known(last) else None), gate
    if last.done_at is None:
        return _previous(rules, before, last), gate
    return None, max(gate, last.done_at)


def _day_known(last: Standing) -> bool:
    """Whether the day is known on which a week opened or will open, whatever is still to be done."""
    if last.opened_at is not None:
        return True
    return last.opens_at is not None and all(one.code is not Code.PREVIOUS_NOT_DONE for one in last.reasons)


def _previous(rules: Rules, before: Week, last: Standing) -> Reason:
    # Of a week that is not open either, nobody needs to count the steps yet.
    missing = waiting(rules.done, before) if last.opened_at is not None else ()
    return Reason(Code.PREVIOUS_NOT_DONE, week=before.id, missing=missing)


def _time_gate(rules: Rules, week: Week, before: Week, last: Standing) -> datetime | None:
    """The instant of the time gate; None where there is none or it cannot be known yet."""
    pace = rules.pace
    if pace.kind is PaceKind.COHORT:
        return _session_day(rules, week)
    stays = rules.of(OverrideKind.EXTEND, week)
    if not pace.time or before.number == 0:
        first = min((one.start for one in stays), default=None)
        return _moved(first, local_day(first, pace.zone), stays, pace.zone) if first else None
    since = last.opened_at or last.opens_at
    if since is None:
        return None
    changes = _stretches(rules.of(OverrideKind.HOLD)) + stays
    return _moved(since, local_day(since, pace.zone) + timedelta(days=DAYS[pace.kind]), changes, pace.zone)


def _session_day(rules: Rules, week: Week) -> datetime | None:
    """04:00 on the day of the cohort's session of this week; None where no session sets it."""
    pace = rules.pace
    day = pace.calendar.get(week.number) if pace.kind is PaceKind.COHORT and pace.time else None
    return opening_instant(day, pace.zone) if day else None


def _stretches(holds: Sequence[Override]) -> list[Override]:
    """Holds that overlap taken together as one, so that a day on hold counts once."""
    merged: list[Override] = []
    for hold in sorted(holds, key=lambda one: one.start):
        last = merged[-1] if merged else None
        if last is None or (last.end is not None and last.end <= hold.start):
            merged.append(hold)
        elif last.end is not None and (hold.end is None or hold.end > last.end):
            merged[-1] = replace(last, end=hold.end)
    return merged


def _moved(since: datetime, day: date, changes: Sequence[Override], zone: str) -> datetime:
    """04:00 on this day, moved on by the days of every stay and of every hold that began before it.

    A hold that still lasts adds nothing yet: while it does, nothing opens anyway.
    """
    for change in sorted(changes, key=lambda one: one.start):
        if change.kind is OverrideKind.EXTEND:
            if local_day(change.start, zone) <= day:
                day += timedelta(days=change.days)
        elif change.end is not None and change.end > since and change.start < opening_instant(day, zone):
            day += local_day(change.end, zone) - local_day(max(change.start, since), zone)
    return opening_instant(day, zone)


def _not_yet(
    rules: Rules, holds: Sequence[Override], unmet: Reason | None, opens_at: datetime | None
) -> Opening:
    held = next((hold for hold in holds if _lasts(hold, rules.now)), None)
    reasons: list[Reason] = []
    if held is not None:
        reasons.append(Reason(Code.HELD, at=held.end, by=held.by))
        opens_at = None if held.end is None or opens_at is None else max(held.end, opens_at)
    if unmet is not None:
        reasons.append(unmet)
    if opens_at is not None and opens_at <= rules.now:
        opens_at = None
    if opens_at is not None and (held is None or opens_at != held.end):
        reasons.append(Reason(Code.OPENS_ON, at=opens_at))
    return Opening(opens_at=opens_at, reasons=tuple(reasons))


def _opened(rules: Rules, moment: datetime | None) -> datetime | None:
    """This instant, if it has come while the course was not over."""
    return moment if moment is not None and moment <= rules.now and not _ended(rules, moment) else None


def _waived(rules: Rules, week: Week) -> bool:
    return any(one.start <= rules.now for one in rules.of(OverrideKind.WAIVE, week))


def _ended(rules: Rules, moment: datetime) -> bool:
    return rules.pace.ended_at is not None and rules.pace.ended_at <= min(moment, rules.now)


def _lasts(hold: Override, now: datetime) -> bool:
    return hold.start <= now and (hold.end is None or now < hold.end)
