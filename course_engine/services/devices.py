"""Signing in and out: each sign-in is a device that can be seen and revoked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from course_engine.crypto import digest, new_id, new_token
from course_engine.domain.errors import NotFound, Refused
from course_engine.domain.people import Device, Person
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.services import passwords, tries
from course_engine.storage import accounts, devices, people

LASTS = timedelta(days=30)
SEEN_EVERY = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person on a device; `token` is the secret that goes into the cookie, only ever seen here."""

    person: Person
    device: Device
    token: str


def sign_in(
    engine: Engine, address: str, password: str, label: str, now: datetime, trusted: str = ""
) -> SignedIn:
    """Sign in with an address or sign-in name. Raises Refused with one sentence for every wrong pair.

    Tries are counted per account, known or not. A device on which this account was signed in before
    (`trusted`) is counted by itself, so that nobody can keep the owner out.
    """
    account = address.strip().lower()
    counted = tries.at_door(account, trusted)
    tries.refuse_too_many(counted, now)
    found = people.by_address(account)
    right = passwords.matches(found[1] if found else None, password)
    if found is None or not right or accounts.is_locked(found[0].id):
        with engine.database.transaction():
            tries.note(counted, now)
        raise Refused(_("This address or name and this password do not belong together."))
    person, stored = found
    stronger = passwords.hashed(password) if passwords.is_outdated(stored) else None
    with engine.database.transaction():
        tries.forget(counted)
        if stronger is not None:
            people.change(person.id, password_hash=stronger)
        return _remember(person, label, now)


def sign_in_new(engine: Engine, person: Person, label: str, now: datetime) -> SignedIn:
    """Sign in someone who has just made an account or a new password."""
    with engine.database.transaction():
        return _remember(person, label, now)


def signed_in(token: str, now: datetime) -> tuple[Person, Device] | None:
    """Who holds this token, while it is good."""
    return devices.get_by_digest(digest(token), now)


def seen(engine: Engine, device: Device, now: datetime) -> bool:
    """Note now and then that a device is in use, which lets it last longer; whether it was noted now."""
    if now - device.seen_at < SEEN_EVERY:
        return False
    with engine.database.transaction():
        devices.seen(device.id, now, now + LASTS)
    return True


def sign_out(engine: Engine, device: Device) -> None:
    """End this sign-in at once."""
    with engine.database.transaction():
        devices.revoke(device.id, device.person)


def revoke(engine: Engine, person: Person, device: str) -> None:
    """Sign out another of the person's own devices. Raises NotFound for anyone else's."""
    with engine.database.transaction():
        if not devices.revoke(device, person.id):
            raise NotFound(_("There is no such device."))


def revoke_others(engine: Engine, person: Person, device: Device) -> int:
    """Sign a person out on every device but this one; how many those were."""
    with engine.database.transaction():
        return devices.revoke_all(person.id, device.id)


def of_person(person: Person, now: datetime) -> list[Device]:
    """Where a person is signed in, last used first."""
    return devices.of(person.id, now)


def new_mark() -> str:
    """A mark by which a browser that has signed in before is counted by itself."""
    return new_id()


def _remember(person: Person, label: str, now: datetime) -> SignedIn:
    token = new_token()
    device = Device(new_id(), person.id, label, now, now, now + LASTS)
    devices.add(device, digest(token))
    return SignedIn(person, device, token)
