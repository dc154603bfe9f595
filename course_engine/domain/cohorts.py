"""Cohorts: people who go through a course together, session by session."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Present(StrEnum):
    """How a learner took part in a session."""

    PRESENT = "present"
    ONLINE = "online"
    MADE_UP = "made_up"
    EXCUSED = "excused"
    NOT_HERE = "not_here"


COUNTS = frozenset({Present.PRESENT, Present.ONLINE, Present.MADE_UP})


@dataclass(frozen=True, slots=True)
class Session:
    """A meeting of a cohort: the number is that of the week it belongs to."""

    cohort: str
    number: int
    starts_at: datetime
    minutes: int
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Cohort:
    """A group with its own dates. `attended` is how many sessions its certificate asks for."""

    id: str
    name: str
    course: str
    edition: str
    zone: str
    time: bool
    completion: bool
    attended: int
    facilitators: tuple[str, ...]
    created_at: datetime
    ended_at: datetime | None = None


class RequestState(StrEnum):
    """How far a contact request has come."""

    NEW = "new"
    SEEN = "seen"
    CONTACTED = "contacted"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class ContactRequest:
    """A learner asks a facilitator for a word; `sealed` is what they wrote, unreadable to storage."""

    id: str
    person: str
    cohort: str
    state: RequestState
    sealed: bytes
    created_at: datetime
    changed_at: datetime
