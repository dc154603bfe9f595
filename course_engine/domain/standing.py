"""How one item of a course stands for one learner: its state, and why it is locked if it is."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from course_engine.domain.pace import By


class State(StrEnum):
    """What a step, a week or a module is to this learner now."""

    LOCKED = "locked"
    OPEN = "open"
    NEXT = "next"
    DONE = "done"


class Status(StrEnum):
    """Where a whole run stands."""

    NOT_STARTED = "not_started"
    ACTIVE = "active"
    ON_HOLD = "on_hold"
    FINISHED = "finished"


class Code(StrEnum):
    """Why something is locked."""

    PREVIOUS_NOT_DONE = "previous_not_done"
    OPENS_ON = "opens_on"
    HELD = "held"
    NOT_STARTED = "not_started"
    ENDED = "ended"


class Reason(NamedTuple):
    """One thing that stands between the learner and a week.

    `week` and `missing` (step ids) name what is not done yet, none of a week that is not open itself; `at`
    is an instant (the opening, the start, the end of a hold or of a cohort), `by` says who put it on hold.
    """

    code: Code
    at: datetime | None = None
    week: str | None = None
    missing: tuple[str, ...] = ()
    by: By | None = None


class Standing(NamedTuple):
    """The state of one item, why it is locked, and the instants that belong to it.

    A page makes about 90 of these, and a named tuple is made several times faster than a dataclass.

    `opens_at` is the earliest instant a locked item can open, where that is known. `new` marks a step
    that was added to a week after the learner finished it.
    """

    state: State
    reasons: tuple[Reason, ...] = ()
    opens_at: datetime | None = None
    opened_at: datetime | None = None
    done_at: datetime | None = None
    new: bool = False

    @property
    def readable(self) -> bool:
        """Whether the learner may look at it."""
        return self.state is not State.LOCKED
