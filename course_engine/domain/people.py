"""The people of an installation and the devices they are signed in on."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

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


@dataclass(frozen=True, slots=True)
class Device:
    """A place where a person is signed in; `label` is what its browser says of itself, in words."""

    id: str
    person: str
    label: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person agreed to at joining: the version of the words, and when."""

    version: str
    at: datetime
