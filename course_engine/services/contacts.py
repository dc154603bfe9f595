"""Contact requests: a learner asks the facilitators for a word, and sees what becomes of it."""

from datetime import datetime

from course_engine.crypto import new_id
from course_engine.domain.cohorts import Cohort, ContactRequest, RequestState
from course_engine.domain.people import Person
from course_engine.engine import Engine
from course_engine.storage import contacts


def ask(engine: Engine, person: Person, cohort: Cohort, text: str, now: datetime) -> ContactRequest:
    """Ask the facilitators of one's cohort for a word; the words are sealed."""
    id = new_id()
    sealed = engine.person_key(person.id).seal(text, f"contact|{person.id}|{id}")
    request = ContactRequest(id, person.id, cohort.id, RequestState.NEW, sealed, now, now)
    with engine.database.transaction():
        contacts.add(request)
    return request


def read(engine: Engine, request: ContactRequest) -> str:
    """The words of a contact request."""
    return engine.person_key(request.person).open(request.sealed, f"contact|{request.person}|{request.id}")


def move(engine: Engine, request: ContactRequest, state: RequestState, now: datetime) -> None:
    """Write down how far a contact request has come."""
    with engine.database.transaction():
        contacts.set_state(request.id, state, now)
