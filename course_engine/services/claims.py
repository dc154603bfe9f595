"""A way in of one's own, for people whom a facilitator has entered: invited ones, and those on paper.

The code stands in the link of a letter or on a slip of paper. Nothing moves: the person stays the same.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from course_engine.crypto import digest, new_code, read_code
from course_engine.domain.errors import BadInput, Refused, noting
from course_engine.domain.people import Person
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.services import passwords
from course_engine.services.names import checked_name, read_address
from course_engine.storage import accounts, audit, members, people, resets, runs

SIGNS = 16
LASTS = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Place:
    """What a code leads to: a person's place. One that is not `open` they enter by signing in."""

    person: Person
    open: bool


def new(engine: Engine, people: Collection[str], actor: Person, now: datetime) -> dict[str, str]:
    """A code for each of these people; of those who have no way in yet, an older one stops working.

    It opens nothing of people who have an account, whom others lead too, or who are more than learners: who
    holds a code would come into all that is theirs. Theirs looks the same, so that no code tells who has an
    account.
    """
    with engine.database.transaction():
        closed = members.with_account(people) | members.led_by_others(people, actor.id)
        closed |= members.in_office(people)
        codes = {id: new_code(SIGNS) for id in sorted(set(people))}
        resets.renew({id: _opens(code) for id, code in codes.items() if id not in closed}, now + LASTS)
        resets.add_all({id: _leads(code) for id, code in codes.items() if id in closed}, now + LASTS)
        if codes:
            audit.add(now, actor.id, "person.claim_codes", None, {"people": sorted(codes)})
    return codes


def invite(engine: Engine, person: str, admin: Person, now: datetime) -> str:
    """A code for the account that an admin has made, whatever its roles; an older one stops working."""
    code = new_code(SIGNS)
    with engine.database.transaction():
        resets.renew({person: _invites(code)}, now + LASTS)
        audit.add(now, admin.id, "person.claim_codes", None, {"people": [person]})
    return code


def look(typed: str, now: datetime) -> Place:
    """The place behind a code: until it is claimed, or until its person has joined. Raises Refused."""
    if len(typed) <= 60:
        found = _behind(typed, now)
        if found is not None:
            return Place(found, open=True)
        found = people.get(resets.look(_leads(typed), now) or "")
        if found is not None and any(run.started_at is None for run in runs.of(found.id)):
            return Place(found, open=False)
    raise Refused(_closed())


def claim(engine: Engine, typed: str, name: str, address: str, password: str, now: datetime) -> Person:
    """Choose how to sign in: with the address they were invited by, or a sign-in name.

    Another address would have to be proved first. Raises BadInput, Refused.
    """
    place = look(typed, now)
    person = place.person
    shown, sign_in_name = _checked(engine, person, name, address, password)
    stored = passwords.hashed(password)
    if not place.open:
        raise BadInput(
            {"email": _("There is a way in for you already. Sign in with it: your place is there.")}
        )
    with engine.database.transaction():
        engine.database.one_at_a_time(f"person {person.id}")
        if not look(typed, now).open or not _use(typed, now):
            raise Refused(_closed())
        other = people.by_address(sign_in_name or "")
        if other is not None and other[0].id != person.id:
            raise BadInput({"email": _("There is an account with this address or name already.")})
        people.change(
            person.id, name=shown, email=person.email, sign_in_name=sign_in_name, password_hash=stored
        )
        resets.drop_of(person.id)
        audit.add(now, person.id, "person.claim", person.id, {})
    found = people.get(person.id)
    assert found is not None  # noqa: S101 - it was changed just now
    return found


def _closed() -> str:
    # The same for all, so that no code tells who has an account or was taken out of a group.
    return _(
        "This code has been used, has run out, or is for a place that is not kept any more. If you would "
        "like a place, your facilitator can give you a new code."
    )


def _checked(
    engine: Engine, person: Person, name: str, address: str, password: str
) -> tuple[str, str | None]:
    """The name and the sign-in name, if one was chosen. Raises BadInput with all that cannot be used."""
    faults: dict[str, str] = {}
    shown, email, sign_in_name = name, None, None
    with noting(faults):
        shown = checked_name(name)
    with noting(faults):
        email, sign_in_name = read_address(address)
    if email is not None and email != person.email:
        faults["email"] = _("Choose a name of letters and numbers to sign in with, without an @.")
    with noting(faults):
        passwords.check(password, shown, address, engine.config.site_name)
    if faults:
        raise BadInput(faults)
    return shown, sign_in_name


def _behind(typed: str, now: datetime) -> Person | None:
    """Whose account a code opens now.

    One that a facilitator gave out opens none with more rights, and none without a place in any course.
    """
    invited = resets.look(_invites(typed), now)
    found = people.get(invited or resets.look(_opens(typed), now) or "")
    if found is None or members.with_account([found.id]) or accounts.is_locked(found.id):
        return None
    if invited:
        return found
    return found if runs.of(found.id) and not members.in_office([found.id]) else None


def _use(typed: str, now: datetime) -> bool:
    return any(resets.take(one, now) is not None for one in (_invites(typed), _opens(typed)))


def _invites(typed: str) -> bytes:
    return digest(f"account|{read_code(typed)}")


def _opens(typed: str) -> bytes:
    return digest(f"claim|{read_code(typed)}")


def _leads(typed: str) -> bytes:
    return digest(f"place|{read_code(typed)}")
