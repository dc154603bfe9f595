"""What learners have done: completions, weeks that were open or done once, and what was changed for them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from course_engine.domain.cohorts import COUNTS
from course_engine.domain.pace import By, Override, OverrideKind
from course_engine.domain.progress import RAISING, Completion, History, How, Run
from course_engine.storage import tables as t
from course_engine.storage.database import all_rows, current, fetch, parts, write_rows
from course_engine.storage.fields import instant, moment

_HOWS = {how.value: how for how in How}
_KEPT = "kept"
# Of what was written it is read that it is there; the words stay where they are.
_DONE = f"""
    SELECT step, first_at, how FROM completion WHERE run = ?
    UNION ALL
    SELECT step, NULL, '{_KEPT}' FROM journal
    WHERE run = ? AND step IS NOT NULL AND deleted_at IS NULL GROUP BY step
    UNION ALL
    SELECT item, NULL, '{_KEPT}' FROM answer WHERE run = ? AND kind = 'worksheet'
"""  # noqa: S608 — the word stands above
_COMPLETIONS = "SELECT step, how, at, first_how, first_at, edition FROM completion WHERE run = ?"
_COUNTING = ", ".join(f"'{present}'" for present in sorted(COUNTS))
# Attendance is found by the membership, which stays when someone leaves the cohort.
_MARKS = f"""
    SELECT week, opened_at, finished_at, NULL FROM week_mark WHERE run = ?
    UNION ALL
    SELECT a.cohort, a.at, NULL, a.number FROM membership m
    JOIN attendance a ON a.cohort = m.cohort AND a.person = m.person
    WHERE m.run = ? AND a.present IN ({_COUNTING})
"""  # noqa: S608 — the words come from an enum
_RANK = "CASE {0} " + " ".join(f"WHEN '{how}' THEN {rank}" for how, rank in RAISING.items()) + " END"
_RAISES = _RANK.format("excluded.how") + " > " + _RANK.format("completion.how")
_COMPLETE = f"""
    INSERT INTO completion (run, step, how, at, first_how, first_at, edition) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (run, step) DO UPDATE SET
        how = CASE WHEN {_RAISES} THEN excluded.how ELSE completion.how END,
        at = CASE WHEN {_RAISES} THEN excluded.at ELSE completion.at END,
        edition = CASE WHEN {_RAISES} THEN excluded.edition ELSE completion.edition END,
        batch = NULL
    RETURNING step, how, at, first_how, first_at, edition
"""  # noqa: S608 — the words come from an enum
_MARK = """
    INSERT INTO week_mark (run, week, {0}) VALUES {{rows}}
    ON CONFLICT (run, week) DO UPDATE SET {0} = COALESCE(week_mark.{0}, excluded.{0})
"""
_SPAN = "id, run, starts_at, ends_at, by, actor, note, batch, created_at"
_NEW_HOLD = f"INSERT INTO hold ({_SPAN}) VALUES {{rows}}"  # noqa: S608 — the words stand above
_NEW_OVERRIDE = f"INSERT INTO override ({_SPAN}, kind, week, days, reason) VALUES {{rows}}"  # noqa: S608
EXPLAIN = "INSERT INTO change_reason (run, batch, text) VALUES {rows}"
Mark = tuple[str, str, datetime]
_OVERRIDES = """
    SELECT kind, starts_at, week, ends_at, days, by, id, note, batch FROM override
    WHERE (run = ? OR cohort = ?) AND undone_at IS NULL
    UNION ALL
    SELECT 'hold', starts_at, NULL, ends_at, 0, by, id, note, batch FROM hold WHERE run = ?
    ORDER BY 2, 7
