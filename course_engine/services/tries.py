"""Counting wrong tries for an account in the database, known or not, so that guessing comes to a stop."""

from datetime import datetime, timedelta

from course_engine.crypto import digest
from course_engine.domain.errors import Refused
from course_engine.i18n import gettext as _
from course_engine.storage import attempts

MOST = 10
WITHIN = timedelta(minutes=15)


class TooManyTries(Refused):
    """This account has been tried too often for now."""


def at_door(account: str, browser: str = "") -> str:
    """What the tries to sign in to an account are counted by: a browser it knows is counted by itself."""
    return f"{account}|{browser}"


def refuse_too_many(account: str, now: datetime) -> None:
    """Raises TooManyTries once this account has been tried too often."""
    if attempts.count_since(digest(account), now - WITHIN) >= MOST:
        raise TooManyTries(
            _("There were many tries for this account. Wait 15 minutes, or ask for a new password.")
        )


def note(account: str, now: datetime) -> None:
    """Count one wrong try."""
    attempts.add(digest(account), now)


def forget(account: str) -> None:
    """Begin to count anew, after a right one."""
    attempts.clear(digest(account))
