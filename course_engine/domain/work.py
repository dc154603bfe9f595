"""Work that is done beside the pages: jobs with progress, and letters that wait to be sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of longer work, asked for by `person`.

    `subject` holds ids and options only, never what people wrote. While it runs a worker holds a lease;
    one that has run out means the worker is gone, and another may take the job up again.
    """

    id: str
    kind: str
    person: str
    subject: Mapping[str, object]
    state: JobState
    tries: int
    done: int
    total: int
    result: Mapping[str, object]
    fault: str
    created_at: datetime
    lease_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it will be sent: made once, in the transaction that caused it."""

    id: str
    to: str
    subject: str
    text: str
    created_at: datetime
    tries: int = 0
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """A letter as those who run a site see it: nothing of its words; `fault` names what went wrong last.

    `next_try` is when it is free again, if it has been tried or is being sent now.
    """

    id: str
    to: str
    created_at: datetime
    tries: int
    sent_at: datetime | None
    next_try: datetime | None
    fault: str
