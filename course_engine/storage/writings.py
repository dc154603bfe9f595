"""What people wrote, as sealed bytes: journal entries and answers. Nothing here can read them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from course_engine.storage import tables as t
from course_engine.storage.database import all_rows, current

_ENTRY = (
    t.Journal.id, t.Journal.person, t.Journal.run, t.Journal.step, t.Journal.sealed, t.Journal.created_at,
    t.Journal.changed_at,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """A journal entry; `step` is the prompt it answers, if any."""

    id: str
    person: str
    run: str
    step: str | None
    sealed: bytes
    created_at: datetime
    changed_at: datetime


_ANSWER = (
    t.Answer.run, t.Answer.kind, t.Answer.item, t.Answer.person, t.Answer.sealed, t.Answer.changed_at,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """What someone filled in: `kind` is worksheet, check-in, moment, measure or note; `item` its id."""

    run: str
    kind: str
    item: str
    person: str
    sealed: bytes
    changed_at: datetime


def save_journal(entry: Entry) -> None:
    """Write down a new entry; one that is there already stays as it is."""
    with current().transaction():
        t.Journal.insert(
            id=entry.id,
            person=entry.person,
            run=entry.run,
            step=entry.step,
            sealed=entry.sealed,
            created_at=entry.created_at,
            changed_at=entry.changed_at,
        ).on_conflict(action="IGNORE", conflict_target=[t.Journal.id]).execute()


def change_journal(id: str, person: str, sealed: bytes, changed_at: datetime) -> bool:
    """Write down the new text of an entry of this person; false when it is there no more."""
    with current().transaction():
        changed = t.Journal.update(sealed=sealed, changed_at=changed_at)
        return bool(changed.where(_mine(id, person) & t.Journal.deleted_at.is_null()).execute())


def journal(person: str, step: str | None = None) -> list[Entry]:
    """The entries of a person, or those to one prompt, newest first, without those put away."""
    mine = (t.Journal.person == person) & t.Journal.deleted_at.is_null()
    return _entries(mine & (t.Journal.step == step) if step else mine)


def get_journal(id: str, person: str) -> Entry | None:
    """One entry of this person."""
    return next(iter(_entries(_mine(id, person) & t.Journal.deleted_at.is_null())), None)


def newest_journal(person: str) -> Entry | None:
    """What this person wrote last in their journal."""
    order = (t.Journal.created_at.desc(), t.Journal.id)
    mine = (t.Journal.person == person) & t.Journal.deleted_at.is_null()
    rows = all_rows(t.Journal.select(*_ENTRY).where(mine).order_by(*order).limit(1))
    return Entry(*rows[0]) if rows else None


def delete_journal(id: str, person: str) -> None:
    """Delete an entry of this person: the row with its sealed words is gone."""
    with current().transaction():
        t.Journal.delete().where(_mine(id, person)).execute()


def save_answer(answer: Answer) -> None:
    """Keep what someone filled in; the newest stays."""
    with current().transaction():
        t.Answer.insert(
            run=answer.run,
            kind=answer.kind,
            item=answer.item,
            person=answer.person,
            sealed=answer.sealed,
            changed_at=answer.changed_at,
        ).on_conflict(
            conflict_target=[t.Answer.run, t.Answer.kind, t.Answer.item],
            update={"sealed": answer.sealed, "changed_at": answer.changed_at},
            where=(t.Answer.person == answer.person),
        ).execute()


def delete_answer(run: str, kind: str, item: str, person: str) -> None:
    """Forget what this person filled in at one place of a run, if there is something."""
    here = (t.Answer.run == run) & (t.Answer.kind == kind) & (t.Answer.item == item)
    with current().transaction():
        t.Answer.delete().where(here & (t.Answer.person == person)).execute()


def answer(run: str, kind: str, item: str) -> Answer | None:
    """What was filled in at one place of a run."""
    here = (t.Answer.run == run) & (t.Answer.kind == kind) & (t.Answer.item == item)
    return next(iter(_answers(here)), None)


def answers(run: str, kind: str | None = None) -> list[Answer]:
    """All that was filled in during a run, or all of one kind, oldest first."""
    return _answers((t.Answer.run == run) & (t.Answer.kind == kind) if kind else t.Answer.run == run)


def moments(person: str, step: str) -> list[tuple[Answer, bytes]]:
    """What this person kept after a practice in any run, newest first, each with the person's wrapped key."""
    mine = (t.Answer.person == person) & (t.Answer.kind == "moment") & t.Person.wrapped_key.is_null(False)
    here = (t.Answer.item == step) | t.Answer.item.startswith(f"{step}/")
    rows = t.Answer.select(*_ANSWER, t.Person.wrapped_key).join(t.Person).where(mine & here)
    newest = (t.Answer.changed_at.desc(), t.Answer.item)
    return [(Answer(*row[:-1]), bytes(row[-1])) for row in all_rows(rows.order_by(*newest))]


def _mine(id: str, person: str) -> Any:
    return (t.Journal.id == id) & (t.Journal.person == person)


def _entries(where: Any) -> list[Entry]:
    newest = (t.Journal.created_at.desc(), t.Journal.id)
    return [Entry(*row) for row in all_rows(t.Journal.select(*_ENTRY).where(where).order_by(*newest))]


def _answers(where: Any) -> list[Answer]:
    order = (t.Answer.changed_at, t.Answer.kind, t.Answer.item)
    return [Answer(*row) for row in all_rows(t.Answer.select(*_ANSWER).where(where).order_by(*order))]
