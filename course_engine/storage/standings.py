"""The facts that the rule reads, of many runs at once: a few queries for up to 500 of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from course_engine.domain.cohorts import COUNTS
from course_engine.domain.pace import Override
from course_engine.domain.progress import History, Run
from course_engine.storage.database import fetch, parts
from course_engine.storage.fields import moment
from course_engine.storage.progress import made_override

_COUNTING = ", ".join(f"'{present}'" for present in sorted(COUNTS))
_COMPLETIONS = "SELECT run, step, first_at FROM completion WHERE run IN ({ids})"
_MARKS = f"""
    SELECT run, week, opened_at, finished_at, NULL FROM week_mark WHERE run IN ({{ids}})
    UNION ALL
    SELECT m.run, a.cohort, a.at, NULL, a.number FROM membership m
    JOIN attendance a ON a.cohort = m.cohort AND a.person = m.person
    WHERE m.run IN ({{ids}}) AND a.present IN ({_COUNTING})
"""  # noqa: S608 — the words come from an enum
_OVERRIDES = """
    SELECT run, kind, starts_at, week, ends_at, days, by, id, note, batch FROM override
    WHERE (run IN ({ids}) OR cohort = ?) AND undone_at IS NULL
    UNION ALL
    SELECT run, 'hold', starts_at, NULL, ends_at, 0, by, id, note, batch FROM hold WHERE run IN ({ids})
    ORDER BY 3, 8
"""


def histories(runs: Sequence[Run]) -> dict[str, History]:
    """The histories of these runs as far as the rule reads them. Two queries."""
    done: dict[str, dict[str, datetime]] = {run.id: {} for run in runs}
    opened: dict[str, dict[str, datetime]] = {run.id: {} for run in runs}
    finished: dict[str, dict[str, datetime]] = {run.id: {} for run in runs}
    attended: dict[str, dict[int, datetime]] = {run.id: {} for run in runs}
    elsewhere: dict[str, set[int]] = {run.id: set() for run in runs}
    cohorts = {run.id: run.cohort for run in runs}
    for some in parts([run.id for run in runs]):
        for run, step, at in _of(_COMPLETIONS, some):
            done[run][step] = moment(at)
        for run, week, first, second, number in _of(_MARKS, some, some):
            if number is not None:
                attended[run][number] = moment(first)
                if week != cohorts[run]:
                    elsewhere[run].add(number)
                continue
            if first is not None:
                opened[run][week] = moment(first)
            if second is not None:
                finished[run][week] = moment(second)
    return {
        run.id: History(
            run.started_at,
            done[run.id],
            opened[run.id],
            finished[run.id],
            attended[run.id],
            elsewhere=frozenset(elsewhere[run.id]),
        )
        for run in runs
    }


def overrides(cohort: str, runs: Sequence[Run]) -> dict[str, tuple[Override, ...]]:
    """What was changed for each of these runs, by itself or for its cohort. One query."""
    found: dict[str, list[Override]] = {run.id: [] for run in runs}
    for some in parts([run.id for run in runs]):
        for run, *row in _of(_OVERRIDES, some, [cohort], some):
            for id in [run] if run else some:
                found[id].append(made_override(tuple(row)))
    return {id: tuple(changes) for id, changes in found.items()}


def _of(text: str, *given: Sequence[str]) -> list[tuple[Any, ...]]:
    ids = ", ".join("?" * len(given[0]))
    return fetch(text.format(ids=ids), *(value for values in given for value in values))
