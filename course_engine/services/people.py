"""Accounts: making one, changing it, and getting back in."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from course_engine.crypto import digest, new_code, new_id, new_token, read_code
from course_engine.domain.errors import BadInput, NotFound, Refused
from course_engine.domain.people import Person, Theme
from course_engine.domain.roles import Role
from course_engine.domain.work import Letter
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.i18n import is_language, is_zone
from course_engine.mail import postal_domain
from course_engine.services import letters, passwords, tries
from course_engine.storage import accounts, audit, devices, people, resets, tokens

PAGE = 50
RESET_LASTS = timedelta(hours=2)
RECOVERY_LASTS = timedelta(days=365 * 50)
RECOVERY_SIGNS = 16
_LOCAL = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*")
_SIGN_IN_NAME = re.compile(r"[\w.-]{3,40}")


@dataclass(frozen=True, slots=True)
class Page:
    """Some of all people, how many there are in all, and after whom the next page begins (if any)."""

    people: list[Person]
    total: int
    after: str


def add(
    engine: Engine,
    name: str,
    address: str,
    password: str,
    now: datetime,
    roles: frozenset[Role] = frozenset({Role.LEARNER}),
    zone: str = "",
    language: str = "",
    *,
    named: bool = False,
) -> Person:
    """Make an account. `address` is an e-mail address or a sign-in name; if `named`, only the latter.

    Raises BadInput for all fields that cannot be used, and Refused when the address has an account already.
    """
    faults: dict[str, str] = {}
    email, sign_in_name, shown = None, None, name
    with _noting(faults):
        email, sign_in_name = _read_name(address) if named else read_address(address)
    with _noting(faults):
        shown = checked_name(name)
    with _noting(faults):
        _check_zone(zone)
    with _noting(faults):
        passwords.check(password, shown, address, engine.config.site_name)
    if faults:
        raise BadInput(faults)
    person = Person(
        id=new_id(),
        name=shown,
        email=email,
        sign_in_name=sign_in_name,
        roles=roles,
        zone=zone or engine.config.zone,
        language=language or engine.config.locale,
        theme=Theme.SYSTEM,
        created_at=now,
    )
    stored = passwords.hashed(password)
    with engine.database.transaction():
        if people.by_address(email or sign_in_name or "") is not None:
            raise Refused(_("There is an account with this address or name already."))
        people.add(person, stored, engine.keys.new_person_key())
    return person


def add_named(
    engine: Engine,
    name: str,
    sign_in_name: str,
    password: str,
    now: datetime,
    zone: str = "",
    language: str = "",
) -> Person:
    """Make an account without an address. Raises as `add` does."""
    return add(engine, name, sign_in_name, password, now, zone=zone, language=language, named=True)


def change_name(engine: Engine, person: Person, name: str) -> None:
    """Be called something else from now on; certificates keep the name they were made with."""
    shown = checked_name(name)
    with engine.database.transaction():
        people.change(person.id, name=shown)


def change_theme(engine: Engine, person: Person, theme: Theme) -> None:
    """See pages in another theme."""
    with engine.database.transaction():
        people.change(person.id, theme=theme.value)


def change_language(engine: Engine, person: Person, language: str) -> None:
    """Read courses in another language, where they have it; pages stay in the site's. Raises BadInput."""
    if not is_language(language):
        raise BadInput({"language": _("Choose one of the languages.")})
    with engine.database.transaction():
        people.change(person.id, language=language)


def change_password(engine: Engine, person: Person, old: str, new: str, device: str, now: datetime) -> None:
    """Take a new password; every other device is signed out. Raises BadInput, TooManyTries."""
    counted = tries.at_home(person)
    tries.refuse_too_many(counted, now)
    if not passwords.matches(people.password_hash(person.id), old):
        with engine.database.transaction():
            tries.note(counted, now)
        raise BadInput({"old_password": _("This is not your password of now.")})
    _set_password(engine, person, new, now, but=device)


def ask_reset(engine: Engine, address: str, now: datetime) -> Letter | None:
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
    letter = Letter(
        id=new_id(),
        to=person.email or "",
        subject=_("%(site)s: your new password", site=engine.config.site_name),
        text=_(
            "Hello %(name)s,\n\nyou can choose a new password here, within two hours:\n\n%(link)s\n\n"
            "If you did not ask for this, you can leave this mail as it is: nothing changes.\n",
            name=person.name,
            link=f"{engine.config.base_url}/reset/{token}",
        ),
        created_at=now,
    )
    with engine.database.transaction():
        resets.add(_link(token), person.id, now + RESET_LASTS)
        posted = letter if tries.may_write("reset", account, now) else tries.unsent(letter)
        letters.post(engine, posted, now + RESET_LASTS)
    return letter


def can_reset(token: str, now: datetime) -> bool:
    """Whether this link still lets someone take a new password."""
    return resets.look(_link(token), now) is not None


def new_reset_link(engine: Engine, person: str, now: datetime) -> str:
    """An address where this person can choose a new password, within two hours; earlier ones end."""
    token = new_token()
    resets.drop_short(person, now + RESET_LASTS)
    resets.add(_link(token), person, now + RESET_LASTS)
    return f"{engine.config.base_url}/reset/{token}"


def is_known(address: str) -> bool:
    """Whether there is an account with this address: for those only who hold a link sent to it."""
    return people.by_address(address) is not None


