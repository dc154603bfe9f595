"""Accounts in the hands of those who run the site: found, given roles, locked, signed out.

What people do in their courses is none of an admin's business and is not asked for here.
"""

from dataclasses import dataclass
from datetime import datetime

from course_engine.domain.errors import BadInput, NotFound, Refused
from course_engine.domain.people import Device, Person
from course_engine.domain.roles import Role
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.services import new_passwords
from course_engine.storage import accounts, audit, devices, people, resets, tokens
from course_engine.storage.accounts import Lead, Standing

PAGE = 50
MOST_SIGNS = 80


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the people that were looked for, how they stand, how many there are, and where it goes on."""

    people: list[Person]
    standings: dict[str, Standing]
    total: int
    after: str


@dataclass(frozen=True, slots=True)
class Account:
    """One account: who, how it stands, the groups they stand in as a facilitator, where they are signed in.

    `invited` says that a link which was made for them still works.
    """

    person: Person
    standing: Standing
    leads: list[Lead]
    devices: list[Device]
    invited: bool

    @property
    def shut_out(self) -> bool:
        """Whether nothing lets them in: they have no password, and no invitation that works."""
        return not self.standing.has_password and not self.invited

    @property
    def alone(self) -> str:
        """The groups that go on and that nobody else can lead, as words; empty for none."""
        return ", ".join(f"“{lead.name}”" for lead in self.leads if not lead.others and not lead.ended_at)

    @property
    def reached(self) -> str:
        """The address or name they sign in with, empty for somebody on paper."""
        return self.person.email or self.person.sign_in_name or ""


def page(words: str = "", role: Role | None = None, after: str = "") -> Page:
    """Fifty people by name with these words in their name, address or sign-in name, and this role."""
    wanted = " ".join(words.split())[:MOST_SIGNS]
    ids = accounts.named(wanted, role)
    begin = ids.index(after) + 1 if after in ids else 0
    found, total = accounts.in_order(ids[begin : begin + PAGE + 1]), len(ids)
    shown = found[:PAGE]
    standings = accounts.standings([person.id for person in shown])
    return Page(shown, standings, total, shown[-1].id if len(found) > PAGE else "")


def one(id: str, now: datetime) -> Account:
    """The account of this person. Raises NotFound."""
    person = people.get(id)
    standing = accounts.standings([id]).get(id)
    if person is None or standing is None:
        raise NotFound(_("There is no such page."))
    return Account(person, standing, accounts.leads(id), devices.of(id, now), resets.waits(id, now))


def set_roles(
    engine: Engine, admin: Person, id: str, roles: frozenset[Role], now: datetime
) -> tuple[Person, list[Lead]]:
    """Let somebody be exactly this here; with the groups they still stand as a facilitator of.

    Nobody takes their own admin role, and nobody that of the last admin. A facilitator who leads a group
    alone keeps the role until somebody else leads it too. Who is given more rights before they have a
    password needs a new invitation: others hold the codes there are. Raises NotFound, BadInput, Refused.
    """
    wanted = checked_roles(roles)
    with engine.database.transaction():
        engine.database.one_at_a_time("admins")
        # Whoever leads with them stops leading before or after, and not at the same moment.
        for lead in accounts.leads(id):
            engine.database.one_at_a_time(f"cohort {lead.cohort}")
        engine.database.one_at_a_time(f"person {id}")
        _refuse_former(admin)
        account = one(id, now)
        given, taken = wanted - account.person.roles, account.person.roles - wanted
        if not given and not taken:
            return account.person, []
        _refuse_taking(admin, account, taken)
        people.set_roles(id, wanted)
        if given - {Role.LEARNER} and not account.standing.has_password:
            resets.drop_of(id)
        if Role.ADMIN in taken and not accounts.admins():
            raise Refused(_("This is the last admin. Make somebody else an admin first."))
        told = {"given": _names(given), "taken": _names(taken)}
        audit.add(now, admin.id, "person.roles", id, told)
    return account.person, account.leads if Role.FACILITATOR in taken else []


def lock(engine: Engine, admin: Person, id: str, now: datetime) -> Person:
    """Keep somebody from signing in, and sign them out everywhere. What they wrote stays theirs.

    It is done at once even where they lead a group alone: `Account.alone` tells. Raises NotFound, and Refused
    for one's own account.
    """
    if id == admin.id:
        raise Refused(_("You cannot lock yourself out. Ask another admin."))
    with engine.database.transaction():
        engine.database.one_at_a_time("admins")
        _refuse_former(admin)
        person = one(id, now).person
        if accounts.lock(id, now):
            _end_everything(id, now)
            audit.add(now, admin.id, "person.lock", id)
    return person


def unlock(engine: Engine, admin: Person, id: str, now: datetime) -> Person:
    """Let somebody sign in again, with the password they had. Raises NotFound."""
    person = one(id, now).person
    with engine.database.transaction():
        if accounts.unlock(id):
            audit.add(now, admin.id, "person.unlock", id)
    return person


def sign_out(engine: Engine, admin: Person, id: str, now: datetime) -> Person:
    """Sign somebody out on every device, and make the keys of their programs worthless. Raises NotFound."""
    person = one(id, now).person
    with engine.database.transaction():
        _end_everything(id, now)
        audit.add(now, admin.id, "person.sign_out", id)
    return person


def checked_roles(roles: frozenset[Role]) -> frozenset[Role]:
    """The roles that an account is to have: one at least. Raises BadInput."""
    if not roles:
        raise BadInput({"roles": _("Choose at least one role. To keep somebody out, lock the account.")})
    return roles


def _refuse_former(admin: Person) -> None:
    """Two admins may act at the same moment: what counts is what is true in this transaction."""
    if admin.id not in accounts.admins():
        raise Refused(_("You are not an admin any more."))


def _refuse_taking(admin: Person, account: Account, taken: frozenset[Role]) -> None:
    if Role.ADMIN in taken and account.person.id == admin.id:
        raise Refused(_("You cannot take your own admin role. Ask another admin."))
    if Role.FACILITATOR in taken and account.alone:
        raise Refused(
            _(
                "%(name)s leads %(groups)s alone. Somebody else has to lead with them before this role can "
                "be taken.",
                name=account.person.name,
                groups=account.alone,
            )
        )


def _end_everything(id: str, now: datetime) -> None:
    devices.revoke_all(id)
    tokens.remove_all(id)
    resets.drop_short(id, now + new_passwords.LINK_LASTS)


def _names(roles: frozenset[Role]) -> list[str]:
    return sorted(role.value for role in roles)
