"""What learners write: sealed here with their own key, so that storage only ever sees bytes."""

import json
import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from course_engine.crypto import PersonKey, Unsealable, pressed_id
from course_engine.domain.errors import BadInput, NotFound
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.services import marks, orders
from course_engine.services.marks import Came
from course_engine.storage import writings

Kind = Literal["worksheet", "check-in", "moment", "measure", "note"]
Answers = dict[str, object]
LONGEST = 100_000
_ONCE = timedelta(hours=1)
_log = logging.getLogger(__name__)


class EntryGone(NotFound):
    """A page of the journal was to be changed that is there no more, or is another person's."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of a journal, opened for the person who wrote it; a damaged one says so instead.

    `mark` goes along with a form that is made from it.
    """

    id: str
    run: str
    step: str | None
    text: str
    created_at: datetime
    changed_at: datetime
    damaged: bool = False
    mark: str = ""


def write_entry(
    engine: Engine,
    person: Person,
    run: Run,
    text: str,
    now: datetime,
    step: str | None = None,
    press: str = "",
) -> str:
    """Keep a new journal entry; gives its id. Raises BadInput.

    The same words sent again with the same `press`, a random word of the form, are the same new entry, and
    so they are when somebody goes back to the page they wrote on and keeps them once more within the hour.
    """
    kept = _checked(text)
    id = pressed_id(press, person.id, kept)
    if writings.get_journal(id, person.id) is not None:
        return id
    key, last = engine.person_key(person.id), writings.newest_journal(person.id) if press else None
    if last and last.step == step and now - last.created_at < _ONCE:
        before = _opened(engine, key, last)
        if before.text == kept and not before.damaged:
            return last.id
    sealed = key.seal(kept, _place("journal", person.id, id))
    with engine.database.transaction():
        writings.save_journal(writings.Entry(id, person.id, run.id, step, sealed, now, now))
    return id


def change_entry(engine: Engine, person: Person, id: str, text: str, now: datetime, mark: str = "") -> Came:
    """Keep other words on a page of the journal; gives what came of it. Raises BadInput, NotFound.

    With the `mark` of what a form was made from, nothing that was written since is overwritten: raises
    ChangedMeanwhile.
    """
    text, place = _checked(text), _place("journal", person.id, id)
    with engine.database.transaction():
        engine.database.one_at_a_time(place)
        found = entry(engine, person, id)
        # One that does not open any more is made whole by whoever still has its words.
        if mark and not found.damaged:
            came = marks.came(engine, mark, place, found.text, text)
            if came is not Came.KEPT:
                return came
        if not writings.change_journal(id, person.id, engine.person_key(person.id).seal(text, place), now):
            raise EntryGone(_("There is no such page."))
    return Came.KEPT


def entries(engine: Engine, person: Person, step: str | None = None) -> list[Entry]:
    """All of the person's journal, or what answers one prompt, newest first."""
    key = engine.person_key(person.id)
    return [_opened(engine, key, one) for one in writings.journal(person.id, step)]


def entry(engine: Engine, person: Person, id: str) -> Entry:
    """One page of the person's journal. Raises NotFound, for another's too."""
    found = writings.get_journal(id, person.id)
    if found is None:
        raise EntryGone(_("There is no such page."))
    return _opened(engine, engine.person_key(person.id), found)


def delete_entry(engine: Engine, person: Person, id: str) -> Entry:
    """Delete one page of the journal for good; gives what it was. Raises NotFound."""
    found = entry(engine, person, id)
    with engine.database.transaction():
        writings.delete_journal(id, person.id)
    return found


def is_filled_in(engine: Engine, person: Person, run: Run, worksheet: str) -> bool:
    """Whether something stands on a worksheet; one that does not open is as one without words."""
    return bool(opened(engine, person, run, "worksheet", worksheet))


