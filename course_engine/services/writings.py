"""What learners write: sealed here with their own key, so that storage only ever sees bytes."""

import json
import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from course_engine.crypto import PersonKey, Unsealable, pressed_id
from course_engine.domain.errors import BadInput, NotFound
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.storage import writings

Kind = Literal["worksheet", "check-in", "moment", "measure", "note"]
Answers = dict[str, object]
LONGEST = 100_000
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of a journal, opened for the person who wrote it; a damaged one says so instead."""

    id: str
    run: str
    step: str | None
    text: str
    created_at: datetime
    changed_at: datetime
    damaged: bool = False


def write_entry(
    engine: Engine,
    person: Person,
    run: Run,
    text: str,
    now: datetime,
    step: str | None = None,
    entry: str = "",
    press: str = "",
) -> str:
    """Keep a journal entry, a new one or the one with this id; gives its id. Raises BadInput, NotFound.

    The same words sent again with the same `press`, a random word of the form, are the same new entry.
    """
    kept = _checked(text)
    if entry and writings.get_journal(entry, person.id) is None:
        raise NotFound(_("There is no such page."))
    id = entry or pressed_id(press, person.id, kept)
    if not entry and writings.get_journal(id, person.id) is not None:
        return id
    sealed = engine.person_key(person.id).seal(kept, _place("journal", person.id, id))
    with engine.database.transaction():
        writings.save_journal(writings.Entry(id, person.id, run.id, step, sealed, now, now))
    return id


def entries(engine: Engine, person: Person, step: str | None = None) -> list[Entry]:
    """All of the person's journal, or what answers one prompt, newest first."""
    key = engine.person_key(person.id)
    return [_opened(key, one) for one in writings.journal(person.id, step)]


def entry(engine: Engine, person: Person, id: str) -> Entry:
    """One page of the person's journal. Raises NotFound, for another's too."""
    found = writings.get_journal(id, person.id)
    if found is None:
        raise NotFound(_("There is no such page."))
    return _opened(engine.person_key(person.id), found)


def delete_entry(engine: Engine, person: Person, id: str) -> Entry:
    """Delete one page of the journal for good; gives what it was. Raises NotFound."""
    found = entry(engine, person, id)
    with engine.database.transaction():
        writings.delete_journal(id, person.id)
    return found


def is_filled_in(engine: Engine, person: Person, run: Run, worksheet: str) -> bool:
    """Whether something stands on a worksheet; one that does not open is as one without words."""
    try:
        return bool(answers(engine, person, run, "worksheet", worksheet))
    except Unsealable:
        _log.warning("a worksheet does not open", extra={"row": f"{run.id}/{worksheet}"})
        return False


def save_answers(
    engine: Engine, person: Person, run: Run, kind: Kind, item: str, answers: Answers, now: datetime
) -> None:
    """Keep what was filled in on a worksheet, a check-in or after a practice. Raises BadInput.

    Of a worksheet that was emptied nothing is kept.
    """
    if kind == "worksheet" and not answers:
        with engine.database.transaction():
            writings.delete_answer(run.id, kind, item, person.id)
        return
    text = _checked(json.dumps(answers, ensure_ascii=False))
    sealed = engine.person_key(person.id).seal(text, _place(f"answer-{kind}", person.id, f"{run.id}/{item}"))
    with engine.database.transaction():
        writings.save_answer(writings.Answer(run.id, kind, item, person.id, sealed, now))


def answers(engine: Engine, person: Person, run: Run, kind: Kind, item: str) -> Answers:
    """What the person filled in here before; nothing yet is empty."""
    found = writings.answer(run.id, kind, item)
    if found is None:
        return {}
    place = _place(f"answer-{kind}", person.id, f"{run.id}/{item}")
    opened: Answers = json.loads(engine.person_key(person.id).open(found.sealed, place))
    return opened


def former(
    engine: Engine, person: Person, run: Run, kind: Kind, item: str, asked: Collection[str]
) -> dict[str, object]:
    """What the person filled in here while more was asked; one that does not open is as one without words."""
    try:
        known = answers(engine, person, run, kind, item)
    except Unsealable:
        _log.warning("an answer does not open", extra={"row": f"{run.id}/{item}"})
        return {}
    return {id: answer for id, answer in known.items() if id not in asked}


def answers_of_kind(engine: Engine, person: Person, run: Run, kind: Kind) -> dict[str, Answers]:
    """All that was filled in of one kind during a run, by the item it belongs to."""
    key = engine.person_key(person.id)
    found: dict[str, Answers] = {}
    for one in writings.answers(run.id, kind):
        place = _place(f"answer-{kind}", person.id, f"{run.id}/{one.item}")
        found[one.item] = json.loads(key.open(one.sealed, place))
    return found


def _opened(key: PersonKey, one: writings.Entry) -> Entry:
    try:
        text, damaged = key.open(one.sealed, _place("journal", one.person, one.id)), False
    except Unsealable:
        _log.warning("a journal entry does not open", extra={"row": one.id})
        text, damaged = _("This entry cannot be opened."), True
    return Entry(one.id, one.run, one.step, text, one.created_at, one.changed_at, damaged)


def _place(table: str, person: str, row: str) -> str:
    return f"{table}|{person}|{row}"


def _checked(text: str) -> str:
    if len(text) > LONGEST:
        raise BadInput(
            {"text": _("This is longer than one page can hold. Keep a part of it, then begin a second page.")}
        )
    return text
