"""Contact requests: a learner asks the facilitators for a word, and sees what becomes of it."""

import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from course_engine.crypto import PersonKey, Unsealable, new_id, pressed_id
from course_engine.domain.cohorts import Cohort, ContactRequest, RequestState
from course_engine.domain.errors import BadInput, NotFound
from course_engine.domain.people import Person
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.services import contact_letters
from course_engine.storage import audit, contacts, people
from course_engine.storage import cohorts as stored_cohorts

MOST_SIGNS = 2000
REMIND_AFTER = timedelta(hours=24)
MOST_A_DAY = 5
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Note:
    """What a facilitator wrote down about a request."""

    by: str
    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A request as the facilitators of the cohort read it, with what they wrote down."""

    request: ContactRequest
    person: Person
    words: str
    notes: tuple[Note, ...]


def ask(engine: Engine, person: Person, cohort: Cohort, text: str, now: datetime) -> ContactRequest:
    """Ask the facilitators of one's cohort for a word; the words are sealed, and no letter carries them.

    Sent twice, it is one request. Raises BadInput for too many words, and for many requests a day.
    """
    words = checked(text)
    id = new_id()
    request = ContactRequest(
        id, person.id, cohort.id, RequestState.NEW, _seal(engine, person.id, id, words), now, now
    )
    with engine.database.transaction():
        engine.database.one_at_a_time(f"contact {person.id}")
        known = contacts.of_person(person.id)
        for before in known:
            if before.state is RequestState.NEW and read(engine, before) == words:
                return before
        if sum(now - before.created_at < timedelta(days=1) for before in known) >= MOST_A_DAY:
            raise BadInput({"text": _enough(cohort)})
        contacts.add(request)
        contact_letters.tell(engine, cohort, id, now)
    return request


def checked(text: str) -> str:
    """The words as they are sent; none are a short sentence, for to ask is enough. Raises BadInput."""
    words = text.replace("\r\n", "\n").strip()
    if len(words) > MOST_SIGNS:
        raise BadInput({"text": _("There is room for %(most)s characters.", most=MOST_SIGNS)})
    return words or _("I would like a word.")


def read(engine: Engine, request: ContactRequest) -> str:
    """The words of a contact request; one that is damaged says so instead."""
    return _read(engine.person_keys([request.person]), request)


def of_cohort(engine: Engine, cohort: Cohort, reader: Person, now: datetime) -> list[Opened]:
    """The requests in a cohort with their words, those that are closed last; a handful of queries.

    That they were read is written down.
    """
    requests = contacts.of_cohort(cohort.id)
    if not requests:
        return []
    whose = {person.id: person for person in people.those({one.person for one in requests})}
    notes: dict[str, list[Note]] = {}
    owners = {one.id: one.person for one in requests}
    keys = engine.person_keys(owners.values())
    for request, id, name, sealed, at in contacts.notes(cohort.id):
        words = _opened(keys.get(owners[request]), sealed, f"contact-note|{owners[request]}|{id}")
        notes.setdefault(request, []).append(Note(name, at, words))
    with engine.database.transaction():
        audit.add(now, reader.id, "contact.read", None, {"cohort": cohort.id, "requests": len(requests)})
    opened = [
        Opened(one, whose[one.person], _read(keys, one), tuple(notes.get(one.id, ()))) for one in requests
    ]
    return sorted(opened, key=lambda one: one.request.state is RequestState.CLOSED)


def move(
    engine: Engine,
    cohort: Cohort,
    id: str,
    state: RequestState,
    note: str,
    actor: Person,
    now: datetime,
    press: str = "",
    shown: str = "",
) -> RequestState:
    """Write down how far a request has come, and a note for oneself and those who lead with one.

    The same note sent again with the same `press`, a random word of the form, is one note. A request that
    has come further since it was `shown` stays there; gives how far it has come. Raises NotFound for a
    request of another cohort.
    """
    request = contacts.get(id)
    if request is None or request.cohort != cohort.id:
        raise NotFound(_("There is no such page."))
    words = note.strip()
    if len(words) > MOST_SIGNS:
        raise BadInput({"note": _("This note is longer than there is room for.")})
    order = list(RequestState)
    if shown and shown != request.state and order.index(state) < order.index(request.state):
        state = request.state
    with engine.database.transaction():
        if state is not request.state:
            contacts.set_state(request.id, state, now)
            audit.add(now, actor.id, "contact.move", request.person, {"request": id, "state": state.value})
        if words:
            note_id = pressed_id(press, id, actor.id, words)
            sealed = engine.person_key(request.person).seal(words, f"contact-note|{request.person}|{note_id}")
            contacts.add_note(note_id, id, actor.id, sealed, now)
    return state


def remind(engine: Engine, now: datetime) -> int:
    """Write once a day about requests that nobody has looked at for a day; how many there are."""
    waiting = contacts.waiting(now - REMIND_AFTER)
    for request in waiting:
        cohort = stored_cohorts.get(request.cohort)
        if cohort is not None:
            contact_letters.tell_again(engine, cohort, request.id, now)
    return len(waiting)


def turn_to(cohort: Cohort) -> str:
    """Whom somebody can turn to who needs one now, in a sentence or two."""
    safety = cohort.safety
    who = ", ".join(part for part in (safety.name, safety.reach, safety.hours) if part)
    if not who:
        return _("If you need somebody now, the page “Help” says who is there.")
    return _("If you need somebody now: %(who)s. The page “Help” says who else is there.", who=who)


def _enough(cohort: Cohort) -> str:
    heard = _("Your words of today have all arrived, so one more would not be read any sooner.")
    return f"{heard} {turn_to(cohort)}"


def _read(keys: Mapping[str, PersonKey], request: ContactRequest) -> str:
    place = f"contact|{request.person}|{request.id}"
    return _opened(keys.get(request.person), request.sealed, place)


def _opened(key: PersonKey | None, sealed: bytes, place: str) -> str:
    if key is not None:
        with suppress(Unsealable):
            return key.open(sealed, place)
    _log.warning("a contact request or note does not open", extra={"row": place})
    return _("These words cannot be opened.")


def _seal(engine: Engine, person: str, id: str, words: str) -> bytes:
    return engine.person_key(person).seal(words, f"contact|{person}|{id}")
