"""Forgetting what nobody needs any more."""

from datetime import datetime, timedelta

from course_engine.engine import Engine
from course_engine.services import backups, retention
from course_engine.storage import attempts, devices, files, jobs, outbox, resets, ticks

DAY = timedelta(days=1)
JOBS = timedelta(days=14)
FILES = timedelta(days=30)


def sweep(engine: Engine, now: datetime) -> int:
    """Forget what has run out or was finished long ago; how many rows and files that were."""
    chores = (
        (attempts.sweep, now - DAY),
        (ticks.sweep, now - DAY),
        (devices.sweep, now),
        (resets.sweep, now),
        (outbox.sweep, now - DAY * retention.rules().letter_days),
        (outbox.drop, now),
        (jobs.sweep, now - JOBS),
        (files.sweep, now - FILES),
    )
    gone = 0
    for forget, before in chores:
        # One by one, so that nobody who wants to write waits for all of them.
        with engine.database.transaction():
            gone += forget(before)
    return gone + backups.sweep_copies(engine, now)
