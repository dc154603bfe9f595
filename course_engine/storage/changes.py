"""What was changed for people, as it is listed and taken back: by batch, and by run."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from course_engine.domain.changes import Made
from course_engine.domain.progress import How
from course_engine.storage import tables as t
from course_engine.storage.database import all_rows, current, fetch, parts, write_rows
from course_engine.storage.fields import instant, moment
from course_engine.storage.progress import EXPLAIN

_OF_RUN = """
    SELECT o.batch, o.id, o.kind, o.week, o.starts_at, o.ends_at, o.by, a.name, o.reason, o.note,
        o.created_at, 0
    FROM override o LEFT JOIN person a ON a.id = o.actor WHERE o.run = ? AND o.undone_at IS NULL
    UNION ALL
    SELECT h.batch, h.id, 'hold', NULL, h.starts_at, h.ends_at, h.by, a.name,
        COALESCE(b.text, w.text, ''), h.note, COALESCE(h.created_at, h.starts_at), 0
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
_MARK = """
    INSERT INTO completion (run, step, how, at, first_how, first_at, edition, batch) VALUES {rows}
    ON CONFLICT (run, step) DO NOTHING
"""
_OF_BATCH = """
    SELECT run, kind, week, created_at FROM override WHERE batch = ? AND undone_at IS NULL
    UNION ALL
    SELECT h.run, 'hold', NULL, COALESCE(h.created_at, h.starts_at) FROM run r JOIN hold h ON h.run = r.id
    WHERE r.cohort = ? AND h.batch = ? AND (h.ends_at IS NULL OR h.ends_at > h.starts_at)
    UNION ALL
    SELECT h.run, 'return', NULL, h.ends_at FROM run r JOIN hold h ON h.run = r.id
    WHERE r.cohort = ? AND h.back_batch = ?
    UNION ALL
    SELECT c.run, 'paper', NULL, MIN(c.first_at) FROM run r JOIN completion c ON c.run = r.id
    WHERE r.cohort = ? AND c.batch = ? GROUP BY c.run
"""


class Part(NamedTuple):
    """What a batch did to one run, and when it was made."""

    kind: str
    week: str | None
    at: datetime


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


def of_batch(cohort: str, batch: str) -> dict[str, Part]:
    """What of a batch stands, by run. One query."""
    rows = fetch(_OF_BATCH, batch, cohort, batch, cohort, batch, cohort, batch)
    return {run: Part(kind, week, moment(at)) for run, kind, week, at in rows}


def take_back(runs: Sequence[str], batch: str, at: datetime) -> dict[str, list[str]]:
    """Take back what a batch did to these runs; the steps that are not marked any more, by run."""
    steps: dict[str, list[str]] = {}
    with current().transaction():
        for some in parts(runs):
            marked = t.Completion.run.in_(some) & (t.Completion.batch == batch)
            for run, step in all_rows(t.Completion.select(t.Completion.run, t.Completion.step).where(marked)):
                steps.setdefault(run, []).append(step)
            mine = t.Override.run.in_(some) & (t.Override.batch == batch) & t.Override.undone_at.is_null()
            t.Override.update(undone_at=at).where(mine).execute()
            held = t.Hold.run.in_(some) & (t.Hold.batch == batch)
            t.Hold.update(ends_at=t.Hold.starts_at).where(held).execute()
            back = t.Hold.run.in_(some) & (t.Hold.back_batch == batch)
            t.Hold.update(ends_at=t.Hold.was_until, was_until=None, back_batch=None).where(back).execute()
            t.Completion.delete().where(marked).execute()
            why = t.ChangeReason.run.in_(some) & (t.ChangeReason.batch == batch)
            t.ChangeReason.delete().where(why).execute()
    return steps


def explain(runs: Iterable[str], batch: str, reason: str) -> None:
    """Keep why a batch changed these runs."""
    write_rows(EXPLAIN, [(run, batch, reason) for run in runs])


def mark_steps(marked: Iterable[tuple[str, str, str]], at: datetime, batch: str) -> None:
    """Note steps that were done on paper, as run, step and edition; those done already stay as they are."""
    how = How.DONE.value
    write_rows(_MARK, [(run, step, how, at, how, at, edition, batch) for run, step, edition in marked])


def unfinish_weeks(runs: Sequence[str], week: str, since: datetime) -> None:
    """Forget that these runs finished this week, where that was written down since then."""
    late = (t.WeekMark.week == week) & (t.WeekMark.finished_at >= since)
    for some in parts(runs):
        t.WeekMark.update(finished_at=None).where(t.WeekMark.run.in_(some) & late).execute()


def names(runs: Iterable[str]) -> dict[str, str]:
    """The names of the people of these runs, by run."""
    query = t.Run.select(t.Run.id, t.Person.name).join(t.Person, on=(t.Person.id == t.Run.person))
    return dict(all_rows(query.where(t.Run.id.in_(list(runs)))))
