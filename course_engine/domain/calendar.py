"""Days and instants of openings: rules stay rules, an instant is computed as late as possible."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from course_engine.domain.pace import OPENING_HOUR, Override


@lru_cache(maxsize=4096)
def opening_instant(day: date, zone: str) -> datetime:
    """04:00 on this day in this zone, as UTC.

    Where clocks jump over 04:00 it is read with the offset before the jump, where they show it twice it
    is the first time (PEP 495, fold 0).
    """
    return at_local(day, time(OPENING_HOUR), zone)


def at_local(day: date, hour: time, zone: str) -> datetime:
    """This hour of this day in this zone, as UTC; one that clocks jump over is read as before the jump."""
    return datetime.combine(day, hour, ZoneInfo(zone)).astimezone(UTC)


def local_day(moment: datetime, zone: str) -> date:
    """The calendar day of an instant in a zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


def past_holds(moment: datetime, holds: Sequence[Override]) -> datetime | None:
    """The instant itself, or the end of the hold it falls into; None inside a hold without an end."""
    for hold in sorted(holds, key=lambda one: one.start):
        if hold.start <= moment and (hold.end is None or moment < hold.end):
            if hold.end is None:
                return None
            moment = hold.end
    return moment
