"""Links that let someone choose a new password, each good for one use."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from course_engine.storage import tables as t
from course_engine.storage.database import current, first_row


def add(digest: bytes, person: str, expires_at: datetime) -> None:
    """Write down a link by the digest of its secret."""
    t.ResetLink.insert(digest=digest, person=person, expires_at=expires_at).execute()


def renew(links: Mapping[str, bytes], expires_at: datetime) -> None:
    """Give each of these people one link, by the digest of its secret, in place of those they had."""
    with current().transaction():
        t.ResetLink.delete().where(t.ResetLink.person.in_(list(links))).execute()
        add_all(links, expires_at)


def add_all(links: Mapping[str, bytes], expires_at: datetime) -> None:
    """Give each of these people one more link; those they have stay good.

    Who was warned of being forgotten has been told to ask for it: the warning counts no more.
    """
    rows = [
        {"digest": digest, "person": person, "expires_at": expires_at} for person, digest in links.items()
    ]
    if rows:
        t.ResetLink.insert_many(rows).execute()
        t.Person.update(warned_at=None).where(t.Person.id.in_(list(links))).execute()


def look(digest: bytes, now: datetime) -> str | None:
    """Whose link this is, if it still works, without using it up."""
    row = first_row(t.ResetLink.select(t.ResetLink.person).where(_works(digest, now)))
    return str(row[0]) if row else None


def waits(person: str, now: datetime) -> bool:
    """Whether any link of this person still works."""
    mine = (t.ResetLink.person == person) & t.ResetLink.used_at.is_null() & (t.ResetLink.expires_at > now)
    return first_row(t.ResetLink.select(t.ResetLink.person).where(mine)) is not None


def take(digest: bytes, now: datetime) -> str | None:
    """Use a link up: whose it is, or nothing if it was used, has run out or never was."""
    with current().transaction():
        if not t.ResetLink.update(used_at=now).where(_works(digest, now)).execute():
            return None
        row = first_row(t.ResetLink.select(t.ResetLink.person).where(t.ResetLink.digest == digest))
        return str(row[0]) if row else None


def drop_of(person: str) -> None:
    """Forget all links of a person."""
    t.ResetLink.delete().where(t.ResetLink.person == person).execute()


def drop_short(person: str, before: datetime) -> None:
    """Forget the links of a person that run out by then."""
    mine = (t.ResetLink.person == person) & (t.ResetLink.expires_at <= before)
    t.ResetLink.delete().where(mine).execute()


def sweep(now: datetime) -> int:
    """Forget the links that have run out."""
    return int(t.ResetLink.delete().where(t.ResetLink.expires_at <= now).execute())


def _works(digest: bytes, now: datetime) -> Any:
    link = t.ResetLink
    return (link.digest == digest) & link.used_at.is_null() & (link.expires_at > now)
