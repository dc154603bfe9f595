"""Finished documents, such as PDFs, found by a digest of what they were made from."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from course_engine.storage import tables as t
from course_engine.storage.database import all_rows, current, first_row

_COLUMNS = (
    t.File.id, t.File.digest, t.File.media_type, t.File.name, t.File.data, t.File.person, t.File.created_at,
)  # fmt: skip


COHORT = "; cohort="
SEALED = "sealed"
ORDER = "order"
SEALED_ORDER = "order; own words"


@dataclass(frozen=True, slots=True)
class File:
    """A document; `person` is whose it is, if it is anybody's.

    The media type of one that is made for a cohort, and may name its people, ends with COHORT and its id.
    """

    id: str
    digest: bytes
    media_type: str
    name: str
    data: bytes
    person: str | None
    created_at: datetime


def keep(file: File) -> File:
    """Keep a document, or return the one with this digest that is there already."""
    with current().transaction():
        t.File.insert(
            id=file.id,
            digest=file.digest,
            media_type=file.media_type,
            name=file.name,
            data=file.data,
            person=file.person,
            created_at=file.created_at,
        ).on_conflict(action="IGNORE", conflict_target=[t.File.digest]).execute()
        return by_digest(file.digest) or file


def get(id: str) -> File | None:
    """The document with this id."""
    return _one(t.File.id == id)


def by_digest(digest: bytes) -> File | None:
    """The document that was made from this."""
    return _one(t.File.digest == digest)


def notes(digests: Collection[bytes]) -> dict[bytes, bytes]:
    """What the documents with these digests hold, by digest: for short ones. One query."""
    found = t.File.select(t.File.digest, t.File.data).where(t.File.digest.in_(list(digests)))
    return {bytes(digest): bytes(data) for digest, data in all_rows(found)}


def drop(id: str) -> None:
    """Forget one document."""
    t.File.delete().where(t.File.id == id).execute()


def drop_own_words(person: str, name: str) -> bool:
    """Forget documents of this name that hold a person's own words, and orders of such; was there any?"""
    here = (t.File.person == person) & (t.File.name == name)
    own = t.File.media_type.in_([SEALED, SEALED_ORDER])
    return bool(t.File.delete().where(here & own).execute())


def drop_of_cohorts(cohorts: Collection[str]) -> None:
    """Forget what was made for those who lead these cohorts; it can be made again."""
    for cohort in cohorts:
        t.File.delete().where(t.File.media_type.endswith(f"{COHORT}{cohort}")).execute()


def sweep(before: datetime) -> int:
    """Forget documents made before then; they can be made again."""
    return int(t.File.delete().where(t.File.created_at < before).execute())


def _one(where: Any) -> File | None:
    row = first_row(t.File.select(*_COLUMNS).where(where))
    return File(*row) if row else None
