"""What learners have done: completions, weeks that were open or done once, and what was changed for them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from course_engine.domain.cohorts import COUNTS
from course_engine.domain.pace import By, Override, OverrideKind
from course_engine.domain.progress import RAISING, Completion, History, How, Run
from course_engine.storage import tables as t
from course_engine.storage.database import all_rows, current, fetch
from course_engine.storage.fields import instant, moment

_HOWS = {how.value: how for how in How}
_DONE = "SELECT step, first_at FROM completion WHERE run = ?"
_COMPLETIONS = "SELECT step, how, at, first_how, first_at, edition FROM completion WHERE run = ?"
_COUNTING = ", ".join(f"'{present}'" for present in sorted(COUNTS))
# Attendance is found by the membership, which stays when someone leaves the cohort.
_MARKS = f"""
    SELECT week, opened_at, finished_at, NULL FROM week_mark WHERE run = ?
    UNION ALL
    SELECT NULL, a.at, NULL, a.number FROM membership m
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
    INSERT INTO week_mark (run, week, {0}) VALUES (?, ?, ?)
    ON CONFLICT (run, week) DO UPDATE SET {0} = COALESCE(week_mark.{0}, excluded.{0})
"""
_OVERRIDES = """
    SELECT kind, starts_at, week, ends_at, days, by, id, note, batch FROM override
    WHERE (run = ? OR cohort = ?) AND undone_at IS NULL
    UNION ALL
    SELECT 'hold', starts_at, NULL, ends_at, 0, by, id, note, batch FROM hold WHERE run = ?
    ORDER BY 2, 7
"""


def history(run: Run) -> History:
    """The facts of a run that `access` reads. Two queries."""
    done = {step: moment(at) for step, at in fetch(_DONE, run.id)}
    opened, finished, attended = {}, {}, {}
    for week, first, second, number in fetch(_MARKS, run.id, run.id):
        if number is not None:
            attended[number] = moment(first)
            continue
        if first is not None:
            opened[week] = moment(first)
        if second is not None:
            finished[week] = moment(second)
    return History(run.started_at, done, opened, finished, attended)


def completions(run: str) -> dict[str, Completion]:
    """How each step of a run was done, by step. One query."""
    return {row[0]: _completion(row) for row in fetch(_COMPLETIONS, run)}


def complete(run: str, step: str, how: How, at: datetime, edition: str) -> Completion:
    """Note that a step is done, any number of times: `how` only rises, the first date and way stay."""
    with current().transaction():
        rows = fetch(_COMPLETE, run, step, how.value, at, how.value, at, edition)
    return _completion(rows[0])


def mark_weeks(run: str, opened: Mapping[str, datetime], finished: Mapping[str, datetime]) -> None:
    """Write down weeks that are open or done, so that they stay so; an earlier mark stays."""
    with current().transaction():
        for column, marks in (("opened_at", opened), ("finished_at", finished)):
            for week, at in sorted(marks.items()):
                _mark(run, week, column, at)


def see_week(run: str, week: str, at: datetime) -> None:
    """Note that the learner has looked at a week; the first time stays."""
    with current().transaction():
        _mark(run, week, "seen_at", at)


def seen_weeks(run: str) -> dict[str, datetime]:
    """The weeks the learner has looked at, and when first."""
    found = (t.WeekMark.run == run) & t.WeekMark.seen_at.is_null(False)
    return dict(all_rows(t.WeekMark.select(t.WeekMark.week, t.WeekMark.seen_at).where(found)))


def overrides(run: str, cohort: str | None) -> tuple[Override, ...]:
    """What was changed for a run: by itself, for its cohort, and its holds (of all weeks). One query."""
    return tuple(made_override(row) for row in fetch(_OVERRIDES, run, cohort, run))


def made_override(row: tuple[Any, ...]) -> Override:
    """A change from kind, starts_at, week, ends_at, days, by, id, note, batch."""
    kind, start, week, end, days, by, id, note, batch = row
    return Override(
        OverrideKind(kind), moment(start), week, instant(end), days, By(by), id, note=note, batch=batch
    )


def add_override(
    override: Override,
    *,
    run: str | None = None,
    cohort: str | None = None,
    actor: str | None,
    reason: str = "",
    now: datetime,
) -> None:
    """Change something for one run or for a whole cohort."""
    t.Override.insert(
        id=override.id,
        run=run,
        cohort=cohort,
        kind=override.kind,
        week=override.week,
        starts_at=override.start,
        ends_at=override.end,
        days=override.days,
        by=override.by,
        reason=reason,
        actor=actor,
        created_at=now,
        note=override.note,
        batch=override.batch,
    ).execute()


def undo_override(id: str, at: datetime, run: str) -> bool:
    """Take a change of this run back; whether there was one to take back."""
    found = (t.Override.id == id) & (t.Override.run == run) & t.Override.undone_at.is_null()
    return bool(t.Override.update(undone_at=at).where(found).execute())


def hold(
    id: str,
    run: str,
    start: datetime,
    end: datetime | None,
    by: By,
    actor: str | None,
    note: str = "",
    batch: str | None = None,
) -> None:
    """Pause a run, until an instant or until someone ends it."""
    t.Hold.insert(
        id=id, run=run, starts_at=start, ends_at=end, by=by, actor=actor, note=note, batch=batch
    ).execute()


def end_hold(run: str, at: datetime, by: By | None = None, batch: str | None = None) -> bool:
    """Go on after a pause, of anybody's or only of one side's; whether there was one.

    `batch` names the change that this is part of, by which it can be taken back.
    """
    lasts = t.Hold.ends_at.is_null() | (t.Hold.ends_at > at)
    found = (t.Hold.run == run) & (t.Hold.starts_at <= at) & lasts & _made_by(by)
    ended = t.Hold.update(ends_at=at, was_until=t.Hold.ends_at, back_batch=batch)
    return bool(ended.where(found).execute())


def undo_hold(id: str, run: str, by: By | None = None) -> bool:
    """Take a pause of this run back, as if it had taken no time; whether there was one to take back."""
    took_time = t.Hold.ends_at.is_null() | (t.Hold.ends_at > t.Hold.starts_at)
    found = (t.Hold.id == id) & (t.Hold.run == run) & took_time & _made_by(by)
    return bool(t.Hold.update(ends_at=t.Hold.starts_at).where(found).execute())


def _made_by(by: By | None) -> Any:
    return t.Hold.by.in_([by] if by else list(By))


def _mark(run: str, week: str, column: str, at: datetime) -> None:
    inner = current().peewee
    inner.run(_MARK.format(column).replace("?", inner.param), (run, week, at))


def _completion(row: tuple[str, str, datetime, str, datetime, str]) -> Completion:
    step, how, at, first_how, first_at, edition = row
    first = moment(first_at)
    return Completion(
        step, _HOWS[how], first if at == first_at else moment(at), _HOWS[first_how], first, edition
    )
