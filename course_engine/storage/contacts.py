"""Contact requests: a learner asks a facilitator for a word. What they wrote is sealed bytes here."""

from datetime import datetime
from typing import Any

from peewee import JOIN

from course_engine.domain.cohorts import ContactRequest, RequestState
from course_engine.storage import tables as t
from course_engine.storage.accounts import may_lead
from course_engine.storage.database import all_rows, fetch

_COLUMNS = (
    t.ContactRequest.id, t.ContactRequest.person, t.ContactRequest.cohort, t.ContactRequest.state,
    t.ContactRequest.sealed, t.ContactRequest.created_at, t.ContactRequest.changed_at,
)  # fmt: skip
_UNREADABLE = f"""
    SELECT DISTINCT c.name FROM contact_request r JOIN cohort c ON c.id = r.cohort
    WHERE r.state = '{RequestState.NEW.value}' AND NOT EXISTS
        (SELECT 1 FROM facilitator f WHERE f.cohort = c.id AND {may_lead("f.person")})
    ORDER BY c.name
"""  # noqa: S608 — the words come from an enum, the columns are fixed


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


def waiting(before: datetime) -> list[ContactRequest]:
    """The requests that nobody has looked at since then."""
    return _found((t.ContactRequest.state == RequestState.NEW) & (t.ContactRequest.created_at <= before))


def unreadable() -> list[str]:
    """The names of the cohorts where a request waits and nobody can lead, so that nobody can read it."""
    return [str(name) for (name,) in fetch(_UNREADABLE)]


def add_note(id: str, request: str, actor: str, sealed: bytes, at: datetime) -> None:
    """Keep what a facilitator wrote down about a request; one that is there already stays as it is."""
    query = t.ContactNote.insert(id=id, request=request, actor=actor, sealed=sealed, at=at)
    query.on_conflict(action="IGNORE", conflict_target=[t.ContactNote.id]).execute()


def notes(cohort: str) -> list[tuple[str, str, str, bytes, datetime]]:
    """The notes about the requests of a cohort, oldest first: request, id, who wrote it, sealed, at."""
    query = (
        t.ContactNote.select(
            t.ContactNote.request, t.ContactNote.id, t.Person.name, t.ContactNote.sealed, t.ContactNote.at
        )
        .join(t.ContactRequest, on=(t.ContactRequest.id == t.ContactNote.request))
        .join(t.Person, JOIN.LEFT_OUTER, on=(t.Person.id == t.ContactNote.actor))
        .where(t.ContactRequest.cohort == cohort)
        .order_by(t.ContactNote.at, t.ContactNote.id)
    )
    return [(request, id, name or "", bytes(sealed), at) for request, id, name, sealed, at in all_rows(query)]


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
