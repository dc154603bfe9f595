"""How far the people of a cohort have come and how they took part in sessions, as numbers alone."""

from datetime import datetime

from course_engine.domain.cohorts import Present
from course_engine.storage.database import fetch

# Whoever waits for the day of the next week is in the last one they have done, as on the board.
_BEHIND = """
    SELECT behind, COUNT(*) FROM (
        SELECT r.reached - CASE WHEN r.reached > 0 AND r.waits_until > ? THEN 1 ELSE 0 END AS behind
        FROM run r WHERE r.cohort = ? AND r.started_at IS NOT NULL AND r.started_at <= ?
    ) AS somebody GROUP BY behind
"""
_NOTED = """
    SELECT a.number, a.present, COUNT(*) FROM attendance a
    JOIN membership m ON m.cohort = a.cohort AND m.person = a.person AND m.removed_at IS NULL
    JOIN run r ON r.id = m.run AND r.cohort = a.cohort AND r.started_at IS NOT NULL AND r.started_at <= ?
    WHERE a.cohort = ? GROUP BY a.number, a.present
"""


def weeks_behind(cohort: str, now: datetime) -> dict[int, int]:
    """How many people who have begun are past so many weeks. One query."""
    return {int(behind): int(count) for behind, count in fetch(_BEHIND, now, cohort, now)}


def taking_part(cohort: str, now: datetime) -> dict[tuple[int, Present], int]:
    """How many of them took part in a session in this way, by its number. One query."""
    return {(int(number), Present(way)): int(count) for number, way, count in fetch(_NOTED, now, cohort)}
