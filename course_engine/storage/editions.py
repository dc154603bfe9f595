"""Published editions: compiled courses, kept by digest for ever."""

from datetime import datetime

from course_engine.storage import tables as t
from course_engine.storage.database import all_rows, current, first_row


def publish(digest: str, course: str, title: str, compiled: bytes, at: datetime) -> None:
    """Make an edition the newest of its course. One that is there already becomes the newest again."""
    with current().transaction():
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


def withdraw(digest: str, at: datetime) -> None:
    """Let nobody else join this edition; runs on it go on."""
    t.Edition.update(withdrawn_at=at).where(t.Edition.digest == digest).execute()
