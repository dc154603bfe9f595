"""Rosters: the people of a cohort as a file, and a file as changes that are shown before they are made."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from course_engine.crypto import new_id
from course_engine.domain.cohorts import Cohort
from course_engine.domain.members import Member
from course_engine.domain.pace import PaceKind
from course_engine.domain.people import Person, listed_as
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.services import frozen, invitations, inviting, members, roster_files, roster_rows
from course_engine.services.roster_files import Row
from course_engine.services.roster_rows import DOES, Change, Deed, address
from course_engine.storage import audit, people
from course_engine.storage import members as stored
from course_engine.storage import runs as stored_runs

AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a file would do; `alike` are names with how many have each then, `unknown` other columns."""

    changes: tuple[Change, ...]
    alike: tuple[tuple[str, int], ...] = ()
    unknown: tuple[str, ...] = ()

    def of(self, *deeds: Deed) -> list[Change]:
        return [one for one in self.changes if one.deed in deeds]

    @property
    def doing(self) -> list[Change]:
        """The rows that change anything."""
        return [one for one in self.changes if one.deed in DOES]


def export(cohort: Cohort) -> bytes:
    """The people of a cohort as a file; taken in again it changes nothing."""
    return roster_files.write(_cells(one) for one in members.of(cohort))


def faults(plan: Plan) -> bytes:
    """The rows that cannot be taken, as a file with a reason each, to be mended and taken in again."""
    return roster_files.write(((*one.row.cells(), one.reason) for one in plan.of(Deed.BAD)), reasons=True)


def plan(cohort: Cohort, rows: Sequence[Row], batch: str = "") -> Plan:
    """What these rows would do. `batch` names the file, so that taking it in twice adds nobody twice."""
    here = members.of(cohort)
    changes = _printable(tuple(roster_rows.read(cohort, rows, batch, here)), here)
    return Plan(changes, _alike(here, changes))


def apply(
    engine: Engine,
    cohort: Cohort,
    changes: Sequence[Change],
    batch: str,
    actor: Person,
    now: datetime,
    *,
    letters: bool = False,
) -> int:
    """Do these changes, all or none; with `letters` whoever is new here gets one. How many were done.

    What somebody else has done meanwhile is not done again.
    """
    rows = [one.row for one in changes if one.deed in DOES]
    if not rows:
        return 0
    with engine.database.transaction():
        engine.database.one_at_a_time(f"cohort {cohort.id}")
        doing = _of(roster_rows.read(cohort, rows, batch, members.of(cohort)), *DOES)
        if not doing:
            return 0
        added = [
            (_new(engine, cohort, one, now), engine.keys.new_person_key()) for one in _of(doing, Deed.ADD)
        ]
        entering = [person.id for person, _key in added] + [one.person for one in _of(doing, Deed.INVITE)]
        called = {one.person: one.called for one in _of(doing, Deed.ADD, Deed.INVITE)}
        stored.add_many(cohort.id, added, [_run(cohort, id, batch) for id in entering], now, called)
        for one in _of(doing, Deed.CHANGE):
            _do_change(cohort, one)
        changed = [one.person for one in _of(doing, Deed.CHANGE)]
        told = {"cohort": cohort.id, "added": entering, "changed": changed}
        audit.add(now, actor.id, "cohort.roster", None, told)
        if letters:
            reached = [person for person in people.those(entering) if person.email]
            inviting.write(engine, cohort, reached, actor, now)
    return len(doing)


def addresses(cohort: Cohort, typed: str) -> list[inviting.Address]:
    """The addresses in a text, and why those get no place that cannot have one. Raises BadInput."""
    found = inviting.read(cohort, typed)
    rows = plan(cohort, _rows([one for one in found if one.good]))
    faults = {one.row.email: one.reason for one in rows.of(Deed.BAD)}
    return [replace(one, fault=faults.get(one.email, one.fault)) for one in found]


def invite(
    engine: Engine,
    cohort: Cohort,
    addresses: Sequence[inviting.Address],
    actor: Person,
    now: datetime,
    *,
    within: bool = False,
) -> list[inviting.Link]:
    """Give everybody with these addresses a place and a link of their own, and send what can be sent.

    With `within` only the first of them, as many as there are places free.
    """
    with engine.database.transaction():
        engine.database.one_at_a_time(f"cohort {cohort.id}")
        room = invitations.room(cohort) if within else None
        if room is not None:
            addresses = addresses[: room.free]
        batch = new_id()
        wanted = plan(cohort, _rows(addresses), batch)
        apply(engine, cohort, wanted.changes, batch, actor, now)
        entering = {one.person for one in wanted.of(Deed.ADD, Deed.INVITE)}
        invited = sorted(people.those(entering), key=lambda person: person.email or "")
        return inviting.write(engine, cohort, invited, actor, now)


def _rows(addresses: Iterable[inviting.Address]) -> list[Row]:
    return [Row(line, "", one.name, one.email) for line, one in enumerate(addresses, 1)]


def _printable(changes: tuple[Change, ...], here: Sequence[Member]) -> tuple[Change, ...]:
    """The same, with a reason where the name of somebody on paper could not be printed."""
    reached = {one.id for one in here if one.email}
    names = [_name_on_paper(one, reached) for one in changes]
    if not frozen.unprintable(" ".join(names)):
        return changes
    found = [(one, frozen.unprintable(name)) for one, name in zip(changes, names, strict=True)]
    return tuple(Change(one.row, Deed.BAD, reason=strange) if strange else one for one, strange in found)


def _name_on_paper(one: Change, reached: Collection[str]) -> str:
    """The name that a row gives to somebody without an address; empty where it gives none."""
    if address(one.row) or one.person in reached:
        return ""
    return one.name if one.deed is Deed.ADD else one.fields.get("name", ("", ""))[1]


def _alike(here: Sequence[Member], changes: Sequence[Change]) -> tuple[tuple[str, int], ...]:
    """The names of new people that somebody else has too, and how many would have each."""
    new = [one.name for one in _of(changes, Deed.ADD, Deed.INVITE)]
    count = Counter(listed_as(name) for name in (*(one.called for one in here), *new))
    first = {listed_as(name): name for name in reversed(new)}
    return tuple((first[listed], count[listed]) for listed in sorted(first) if count[listed] > 1)


def _of(changes: Sequence[Change], *deeds: Deed) -> list[Change]:
    return [one for one in changes if one.deed in deeds]


def _do_change(cohort: Cohort, one: Change) -> None:
    if not one.here_only:
        people.change(one.person, **{name: new for name, (_old, new) in one.fields.items()})
    stored_runs.invited_as(cohort.id, one.person, one.called)


def _new(engine: Engine, cohort: Cohort, one: Change, now: datetime) -> Person:
    row = one.row
    return members.somebody(
        engine, one.name, address(row) or None, row.language, row.zone or cohort.zone, now, one.person
    )


def _run(cohort: Cohort, person: str, batch: str) -> Run:
    id = sha256(f"run|{batch}|{person}".encode()).hexdigest()[:16]
    return Run(id, person, cohort.course, cohort.edition, PaceKind.COHORT.value, cohort.id, None)


def _cells(member: Member) -> tuple[str, ...]:
    # Whoever has not agreed to be here shows no more than whoever invited them knew, account or none.
    if member.started_at is None and (member.account or member.email):
        return (member.id, member.invited_as, member.email or "", "", "")
    return (member.id, member.name, member.email or "", member.language, member.zone)
