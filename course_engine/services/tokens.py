"""Keys for programs that act in a person's name: made and revoked by them, shown once, read or write."""

from contextlib import suppress
from datetime import datetime, timedelta

from course_engine.crypto import digest, new_id, new_token
from course_engine.domain.errors import BadInput, NotFound, Refused, Unavailable
from course_engine.domain.people import Person, Scope, Token
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.storage import audit, tokens

MOST = 20
MOST_SIGNS = 80
USED_EVERY = timedelta(hours=1)


def make(engine: Engine, person: Person, name: str, scope: Scope, now: datetime) -> tuple[Token, str]:
    """A new key and its secret, which nobody can look up again. Raises BadInput, Refused for too many."""
    shown = " ".join(name.split())
    if not shown or len(shown) > MOST_SIGNS:
        raise BadInput(
            {"token_name": _("Say what the key is for, in at most %(most)s characters.", most=MOST_SIGNS)}
        )
    secret = new_token()
    token = Token(new_id(), person.id, shown, scope, now)
    with engine.database.transaction():
        if len(tokens.of(person.id)) >= MOST:
            raise Refused(_("You have many keys already. Take one back first."))
        tokens.add(token, digest(secret))
        audit.add(now, person.id, "token.make", person.id, {"token": token.id, "scope": scope.value})
    return token, secret


def holder(engine: Engine, secret: str, now: datetime) -> tuple[Person, Token] | None:
    """Whose key this is; that it is in use is noted now and then."""
    found = tokens.by_digest(digest(secret))
    if found is not None and (found[1].used_at is None or now - found[1].used_at > USED_EVERY):
        with suppress(Unavailable), engine.database.transaction():
            tokens.used(found[1].id, now)
    return found


def of_person(person: Person) -> list[Token]:
    """The keys of a person, newest first."""
    return tokens.of(person.id)


def revoke(engine: Engine, person: Person, id: str, now: datetime) -> None:
    """Make one of the person's own keys worthless at once. Raises NotFound for anyone else's."""
    with engine.database.transaction():
        if not tokens.remove(id, person.id):
            raise NotFound(_("There is no such key."))
        audit.add(now, person.id, "token.revoke", person.id, {"token": id})
