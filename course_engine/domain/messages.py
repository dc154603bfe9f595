"""Messages from those who lead a cohort to the people in it."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256
from zoneinfo import ZoneInfo

from course_engine.domain.calendar import at_local

QUIET_FROM, QUIET_UNTIL = time(21), time(8)


class MessageState(StrEnum):
    """How far a message is."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    SENT = "sent"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Message:
    """Words to everybody in a cohort, or to one `person` of it; `due_at` is when it goes out."""

    id: str
    cohort: str
    author: str | None
    subject: str
    text: str
    state: MessageState
    created_at: datetime
    due_at: datetime | None = None
    sent_at: datetime | None = None
    person: str | None = None

    @property
    def mark(self) -> str:
        """Another for all other words: with it a page says which of them it has shown."""
        return sha256(f"{self.subject}\n{self.text}".encode()).hexdigest()[:16]


def after_quiet(moment: datetime, zone: str) -> datetime:
    """The moment itself, or eight in the morning when it falls into the quiet hours of this zone."""
    local = moment.astimezone(ZoneInfo(zone))
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return moment
    day = local.date() + timedelta(days=1) if local.time() >= QUIET_FROM else local.date()
    return at_local(day, QUIET_UNTIL, zone)
