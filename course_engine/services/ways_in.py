"""Ways in that an admin makes: for somebody new, and for whoever cannot sign in any more.

A letter carries the link. Where no letter can reach somebody it is shown to the admin, who hands it over.
"""

from dataclasses import dataclass
from datetime import datetime

from course_engine.crypto import new_id
from course_engine.domain.errors import BadInput, Refused, noting
from course_engine.domain.people import Person, Theme
from course_engine.domain.roles import Role
from course_engine.domain.work import Letter
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.i18n import speak
from course_engine.services import accounts, claims, letters, new_passwords
from course_engine.services.names import checked_name, read_address
from course_engine.storage import audit, members, outbox, people


@dataclass(frozen=True, slots=True)
class Sent:
    """A way in for somebody: by a letter that is on its way, or else by a link to hand over."""

    person: Person
    link: str = ""


def add(
    engine: Engine, admin: Person, name: str, address: str, roles: frozenset[Role], now: datetime
) -> Sent:
    """Make an account for somebody who chooses a password with the link they are sent.

    Raises BadInput, and Refused when the address or name is taken.
    """
    shown, (email, sign_in_name) = _new_one(name, address, roles)
    person = Person(
        id=new_id(), name=shown, email=email, sign_in_name=sign_in_name, roles=roles,
        zone=engine.config.zone, language=engine.config.locale, theme=Theme.SYSTEM, created_at=now,
    )  # fmt: skip
    with engine.database.transaction():
        people.add(person, "", engine.keys.new_person_key())
        audit.add(now, admin.id, "person.add", person.id, {"roles": sorted(role.value for role in roles)})
        return _invite(engine, person, admin, now)


def again(engine: Engine, admin: Person, id: str, now: datetime, press: str = "") -> Sent:
    """Help somebody back in: a letter with a link for a new password, or the link itself.

    The link is shown only where no letter can reach them, for it opens all that is theirs. Whoever has never
    had a password gets a new invitation. Sent again with the same `press`, a random word of the form, the
    link in the letter stays good. Raises NotFound, Refused.
    """
    account = accounts.one(id, now)
    once = f"way in|{id}|{press}" if press else None
    if account.standing.locked_at is not None:
        raise Refused(_("This account is locked. Unlock it first."))
    with engine.database.transaction():
        engine.database.one_at_a_time(f"person {id}")
        if once is not None and outbox.known(once):
            return Sent(account.person)
        if not account.standing.has_password:
            return _invite(engine, account.person, admin, now, once)
        link = new_passwords.new_link(engine, id, now)
        by_letter = account.person.email is not None and letters.can_go(engine)
        audit.add(now, admin.id, "person.reset", id, {"by": "letter" if by_letter else "link"})
        if not by_letter:
            return Sent(account.person, link)
        letter = _letter(engine, account.person, link, now)
        letters.post(engine, letter, now + new_passwords.LINK_LASTS, once)
    return Sent(account.person)


def _new_one(name: str, address: str, roles: frozenset[Role]) -> tuple[str, tuple[str | None, str | None]]:
    """The name and the address of somebody new. Raises BadInput with all that cannot be used."""
    faults: dict[str, str] = {}
    shown = ""
    reached: tuple[str | None, str | None] = (None, None)
    wrong = _("Write the name they would like to be called by, in at most 80 characters.")
    with noting(faults):
        shown = checked_name(name, wrong)
    with noting(faults):
        reached = read_address(address)
    with noting(faults):
        accounts.checked_roles(roles)
    if faults:
        raise BadInput(faults)
    return shown, reached


def _invite(engine: Engine, person: Person, admin: Person, now: datetime, once: str | None = None) -> Sent:
    office = bool(members.in_office([person.id]))
    if office and members.begun([person.id]):
        raise Refused(
            _(
                "%(name)s takes part on paper. Take the role away first: then whoever leads the group can "
                "give out a link, and you can give the role again once it is used.",
                name=person.name,
            )
        )
    if not office and members.led_by_others([person.id], admin.id):
        raise Refused(
            _(
                "%(name)s was entered by a facilitator and has not chosen a password yet. Whoever leads the "
                "group can give out a new link.",
                name=person.name,
            )
        )
    code = claims.invite(engine, person.id, admin, now)
    link = f"{engine.config.base_url}/join/claim/{code}"
    if person.email is None or not letters.can_go(engine):
        return Sent(person, link)
    letters.post(engine, _invitation(engine, person, link, now), now + claims.LASTS, once)
    return Sent(person)


def _letter(engine: Engine, person: Person, link: str, now: datetime) -> Letter:
    with speak(person.language):
        return Letter(
            id=new_id(),
            to=person.email or "",
            subject=_("%(site)s: your new password", site=engine.config.site_name),
            text=_(
                "Hello %(name)s,\n\nthe people who run %(site)s have made a link with which you can choose a "
                "new password, within two hours:\n\n%(link)s\n\nIf you did not ask for this, you can leave "
                "this mail as it is: nothing changes.\n",
                name=person.name,
                site=engine.config.site_name,
                link=link,
            ),
            created_at=now,
        )


def _invitation(engine: Engine, person: Person, link: str, now: datetime) -> Letter:
    with speak(person.language):
        return Letter(
            id=new_id(),
            to=person.email or "",
            subject=_("%(site)s: your account", site=engine.config.site_name),
            text=_(
                "Hello %(name)s,\n\nthere is an account for you at %(site)s. Here you can choose a password "
                "and sign in:\n\n%(link)s\n\nThe link is for you alone and lasts for half a year. If you do "
                "not want an account, you can leave this mail as it is.\n",
                name=person.name,
                site=engine.config.site_name,
                link=link,
            ),
            created_at=now,
        )
