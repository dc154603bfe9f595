"""People, their roles, their wrapped keys and what they agreed to."""

from collections.abc import Collection, Iterable
from typing import Any

from peewee import JOIN, IntegrityError

from course_engine.domain.errors import Refused
from course_engine.domain.people import Consent, Person, Theme
from course_engine.domain.roles import Role
from course_engine.i18n import gettext as _
from course_engine.storage import files, runs
from course_engine.storage import tables as t
from course_engine.storage.database import all_rows, current, first_row
from course_engine.storage.fields import moment

COLUMNS = (
    t.Person.id, t.Person.name, t.Person.email, t.Person.sign_in_name, t.Person.zone, t.Person.language,
    t.Person.theme, t.Person.created_at,
)  # fmt: skip
# What people are called in a cohort depends on these.
_SHOWN = frozenset({"name", "email", "password_hash"})
_MANY = 500


def add(person: Person, password_hash: str, wrapped_key: bytes) -> None:
    """Write down a new person. Raises Refused when the address or sign-in name is taken."""
    with current().transaction():
        try:
            with current().transaction():
                t.Person.insert(
                    id=person.id,
                    name=person.name,
                    email=person.email,
                    sign_in_name=person.sign_in_name,
                    password_hash=password_hash,
                    zone=person.zone,
                    language=person.language,
                    theme=person.theme,
                    wrapped_key=wrapped_key,
                    created_at=person.created_at,
                ).execute()
        except IntegrityError as error:
            raise Refused(_("There is an account with this address or sign-in name already.")) from error
        set_roles(person.id, person.roles)


def get(id: str) -> Person | None:
    """The person with this id."""
    return _one(t.Person.id == id)


def those(ids: Collection[str]) -> list[Person]:
    """The people with these ids, in no order. Two queries."""
    return _with_roles(all_rows(t.Person.select(*COLUMNS).where(t.Person.id.in_(list(ids)))))


def by_address(text: str) -> tuple[Person, str] | None:
    """The person with this address or sign-in name, and the hash of their password."""
    address = text.strip().lower()
    found = (t.Person.email == address) | (t.Person.sign_in_name == address)
    row = first_row(t.Person.select(t.Person.id, t.Person.password_hash).where(found))
    person = get(row[0]) if row else None
    return (person, row[1]) if row and person else None


def password_hash(id: str) -> str:
    """The hash of this person's password; empty if there is no such person."""
    row = first_row(t.Person.select(t.Person.password_hash).where(t.Person.id == id))
    return str(row[0]) if row else ""


def change(id: str, **fields: Any) -> None:
    """Change columns: name, email, sign_in_name, password_hash, zone, language, theme, wrapped_key.

    Raises Refused when the address or sign-in name is taken.
    """
    try:
        with current().transaction():
            t.Person.update(**fields).where(t.Person.id == id).execute()
            if fields.keys() & _SHOWN:
                runs.name_of(id)
    except IntegrityError as error:
        raise Refused(_("There is an account with this address or sign-in name already.")) from error


def key(id: str) -> bytes | None:
    """The wrapped key of this person; none once what they wrote was made unreadable."""
    row = first_row(t.Person.select(t.Person.wrapped_key).where(t.Person.id == id))
    return bytes(row[0]) if row and row[0] is not None else None


def keys(ids: Iterable[str]) -> dict[str, bytes]:
    """The wrapped keys of these people, as far as there are any."""
    wanted = sorted(set(ids))
    found: dict[str, bytes] = {}
    for start in range(0, len(wanted), _MANY):
        some = t.Person.id.in_(wanted[start : start + _MANY]) & t.Person.wrapped_key.is_null(False)
        rows = all_rows(t.Person.select(t.Person.id, t.Person.wrapped_key).where(some))
        found.update({id: bytes(key) for id, key in rows})
    return found


def all(after: str | None = None, limit: int = 50) -> list[Person]:
    """People by name, beginning after the person with id `after`."""
    query = t.Person.select(*COLUMNS).order_by(t.Person.name, t.Person.id).limit(limit)
    last = get(after) if after else None
    if last:
        query = query.where(
            (t.Person.name > last.name) | ((t.Person.name == last.name) & (t.Person.id > last.id))
        )
    return _with_roles(all_rows(query))


def count() -> int:
    """How many people there are."""
    return int(t.Person.select().count())


def remove(id: str) -> None:
    """Delete a person and all that belongs to them, and what was made with them in it for who led them."""
    with current().transaction():
        been = t.Membership.select(t.Membership.cohort).where(t.Membership.person == id)
        files.drop_of_cohorts([cohort for (cohort,) in all_rows(been)])
        t.Person.delete().where(t.Person.id == id).execute()


def set_roles(id: str, roles: frozenset[Role]) -> None:
    """Give a person exactly these roles."""
    with current().transaction():
        t.Role.delete().where(t.Role.person == id).execute()
        rows = [(id, role.value) for role in sorted(roles)]
        if rows:
            t.Role.insert_many(rows, fields=[t.Role.person, t.Role.role]).execute()


def agree(person: str, course: str, consent: Consent) -> None:
    """Note that a person agreed to this version of the words; the first time stays."""
    query = t.Consent.insert(person=person, course=course, version=consent.version, at=consent.at)
    once = (t.Consent.person, t.Consent.course, t.Consent.version)
    query.on_conflict(action="IGNORE", conflict_target=once).execute()


def consent(person: str, course: str) -> Consent | None:
    """The newest words of this course that the person agreed to."""
    mine = (t.Consent.person == person) & (t.Consent.course == course)
    query = t.Consent.select(t.Consent.version, t.Consent.at).where(mine).order_by(t.Consent.at.desc())
    row = first_row(query)
    return Consent(*row) if row else None


def made(row: tuple[Any, ...], roles: set[str]) -> Person:
    """A person from a row of COLUMNS."""
    id, name, email, sign_in_name, zone, language, theme, created_at = row
    given = frozenset(Role(role) for role in roles)
    return Person(id, name, email, sign_in_name, given, zone, language, Theme(theme), moment(created_at))


def _with_roles(rows: list[tuple[Any, ...]]) -> list[Person]:
    roles: dict[str, set[str]] = {row[0]: set() for row in rows}
    chosen = all_rows(t.Role.select(t.Role.person, t.Role.role).where(t.Role.person.in_(list(roles))))
    for person, role in chosen:
        roles[person].add(role)
    return [made(row, roles[row[0]]) for row in rows]


def _one(where: Any) -> Person | None:
    rows = all_rows(t.Person.select(*COLUMNS, t.Role.role).join(t.Role, JOIN.LEFT_OUTER).where(where))
    return made(rows[0][:-1], {row[-1] for row in rows if row[-1]}) if rows else None
