"""Taking a new password: with the old one, with a link from a mail, with the code on paper, or by command."""

from datetime import datetime, timedelta

from course_engine.crypto import digest, new_code, new_id, new_token, read_code
from course_engine.domain.errors import BadInput, Refused
from course_engine.domain.people import Person
from course_engine.domain.work import Letter
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.services import letters, passwords, tries
from course_engine.storage import accounts, audit, devices, people, resets, tokens

LINK_LASTS = timedelta(hours=2)
CODE_LASTS = timedelta(days=365 * 50)
CODE_SIGNS = 16


def change(engine: Engine, person: Person, old: str, new: str, device: str, now: datetime) -> None:
    """Take a new password; every other device is signed out. Raises BadInput, TooManyTries."""
    counted = tries.at_home(person)
    tries.refuse_too_many(counted, now)
    if not passwords.matches(people.password_hash(person.id), old):
        with engine.database.transaction():
            tries.note(counted, now)
        raise BadInput({"old_password": _("This is not your current password.")})
    give(engine, person, new, now, but=device)


def ask_link(engine: Engine, address: str, now: datetime) -> Letter | None:
    """Send a link for a new password, if this address has an account; nobody is told whether it has.

    Raises Refused where the site cannot send mail.
    """
    if not letters.can_go(engine):
        raise Refused(_("This site cannot send mail yet. Ask the people who run it for a new password."))
    account = address.strip().lower()
    found = people.by_address(account)
    token = new_token()
    locked = accounts.is_locked(found[0].id if found else "")
    if found is None or found[0].email is None or locked:
        # As much work as for an account, so that the time it takes tells nobody anything.
        with engine.database.transaction():
            resets.look(_link(token), now)
            tries.may_write("reset", account, now)
            letters.post(engine, Letter(new_id(), "", "", "", now, sent_at=now))
        return None
    person = found[0]
    letter = _letter(engine, person, _address(engine, token), now)
    with engine.database.transaction():
        resets.add(_link(token), person.id, now + LINK_LASTS)
        posted = letter if tries.may_write("reset", account, now) else tries.unsent(letter)
        letters.post(engine, posted, now + LINK_LASTS)
    return letter


def link_works(token: str, now: datetime) -> bool:
    """Whether this link still lets someone take a new password."""
    return resets.look(_link(token), now) is not None


def new_link(engine: Engine, person: str, now: datetime) -> str:
    """An address where this person can choose a new password, within two hours; earlier ones end."""
    token = new_token()
    resets.drop_short(person, now + LINK_LASTS)
    resets.add(_link(token), person, now + LINK_LASTS)
    return _address(engine, token)


def by_link(engine: Engine, token: str, password: str, now: datetime) -> Person:
    """Take a new password with the link from a mail; it works once. Raises Refused, BadInput."""
    person = _of_link(_link(token), now)
    passwords.check(password, person.name, person.email or "", engine.config.site_name)
    stored = passwords.hashed(password)
    with engine.database.transaction():
        if resets.take(_link(token), now) is None:
            raise Refused(_("This link has been used or has run out. You can ask for a new one."))
        _store(person, stored, now, but=None)
    return person


def new_code_on_paper(engine: Engine, person: Person, now: datetime) -> str:
    """A code on paper with which someone without an address gets back in; an older one stops working."""
    code = new_code(CODE_SIGNS)
    with engine.database.transaction():
        resets.drop_of(person.id)
        resets.add(_code(person, code), person.id, now + CODE_LASTS)
    return code


def by_code(engine: Engine, sign_in_name: str, code: str, password: str, now: datetime) -> Person:
    """Take a new password with the code on paper. Raises Refused, BadInput."""
    account = sign_in_name.strip().lower()
    tries.refuse_too_many(account, now)
    found = people.by_address(account)
    if found is not None and accounts.is_locked(found[0].id):
        found = None
    passwords.check(password, sign_in_name, engine.config.site_name)
    stored = passwords.hashed(password)
    with engine.database.transaction():
        if found is not None and resets.take(_code(found[0], code), now) is not None:
            _store(found[0], stored, now, but=None)
            return found[0]
        tries.note(account, now)
    raise Refused(_("This name and code do not belong together. Look at both again."))


def give(engine: Engine, person: Person, password: str, now: datetime, but: str | None = None) -> None:
    """Give someone a new password; they are signed out everywhere `but` on this device. Raises BadInput."""
    passwords.check(password, person.name, person.email or person.sign_in_name or "", engine.config.site_name)
    stored = passwords.hashed(password)
    with engine.database.transaction():
        _store(person, stored, now, but)


def _letter(engine: Engine, person: Person, link: str, now: datetime) -> Letter:
    return Letter(
        id=new_id(),
        to=person.email or "",
        subject=_("%(site)s: your new password", site=engine.config.site_name),
        text=_(
            "Hello %(name)s,\n\nyou can choose a new password here, within two hours:\n\n%(link)s\n\n"
            "If you did not ask for this, you can leave this mail as it is: nothing changes.\n",
            name=person.name,
            link=link,
        ),
        created_at=now,
    )


def _of_link(link: bytes, now: datetime) -> Person:
    person = people.get(resets.look(link, now) or "")
    if person is None or accounts.is_locked(person.id):
        raise Refused(_("This link has been used or has run out. You can ask for a new one."))
    return person


def _link(token: str) -> bytes:
    """What is kept of a link from a letter; no code of another kind is ever taken for one."""
    return digest(f"reset|{token}")


def _address(engine: Engine, token: str) -> str:
    return f"{engine.config.base_url}/reset/{token}"


def _code(person: Person, code: str) -> bytes:
    return digest(f"{person.id}|{read_code(code)}")


def _store(person: Person, stored: str, now: datetime, but: str | None) -> None:
    people.change(person.id, password_hash=stored)
    devices.revoke_all(person.id, but)
    tokens.remove_all(person.id)
    # Links that are still on their way; the code on paper, which lasts for years, stays good.
    resets.drop_short(person.id, now + LINK_LASTS)
    tries.forget(tries.at_door(person.email or person.sign_in_name or ""))
    audit.add(now, person.id, "person.password", person.id, {})
