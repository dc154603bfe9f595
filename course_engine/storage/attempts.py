"""Sign-ins that did not work, counted by a digest of the address that was typed."""

from datetime import datetime

from course_engine.storage import tables as t


def add(address_digest: bytes, at: datetime) -> None:
    """Note one."""
    t.Attempt.insert(address_digest=address_digest, at=at).execute()


def count_since(address_digest: bytes, since: datetime) -> int:
    """How many there were since then."""
    found = (t.Attempt.address_digest == address_digest) & (t.Attempt.at >= since)
    return int(t.Attempt.select().where(found).count())


def clear(address_digest: bytes) -> None:
    """Forget those of one address, after a sign-in that worked."""
    t.Attempt.delete().where(t.Attempt.address_digest == address_digest).execute()


def sweep(before: datetime) -> int:
    """Forget the old ones."""
    return int(t.Attempt.delete().where(t.Attempt.at < before).execute())
