"""Rosters: the people of a cohort as a file, and a file as a plan of changes that is shown before it is done.

People are matched by id, then by address, else they are new. Nobody is ever removed by a file, an empty cell
changes nothing, and what belongs to an account is its owner's alone.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from zoneinfo import available_timezones

from course_engine.crypto import new_id
from course_engine.domain.cohorts import Cohort
from course_engine.domain.errors import BadInput
from course_engine.domain.members import Member
from course_engine.domain.pace import PaceKind
from course_engine.domain.people import Person, listed_as
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.i18n import is_language
from course_engine.services import frozen, inviting, members, roster_files
from course_engine.services.people import checked_name, read_address
from course_engine.services.roster_files import Row
from course_engine.storage import audit, people
from course_engine.storage import cohorts as stored_cohorts
from course_engine.storage import members as stored

AT_ONCE = 100
_ZONES = frozenset(available_timezones())


class Deed(StrEnum):
    """What a row of a file does."""

    ADD = "add"
    INVITE = "invite"
    CHANGE = "change"
    SAME = "same"
    KEEP = "keep"
    BAD = "bad"


DOES = frozenset({Deed.ADD, Deed.INVITE, Deed.CHANGE})


@dataclass(frozen=True, slots=True)
class Change:
    """A row and what it does; `fields` change (from, to), `reason` says why it cannot be taken."""

    row: Row
    deed: Deed
    person: str = ""
    name: str = ""
    fields: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    reason: str = ""


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
    known = stored.by_addresses(_address(row) for row in rows)
    changes = _printable(tuple(_Reader(here, known, cohort, batch).read(rows)), here)
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
    """Do these changes, all or none; with `letters` whoever is new here gets one. How many were done."""
    doing = [one for one in changes if one.deed in DOES]
    if not doing:
        return 0
    with engine.database.transaction():
        engine.database.one_at_a_time(f"cohort {cohort.id}")
        added = [
            (_new(engine, cohort, one, now), engine.keys.new_person_key()) for one in _of(doing, Deed.ADD)
        ]
        entering = [person.id for person, _key in added] + [one.person for one in _of(doing, Deed.INVITE)]
        stored.add_many(cohort.id, added, [_run(cohort, id, batch) for id in entering], now)
        for one in _of(doing, Deed.CHANGE):
            people.change(one.person, **{name: new for name, (_old, new) in one.fields.items()})
        changed = [one.person for one in _of(doing, Deed.CHANGE)]
        told = {"cohort": cohort.id, "added": entering, "changed": changed}
        audit.add(now, actor.id, "cohort.roster", None, told)
        if letters:
            reached = [person for person in people.those(entering) if person.email]
            inviting.write(engine, cohort, reached, actor, now)
    return len(doing)


def invite(
    engine: Engine, cohort: Cohort, addresses: Sequence[inviting.Address], actor: Person, now: datetime
) -> list[inviting.Link]:
    """Give everybody with these addresses a place and a link of their own, and send what can be sent."""
    rows = [Row(line, "", one.name, one.email) for line, one in enumerate(addresses, 1)]
    with engine.database.transaction():
        wanted = plan(cohort, rows, new_id())
        apply(engine, cohort, wanted.changes, new_id(), actor, now)
        entering = {one.person for one in wanted.of(Deed.ADD, Deed.INVITE)}
        invited = sorted(people.those(entering), key=lambda person: person.email or "")
        return inviting.write(engine, cohort, invited, actor, now)


def _printable(changes: tuple[Change, ...], here: Sequence[Member]) -> tuple[Change, ...]:
    """The same, with a reason where the name of somebody on paper could not be printed."""
    reached = {one.id for one in here if one.email}
    names = [_name_on_paper(one, reached) for one in changes]
    if not frozen.unprintable_at_entry(" ".join(names)):
        return changes
    found = [(one, frozen.unprintable_at_entry(name)) for one, name in zip(changes, names, strict=True)]
    return tuple(Change(one.row, Deed.BAD, reason=strange) if strange else one for one, strange in found)


def _name_on_paper(one: Change, reached: Collection[str]) -> str:
    """The name that a row gives to somebody without an address; empty where it gives none."""
    if _address(one.row) or one.person in reached:
        return ""
    return one.name if one.deed is Deed.ADD else one.fields.get("name", ("", ""))[1]


def _alike(here: Sequence[Member], changes: Sequence[Change]) -> tuple[tuple[str, int], ...]:
    """The names of new people that somebody else has too, and how many would have each."""
    new = [one.name for one in _of(changes, Deed.ADD)]
    count = Counter(listed_as(name) for name in (*(one.called for one in here), *new))
    first = {listed_as(name): name for name in reversed(new)}
    return tuple((first[listed], count[listed]) for listed in sorted(first) if count[listed] > 1)


def _of(changes: Sequence[Change], deed: Deed) -> list[Change]:
    return [one for one in changes if one.deed is deed]


def _new(engine: Engine, cohort: Cohort, one: Change, now: datetime) -> Person:
    row = one.row
    return members.somebody(
        engine, one.name, _address(row) or None, row.language, row.zone or cohort.zone, now, one.person
    )


def _run(cohort: Cohort, person: str, batch: str) -> Run:
    id = sha256(f"run|{batch}|{person}".encode()).hexdigest()[:16]
    return Run(id, person, cohort.course, cohort.edition, PaceKind.COHORT.value, cohort.id, None)


def _cells(member: Member) -> tuple[str, ...]:
    # An account that has not agreed to be here shows no more than the address it was invited by.
    if member.account and member.started_at is None:
        return (member.id, "", member.email or "", "", "")
    return (member.id, member.name, member.email or "", member.language, member.zone)


def _address(row: Row) -> str:
    return row.email.strip().lower()


class _Reader:
    """Goes through the rows of one file and remembers who stood in it already."""

    def __init__(self, here: Iterable[Member], known: Mapping[str, str], cohort: Cohort, batch: str) -> None:
        self._by_id = {one.id: one for one in here}
        self._by_address = {one.email: one for one in self._by_id.values() if one.email}
        self._known, self._batch, self._leaders = known, batch, frozenset(cohort.facilitators)
        self._left = stored_cohorts.left(cohort.id)
        self._seen: dict[str, int] = {}

    def read(self, rows: Iterable[Row]) -> Iterable[Change]:
        for row in rows:
            try:
                yield self._once(row, self._change(row))
            except BadInput as error:
                yield Change(row, Deed.BAD, reason=" ".join(error.faults.values()))

    def _change(self, row: Row) -> Change:
        clean = _checked(row)
        if clean.id:
            member = self._by_id.get(clean.id)
            if member is None:
                raise BadInput(
                    {"id": _("Nobody in this group has this id. Leave it empty for a new person.")}
                )
            return self._update(row, clean, member)
        member = self._by_address.get(clean.email) if clean.email else None
        if member is not None:
            return self._update(row, clean, member)
        if self._known.get(clean.email) in self._leaders:
            raise BadInput({"email": _("This person leads the group.")})
        if self._known.get(clean.email) in self._left:
            raise BadInput(
                {
                    "email": _(
                        "This person was in the group and left it. They can come back with the code of the "
                        "group, to all they have done."
                    )
                }
            )
        if clean.email in self._known:
            return Change(
                row, Deed.INVITE, self._known[clean.email], clean.name or clean.email.partition("@")[0]
            )
        return self._addition(row, clean)

    def _addition(self, row: Row, clean: Row) -> Change:
        name = clean.name or clean.email.partition("@")[0]
        if not name:
            raise BadInput({"name": _("A new person needs a name or an address.")})
        id = sha256(f"person|{self._batch}|{row.line}".encode()).hexdigest()[:16]
        deed = Deed.SAME if id in self._by_id else Deed.ADD
        return Change(replace(row, email=clean.email), deed, id, name)

    def _update(self, row: Row, clean: Row, member: Member) -> Change:
        fields = _differences(clean, member)
        if not fields:
            return Change(row, Deed.SAME, member.id, member.called)
        if not member.editable:
            return Change(row, Deed.KEEP, member.id, member.called)
        if "email" in fields and clean.email in self._known:
            raise BadInput({"email": _("This address belongs to somebody else here.")})
        return Change(row, Deed.CHANGE, member.id, member.name, fields)

    def _once(self, row: Row, change: Change) -> Change:
        keys = {change.person, _address(row) and f"@{_address(row)}"} - {""}
        before = next((self._seen[key] for key in keys if key in self._seen), None)
        if before is not None:
            raise BadInput({"id": _("The same person stands in line %(line)s already.", line=before)})
        self._seen.update(dict.fromkeys(keys, row.line))
        return change


def _differences(clean: Row, member: Member) -> dict[str, tuple[str, str]]:
    """What a row says otherwise than it is; what it leaves empty stays as it is."""
    is_now = {
        "name": member.name,
        "email": member.email or "",
        "language": member.language,
        "zone": member.zone,
    }
    wanted = {"name": clean.name, "email": clean.email, "language": clean.language, "zone": clean.zone}
    return {name: (is_now[name], new) for name, new in wanted.items() if new and new != is_now[name]}


def _checked(row: Row) -> Row:
    """The row as it would be kept. Raises BadInput with everything that cannot be used in it."""
    wrong: dict[str, str] = {}
    name, email = row.name, _address(row)
    try:
        name = checked_name(row.name, _("Write a name of at most 80 signs.")) if row.name else ""
    except BadInput as error:
        wrong.update(error.faults)
    if email and _is_no_address(email):
        wrong["email"] = _("Write an e-mail address like name@example.org, or leave it empty.")
    if row.language and not is_language(row.language):
        wrong["language"] = _("Write the language as a short code, such as en or pt_BR, or leave it empty.")
    if row.zone and row.zone not in _ZONES:
        wrong["zone"] = _("Write the time zone like Europe/Lisbon, or leave it empty.")
    if wrong:
        raise BadInput(wrong)
    return Row(row.line, row.id, name, email, row.language, row.zone)


def _is_no_address(text: str) -> bool:
    try:
        return read_address(text)[0] is None
    except BadInput:
        return True
