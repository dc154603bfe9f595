"""Counting wrong tries for an account in the database, known or not, so that guessing comes to a stop.

And the letters that anybody can have sent to an address, so that nobody fills a mailbox with them.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from course_engine.crypto import digest
from course_engine.domain.errors import Refused
from course_engine.domain.people import Person
from course_engine.domain.work import Letter
from course_engine.i18n import gettext as _
from course_engine.storage import attempts

MOST = 10
WITHIN = timedelta(minutes=15)
LETTERS = 5
HOUR = timedelta(hours=1)


class TooManyTries(Refused):
    """This account has been tried too often for now."""


def at_door(account: str, browser: str = "") -> str:
    """What the tries to sign in to an account are counted by: a browser it knows is counted by itself."""
    return f"{account}|{browser}"


def at_home(person: Person) -> str:
    """What the tries to change a password are counted by, on whatever device of theirs.

    No account is typed with a capital letter, so nobody reaches this count from outside.
    """
    return f"Password|{person.id}"


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


def may_write(why: str, address: str, now: datetime) -> bool:
    """Whether one more letter of this kind may go to an address, known or not; counts those that may."""
    counted = digest(f"Letter|{why}|{address}")
    if attempts.count_since(counted, now - HOUR) >= LETTERS:
        return False
    attempts.add(counted, now)
    return True


def unsent(letter: Letter) -> Letter:
    """What is kept in the place of a letter that may not go: as much work, and nobody is told apart."""
    return replace(letter, to="", subject="", text="", sent_at=letter.created_at)
