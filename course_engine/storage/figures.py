"""How far the people of a cohort have come and how they took part in sessions, as numbers alone."""

from datetime import datetime

from course_engine.domain.cohorts import Present
from course_engine.storage.database import fetch

_DONE = """
    SELECT r.reached, COUNT(*) FROM run r
    WHERE r.cohort = ? AND r.started_at IS NOT NULL AND r.started_at <= ? GROUP BY r.reached
"""
_NOTED = """
    SELECT a.number, a.present, COUNT(*) FROM attendance a
    JOIN membership m ON m.cohort = a.cohort AND m.person = a.person AND m.removed_at IS NULL
    JOIN run r ON r.id = m.run AND r.cohort = a.cohort AND r.started_at IS NOT NULL AND r.started_at <= ?
    WHERE a.cohort = ? GROUP BY a.number, a.present
"""


def weeks_done(cohort: str, now: datetime) -> dict[int, int]:
    """How many people who have begun have done so many weeks. One query."""
    return {int(reached): int(count) for reached, count in fetch(_DONE, cohort, now)}


def taking_part(cohort: str, now: datetime) -> dict[tuple[int, Present], int]:
    """How many of them took part in a session in this way, by its number. One query."""
    return {(int(number), Present(way)): int(count) for number, way, count in fetch(_NOTED, now, cohort)}
