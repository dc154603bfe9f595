"""What was done to whom and by whom: ids and plain facts, never what people wrote."""

from collections.abc import Mapping
from datetime import datetime

from course_engine.storage import tables as t
from course_engine.storage.database import all_rows


def add(
    at: datetime,
    actor: str | None,
    act: str,
    whom: str | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Write one line."""
    t.Audit.insert(at=at, actor=actor, act=act, whom=whom, detail=dict(detail or {})).execute()


def newest(limit: int = 100) -> list[tuple[datetime, str | None, str, str | None, dict[str, object]]]:
    """The last lines, newest first: at, actor, act, whom, detail."""
    columns = (t.Audit.at, t.Audit.actor, t.Audit.act, t.Audit.whom, t.Audit.detail)
    query = t.Audit.select(*columns).order_by(t.Audit.at.desc(), t.Audit.id.desc()).limit(limit)
    return [(at, actor, act, whom, detail) for at, actor, act, whom, detail in all_rows(query)]
