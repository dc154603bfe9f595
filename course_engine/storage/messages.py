"""Messages to cohorts: drafts, those that wait for their hour, and those that went out."""

from datetime import datetime
from typing import Any

from course_engine.domain.messages import Message, MessageState
from course_engine.storage import tables as t
from course_engine.storage.database import all_rows, fetch

_COLUMNS = (
    t.Announcement.id, t.Announcement.cohort, t.Announcement.author, t.Announcement.subject,
    t.Announcement.text, t.Announcement.state, t.Announcement.created_at, t.Announcement.due_at,
    t.Announcement.sent_at, t.Announcement.person,
)  # fmt: skip
_READERS = """
    SELECT m.person FROM membership m JOIN run r ON r.id = m.run
    WHERE m.cohort = ? AND m.removed_at IS NULL AND r.started_at IS NOT NULL
"""


def add(message: Message) -> None:
    """Write down a new message."""
    t.Announcement.insert(
        id=message.id,
        cohort=message.cohort,
        author=message.author,
        subject=message.subject,
        text=message.text,
        state=message.state,
        created_at=message.created_at,
        due_at=message.due_at,
        sent_at=message.sent_at,
        person=message.person,
    ).execute()


def get(id: str) -> Message | None:
    """The message with this id."""
    return next(iter(_found(t.Announcement.id == id)), None)


def of_cohort(cohort: str) -> list[Message]:
    """All messages of a cohort, newest first."""
    return _found(t.Announcement.cohort == cohort)


def to_person(cohort: str, person: str) -> list[Message]:
    """What a person of a cohort has been sent, newest first."""
    theirs = t.Announcement.person.is_null() | (t.Announcement.person == person)
    sent = t.Announcement.state == MessageState.SENT
    return _found((t.Announcement.cohort == cohort) & sent & theirs)


def readers(cohort: str) -> set[str]:
    """Who is in a cohort and has begun there: whoever was invited only has not agreed to letters."""
    rows = fetch(_READERS, cohort)
    return {person for (person,) in rows}


def due(now: datetime) -> list[Message]:
    """The messages whose hour has come."""
    return _found((t.Announcement.state == MessageState.SCHEDULED) & (t.Announcement.due_at <= now))


def change(id: str, before: MessageState, **fields: Any) -> bool:
    """Change columns of a message that is still in the state `before`; whether it was."""
    mine = (t.Announcement.id == id) & (t.Announcement.state == before)
    return bool(t.Announcement.update(**fields).where(mine).execute())


def _found(where: Any) -> list[Message]:
    query = t.Announcement.select(*_COLUMNS).where(where)
    rows = all_rows(query.order_by(t.Announcement.created_at.desc(), t.Announcement.id))
    return [
        Message(id, cohort, author, subject, text, MessageState(state), created, due, sent, person)
        for id, cohort, author, subject, text, state, created, due, sent, person in rows
    ]
