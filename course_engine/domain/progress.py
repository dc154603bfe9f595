"""What a learner has done on the way through a course, as plain facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, TypeVar


class How(StrEnum):
    """The three ways to complete a step; each counts in full."""

    DONE = "done"
    GENTLER = "gentler"
    NOT_TODAY = "not-today"


RAISING = {How.NOT_TODAY: 0, How.GENTLER: 1, How.DONE: 2}


class Completion(NamedTuple):
    """A step that is done: when and how first, when and how last, and the edition it was seen in."""

    step: str
    how: How
    at: datetime
    first_how: How
    first_at: datetime
    edition: str


@dataclass(frozen=True, slots=True)
class History:
    """The facts of one run that `access` reads.

    `done` says when each completed step was done first; how does not matter to the rule. `opened` and
    `finished` keep weeks (by id) that were open or done once, written down whenever the rules of the run
    change, so that nothing is ever taken back. `attended` holds the numbers of sessions the learner was
    present at or made up, `elsewhere` those of them noted in another cohort than the run is in. `left` are
    the steps done by "not today" so far, `kept` the journal prompts and worksheets (by id) with something on
    them; both are told of one's own run only.
    """

    started_at: datetime | None = None
    done: Mapping[str, datetime] = field(default_factory=dict)
    opened: Mapping[str, datetime] = field(default_factory=dict)
    finished: Mapping[str, datetime] = field(default_factory=dict)
    attended: Mapping[int, datetime] = field(default_factory=dict)
    left: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    elsewhere: frozenset[int] = frozenset()

    def until(self, instant: datetime) -> "History":
        """What had happened by then."""
        return History(
            started_at=self.started_at if self.started_at and self.started_at <= instant else None,
            done=_by(self.done, instant),
            opened=_by(self.opened, instant),
            finished=_by(self.finished, instant),
            attended=_by(self.attended, instant),
            left=self.left,
            kept=self.kept,
            elsewhere=self.elsewhere,
        )


_Key = TypeVar("_Key", int, str)


def _by(known: Mapping[_Key, datetime], instant: datetime) -> dict[_Key, datetime]:
    return {key: when for key, when in known.items() if when <= instant}


@dataclass(frozen=True, slots=True)
class Run:
    """One person's way through one course. Starting again is a new run; the old one stays.

    `seen_at` is about when they were last there, noted now and then. `asks`, told of one's own newest run
    only, says that another cohort waits for this person, or they for one. `whole_workbook` is a wish of
    somebody alone, told of one's own runs: to print the whole book from the start. `left` is the name of the
    cohort that somebody who goes alone was in last, told of one's own runs like `asks`, and `left_at` says
    since when they are in it no more.
    """

    id: str
    person: str
    course: str
    edition: str
    pace: str
    cohort: str | None
    started_at: datetime | None
    finished_at: datetime | None = None
    seen_at: datetime | None = None
    asks: bool = field(default=False, compare=False)
    whole_workbook: bool = field(default=False, compare=False)
    left: str = field(default="", compare=False)
    left_at: datetime | None = field(default=None, compare=False)
