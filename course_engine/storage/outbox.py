"""Letters that wait to be sent; each is claimed by one worker at a time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from course_engine.domain.work import Letter, Posted
from course_engine.storage import tables as t
from course_engine.storage.database import all_rows, current, first_row

_COLUMNS = (
    t.Outbox.id, t.Outbox.recipient, t.Outbox.subject, t.Outbox.text, t.Outbox.created_at, t.Outbox.tries,
    t.Outbox.sent_at,
)  # fmt: skip


def add(letter: Letter, dedupe: str | None = None, until: datetime | None = None) -> bool:
    """Put a letter in; false when one with the same `dedupe` is or was there.

    After `until` nobody is given it.
    """
    query = t.Outbox.insert(
        id=letter.id,
        recipient=letter.to,
        subject=letter.subject,
        text=letter.text,
        created_at=letter.created_at,
        tries=letter.tries,
        sent_at=letter.sent_at,
        dedupe=dedupe,
        expires_at=until,
    ).on_conflict(action="IGNORE", conflict_target=[t.Outbox.dedupe])
    return bool(query.as_rowcount().execute())


def add_many(
    letters: Sequence[Letter], until: datetime | None = None, once: Sequence[str | None] = ()
) -> None:
    """Put many letters in, but those with a word in `once` under which one is or was there."""
    rows = [
        {
            "id": letter.id, "recipient": letter.to, "subject": letter.subject, "text": letter.text,
            "created_at": letter.created_at, "tries": letter.tries, "sent_at": letter.sent_at,
            "dedupe": word, "expires_at": until,
        }
        for letter, word in zip(letters, once or [None] * len(letters), strict=True)
    ]  # fmt: skip
    if rows:
        query = t.Outbox.insert_many(rows)
        query.on_conflict(action="IGNORE", conflict_target=[t.Outbox.dedupe]).execute()


def claim(now: datetime, lease: timedelta) -> Letter | None:
    """Take the oldest letter that is free; nobody else has it until the lease ends."""
    free = t.Outbox.sent_at.is_null() & (t.Outbox.claimed_until.is_null() | (t.Outbox.claimed_until <= now))
    free &= t.Outbox.expires_at.is_null() | (t.Outbox.expires_at > now)
    oldest = t.Outbox.select(t.Outbox.id).where(free).order_by(t.Outbox.created_at, t.Outbox.id).limit(20)
    for (id,) in all_rows(oldest):
        taken = t.Outbox.update(claimed_until=now + lease, tries=t.Outbox.tries + 1, fault="")
        if taken.where((t.Outbox.id == id) & free).execute():
            return _one(t.Outbox.id == id)
    return None


def sent(id: str, at: datetime) -> None:
    """Note that a letter is on its way; what stood in it is forgotten, for it may open an account."""
    t.Outbox.update(sent_at=at, claimed_until=None, text="", fault="").where(t.Outbox.id == id).execute()


def try_again(letter: Letter, at: datetime, fault: str = "") -> None:
    """Leave a letter alone until then, unless someone else has claimed it since; `fault` says why."""
    mine = (t.Outbox.id == letter.id) & (t.Outbox.tries == letter.tries) & t.Outbox.sent_at.is_null()
    t.Outbox.update(claimed_until=at, fault=fault).where(mine).execute()


def waiting() -> int:
    """How many letters are not sent yet."""
    return int(t.Outbox.select().where(t.Outbox.sent_at.is_null()).count())


def known(word: str) -> bool:
    """Whether a letter is or was there that was put in under this very word."""
    return first_row(t.Outbox.select(t.Outbox.id).where(t.Outbox.dedupe == word)) is not None


def waits(word: str) -> bool:
    """Whether a letter that was put in under a word that begins like this is not sent yet."""
    mine = t.Outbox.dedupe.startswith(word) & t.Outbox.sent_at.is_null()
    return first_row(t.Outbox.select(t.Outbox.id).where(mine)) is not None


def forget(word: str) -> None:
    """Forget the letters that were put in under a word that begins like this and are not sent yet."""
    t.Outbox.delete().where(t.Outbox.dedupe.startswith(word) & t.Outbox.sent_at.is_null()).execute()


def listed(sent: bool, after: str, limit: int) -> list[Posted]:
    """The letters that were sent, or those that wait, newest first, below the one with id `after`."""
    letter = t.Outbox
    query = letter.select(
        letter.id, letter.recipient, letter.created_at, letter.tries, letter.sent_at, letter.claimed_until,
        letter.fault,
    ).where((letter.recipient != "") & letter.sent_at.is_null(not sent))  # fmt: skip
    last = first_row(letter.select(letter.created_at).where(letter.id == after)) if after else None
    if last:
        older = (letter.created_at == last[0]) & (letter.id < after)
        query = query.where((letter.created_at < last[0]) | older)
    rows = all_rows(query.order_by(letter.created_at.desc(), letter.id.desc()).limit(limit))
    return [Posted(*row) for row in rows]


def free_now(id: str) -> bool:
    """Let a letter that waits be tried at once; false when it is sent, or gone.

    One without a fault is free already, or in the hands of a worker, who keeps it.
    """
    mine = (t.Outbox.id == id) & t.Outbox.sent_at.is_null()
    t.Outbox.update(claimed_until=None).where(mine & (t.Outbox.fault != "")).execute()
    return first_row(t.Outbox.select(t.Outbox.id).where(mine)) is not None


def remove(id: str) -> str | None:
    """Forget a letter that waits: the word under which it was put in; None when it is sent, or gone."""
    mine = (t.Outbox.id == id) & t.Outbox.sent_at.is_null()
    with current().transaction():
        row = first_row(t.Outbox.select(t.Outbox.dedupe).where(mine))
        return (row[0] or "") if row and t.Outbox.delete().where(mine).execute() else None


def sweep(before: datetime) -> int:
    """Forget letters that were sent before then."""
    return int(t.Outbox.delete().where(t.Outbox.sent_at < before).execute())


def drop(now: datetime) -> int:
    """Forget letters that wait and are of no use any more."""
    old = t.Outbox.sent_at.is_null() & (t.Outbox.expires_at <= now)
    return int(t.Outbox.delete().where(old).execute())


def _one(where: Any) -> Letter | None:
    row = first_row(t.Outbox.select(*_COLUMNS).where(where))
    return Letter(*row) if row else None
