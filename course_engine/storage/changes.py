"""What was changed for people, as it is listed and taken back: by batch, and by run."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from course_engine.domain.changes import Made
from course_engine.domain.progress import How
from course_engine.storage import tables as t
from course_engine.storage.database import all_rows, current, fetch
from course_engine.storage.fields import instant, moment

_OF_RUN = """
    SELECT o.batch, o.id, o.kind, o.week, o.starts_at, o.ends_at, o.by, a.name, o.reason, o.note,
        o.created_at, 0
    FROM override o LEFT JOIN person a ON a.id = o.actor WHERE o.run = ? AND o.undone_at IS NULL
    UNION ALL
    SELECT h.batch, h.id, 'hold', NULL, h.starts_at, h.ends_at, h.by, a.name,
        COALESCE(b.text, w.text, ''), h.note, h.starts_at, 0
    FROM hold h LEFT JOIN person a ON a.id = h.actor
    LEFT JOIN change_reason w ON w.run = h.run AND w.batch = h.batch
    LEFT JOIN change_reason b ON b.run = h.run AND b.batch = h.back_batch
    WHERE h.run = ? AND (h.ends_at IS NULL OR h.ends_at > h.starts_at)
    UNION ALL
    SELECT c.batch, NULL, 'paper', NULL, MIN(c.first_at), NULL, 'facilitator', NULL,
        COALESCE(MIN(w.text), ''), '', MIN(c.first_at), COUNT(*)
    FROM completion c LEFT JOIN change_reason w ON w.run = c.run AND w.batch = c.batch
    WHERE c.run = ? AND c.batch IS NOT NULL GROUP BY c.batch
"""
_OF_BATCH = """
    SELECT run, kind, week, created_at FROM override WHERE batch = ? AND undone_at IS NULL
    UNION ALL
    SELECT h.run, 'hold', NULL, h.starts_at FROM run r JOIN hold h ON h.run = r.id
    WHERE r.cohort = ? AND h.batch = ? AND (h.ends_at IS NULL OR h.ends_at > h.starts_at)
    UNION ALL
    SELECT h.run, 'return', NULL, h.ends_at FROM run r JOIN hold h ON h.run = r.id
    WHERE r.cohort = ? AND h.back_batch = ?
    UNION ALL
    SELECT c.run, 'paper', NULL, MIN(c.first_at) FROM run r JOIN completion c ON c.run = r.id
    WHERE r.cohort = ? AND c.batch = ? GROUP BY c.run
"""


def of_run(run: str) -> list[Made]:
    """What was changed for a run and stands, newest first. One query."""
    found = [
        Made(
            batch, id, kind, week, moment(start), instant(end), by, str(actor or ""), reason, note,
            moment(at), int(steps),
        )
        for batch, id, kind, week, start, end, by, actor, reason, note, at, steps in fetch(
            _OF_RUN, run, run, run
        )
    ]  # fmt: skip
    return sorted(found, key=lambda made: made.at, reverse=True)


def of_batch(cohort: str, batch: str) -> list[tuple[str, str, str | None, datetime]]:
    """What of a batch stands: run, kind, week, and when it was made. One query."""
    rows = fetch(_OF_BATCH, batch, cohort, batch, cohort, batch, cohort, batch)
    return [(run, kind, week, moment(at)) for run, kind, week, at in rows]


def take_back(run: str, batch: str, at: datetime) -> list[str]:
    """Take back what a batch did to a run; the steps that are not marked any more."""
    steps = [step for (step,) in fetch("SELECT step FROM completion WHERE run = ? AND batch = ?", run, batch)]
    with current().transaction():
        mine = (t.Override.run == run) & (t.Override.batch == batch) & t.Override.undone_at.is_null()
        t.Override.update(undone_at=at).where(mine).execute()
        held = (t.Hold.run == run) & (t.Hold.batch == batch)
        t.Hold.update(ends_at=t.Hold.starts_at).where(held).execute()
        back = (t.Hold.run == run) & (t.Hold.back_batch == batch)
        t.Hold.update(ends_at=t.Hold.was_until, was_until=None, back_batch=None).where(back).execute()
        t.Completion.delete().where((t.Completion.run == run) & (t.Completion.batch == batch)).execute()
        t.ChangeReason.delete().where((t.ChangeReason.run == run) & (t.ChangeReason.batch == batch)).execute()
    return steps


def explain(run: str, batch: str, reason: str) -> None:
    """Keep why a batch changed this run."""
    t.ChangeReason.insert(run=run, batch=batch, text=reason).execute()


def mark_steps(run: str, steps: Iterable[str], at: datetime, edition: str, batch: str) -> None:
    """Note steps that were done on paper; those that are done already stay as they are."""
    rows: list[dict[str, Any]] = [
        {
            "run": run, "step": step, "how": How.DONE.value, "at": at, "first_how": How.DONE.value,
            "first_at": at, "edition": edition, "batch": batch,
        }
        for step in steps
    ]  # fmt: skip
    if rows:
        once = (t.Completion.run, t.Completion.step)
        t.Completion.insert_many(rows).on_conflict(action="IGNORE", conflict_target=once).execute()


def unfinish_weeks(run: str, weeks: Iterable[str], since: datetime) -> None:
    """Forget that these weeks were finished, where that was written down since then."""
    late = (t.WeekMark.run == run) & t.WeekMark.week.in_(list(weeks)) & (t.WeekMark.finished_at >= since)
    t.WeekMark.update(finished_at=None).where(late).execute()


def names(runs: Iterable[str]) -> dict[str, str]:
    """The names of the people of these runs, by run."""
    query = t.Run.select(t.Run.id, t.Person.name).join(t.Person, on=(t.Person.id == t.Run.person))
    return dict(all_rows(query.where(t.Run.id.in_(list(runs)))))
