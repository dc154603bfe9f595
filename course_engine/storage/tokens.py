"""Keys for programs: only a digest of each is here."""

from datetime import datetime

from course_engine.domain.people import Person, Scope, Token
from course_engine.storage import people
from course_engine.storage import tables as t
from course_engine.storage.database import all_rows, first_row

_COLUMNS = (t.Token.id, t.Token.person, t.Token.name, t.Token.scope, t.Token.created_at, t.Token.used_at)


def add(token: Token, digest: bytes) -> None:
    """Write down a new key; `digest` is of the secret that is shown once."""
    t.Token.insert(
        id=token.id,
        digest=digest,
        person=token.person,
        name=token.name,
        scope=token.scope,
        created_at=token.created_at,
        used_at=token.used_at,
    ).execute()


def by_digest(digest: bytes) -> tuple[Person, Token] | None:
    """Whose key this is."""
    row = first_row(t.Token.select(*_COLUMNS).where(t.Token.digest == digest))
    person = people.get(row[1]) if row else None
    return (person, _made(row)) if row and person else None


def of(person: str) -> list[Token]:
    """The keys of a person, newest first."""
    query = t.Token.select(*_COLUMNS).where(t.Token.person == person)
    return [_made(row) for row in all_rows(query.order_by(t.Token.created_at.desc(), t.Token.id))]


def used(id: str, at: datetime) -> None:
    """Note that a key was used."""
    t.Token.update(used_at=at).where(t.Token.id == id).execute()


def remove(id: str, person: str) -> bool:
    """Make a key of this person worthless; whether there was one."""
    return bool(t.Token.delete().where((t.Token.id == id) & (t.Token.person == person)).execute())


def remove_all(person: str) -> None:
    """Make every key of this person worthless."""
    t.Token.delete().where(t.Token.person == person).execute()


def _made(row: tuple[object, ...]) -> Token:
    id, person, name, scope, created_at, used_at = row
    return Token(id, person, name, Scope(scope), created_at, used_at)  # type: ignore[arg-type]
