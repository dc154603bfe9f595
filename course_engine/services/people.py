"""Accounts: making one, finding one, and changing what it says of its person."""

from dataclasses import dataclass
from datetime import datetime

from course_engine.crypto import new_id
from course_engine.domain.errors import BadInput, NotFound, Refused, noting
from course_engine.domain.people import Person, Theme
from course_engine.domain.roles import Role
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.i18n import is_language, is_zone
from course_engine.services import passwords
from course_engine.services.names import checked_name, read_address, read_sign_in_name
from course_engine.storage import people

PAGE = 50


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
    shown, email, sign_in_name = _checked(engine, name, address, password, zone, named)
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
        refuse_known(email or sign_in_name or "")
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


def get(address: str) -> Person:
    """The person with this e-mail address or sign-in name. Raises NotFound."""
    found = people.by_address(address.strip().lower())
    if found is None:
        raise NotFound(_("There is nobody with the address %(address)s.", address=address))
    return found[0]


def refuse_known(address: str) -> None:
    """Raises Refused when an account has this e-mail address or sign-in name."""
    if people.by_address(address.strip().lower()) is not None:
        raise Refused(_("There is an account with this address or name already."))


def is_known(address: str) -> bool:
    """Whether there is an account with this address: for those only who hold a link sent to it."""
    return people.by_address(address) is not None


def page(after: str = "") -> Page:
    """Fifty people by name, beginning after the person with this id."""
    found = people.all(after or None, PAGE + 1)
    return Page(found[:PAGE], people.count(), found[PAGE - 1].id if len(found) > PAGE else "")


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


def _checked(
    engine: Engine, name: str, address: str, password: str, zone: str, named: bool
) -> tuple[str, str | None, str | None]:
    """The name, the e-mail address and the sign-in name of somebody new. Raises BadInput with all faults."""
    faults: dict[str, str] = {}
    shown, email, sign_in_name = name, None, None
    with noting(faults):
        email, sign_in_name = (None, read_sign_in_name(address)) if named else read_address(address)
    with noting(faults):
        shown = checked_name(name)
    if zone and not is_zone(zone):
        faults["zone"] = _("Choose your time zone from the list.")
    with noting(faults):
        passwords.check(password, shown, address, engine.config.site_name)
    if faults:
        raise BadInput(faults)
    return shown, email, sign_in_name
