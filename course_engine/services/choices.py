"""What somebody would like to print: what, for whom, on which paper, in which order."""

from dataclasses import dataclass, replace
from enum import StrEnum

from course_engine.rendering.paper import A4, Paper


class What(StrEnum):
    """What can be printed in the print room."""

    HANDOUTS = "handouts"
    WEEK = "week"
    WORKSHEET = "worksheet"
    SCRIPT = "script"
    LOG = "log"
    WORKBOOK = "workbook"
    PLAN = "plan"
    SIGN_IN = "sign-in"
    CERTIFICATES = "certificates"


class Whom(StrEnum):
    """For whom it is printed."""

    ME = "me"
    EXPECTED = "expected"
    ALL = "all"
    CHOSEN = "chosen"


class Order(StrEnum):
    """How a pack lies: all of one person together, or all copies of one sheet."""

    LEARNER = "learner"
    SHEET = "worksheet"


ONE_COPY = (What.PLAN, What.SIGN_IN)


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody would like to print: `week` is its number, `id` that of a worksheet or practice.

    With `run_on` what one person gets follows on both sides of the paper, without empty backs between.
    With `scripts` the handouts of a session hold them for everybody; else they are there once, to lead from.
    With `names` the name of somebody on paper is on all of their pages; else it is on the first alone.
    """

    what: What
    week: int = 0
    id: str = ""
    whom: Whom = Whom.ME
    people: tuple[str, ...] = ()
    paper: Paper = A4
    sides: int = 1
    order: Order = Order.LEARNER
    booklet: bool = False
    run_on: bool = False
    scripts: bool = False
    names: bool = False

    @property
    def as_printed(self) -> "Choice":
        """The same as it can be followed.

        A certificate lies across the sheet, alone on its front; one person needs no script twice.
        """
        if self.what is What.CERTIFICATES:
            return replace(self, sides=1, booklet=False, run_on=False)
        return replace(self, scripts=self.scripts and self.whom is not Whom.ME)