"""


def history(run: Run) -> History:
    """The facts of a run that `access` reads. Two queries."""
    steps = fetch(_DONE, run.id, run.id, run.id)
    done = {step: moment(at) for step, at, how in steps if how != _KEPT}
    left = frozenset(step for step, _at, how in steps if how == How.NOT_TODAY)
    kept = frozenset(item for item, _at, how in steps if how == _KEPT)
    opened, finished, attended = {}, {}, {}
    elsewhere: set[int] = set()
    for week, first, second, number in fetch(_MARKS, run.id, run.id):
        if number is not None:
            attended[number] = moment(first)
            if week != run.cohort:
                elsewhere.add(number)
            continue
        if first is not None:
            opened[week] = moment(first)
        if second is not None:
            finished[week] = moment(second)
    return History(run.started_at, done, opened, finished, attended, left, kept, frozenset(elsewhere))


def completions(run: str) -> dict[str, Completion]:
    """How each step of a run was done, by step. One query."""
    return {row[0]: _completion(row) for row in fetch(_COMPLETIONS, run)}


def complete(run: str, step: str, how: How, at: datetime, edition: str) -> Completion:
    """Note that a step is done, any number of times: `how` only rises, the first date and way stay."""
    with current().transaction():
        rows = fetch(_COMPLETE, run, step, how.value, at, how.value, at, edition)
    return _completion(rows[0])


def mark_weeks(opened: Iterable[Mark], finished: Iterable[Mark]) -> None:
    """Write down weeks of runs that are open or done, so that they stay so; an earlier mark stays.

    A mark is a run, a week, and since when.
    """
    with current().transaction():
        write_rows(_MARK.format("opened_at"), opened)
        write_rows(_MARK.format("finished_at"), finished)


def see_week(run: str, week: str, at: datetime) -> None:
    """Note that the learner has looked at a week; the first time stays."""
    with current().transaction():
        write_rows(_MARK.format("seen_at"), [(run, week, at)])


def seen_weeks(runs: Iterable[str]) -> dict[str, set[str]]:
    """The weeks that the learners of these runs have looked at, by run."""
    found: dict[str, set[str]] = {run: set() for run in runs}
    for some in parts(list(found)):
        seen = t.WeekMark.run.in_(some) & t.WeekMark.seen_at.is_null(False)
        for run, week in all_rows(t.WeekMark.select(t.WeekMark.run, t.WeekMark.week).where(seen)):
            found[run].add(week)
    return found


def overrides(run: str, cohort: str | None) -> tuple[Override, ...]:
    """What was changed for a run: by itself, for its cohort, and its holds (of all weeks). One query."""
    return tuple(made_override(row) for row in fetch(_OVERRIDES, run, cohort, run))


def made_override(row: tuple[Any, ...]) -> Override:
    """A change from kind, starts_at, week, ends_at, days, by, id, note, batch."""
    kind, start, week, end, days, by, id, note, batch = row
    return Override(
        OverrideKind(kind), moment(start), week, instant(end), days, By(by), id, note=note, batch=batch
    )


def change(made: Iterable[tuple[str, Override]], actor: str, now: datetime, reason: str = "") -> None:
    """Change something for each of these runs. A hold of the whole run has a row of another kind."""
    holds, others, reasons = [], [], []
    for run, one in made:
        span = (one.start, one.end, one.by.value, actor, one.note, one.batch, now)
        if one.kind is OverrideKind.HOLD and one.week is None:
            holds.append((one.id, run, *span))
            reasons += [(run, one.batch, reason)] if reason and one.batch else []
        else:
            others.append((one.id, run, *span, one.kind.value, one.week, one.days, reason))
    with current().transaction():
        write_rows(_NEW_HOLD, holds)
        write_rows(_NEW_OVERRIDE, others)
        write_rows(EXPLAIN, reasons)


def undo_override(id: str, at: datetime, run: str) -> bool:
    """Take a change of this run back; whether there was one to take back."""
    found = (t.Override.id == id) & (t.Override.run == run) & t.Override.undone_at.is_null()
    return bool(t.Override.update(undone_at=at).where(found).execute())


def end_holds(runs: Sequence[str], at: datetime, by: By | None = None, batch: str | None = None) -> int:
    """Go on after a pause, of anybody's or only of one side's; how many pauses ended.

    `batch` names the change that this is part of, by which it can be taken back.
    """
    lasts = t.Hold.ends_at.is_null() | (t.Hold.ends_at > at)
    ended = t.Hold.update(ends_at=at, was_until=t.Hold.ends_at, back_batch=batch)
    found = (t.Hold.starts_at <= at) & lasts & _made_by(by)
    return sum(ended.where(t.Hold.run.in_(some) & found).execute() for some in parts(runs))


def undo_hold(id: str, run: str, by: By | None = None) -> bool:
    """Take a pause of this run back, as if it had taken no time; whether there was one to take back."""
    took_time = t.Hold.ends_at.is_null() | (t.Hold.ends_at > t.Hold.starts_at)
    found = (t.Hold.id == id) & (t.Hold.run == run) & took_time & _made_by(by)
    return bool(t.Hold.update(ends_at=t.Hold.starts_at).where(found).execute())


def _made_by(by: By | None) -> Any:
    return t.Hold.by.in_([by] if by else list(By))


def _completion(row: tuple[str, str, datetime, str, datetime, str]) -> Completion:
    step, how, at, first_how, first_at, edition = row
    first = moment(first_at)
    return Completion(
        step, _HOWS[how], first if at == first_at else moment(at), _HOWS[first_how], first, edition
    )
