"""Small facts about the installation, each a text under a name."""

from course_engine.storage import tables as t
from course_engine.storage.database import current, first_row


def get(key: str) -> str | None:
    """The fact with this name."""
    row = first_row(t.Site.select(t.Site.value).where(t.Site.key == key))
    return str(row[0]) if row else None


def put(key: str, value: str) -> None:
    """Write a fact down."""
    with current().transaction():
        t.Site.insert(key=key, value=value).on_conflict(
            conflict_target=[t.Site.key], update={"value": value}
        ).execute()
