"""Messages to a cohort: written, looked at, sent now or at an hour, and kept on a page as well.

Every letter goes to one address, so nobody ever reads who else is in the group.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from course_engine.crypto import new_id, pressed_id
from course_engine.domain.cohorts import Cohort
from course_engine.domain.errors import BadInput, NotFound, Refused
from course_engine.domain.messages import Message, MessageState, after_quiet
from course_engine.domain.people import Person
from course_engine.domain.work import Letter
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.services import letters
from course_engine.storage import audit, cohorts, messages, people

MOST_SUBJECT, MOST_TEXT = 120, 5000


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people words come to by letter, and how many get none: without an address, or not joined."""

    by_letter: int
    no_address: int
    not_joined: int


def write(
    engine: Engine,
    cohort: Cohort,
    subject: str,
    text: str,
    author: Person,
    now: datetime,
    person: str = "",
    press: str = "",
) -> Message:
    """Keep a draft to everybody in a cohort, or to one `person` of it.

    The same words sent again with the same `press`, a random word of the form, are one message. Raises
    NotFound for somebody outside, and BadInput for one who was invited and has not joined yet.
    """
    if person and person not in {id for id, _name, _run in cohorts.roster(cohort.id)}:
        raise NotFound(_("There is no such page."))
    if person and person not in messages.readers(cohort.id):
        raise BadInput({"to": _("They have not joined yet. Messages reach people once they have agreed.")})
    subject, text = _checked(subject, text)
    id = pressed_id(press, cohort.id, author.id, person, subject, text)
    message = Message(id, cohort.id, author.id, subject, text, MessageState.DRAFT, now, person=person or None)
    with engine.database.transaction():
        engine.database.one_at_a_time(f"message {id}")
        before = messages.get(id)
        if before is not None:
            return before
        messages.add(message)
    return message


def change(engine: Engine, message: Message, subject: str, text: str) -> Message:
    """Other words for a draft. Raises BadInput, and Refused once it is on its way."""
    subject, text = _checked(subject, text)
    with engine.database.transaction():
        engine.database.one_at_a_time(f"message {message.id}")
        if not messages.change(message.id, MessageState.DRAFT, subject=subject, text=text):
            raise Refused(_("This message is on its way already, so its words stay as they are."))
    return replace(message, subject=subject, text=text)


def send(
    engine: Engine,
    message: Message,
    cohort: Cohort,
    at: datetime,
    actor: Person,
    now: datetime,
    seen: str = "",
) -> datetime:
    """Let a draft go out at this hour, or right after the quiet hours of the group; when that is.

    Whoever sends it stands for its words from now on: those with the mark `seen`, or else as `message` has
    them. Raises BadInput where they are others by now, for an hour that is over and for words to somebody
    who has left, Refused for a message that is no draft any more.
    """
    if at < now:
        raise BadInput({"due": _("This hour is over. Choose a later one, or send it now.")})
    if not _has_reader(message):
        raise BadInput({"": _("This person is not in the group any more, so nobody would read it.")})
    due = after_quiet(at, cohort.zone)
    sent = {"state": MessageState.SCHEDULED, "due_at": due, "author": actor.id}
    with engine.database.transaction():
        engine.database.one_at_a_time(f"message {message.id}")
        current = messages.get(message.id)
        if current is None or not messages.change(message.id, MessageState.DRAFT, **sent):
            raise Refused(_("This message is on its way already."))
        if current.mark != (seen or message.mark):
            raise BadInput(
                {
                    "": _(
                        "The words have been changed since you looked at them, so nothing was sent. Here "
                        "they are as they stand now."
                    )
                }
            )
        audit.add(now, actor.id, "message.send", message.person, {"cohort": cohort.id, "message": message.id})
        if due <= now:
            _deliver(engine, replace(current, due_at=due), now)
    return due