def save_answers(
    engine: Engine,
    person: Person,
    run: Run,
    kind: Kind,
    item: str,
    answers: Answers,
    now: datetime,
    mark: str = "",
) -> Came:
    """Keep what was filled in on a worksheet, a check-in or after a practice; gives what came of it.

    Raises BadInput. Of a worksheet that was emptied nothing is kept, and no print holds on to what stood
    there before. With the `mark` of what a form was made from, nothing that was filled in since is
    overwritten: raises ChangedMeanwhile.
    """
    text = _checked(_plain(answers))
    place = _place(f"answer-{kind}", person.id, f"{run.id}/{item}")
    with engine.database.transaction():
        engine.database.one_at_a_time(place)
        # What does not open any more can be filled in anew by whoever likes.
        known = opened(engine, person, run, kind, item) if mark else None
        if known is not None:
            came = marks.came(engine, mark, place, _plain(known), text)
            if came is not Came.KEPT:
                return came
        if kind == "worksheet":
            orders.forget_sheet(person, item)
        if kind == "worksheet" and not answers:
            writings.delete_answer(run.id, kind, item, person.id)
            return Came.KEPT
        sealed = engine.person_key(person.id).seal(text, place)
        writings.save_answer(writings.Answer(run.id, kind, item, person.id, sealed, now))
    return Came.KEPT


def mark_of(engine: Engine, run: Run, kind: Kind, item: str, answers: Answers) -> str:
    """A mark of these answers for the form that is made from them; it tells nobody anything."""
    return marks.of(engine, _place(f"answer-{kind}", run.person, f"{run.id}/{item}"), _plain(answers))


def still_of(engine: Engine, person: Person, run: str, kind: Kind, item: str, mark: str) -> bool:
    """Inside a transaction: whether these answers have this mark; until it ends nobody changes them."""
    place = _place(f"answer-{kind}", person.id, f"{run}/{item}")
    engine.database.one_at_a_time(place)
    found = writings.answer(run, kind, item)
    with suppress(Unsealable):
        known = {} if found is None else _read(engine.person_key(person.id), found)
        return marks.fits(engine, mark, place, _plain(known))
    return False


def answers(engine: Engine, person: Person, run: Run, kind: Kind, item: str) -> Answers:
    """What the person filled in here before; nothing yet is empty. Raises Unsealable if it is damaged."""
    found = writings.answer(run.id, kind, item)
    return {} if found is None else _read(engine.person_key(person.id), found)


def opened(engine: Engine, person: Person, run: Run, kind: Kind, item: str) -> Answers | None:
    """The same, but None where it is damaged and does not open."""
    try:
        return answers(engine, person, run, kind, item)
    except Unsealable:
        _log.warning("an answer does not open", extra={"row": f"{run.id}/{item}"})
        return None


def answers_of_kind(engine: Engine, person: Person, run: Run, kind: Kind) -> dict[str, Answers]:
    """All that was filled in of one kind during a run, by the item it belongs to; but for what is damaged."""
    key = engine.person_key(person.id)
    found: dict[str, Answers] = {}
    for one in writings.answers(run.id, kind):
        try:
            found[one.item] = _read(key, one)
        except Unsealable:
            _log.warning("an answer does not open", extra={"row": f"{run.id}/{one.item}"})
    return found


def _read(key: PersonKey, one: writings.Answer) -> Answers:
    place = _place(f"answer-{one.kind}", one.person, f"{one.run}/{one.item}")
    found: Answers = json.loads(key.open(one.sealed, place))
    return found


def _plain(answers: Answers) -> str:
    return json.dumps(answers, ensure_ascii=False, sort_keys=True)


def _opened(engine: Engine, key: PersonKey, one: writings.Entry) -> Entry:
    place = _place("journal", one.person, one.id)
    try:
        text, damaged = key.open(one.sealed, place), False
    except Unsealable:
        _log.warning("a journal entry does not open", extra={"row": one.id})
        text, damaged = _("This entry cannot be opened."), True
    mark = marks.of(engine, place, text)
    return Entry(one.id, one.run, one.step, text, one.created_at, one.changed_at, damaged, mark)


def _place(table: str, person: str, row: str) -> str:
    return f"{table}|{person}|{row}"


def _checked(text: str) -> str:
    if len(text) > LONGEST:
        raise BadInput(
            {"text": _("This is longer than one page can hold. Keep a part of it, then begin a second page.")}
        )
    return text
