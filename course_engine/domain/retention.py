"""How long a site keeps what nobody comes back to: the rules, and the instants they lead to."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

WARNING = timedelta(days=30)
LONGER = 12


@dataclass(frozen=True, slots=True)
class Rules:
    """How long each thing is kept, in months or days, as its name says.

    A run after the last visit, contact requests after the cohort has ended, lines of the audit, letters
    after they were sent, and people who were invited and never came.
    """

    run_months: int = 24
    contact_days: int = 90
    audit_months: int = 24
    letter_days: int = 30
    invited_months: int = 12


# Least and most: short enough to mean something, long enough for a warning and for coming back. The link of
# somebody who is invited is good for half a year.
BOUNDS: Mapping[str, tuple[int, int]] = {
    "run_months": (6, 120),
    "contact_days": (60, 730),
    "audit_months": (6, 120),
    "letter_days": (7, 365),
    "invited_months": (6, 60),
}


@dataclass(frozen=True, slots=True)
class Counts:
    """So many of each; of the runs, `emptied` are those of which the certificate stays."""

    runs: int = 0
    emptied: int = 0
    requests: int = 0
    invited: int = 0
    audit: int = 0


def months_before(moment: datetime, months: int) -> datetime:
    """The same day and hour so many months earlier; a shorter month gives its last day."""
    years, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    day = min(moment.day, monthrange(years, month + 1)[1])
    return moment.replace(year=years, month=month + 1, day=day)


def months_after(moment: datetime, months: int) -> datetime:
    """The same day and hour so many months later."""
    return months_before(moment, -months)