def reset(engine: Engine, token: str, password: str, now: datetime) -> Person:
    """Take a new password with the link from a mail; it works once. Raises Refused, BadInput."""
    person = _of_link(_link(token), now)
    passwords.check(password, person.name, person.email or "", engine.config.site_name)
    stored = passwords.hashed(password)
    with engine.database.transaction():
        if resets.take(_link(token), now) is None:
            raise Refused(_("This link has been used or has run out. You can ask for a new one."))
        _store_password(person, stored, now, but=None)
    return person


def new_recovery_code(engine: Engine, person: Person, now: datetime) -> str:
    """A code on paper with which someone without an address gets back in; an older one stops working."""
    code = new_code(RECOVERY_SIGNS)
    with engine.database.transaction():
        resets.drop_of(person.id)
        resets.add(_recovery_digest(person, code), person.id, now + RECOVERY_LASTS)
    return code


def recover(engine: Engine, sign_in_name: str, code: str, password: str, now: datetime) -> Person:
    """Take a new password with the code on paper. Raises Refused, BadInput."""
    account = sign_in_name.strip().lower()
    tries.refuse_too_many(account, now)
    found = people.by_address(account)
    if found is not None and accounts.is_locked(found[0].id):
        found = None
    passwords.check(password, sign_in_name, engine.config.site_name)
    stored = passwords.hashed(password)
    with engine.database.transaction():
        if found is not None and resets.take(_recovery_digest(found[0], code), now) is not None:
            _store_password(found[0], stored, now, but=None)
            return found[0]
        tries.note(account, now)
    raise Refused(_("This name and code do not belong together. Look at both again."))


def set_password(engine: Engine, address: str, password: str, now: datetime) -> Person:
    """Give someone a new password from the command line; they are signed out everywhere."""
    person = get(address)
    _set_password(engine, person, password, now, but=None)
    return person


def get(address: str) -> Person:
    """The person with this e-mail address or sign-in name. Raises NotFound."""
    found = people.by_address(address.strip().lower())
    if found is None:
        raise NotFound(_("There is nobody with the address %(address)s.", address=address))
    return found[0]


def page(after: str = "") -> Page:
    """Fifty people by name, beginning after the person with this id."""
    found = people.all(after or None, PAGE + 1)
    return Page(found[:PAGE], people.count(), found[PAGE - 1].id if len(found) > PAGE else "")


def read_address(typed: str) -> tuple[str | None, str | None]:
    """An e-mail address or else a sign-in name, as it is stored. Raises BadInput."""
    text = typed.strip().lower()
    local, _at, domain = text.rpartition("@")
    if len(text) <= 254 and _LOCAL.fullmatch(local) and postal_domain(domain):
        if not local.isascii():
            raise BadInput(
                {"email": _("Mail reaches only addresses with plain letters, a to z, before the @ sign.")}
            )
        return text, None
    if _SIGN_IN_NAME.fullmatch(text):
        return None, text
    raise BadInput(
        {
            "email": _(
                "Write an e-mail address like name@example.org, or a sign-in name of 3 to 40 letters, "
                "numbers, dots and dashes."
            )
        }
    )


def checked_name(typed: str, wrong: str = "") -> str:
    """A name as it is shown: any letters, spaces tidied. Raises BadInput, with the sentence `wrong`."""
    name = " ".join(typed.split())
    if not name or len(name) > 80 or not _shown(name).isprintable():
        own = _("Write the name you would like to be called by, in at most 80 characters.")
        raise BadInput({"name": wrong or own})
    return name


@contextmanager
def _noting(faults: dict[str, str]) -> Iterator[None]:
    """Go on after a field that cannot be used: whoever filled in a form is told all its faults at once."""
    try:
        yield
    except BadInput as error:
        faults.update(error.faults)


def _read_name(typed: str) -> tuple[None, str]:
    text = typed.strip().lower()
    if "@" in text:
        raise BadInput(
            {"email": _("Choose a name of letters and numbers. With an address you get a link by mail.")}
        )
    if not _SIGN_IN_NAME.fullmatch(text):
        raise BadInput({"email": _("Choose a sign-in name of 3 to 40 letters, numbers, dots and dashes.")})
    return None, text


def _check_zone(zone: str) -> None:
    if zone and not is_zone(zone):
        raise BadInput({"zone": _("Choose your time zone from the list.")})


def _shown(name: str) -> str:
    """A name without the two joiners that Persian and Indic names are written with."""
    return name.replace("\u200c", "").replace("\u200d", "")


def _of_link(link: bytes, now: datetime) -> Person:
    person = people.get(resets.look(link, now) or "")
    if person is None or accounts.is_locked(person.id):
        raise Refused(_("This link has been used or has run out. You can ask for a new one."))
    return person


def _link(token: str) -> bytes:
    """What is kept of a link from a letter; no code of another kind is ever taken for one."""
    return digest(f"reset|{token}")


def _recovery_digest(person: Person, code: str) -> bytes:
    return digest(f"{person.id}|{read_code(code)}")


def _set_password(engine: Engine, person: Person, password: str, now: datetime, but: str | None) -> None:
    passwords.check(password, person.name, person.email or person.sign_in_name or "", engine.config.site_name)
    stored = passwords.hashed(password)
    with engine.database.transaction():
        _store_password(person, stored, now, but)


def _store_password(person: Person, stored: str, now: datetime, but: str | None) -> None:
    people.change(person.id, password_hash=stored)
    devices.revoke_all(person.id, but)
    tokens.remove_all(person.id)
    # Links that are still on their way; the code on paper, which lasts for years, stays good.
    resets.drop_short(person.id, now + RESET_LASTS)
    tries.forget(tries.at_door(person.email or person.sign_in_name or ""))
    audit.add(now, person.id, "person.password", person.id, {})
