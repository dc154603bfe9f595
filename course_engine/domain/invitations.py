"""Codes that let people into a cohort, and who waits for a place in one that is full."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from course_engine.domain.roles import Role

SIGNS = 8


class Closed(StrEnum):
    """Why a code lets nobody in."""

    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    USED_UP = "used_up"


@dataclass(frozen=True, slots=True)
class Invitation:
    """A code of one cohort and role; `most` is how many people it lets in, `used` how many it has let in."""

    code: str
    cohort: str
    role: Role
    made_by: str | None
    created_at: datetime
    expires_at: datetime | None = None
    most: int | None = None
    used: int = 0
    revoked_at: datetime | None = None

    @property
    def shown(self) -> str:
        """The code as it is printed: two groups of four signs."""
        return f"{self.code[:4]}-{self.code[4:]}"

    def closed(self, now: datetime) -> Closed | None:
        """Why it lets nobody in now, if it does not."""
        if self.revoked_at is not None:
            return Closed.WITHDRAWN
        if self.expires_at is not None and self.expires_at <= now:
            return Closed.EXPIRED
        if self.most is not None and self.used >= self.most:
            return Closed.USED_UP
        return None


@dataclass(frozen=True, slots=True)
class Wait:
    """Somebody waits for a place in a cohort since then; `place` counts from one."""

    cohort: str
    person: str
    at: datetime
    place: int


@dataclass(frozen=True, slots=True)
class Room:
    """The seats of a cohort, and how many are taken: whoever was invited has one too."""

    seats: int
    taken: int

    @property
    def free(self) -> int:
        return max(0, self.seats - self.taken)

    def beyond(self, more: int) -> int:
        """How many people there would be without a seat, if so many more came."""
        return max(0, self.taken + more - self.seats)
