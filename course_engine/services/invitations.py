"""Invitation codes, one for each cohort and role: made, limited, changed for new ones, withdrawn."""

from dataclasses import dataclass, replace
from datetime import datetime

from course_engine.crypto import new_code, pressed_code, read_code
from course_engine.domain.cohorts import Cohort, Session
from course_engine.domain.course import Course
from course_engine.domain.errors import BadInput, NotFound, Refused
from course_engine.domain.invitations import SIGNS, Closed, Invitation, Room
from course_engine.domain.people import Person
from course_engine.domain.roles import Role
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.storage import audit, cohorts, invitations, members, people, waiting

ROLES = (Role.LEARNER, Role.FACILITATOR)


class NoEntry(Refused):
    """The code is one of ours and lets nobody in any more; `cohort` is the name of the group."""

    def __init__(self, message: str, cohort: str) -> None:
        super().__init__(message)
        self.cohort = cohort


@dataclass(frozen=True, slots=True)
class Door:
    """What somebody sees who holds a code: the cohort behind it, its course, its sessions, who leads it.

    It is `full` where there is no seat for them.
    """

    invitation: Invitation
    cohort: Cohort
    course: Course
    sessions: tuple[Session, ...]
    leaders: tuple[str, ...]
    full: bool

    @property
    def first(self) -> Session | None:
        """The first meeting that takes place."""
        return next((one for one in self.sessions if not one.cancelled), None)


def of(cohort: Cohort, role: Role = Role.LEARNER) -> Invitation | None:
    """The code of a cohort for this role, if it has one."""
    return next((one for one in invitations.of_cohort(cohort.id) if one.role is role), None)


def make(
    engine: Engine,
    cohort: Cohort,
    role: Role,
    actor: Person,
    now: datetime,
    expires_at: datetime | None = None,
    most: int | None = None,
    press: str = "",
) -> Invitation:
    """A fresh code; the one before lets nobody in from now on. Raises BadInput, Refused.

    Sent again with the same `press`, a random word of the form, it is the same code.
    """
    _check(role, expires_at, now)
    if cohort.ended_at is not None:
        raise Refused(_("This group has come to its end. Let it go on first, in its settings."))
    code = pressed_code(press, SIGNS, cohort.id, actor.id, role.value)
    with engine.database.transaction():
        engine.database.one_at_a_time(f"cohort {cohort.id}")
        before = invitations.get(code)
        if before is not None and before.revoked_at is None:
            return before
        made = Invitation(
            new_code(SIGNS) if before else code, cohort.id, role, actor.id, now, expires_at, most
        )
        invitations.revoke(cohort.id, role, now)
        invitations.add(made)
        audit.add(now, actor.id, "invitation.make", None, {"cohort": cohort.id, "role": role.value})
    return made


def limit(
    engine: Engine,
    cohort: Cohort,
    role: Role,
    actor: Person,
    now: datetime,
    expires_at: datetime | None,
    most: int | None,
) -> None:
    """Give the code another end and another cap. Raises BadInput, and NotFound where there is no code."""
    _check(role, expires_at, now)
    found = of(cohort, role)
    if found is None:
        raise NotFound(_("There is no such page."))
    with engine.database.transaction():
        invitations.limit(found.code, expires_at, most)
        audit.add(now, actor.id, "invitation.limit", None, {"cohort": cohort.id, "role": role.value})


def offer(
    engine: Engine,
    cohort: Cohort,
    role: Role,
    actor: Person,
    now: datetime,
    expires_at: datetime | None = None,
    most: int | None = None,
    *,
    fresh: bool = False,
) -> Invitation:
    """The code there is with these limits, or a new one where there is none, or with `fresh`.

    Asked again for the same, nothing changes. Raises BadInput, Refused.
    """
    with engine.database.transaction():
        engine.database.one_at_a_time(f"cohort {cohort.id}")
        found = of(cohort, role)
        if fresh or found is None or cohort.ended_at is not None:
            return make(engine, cohort, role, actor, now, expires_at, most)
        if (found.expires_at, found.most) != (expires_at, most):
            limit(engine, cohort, role, actor, now, expires_at, most)
        return replace(found, expires_at=expires_at, most=most)


