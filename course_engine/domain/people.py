"""The people of an installation and the devices they are signed in on."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from unicodedata import combining, normalize

from course_engine.domain.roles import Role


class Theme(StrEnum):
    """How pages look; `system` follows the device."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with an account. `email` and `sign_in_name` are lower case; one of them is there."""

    id: str
    name: str
    email: str | None
    sign_in_name: str | None
    roles: frozenset[Role]
    zone: str
    language: str
    theme: Theme
    created_at: datetime


_ALIKE = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})


def listed_as(name: str) -> str:
    """A name as lists sort and find it: without accents, in small letters. `Żak` stands beside `Zak`."""
    plain = "".join(sign for sign in normalize("NFKD", name.casefold()) if not combining(sign))
    return " ".join(plain.translate(_ALIKE).split())


@dataclass(frozen=True, slots=True)
class Device:
    """A place where a person is signed in; `label` is what its browser says of itself, in words."""

    id: str
    person: str
    label: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


class Scope(StrEnum):
    """What a program may do in a person's name."""

    READ = "read"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class Token:
    """A key for a program that acts in a person's name; what opens is known to them alone."""

    id: str
    person: str
    name: str
    scope: Scope
    created_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person agreed to at joining: the version of the words, and when."""

    version: str
    at: datetime
