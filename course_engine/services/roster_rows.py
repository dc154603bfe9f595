"""The rows of a roster, read: what each would do, or why it cannot be taken.

People are matched by id, then by address, else they are new. Nobody is ever removed by a row, an empty cell
changes nothing, and what belongs to an account is its owner's alone.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import sha256

from course_engine.domain.cohorts import Cohort
from course_engine.domain.errors import BadInput, noting
from course_engine.domain.members import Member
from course_engine.i18n import gettext as _
from course_engine.i18n import is_language, is_zone
from course_engine.services.names import checked_name, read_address
from course_engine.services.roster_files import Row
from course_engine.storage import cohorts, members, people


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
    """A row and what it does; `fields` change (from, to), `reason` says why it cannot be taken.

    `called` is what they are to be called until they come in; `here_only` leaves all that is theirs alone.
    """

    row: Row
    deed: Deed
    person: str = ""
    name: str = ""
    fields: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    reason: str = ""
    called: str = ""
    here_only: bool = False


def read(cohort: Cohort, rows: Sequence[Row], batch: str, here: Sequence[Member]) -> list[Change]:
    """What each of these rows would do; `batch` names the file they stand in."""
    known = members.by_addresses(address(row) for row in rows)
    # Whoever has no address is known again by the file they came with.
    met = {one.id for one in people.those([_id(batch, row) for row in rows if not address(row)])}
    return list(_Reader(here, known, met, cohort, batch).read(rows))


def _id(batch: str, row: Row) -> str:
    return sha256(f"person|{batch}|{row.line}".encode()).hexdigest()[:16]


def _has_left() -> str:
    return _(
        "This person was in the group and left it. They can come back with the code of the group, to all "
        "they have done."
    )


def address(row: Row) -> str:
    """The address in a row, as addresses are kept."""
    return row.email.strip().lower()


class _Reader:
    """Goes through the rows of one file and remembers who stood in it already."""

    def __init__(
        self,
        here: Iterable[Member],
        known: Mapping[str, str],
        met: Collection[str],
        cohort: Cohort,
        batch: str,
    ) -> None:
        self._by_id = {one.id: one for one in here}
        self._by_address = {one.email: one for one in self._by_id.values() if one.email}
        self._known, self._met = known, met
        self._batch, self._leaders = batch, frozenset(cohort.facilitators)
        self._left = cohorts.left(cohort.id)
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
            raise BadInput({"email": _has_left()})
        if clean.email in self._known:
            name = clean.name or clean.email.partition("@")[0]
            return Change(row, Deed.INVITE, self._known[clean.email], name, called=clean.name)
        return self._addition(row, clean)

    def _addition(self, row: Row, clean: Row) -> Change:
        name = clean.name or clean.email.partition("@")[0]
        if not name:
            raise BadInput({"name": _("A new person needs a name or an address.")})
        id = _id(self._batch, row)
        if id in self._left:
            raise BadInput({"name": _has_left()})
        deed = Deed.SAME if id in self._by_id else Deed.INVITE if id in self._met else Deed.ADD
        return Change(replace(row, email=clean.email), deed, id, name, called=clean.name)

    def _update(self, row: Row, clean: Row, member: Member) -> Change:
        if member.awaited:
            return _update_awaited(row, clean, member)
        fields = _differences(clean, member)
        if not fields:
            return Change(row, Deed.SAME, member.id, member.called)
        if not member.editable:
            return Change(row, Deed.KEEP, member.id, member.called)
        if "email" in fields and clean.email in self._known:
            raise BadInput({"email": _("This address belongs to somebody else here.")})
        return Change(row, Deed.CHANGE, member.id, member.name, fields, called=clean.name or member.called)

    def _once(self, row: Row, change: Change) -> Change:
        keys = {change.person, address(row) and f"@{address(row)}"} - {""}
        before = next((self._seen[key] for key in keys if key in self._seen), None)
        if before is not None:
            raise BadInput({"id": _("The same person stands in line %(line)s already.", line=before)})
        self._seen.update(dict.fromkeys(keys, row.line))
        return change


def _update_awaited(row: Row, clean: Row, member: Member) -> Change:
    """Whether there is an account or not, only what they are called here can change, until they come in."""
    if clean.email and clean.email != member.email:
        raise BadInput(
            {
                "email": _(
                    "Whoever is invited keeps their address. Remove this person from the group, then invite "
                    "the other address."
                )
            }
        )
    if not clean.name or clean.name == member.invited_as:
        return Change(row, Deed.SAME, member.id, member.called)
    fields = {"name": (member.called, clean.name)}
    mine = not member.editable
    return Change(row, Deed.CHANGE, member.id, member.called, fields, called=clean.name, here_only=mine)


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
    name, email = row.name, address(row)
    with noting(wrong):
        name = checked_name(row.name, _("Write a name of at most 80 characters.")) if row.name else ""
    if email and _is_no_address(email):
        wrong["email"] = _("Write an e-mail address like name@example.org, or leave it empty.")
    if row.language and not is_language(row.language):
        wrong["language"] = _(
            "“%(code)s” is not a language we know. Write the language as a short code, such as en, de, es, "
            "fr or pt_BR, or leave it empty.",
            code=row.language,
        )
    if row.zone and not is_zone(row.zone):
        wrong["zone"] = _("Write the time zone like Europe/Lisbon, or leave it empty.")
    if wrong:
        raise BadInput(wrong)
    return Row(row.line, row.id, name, email, row.language, row.zone)


def _is_no_address(text: str) -> bool:
    try:
        return read_address(text)[0] is None
    except BadInput:
        return True
