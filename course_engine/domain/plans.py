"""Plans of meetings: what a facilitator does, minute by minute, in a full and a short form."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlanPart:
    """One part of a meeting. `shorter` is its length in the short form; 0 leaves it out there.

    `uses` are ids of practices, worksheets, steps or home plans of the course.
    """

    title: str
    minutes: int
    shorter: int
    purpose: str
    say_html: str
    ask: tuple[str, ...] = ()
    watch_html: str = ""
    online: str = ""
    uses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Timed:
    """A part on the running clock: it begins `start` minutes in and takes `minutes`."""

    start: int
    minutes: int
    part: PlanPart

    @property
    def clock(self) -> str:
        """`1:05` for an hour and five minutes in."""
        return _clock(self.start)


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """The plan of one meeting."""

    id: str
    title: str
    purpose: str
    minutes: int
    shorter: int
    materials: tuple[str, ...]
    before_html: str
    parts: tuple[PlanPart, ...]
    online_html: str
    after_html: str

    @property
    def has_short_form(self) -> bool:
        """Whether the meeting can be held in less time."""
        return self.shorter < self.minutes

    def end(self, *, short: bool = False) -> str:
        """What the running clock says when the meeting is over: `2:00`."""
        return _clock(self.shorter if short else self.minutes)

    def running(self, *, short: bool = False) -> Iterator[Timed]:
        """The parts of one form in order, each with the minute it begins."""
        start = 0
        for part in self.parts:
            minutes = part.shorter if short else part.minutes
            if minutes:
                yield Timed(start, minutes, part)
            start += minutes


def _clock(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours}:{rest:02}"
