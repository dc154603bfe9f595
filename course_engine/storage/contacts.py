"""Contact requests: a learner asks a facilitator for a word. What they wrote is sealed bytes here."""

from datetime import datetime
from typing import Any

from course_engine.domain.cohorts import ContactRequest, RequestState
from course_engine.storage import tables as t
from course_engine.storage.database import all_rows

_COLUMNS = (
    t.ContactRequest.id, t.ContactRequest.person, t.ContactRequest.cohort, t.ContactRequest.state,
    t.ContactRequest.sealed, t.ContactRequest.created_at, t.ContactRequest.changed_at,
)  # fmt: skip


def add(request: ContactRequest) -> None:
    """Write down a new request."""
    t.ContactRequest.insert(
        id=request.id,
        person=request.person,
        cohort=request.cohort,
        state=request.state,
        sealed=request.sealed,
        created_at=request.created_at,
        changed_at=request.changed_at,
    ).execute()


def get(id: str) -> ContactRequest | None:
    """The request with this id."""
    return next(iter(_found(t.ContactRequest.id == id)), None)


def of_cohort(cohort: str) -> list[ContactRequest]:
    """The requests in a cohort, newest first."""
    return _found(t.ContactRequest.cohort == cohort)


def of_person(person: str) -> list[ContactRequest]:
    """The requests of a person, newest first."""
    return _found(t.ContactRequest.person == person)


def set_state(id: str, state: RequestState, at: datetime) -> bool:
    """Note how far a request has come; whether it is there."""
    query = t.ContactRequest.update(state=state, changed_at=at).where(t.ContactRequest.id == id)
    return bool(query.execute())


def _found(where: Any) -> list[ContactRequest]:
    rows = t.ContactRequest.select(*_COLUMNS).where(where).order_by(t.ContactRequest.created_at.desc())
    return [
        ContactRequest(id, person, cohort, RequestState(state), bytes(sealed), created_at, changed_at)
        for id, person, cohort, state, sealed, created_at, changed_at in all_rows(rows)
    ]