def all_of(cohort: Cohort) -> list[Invitation]:
    """The codes of a cohort that were not withdrawn, that for learners first."""
    return sorted(invitations.of_cohort(cohort.id), key=lambda one: ROLES.index(one.role))


def withdraw(engine: Engine, cohort: Cohort, code: str, actor: Person, now: datetime) -> None:
    """Withdraw the code of a cohort that reads like this. Raises NotFound for any other."""
    found = next((one for one in all_of(cohort) if one.code == read_code(code[:60])), None)
    if found is None:
        raise NotFound(_("There is no such code in this group."))
    revoke(engine, cohort, found.role, actor, now)


def revoke(engine: Engine, cohort: Cohort, role: Role, actor: Person, now: datetime) -> None:
    """Withdraw the code; who came in by it stays."""
    with engine.database.transaction():
        if invitations.revoke(cohort.id, role, now):
            audit.add(now, actor.id, "invitation.revoke", None, {"cohort": cohort.id, "role": role.value})


def look(
    engine: Engine, typed: str, now: datetime, language: str = "", visitor: Person | None = None
) -> Door:
    """What is behind a code, for a visitor who may be inside already: then it is open, whatever its state.

    Raises NotFound for an unknown code, and NoEntry with a sentence of its own for each that is closed.
    """
    found = invitations.get(read_code(typed)) if len(typed) <= 60 else None
    if found is None:
        raise NotFound(_("We do not know this code. Look at it again: it has eight letters and numbers."))
    known = cohorts.calendar(found.cohort)
    assert known is not None  # noqa: S101 - a code goes with its cohort
    cohort, sessions = known
    inside = visitor is not None and _is_inside(found, cohort, visitor)
    if not inside:
        _refuse_closed(found, cohort, now)
    full = not inside and not has_seat(cohort, visitor)
    course = engine.shelf.course(cohort.edition, language or engine.config.locale)
    leaders = tuple(sorted(person.name for person in people.those(cohort.facilitators)))
    return Door(found, cohort, course, sessions, leaders, full)


def is_full(cohort: Cohort) -> bool:
    """Whether every seat is taken; who was invited has one too."""
    seats = room(cohort)
    return seats is not None and not seats.free


def has_seat(cohort: Cohort, person: Person | None) -> bool:
    """Whether there is a seat for somebody who comes now: those who wait already have theirs first."""
    seats = room(cohort)
    if seats is None:
        return True
    waits = [one.person for one in waiting.of_cohort(cohort.id)]
    before = waits.index(person.id) if person is not None and person.id in waits else len(waits)
    return seats.free > before


def room(cohort: Cohort) -> Room | None:
    """The seats of a cohort, if it has a number of them."""
    return None if cohort.seats is None else Room(cohort.seats, members.count(cohort.id))


def _is_inside(found: Invitation, cohort: Cohort, person: Person) -> bool:
    if person.id in cohort.facilitators:
        return True
    inside = members.one(cohort.id, person.id) if found.role is Role.LEARNER else None
    return inside is not None and (inside.started_at is not None or cohort.ended_at is None)


def _refuse_closed(found: Invitation, cohort: Cohort, now: datetime) -> None:
    why = found.closed(now)
    if cohort.ended_at is not None:
        raise NoEntry(_("This group has come to its end, so nobody can join it any more."), cohort.name)
    if why is Closed.WITHDRAWN:
        raise NoEntry(
            _("This code is not in use any more. Ask your facilitator for the new one."), cohort.name
        )
    if why is Closed.EXPIRED:
        raise NoEntry(
            _("The time to join with this code is over. Ask your facilitator for a new one."), cohort.name
        )
    if why is Closed.USED_UP:
        raise NoEntry(
            _("As many people have joined with this code as it was made for. Ask your facilitator."),
            cohort.name,
        )


def _check(role: Role, expires_at: datetime | None, now: datetime) -> None:
    if role not in ROLES:
        raise BadInput({"role": _("A code is for learners or for facilitators.")})
    if expires_at is not None and expires_at <= now:
        raise BadInput({"expires": _("This day is over. Choose a later one, or leave it empty.")})
