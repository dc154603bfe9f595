"""Where people are signed in."""

from datetime import datetime
from typing import Any

from course_engine.domain.people import Device, Person
from course_engine.storage import people
from course_engine.storage import tables as t
from course_engine.storage.database import all_rows, fetch
from course_engine.storage.fields import moment

_COLUMNS = (
    t.Device.id, t.Device.person, t.Device.label, t.Device.created_at, t.Device.seen_at, t.Device.expires_at,
)  # fmt: skip
_BY_DIGEST = """
    SELECT p.id, p.name, p.email, p.sign_in_name, p.zone, p.language, p.theme, p.created_at,
           d.id, d.person, d.label, d.created_at, d.seen_at, d.expires_at, r.role
    FROM device d JOIN person p ON p.id = d.person LEFT JOIN role r ON r.person = p.id
    WHERE d.digest = ? AND d.expires_at > ? AND p.locked_at IS NULL
"""


def add(device: Device, digest: bytes) -> None:
    """Write down a new sign-in; `digest` is of the secret in its cookie."""
    t.Device.insert(
        id=device.id,
        person=device.person,
        digest=digest,
        label=device.label,
        created_at=device.created_at,
        seen_at=device.seen_at,
        expires_at=device.expires_at,
    ).execute()


def get_by_digest(digest: bytes, now: datetime) -> tuple[Person, Device] | None:
    """Who is signed in with this cookie, and where, unless it has run out. One query."""
    rows = fetch(_BY_DIGEST, digest, now)
    if not rows:
        return None
    return people.made(rows[0][:8], {row[14] for row in rows if row[14]}), _made(rows[0][8:14])


def seen(id: str, at: datetime, expires_at: datetime) -> None:
    """Note that a device was used, and until when it stays signed in."""
    t.Device.update(seen_at=at, expires_at=expires_at).where(t.Device.id == id).execute()


def of(person: str, now: datetime) -> list[Device]:
    """The devices a person is signed in on, last used first."""
    here = (t.Device.person == person) & (t.Device.expires_at > now)
    rows = all_rows(t.Device.select(*_COLUMNS).where(here).order_by(t.Device.seen_at.desc()))
    return [_made(row) for row in rows]


def revoke(id: str, person: str) -> bool:
    """Sign one device of this person out; false if it is not there or not theirs."""
    return bool(t.Device.delete().where((t.Device.id == id) & (t.Device.person == person)).execute())


def revoke_all(person: str, but: str | None = None) -> int:
    """Sign a person out everywhere, except on the device `but`; how many that were."""
    query = t.Device.delete().where(t.Device.person == person)
    return int((query.where(t.Device.id != but) if but else query).execute())


def sweep(now: datetime) -> int:
    """Forget the devices that have run out."""
    return int(t.Device.delete().where(t.Device.expires_at <= now).execute())


def _made(row: tuple[Any, ...]) -> Device:
    id, person, label, created_at, seen_at, expires_at = row
    return Device(id, person, label, moment(created_at), moment(seen_at), moment(expires_at))
