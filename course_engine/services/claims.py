"""A way in of one's own, for people whom a facilitator has entered: invited ones, and those on paper.

The code stands in the link of a letter or on a slip of paper. Nothing moves: the person stays the same.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from course_engine.crypto import digest, new_code, read_code
from course_engine.domain.errors import BadInput, Refused
from course_engine.domain.people import Person
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.services import passwords
from course_engine.services.people import checked_name, read_address
from course_engine.storage import audit, members, people, resets

SIGNS = 16
LASTS = timedelta(days=180)


def new(engine: Engine, people: Collection[str], actor: Person, now: datetime) -> dict[str, str]:
    """A code for each of these people who has no way in yet; an older one stops working.

    None for people whom others lead too: who holds a code comes into all that is theirs.
    """
    with engine.database.transaction():
        closed = members.with_account(people) | members.led_by_others(people, actor.id)
        codes = {id: new_code(SIGNS) for id in sorted(set(people) - closed)}
        resets.renew({id: _digest(code) for id, code in codes.items()}, now + LASTS)
        if codes:
            audit.add(now, actor.id, "person.claim_codes", None, {"people": sorted(codes)})
    return codes


def look(typed: str, now: datetime) -> Person:
    """Whose code this is, while they have no way in of their own. Raises Refused."""
    found = resets.look(_digest(typed), now) if len(typed) <= 60 else None
    person = people.get(found) if found else None
    if person is None or members.with_account([person.id]):
        raise Refused(_("This code has been used or has run out. Ask your facilitator for a new one."))
    return person


def claim(engine: Engine, typed: str, name: str, address: str, password: str, now: datetime) -> Person:
    """Choose how to sign in: with the address they were invited by, or a sign-in name.

    Another address would have to be proved first. Raises BadInput, Refused.
    """
    person = look(typed, now)
    shown = checked_name(name)
    email, sign_in_name = read_address(address)
    if email is not None and email != person.email:
        raise BadInput({"email": _("Choose a name of letters and figures to sign in with, without an @.")})
    passwords.check(password, shown, address, engine.config.site_name)
    stored = passwords.hashed(password)
    with engine.database.transaction():
        engine.database.one_at_a_time(f"person {person.id}")
        look(typed, now)
        other = people.by_address(email or sign_in_name or "")
        if other is not None and other[0].id != person.id:
            raise BadInput({"email": _("There is an account with this address or name already.")})
        if resets.take(_digest(typed), now) is None:
            raise Refused(_("This code has been used or has run out. Ask your facilitator for a new one."))
        people.change(
            person.id, name=shown, email=person.email, sign_in_name=sign_in_name, password_hash=stored
        )
        resets.drop_of(person.id)
        audit.add(now, person.id, "person.claim", person.id, {})
    found = people.get(person.id)
    assert found is not None  # noqa: S101 - it was changed just now
    return found


def _digest(typed: str) -> bytes:
    return digest(f"claim|{read_code(typed)}")
