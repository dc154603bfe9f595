"""Published editions: compiled courses, kept by digest for ever; and drafts, kept until someone decides."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from peewee import fn

from course_engine.domain.editions import Draft, Edition
from course_engine.storage import tables as t
from course_engine.storage.database import all_rows, current, first_row

_EDITION = (
    t.Edition.digest,
    t.Edition.course,
    t.Edition.title,
    t.Edition.published_at,
    t.Edition.withdrawn_at,
)
_DRAFT = (
    t.EditionDraft.digest, t.EditionDraft.course, t.EditionDraft.title, t.EditionDraft.by, t.EditionDraft.at,
    t.EditionDraft.notes,
)  # fmt: skip


def publish(digest: str, course: str, title: str, compiled: bytes, at: datetime) -> None:
    """Make an edition the newest of its course. One that is there already becomes the newest again.

    It is, whatever the clock says: one that was set back, or shows the same instant twice.
    """
    with current().transaction():
        row = first_row(t.Edition.select(fn.MAX(t.Edition.published_at)).where(t.Edition.course == course))
        if row is not None and row[0] is not None:
            at = max(at, row[0] + timedelta(microseconds=1))
        t.Edition.insert(
            digest=digest, course=course, title=title, compiled=compiled, published_at=at
        ).on_conflict(
            conflict_target=[t.Edition.digest], update={"published_at": at, "withdrawn_at": None}
        ).execute()


def newest(course: str) -> str | None:
    """The digest of the newest edition of a course."""
    row = first_row(
        t.Edition.select(t.Edition.digest)
        .where((t.Edition.course == course) & t.Edition.withdrawn_at.is_null())
        .order_by(t.Edition.published_at.desc(), t.Edition.digest)
    )
    return str(row[0]) if row else None


def newer(course: str, digest: str) -> str | None:
    """The digest of the newest edition of a course, where it came out after this one."""
    this = t.Edition.alias()
    since = this.select(this.published_at).where(this.digest == digest)
    row = first_row(
        t.Edition.select(t.Edition.digest)
        .where(
            (t.Edition.course == course) & t.Edition.withdrawn_at.is_null() & (t.Edition.published_at > since)
        )
        .order_by(t.Edition.published_at.desc(), t.Edition.digest)
    )
    return str(row[0]) if row else None


def load(digest: str) -> bytes | None:
    """The compiled course."""
    row = first_row(t.Edition.select(t.Edition.compiled).where(t.Edition.digest == digest))
    return bytes(row[0]) if row else None


def courses() -> list[tuple[str, str, str]]:
    """Each course that can be joined: its id, the digest of its newest edition, and its title."""
    columns = (t.Edition.course, t.Edition.digest, t.Edition.title)
    open_now = t.Edition.select(*columns).where(t.Edition.withdrawn_at.is_null())
    oldest_first = open_now.order_by(t.Edition.published_at, t.Edition.digest.desc())
    by_course = {course: (course, digest, title) for course, digest, title in all_rows(oldest_first)}
    return sorted(by_course.values())


def gone_on_with(but: Collection[str]) -> list[str]:
    """Of each course but these: the digest of the newest edition that a run or a cohort is on, by course."""
    on_it = [
        fn.EXISTS(table.select(table.id).where(table.edition == t.Edition.digest))
        for table in (t.Run, t.Cohort)
    ]
    query = (
        t.Edition.select(t.Edition.course, t.Edition.digest)
        .where(t.Edition.course.not_in(list(but)) & (on_it[0] | on_it[1]))
        .order_by(t.Edition.published_at, t.Edition.digest.desc())
    )
    return [digest for _course, digest in sorted(dict(all_rows(query)).items())]


def get(digest: str) -> Edition | None:
    """The edition with this digest, withdrawn or not."""
    row = first_row(t.Edition.select(*_EDITION).where(t.Edition.digest == digest))
    return Edition(*row) if row else None


def every(course: str | None = None) -> list[Edition]:
    """All editions, or those of one course, by course and newest first; withdrawn ones too."""
    query = t.Edition.select(*_EDITION)
    if course is not None:
        query = query.where(t.Edition.course == course)
    rows = all_rows(query.order_by(t.Edition.course, t.Edition.published_at.desc(), t.Edition.digest))
    return [Edition(*row) for row in rows]


def withdraw(digest: str, at: datetime) -> None:
    """Let nobody else join this edition; runs on it go on."""
    t.Edition.update(withdrawn_at=at).where(t.Edition.digest == digest).execute()


def put_back(digest: str) -> None:
    """Let people join this edition again; it keeps its place among the others."""
    t.Edition.update(withdrawn_at=None).where(t.Edition.digest == digest).execute()


def groups() -> list[tuple[str, str, str, int]]:
    """The cohorts that go on: edition, id, name and how many people are in each, by name."""
    inside = fn.COUNT(t.Membership.person)
    here = (t.Membership.cohort == t.Cohort.id) & t.Membership.removed_at.is_null()
    query = (
        t.Cohort.select(t.Cohort.edition, t.Cohort.id, t.Cohort.name, inside)
        .left_outer_join(t.Membership, on=here)
        .where(t.Cohort.ended_at.is_null())
        .group_by(t.Cohort.edition, t.Cohort.id, t.Cohort.name)
        .order_by(t.Cohort.name, t.Cohort.id)
    )
    return [(str(edition), str(id), str(name), int(count)) for edition, id, name, count in all_rows(query)]


def alone() -> dict[str, int]:
    """How many people are on their way through each edition alone."""
    query = t.Run.select(t.Run.edition, fn.COUNT(t.Run.id)).where(_alone()).group_by(t.Run.edition)
    return {str(edition): int(count) for edition, count in all_rows(query)}


def names_alone(course: str, but: str, limit: int) -> list[str]:
    """Some of the people who go through another edition of a course than this one alone, by name."""
    query = (
        t.Run.select(t.Person.name)
        .join(t.Person, on=(t.Person.id == t.Run.person))
        .where(_alone() & (t.Run.course == course) & (t.Run.edition != but))
        .order_by(t.Person.name, t.Run.id)
    )
    return [str(name) for (name,) in all_rows(query.limit(limit))]


def met(cohort: str) -> set[str]:
    """The editions in which people of a cohort have done something."""
    query = (
        t.Completion.select(t.Completion.edition)
        .join(t.Run, on=(t.Run.id == t.Completion.run))
        .where(t.Run.cohort == cohort)
    )
    return {str(edition) for (edition,) in all_rows(query.distinct())}


def move_cohort(cohort: str, digest: str) -> int:
    """Point a cohort and every run in it at another edition; how many runs that were."""
    t.Cohort.update(edition=digest).where(t.Cohort.id == cohort).execute()
    return int(t.Run.update(edition=digest).where(t.Run.cohort == cohort).execute())


def keep_draft(draft: Draft, compiled: bytes) -> None:
    """Keep a draft; one that is there already is now this one's."""
    now = {"by": draft.by, "at": draft.at, "notes": list(draft.notes)}
    with current().transaction():
        t.EditionDraft.insert(
            digest=draft.digest, course=draft.course, title=draft.title, compiled=compiled, **now
        ).on_conflict(conflict_target=[t.EditionDraft.digest], update=now).execute()


def draft(digest: str) -> Draft | None:
    """The draft with this digest."""
    row = first_row(t.EditionDraft.select(*_DRAFT).where(t.EditionDraft.digest == digest))
    return _draft(row) if row else None


def drafts() -> list[Draft]:
    """All drafts, newest first."""
    rows = all_rows(t.EditionDraft.select(*_DRAFT).order_by(t.EditionDraft.at.desc(), t.EditionDraft.digest))
    return [_draft(row) for row in rows]


def load_draft(digest: str) -> bytes | None:
    """The compiled course of a draft."""
    row = first_row(t.EditionDraft.select(t.EditionDraft.compiled).where(t.EditionDraft.digest == digest))
    return bytes(row[0]) if row else None


def drop_draft(digest: str) -> bool:
    """Forget a draft; whether it was there."""
    return bool(t.EditionDraft.delete().where(t.EditionDraft.digest == digest).execute())


def _draft(row: Sequence[Any]) -> Draft:
    digest, course, title, by, at, notes = row
    return Draft(digest, course, title, by, at, tuple(notes))


def _alone() -> Any:
    return t.Run.cohort.is_null() & t.Run.finished_at.is_null() & t.Run.started_at.is_null(False)
