"""How the weeks of a run open: the gates, the calendar and what people have changed about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class PaceKind(StrEnum):
    """The four paces; `cohort` is the one a group's sessions set."""

    WEEKLY = "weekly"
    GENTLE = "gentle"
    FREE = "free"
    COHORT = "cohort"


DAYS = {PaceKind.WEEKLY: 6, PaceKind.GENTLE: 13}
OPENING_HOUR = 4


@dataclass(frozen=True, slots=True)
class Pace:
    """The rule of one run.

    `zone` is the learner's IANA zone, or the cohort's in a cohort. `time` and `completion` switch the
    two gates. `calendar` gives the local date of session N for week N, `ended_at` the end of a cohort.
    """

    kind: PaceKind
    zone: str
    time: bool = True
    completion: bool = True
    calendar: Mapping[int, date] = field(default_factory=dict)
    ended_at: datetime | None = None

    @classmethod
    def alone(cls, kind: PaceKind, zone: str) -> "Pace":
        """A learner's own pace: `free` has no time gate, the others have both."""
        return cls(kind, zone, time=kind is not PaceKind.FREE)


class OverrideKind(StrEnum):
    """What can be changed about the opening of weeks."""

    OPEN_EARLY = "open_early"
    HOLD = "hold"
    EXTEND = "extend"
    WAIVE = "waive"


class By(StrEnum):
    """Who changed it."""

    LEARNER = "learner"
    FACILITATOR = "facilitator"


@dataclass(frozen=True, slots=True)
class Override:
    """One change, from `start` (to `end`, for a hold) on one week, or on all weeks where `week` is None.

    A hold of all weeks is a hold of the run and stops the clock. `days` is how far an extension moves
    an opening. To waive is to let a week open although the one before it is not done. `note` is what the
    learner is told, and `batch` names what was changed together for several people.
    """

    kind: OverrideKind
    start: datetime
    week: str | None = None
    end: datetime | None = None
    days: int = 0
    by: By = By.FACILITATOR
    id: str = ""
    note: str = ""
    batch: str | None = None
