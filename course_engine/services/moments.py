"""What learners keep after a practice, a word and a note each time: sealed, and for them alone to read."""

import json
import logging
from dataclasses import dataclass
from datetime import datetime

from course_engine.crypto import PersonKey, Unsealable, pressed_id
from course_engine.domain.errors import NotFound
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.services import writings
from course_engine.storage import writings as stored

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Moment:
    """What was kept after one time of practising; `word` is one of five or empty, and so may `note` be."""

    id: str
    word: str
    note: str
    at: datetime


def keep(
    engine: Engine, person: Person, run: Run, step: str, word: str, note: str, now: datetime, press: str = ""
) -> bool:
    """Keep what somebody chose and wrote after a practice; whether there was anything. Raises BadInput.

    Sent again with the same `press`, a random word of the form, it takes the place of what was sent first.
    """
    given: writings.Answers = {
        name: text for name, text in (("moment", word), ("note", note)) if text.strip()
    }
    if given:
        item = f"{step}/{pressed_id(press, person.id, run.id, step)}"
        writings.save_answers(engine, person, run, "moment", item, given, now)
    return bool(given)


def of_step(engine: Engine, person: Person, step: str) -> list[Moment]:
    """All that this person kept after a practice, newest first, whichever time through; one query."""
    found = stored.moments(person.id, step)
    if not found:
        return []
    key = engine.keys.open(found[0][1])
    return [_opened(key, one) for one, _wrapped in found]


def one(engine: Engine, person: Person, step: str, id: str) -> Moment:
    """One of them. Raises NotFound, for another person's too."""
    for found in of_step(engine, person, step):
        if found.id == id:
            return found
    raise NotFound(_("This note is not here. If you deleted it, that worked."))


def delete(engine: Engine, person: Person, step: str, id: str) -> None:
    """Delete one of them for good. Raises NotFound."""
    for found, _wrapped in stored.moments(person.id, step):
        if _id(found) == id:
            with engine.database.transaction():
                stored.delete_answer(found.run, found.kind, found.item, person.id)
            return
    raise NotFound(_("This note is not here. If you deleted it, that worked."))


def _id(kept: stored.Answer) -> str:
    # The first that were kept stood under the step alone, one of them in each run.
    return kept.item.partition("/")[2] or kept.run


def _opened(key: PersonKey, kept: stored.Answer) -> Moment:
    place = f"answer-moment|{kept.person}|{kept.run}/{kept.item}"
    try:
        given = json.loads(key.open(kept.sealed, place))
    except Unsealable:
        _log.warning("a note after a practice does not open", extra={"row": f"{kept.run}/{kept.item}"})
        given = {"note": _("This note cannot be opened.")}
    return Moment(_id(kept), str(given.get("moment", "")), str(given.get("note", "")), kept.changed_at)
