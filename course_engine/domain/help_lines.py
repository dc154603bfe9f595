"""Help lines: whom to call or write to in a hard hour, by country.

A line shows only once an admin has confirmed it, and a confirmation holds for exactly these words.
"""

import re
from dataclasses import astuple, dataclass
from datetime import date, datetime
from hashlib import sha256

_NUMBER = re.compile(r"[+*#]?\(?[0-9][0-9 ()#*-]*")


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One line as a course names it; `country` by its two letters, `source` where it was found."""

    id: str
    country: str
    name: str
    what: str
    source: str
    checked: date
    call: str = ""
    write: str = ""
    hours: str = ""
    languages: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """The name of exactly these words: any change makes another."""
        return sha256(repr(astuple(self)).encode()).hexdigest()

    @property
    def dials(self) -> str:
        """The number to call as a device dials it."""
        return dialled(self.call)

    @property
    def texts(self) -> str:
        """The number to write to as a device dials it; empty where it takes more than a number."""
        return dialled(self.write)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """An admin has looked at a line and found it right."""

    line: str
    digest: str
    by: str
    at: datetime


def dialled(number: str) -> str:
    """A number without what only the eye needs; empty for words.

    From abroad, after a plus and the country, the (0) of numbers such as +46 (0)8 is not dialled.
    """
    if not _NUMBER.fullmatch(number):
        return ""
    return re.sub(r"[ ()-]", "", number.replace("(0)", "") if number.startswith("+") else number)


def nearest(
    lines: "tuple[HelpLine, ...]", country: str
) -> "tuple[tuple[HelpLine, ...], tuple[HelpLine, ...]]":
    """The lines of this country, and those of all others."""
    own = tuple(line for line in lines if line.country == country)
    return own, tuple(line for line in lines if line.country != country)
