"""Small facts about the installation, each a text under a name."""

from collections.abc import Collection

from course_engine.storage import tables as t
from course_engine.storage.database import all_rows, current, first_row


def get(key: str) -> str | None:
    """The fact with this name."""
    row = first_row(t.Site.select(t.Site.value).where(t.Site.key == key))
    return str(row[0]) if row else None


def some(keys: Collection[str]) -> dict[str, str]:
    """Those of these facts that are there. One query."""
    return dict(all_rows(t.Site.select(t.Site.key, t.Site.value).where(t.Site.key.in_(list(keys)))))


def put(key: str, value: str) -> None:
    """Write a fact down."""
    with current().transaction():
        t.Site.insert(key=key, value=value).on_conflict(
            conflict_target=[t.Site.key], update={"value": value}
        ).execute()
