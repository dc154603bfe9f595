"""Cohorts: people who go through a course together, session by session, by a calendar of their own."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from course_engine.domain.calendar import at_local


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
    """A meeting of a cohort: the number is that of the week it belongs to.

    `code` lets people note for themselves that they are here, while the session lasts.
    """

    cohort: str
    number: int
    starts_at: datetime
    minutes: int
    cancelled: bool = False
    code: str | None = None

    @property
    def ends_at(self) -> datetime:
        """When it is over."""
        return self.starts_at + timedelta(minutes=self.minutes)

    def overlaps(self, other: "Session") -> bool:
        """Whether nobody could be at both from beginning to end."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True, slots=True)
class Safety:
    """Whom to turn to in a cohort: who answers, how to reach them, who stands in, when, and how soon."""

    name: str = ""
    reach: str = ""
    backup: str = ""
    hours: str = ""
    reply: str = ""


@dataclass(frozen=True, slots=True)
class Cohort:
    """A group with its own dates. `attended` is how many sessions its certificate asks for.

    `facilitators` are those who can lead it now: whose role was taken or whose account is locked is not one.
    It meets at `place`, or online at `link`; without `seats` there is room for everybody. With
    `whole_workbook` its learners may print the whole book from the start.
    """

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
    place: str = ""
    link: str = ""
    seats: int | None = None
    safety: Safety = Safety()
    whole_workbook: bool = False


@dataclass(frozen=True, slots=True)
class Times:
    """Since when somebody is in a cohort, until when, and the times between leaving and coming back."""

    joined_at: datetime
    left_at: datetime | None = None
    away: tuple[tuple[datetime, datetime], ...] = ()

    def inside(self, moment: datetime) -> bool:
        """Whether they were in it at this moment."""
        if moment < self.joined_at or (self.left_at is not None and moment >= self.left_at):
            return False
        return not any(left <= moment < back for left, back in self.away)


def weekly(
    cohort: str,
    weeks: Iterable[int],
    first: datetime,
    zone: str,
    minutes: int,
    skipped: Collection[date] = (),
) -> list[Session]:
    """A session for each of these weeks, at the same local hour through summer and winter time.

    Where clocks jump over the hour, that session alone is later: of `first` too, if it is given in this zone.
    A week whose day is in `skipped` has no session: it and all later ones move on by a week.
    """
    local = first.astimezone(ZoneInfo(zone))
    day, hour = local.date(), time(local.hour, local.minute)
    sessions: list[Session] = []
    for number in weeks:
        while day in skipped:
            day += timedelta(days=7)
        sessions.append(Session(cohort, number, at_local(day, hour, zone), minutes))
        day += timedelta(days=7)
    return sessions


def all_ahead(sessions: Iterable[Session], now: datetime) -> bool:
    """Whether no session is over yet, so that people who have not begun can be expected too."""
    return not any(one.ends_at <= now and not one.cancelled for one in sessions)


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
