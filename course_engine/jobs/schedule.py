"""What happens by the clock: each thing once in its period, however many workers think of it.

Every minute somebody asks what is due. A period in which nobody asked is simply over; the next one does
all there is to do, so nothing waits for a certain minute.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from course_engine.domain.errors import Unavailable
from course_engine.engine import Engine
from course_engine.services import contacts, jobs, messages, retention, sweeping, waiting
from course_engine.storage import ticks

_log = logging.getLogger(__name__)

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


def day(now: datetime) -> datetime:
    """When this day began, in UTC."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


DUE = (
    Due("look", minute, lambda _engine, wake, now: wake(jobs.free(now))),
    Due("messages", minute, lambda engine, _wake, now: messages.send_due(engine, now)),
    Due("contacts", hour, lambda engine, _wake, now: contacts.remind(engine, now)),
    Due("seats", minute, lambda engine, _wake, now: waiting.fill_all(engine, now)),
    Due("sweep", hour, lambda engine, _wake, now: sweeping.sweep(engine, now)),
    Due("retention", day, lambda engine, _wake, now: retention.tend(engine, now)),
)


def run_due(engine: Engine, wake: Wake, now: datetime) -> list[str]:
    """Do what nobody has begun in its period; the names of what was begun. Raises Unavailable."""
    done = []
    for one in DUE:
        with engine.database.transaction():
            first = ticks.once(one.name, one.begin(now))
        if first:
            _do(one, engine, wake, now)
            done.append(one.name)
    return done


def _do(one: Due, engine: Engine, wake: Wake, now: datetime) -> None:
    """Do it; a fault in it is written down and keeps nothing else from its minute."""
    try:
        one.do(engine, wake, now)
    except Unavailable:
        raise
    except Exception:
        _log.exception("what was due could not be done", extra={"due": one.name})
