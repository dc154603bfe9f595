"""Accounts as those who run the site see them: found by words and roles, locked, counted."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from course_engine.domain.people import Person, listed_as
from course_engine.domain.roles import Role
from course_engine.storage import people
from course_engine.storage import tables as t
from course_engine.storage.database import all_rows, fetch, first_row
from course_engine.storage.fields import instant


@dataclass(frozen=True, slots=True)
class Standing:
    """How an account stands: since when it is locked, whether its person has a way in of their own."""

    locked_at: datetime | None
    has_password: bool


@dataclass(frozen=True, slots=True)
class Lead:
    """A cohort that somebody stands in as a facilitator, and how many `others` lead it."""

    cohort: str
    name: str
    ended_at: datetime | None
    others: int


def may_lead(column: str) -> str:
    """The condition (SQL) that this column names somebody who can lead: a facilitator, and not locked."""
    return (
        "EXISTS (SELECT 1 FROM person able JOIN role r ON r.person = able.id "  # noqa: S608 — fixed columns
        f"WHERE able.id = {column} AND able.locked_at IS NULL AND r.role = '{Role.FACILITATOR.value}')"
    )


_FACILITATORS = f"SELECT id FROM person WHERE {may_lead('person.id')}"  # noqa: S608 — fixed columns
_LEADS = f"""
    SELECT c.id, c.name, c.ended_at,
        (SELECT COUNT(*) FROM facilitator f
         WHERE f.cohort = c.id AND f.person <> mine.person AND {may_lead("f.person")})
    FROM cohort c JOIN facilitator mine ON mine.cohort = c.id
    WHERE mine.person = ? ORDER BY c.name, c.id
"""  # noqa: S608 — fixed columns


def named(words: str, role: Role | None) -> list[str]:
    """The ids of the people whose name, address or sign-in name holds these words, or of all, by name.

    Names are compared without accents, which no database does for us: one query, looked through here.
    """
    query = t.Person.select(t.Person.id, t.Person.name, t.Person.email, t.Person.sign_in_name)
    if role is not None:
        query = query.where(_with(role))
    wanted, plain = words.casefold(), listed_as(words)
    found = [
        (listed_as(name), id)
        for id, name, email, sign_in_name in all_rows(query)
        if plain in listed_as(name) or wanted in (email or "") or wanted in (sign_in_name or "")
    ]
    return [id for _name, id in sorted(found)]


def in_order(ids: Sequence[str]) -> list[Person]:
    """The people with these ids, in this order."""
    known = {person.id: person for person in people.those(ids)}
    return [known[id] for id in ids if id in known]


def standings(ids: Collection[str]) -> dict[str, Standing]:
    """How these accounts stand, by the id of the person. One query."""
    columns = (t.Person.id, t.Person.locked_at, t.Person.password_hash != "")
    rows = all_rows(t.Person.select(*columns).where(t.Person.id.in_(list(ids))))
    return {id: Standing(instant(locked_at), bool(password)) for id, locked_at, password in rows}


def is_locked(id: str) -> bool:
    """Whether this person is kept from signing in."""
    row = first_row(t.Person.select(t.Person.locked_at).where(t.Person.id == id))
    return bool(row and row[0] is not None)


def lock(id: str, at: datetime) -> bool:
    """Keep a person from signing in; false when they are kept from it already."""
    query = t.Person.update(locked_at=at).where((t.Person.id == id) & t.Person.locked_at.is_null())
    return bool(query.execute())


def unlock(id: str) -> bool:
    """Let a person sign in again; false when they can."""
    query = t.Person.update(locked_at=None).where((t.Person.id == id) & t.Person.locked_at.is_null(False))
    return bool(query.execute())


def admins() -> set[str]:
    """The admins who can sign in."""
    can = t.Person.locked_at.is_null() & (t.Person.password_hash != "") & _with(Role.ADMIN)
    return {id for (id,) in all_rows(t.Person.select(t.Person.id).where(can))}


def facilitators() -> set[str]:
    """Everybody who can lead a cohort here."""
    return {id for (id,) in fetch(_FACILITATORS)}


def leads(person: str) -> list[Lead]:
    """The cohorts a person stands in as a facilitator, by name. One query."""
    rows = fetch(_LEADS, person)
    return [Lead(id, name, instant(ended_at), int(number)) for id, name, ended_at, number in rows]


def names(ids: Collection[str]) -> dict[str, str]:
    """What people are called, by their ids. One query."""
    return dict(all_rows(t.Person.select(t.Person.id, t.Person.name).where(t.Person.id.in_(list(ids)))))


def cohort_names(ids: Collection[str]) -> dict[str, str]:
    """What cohorts are called, by their ids. One query."""
    return dict(all_rows(t.Cohort.select(t.Cohort.id, t.Cohort.name).where(t.Cohort.id.in_(list(ids)))))


def _with(role: Role) -> Any:
    return t.Person.id.in_(t.Role.select(t.Role.person).where(t.Role.role == role.value))
