"""What happens by the clock: each thing once in its period, however many workers think of it.

Every minute somebody asks what is due. A period in which nobody asked is simply over; the next one does
all there is to do, so nothing waits for a certain minute.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from course_engine.engine import Engine
from course_engine.services import jobs, sweeping
from course_engine.storage import ticks

Wake = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is done once in every period that `begin` tells of an instant."""

    name: str
    begin: Callable[[datetime], datetime]
    do: Callable[[Engine, Wake, datetime], object]


def minute(now: datetime) -> datetime:
    """When this minute began."""
    return now.replace(second=0, microsecond=0)


def hour(now: datetime) -> datetime:
    """When this hour began."""
    return now.replace(minute=0, second=0, microsecond=0)


DUE = (
    Due("look", minute, lambda _engine, wake, now: wake(jobs.free(now))),
    Due("sweep", hour, lambda engine, _wake, now: sweeping.sweep(engine, now)),
)


def run_due(engine: Engine, wake: Wake, now: datetime) -> list[str]:
    """Do what nobody has begun in its period; the names of what was done. Raises Unavailable."""
    done = []
    for one in DUE:
        with engine.database.transaction():
            first = ticks.once(one.name, one.begin(now))
        if first:
            one.do(engine, wake, now)
            done.append(one.name)
    return done
