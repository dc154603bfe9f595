"""What happens at a certain minute happens once, whoever thinks of it."""

from datetime import datetime

from course_engine.storage import tables as t


def once(name: str, minute: datetime) -> bool:
    """Whether this is the first to ask for this tick."""
    return bool(t.Tick.insert(name=name, minute=minute).on_conflict_ignore().as_rowcount().execute())


def sweep(before: datetime) -> int:
    """Forget old ticks."""
    return int(t.Tick.delete().where(t.Tick.minute < before).execute())
