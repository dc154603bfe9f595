"""What was done to whom and by whom: ids and plain facts, never what people wrote."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from course_engine.storage import tables as t
from course_engine.storage.database import all_rows, current, parts

_COLUMNS = (t.Audit.id, t.Audit.at, t.Audit.actor, t.Audit.act, t.Audit.whom, t.Audit.detail)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `actor` None is the site itself."""

    id: int
    at: datetime
    actor: str | None
    act: str
    whom: str | None
    detail: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which lines are looked for: of these acts, by or about one person, from an instant to another."""

    acts: Collection[str] | None = None
    person: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def add(
    at: datetime,
    actor: str | None,
    act: str,
    whom: str | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Write one line."""
    t.Audit.insert(at=at, actor=actor, act=act, whom=whom, detail=dict(detail or {})).execute()


def add_all(
    at: datetime, actor: str | None, act: str, lines: Iterable[tuple[str, Mapping[str, object]]]
) -> None:
    """Write one line of the same act about each of these people."""
    rows = [{"at": at, "actor": actor, "act": act, "whom": whom, "detail": dict(one)} for whom, one in lines]
    for some in parts(rows):
        t.Audit.insert_many(some).execute()


def newest(limit: int = 100) -> list[tuple[datetime, str | None, str, str | None, dict[str, object]]]:
    """The last lines, newest first: at, actor, act, whom, detail."""
    columns = (t.Audit.at, t.Audit.actor, t.Audit.act, t.Audit.whom, t.Audit.detail)
    query = t.Audit.select(*columns).order_by(t.Audit.at.desc(), t.Audit.id.desc()).limit(limit)
    return [(at, actor, act, whom, detail) for at, actor, act, whom, detail in all_rows(query)]


def found(wanted: Filter, before: int | None, limit: int) -> list[Line]:
    """The lines that are looked for, the latest first, beginning below the line `before`."""
    where = _where(wanted)
    if before is not None:
        where.append(_below(before))
    query = t.Audit.select(*_COLUMNS).order_by(t.Audit.at.desc(), t.Audit.id.desc()).limit(limit)
    return [Line(*row) for row in all_rows(query.where(*where) if where else query)]


def sums(acts: Collection[str], since: datetime) -> dict[str, int]:
    """What the lines of these acts since then say of `n`, added up for each act."""
    rows = all_rows(
        t.Audit.select(t.Audit.act, t.Audit.detail).where(t.Audit.act.in_(list(acts)) & (t.Audit.at >= since))
    )
    told = dict.fromkeys(acts, 0)
    for act, detail in rows:
        told[act] += int(detail.get("n", 0))
    return told


def count(before: datetime) -> int:
    """How many lines are older than this."""
    return int(t.Audit.select().where(t.Audit.at < before).count())


def sweep(before: datetime, most: int) -> int:
    """Forget so many lines at most that are older than this; how many those were."""
    old = t.Audit.select(t.Audit.id).where(t.Audit.at < before).order_by(t.Audit.id).limit(most)
    ids = [id for (id,) in all_rows(old)]
    if not ids:
        return 0
    with current().transaction():
        return int(t.Audit.delete().where(t.Audit.id.in_(ids)).execute())


def _below(line: int) -> Any:
    """What comes after this line in the list; of one that is swept, what was written before it."""
    at = next((at for (at,) in all_rows(t.Audit.select(t.Audit.at).where(t.Audit.id == line))), None)
    if at is None:
        return t.Audit.id < line
    return (t.Audit.at < at) | ((t.Audit.at == at) & (t.Audit.id < line))


def _where(wanted: Filter) -> list[Any]:
    where: list[Any] = []
    if wanted.acts is not None:
        where.append(t.Audit.act.in_(list(wanted.acts)))
    if wanted.person is not None:
        where.append((t.Audit.actor == wanted.person) | (t.Audit.whom == wanted.person))
    if wanted.since is not None:
        where.append(t.Audit.at >= wanted.since)
    if wanted.until is not None:
        where.append(t.Audit.at < wanted.until)
    return where