def reach(cohort: Cohort, person: str | None = None) -> Reach:
    """Whom words to everybody in a cohort, or to one `person` of it, would come to now."""
    inside = {id for id, _name, _run in cohorts.roster(cohort.id) if person in (None, id)}
    readers = messages.readers(cohort.id) & inside
    by_letter = sum(1 for one in people.those(readers) if one.email)
    return Reach(by_letter, len(readers) - by_letter, len(inside - readers))


def cancel(engine: Engine, message: Message, actor: Person, now: datetime) -> None:
    """Take a message back before its hour. Raises Refused once it has gone out."""
    with engine.database.transaction():
        gone = not messages.change(message.id, MessageState.SCHEDULED, state=MessageState.CANCELLED)
        if gone and not messages.change(message.id, MessageState.DRAFT, state=MessageState.CANCELLED):
            raise Refused(_("This message has gone out, so it cannot be taken back."))
        audit.add(now, actor.id, "message.cancel", message.person, {"message": message.id})


def send_due(engine: Engine, now: datetime) -> int:
    """Send what waits for its hour and has come to it; how many messages went out.

    Taken back is what waits in a cohort that has ended, what was sent by somebody who leads it no longer, and
    words to somebody who has left it.
    """
    sent = 0
    for message in messages.due(now):
        with engine.database.transaction():
            cohort = cohorts.get(message.cohort)
            leaders = cohort.facilitators if cohort is not None and cohort.ended_at is None else ()
            if message.author not in leaders or not _has_reader(message):
                messages.change(message.id, MessageState.SCHEDULED, state=MessageState.CANCELLED)
            else:
                sent += _deliver(engine, message, now)
    return sent


def of_cohort(cohort: Cohort) -> list[Message]:
    """All messages of a cohort, newest first."""
    return messages.of_cohort(cohort.id)


def own(cohort: Cohort, id: str) -> Message:
    """A message of this cohort. Raises NotFound for another's."""
    found = messages.get(id)
    if found is None or found.cohort != cohort.id:
        raise NotFound(_("There is no such page."))
    return found


def to_person(cohort: Cohort, person: Person) -> list[Message]:
    """What was sent to this person while they were in the cohort, newest first."""
    times = cohorts.times(cohort.id, person.id)
    if times is None:
        return []
    found = messages.to_person(cohort.id, person.id)
    return [one for one in found if one.sent_at is not None and times.inside(one.sent_at)]


def _has_reader(message: Message) -> bool:
    """Whether the one person it is for is in the cohort; what is for all stands there for all."""
    return not message.person or message.person in messages.readers(message.cohort)


def _deliver(engine: Engine, message: Message, now: datetime) -> bool:
    if not messages.change(message.id, MessageState.SCHEDULED, state=MessageState.SENT, sent_at=now):
        return False
    inside = messages.readers(message.cohort)
    to = people.those({message.person} & inside if message.person else inside)
    for person in to:
        if person.email:
            letter = Letter(new_id(), person.email, message.subject, _text(engine, message), now)
            letters.post(engine, letter, dedupe=f"message|{message.id}|{person.id}")
    return True


def _text(engine: Engine, message: Message) -> str:
    return _(
        "%(words)s\n\n--\nThis comes from your group at %(site)s. You also find it here:\n%(link)s\n",
        words=message.text,
        site=engine.config.site_name,
        link=f"{engine.config.base_url}/messages",
    )


def _checked(subject: str, text: str) -> tuple[str, str]:
    faults: dict[str, str] = {}
    subject, text = " ".join(subject.split()), text.replace("\r\n", "\n").strip()
    if not subject or len(subject) > MOST_SUBJECT:
        faults["subject"] = _("Write a heading, at most %(most)s characters.", most=MOST_SUBJECT)
    if not text or len(text) > MOST_TEXT:
        faults["text"] = _("Write the message, at most %(most)s characters.", most=MOST_TEXT)
    if faults:
        raise BadInput(faults)
    return subject, text
