"""Inviting people by their addresses: each gets a place in the cohort, and a link of their own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import unquote
from itertools import takewhile

from course_engine.crypto import new_id
from course_engine.domain.cohorts import Cohort, Session
from course_engine.domain.errors import BadInput
from course_engine.domain.people import Person
from course_engine.domain.work import Letter
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.i18n import speak
from course_engine.services import claims, cohorts, letters
from course_engine.services.names import read_address
from course_engine.services.wording import meets
from course_engine.storage import members

MOST = 200
# Of a line in which every quotation mark has its other: what stands between semicolons, a name with its
# <address>, and what stands between commas. What stands in quotation marks is never parted.
_BETWEEN_SEMICOLONS = re.compile(r'(?:"[^"]*"|[^;"])+')
_ANGLED = re.compile(r'(?P<before>(?:"[^"]*"|[^<>"])*)<(?P<address>[^<>]*)>[\s,]*')
_BETWEEN_COMMAS = re.compile(r'(?:"[^"]*"|[^,"])+')


@dataclass(frozen=True, slots=True)
class Address:
    """An address as it was typed; `fault` says why it cannot be used, `here` that it is in the cohort."""

    typed: str
    email: str = ""
    name: str = ""
    fault: str = ""
    here: bool = False

    @property
    def good(self) -> bool:
        return not self.fault and not self.here


@dataclass(frozen=True, slots=True)
class Link:
    """The way in for one person; `letter` says that a letter with it is on its way."""

    person: Person
    address: str
    letter: bool


def read(cohort: Cohort, typed: str) -> list[Address]:
    """The addresses in a text: one a line or with commas between, names in front of <…> are kept.

    Raises BadInput when there is none, or when there are too many at once.
    """
    found = _parts(typed)
    if not found:
        raise BadInput({"addresses": _("Write at least one address, such as name@example.org.")})
    if len(found) > MOST:
        raise BadInput(
            {"addresses": _("Invite at most %(most)s people at once, or import a table of them.", most=MOST)}
        )
    here = {one.email for one in members.of_cohort(cohort.id) if one.email}
    read_ones: list[Address] = []
    for name, text in found:
        one = _read(name, text, here, {known.email for known in read_ones if known.email})
        read_ones.append(one)
    return read_ones


def write(
    engine: Engine,
    cohort: Cohort,
    people: Sequence[Person],
    actor: Person,
    now: datetime,
    *,
    letters_too: bool = True,
) -> list[Link]:
    """The way in for each of these people: one link, whether they have an account or make one with it.

    Each gets a letter with it, if they have an address and this site can send one.
    """
    with engine.database.transaction():
        codes = claims.new(engine, [person.id for person in people], actor, now)
        goes = letters_too and letters.can_go(engine)
        root = engine.config.base_url
        links = [
            Link(person, f"{root}/join/claim/{codes[person.id]}", goes and person.email is not None)
            for person in people
        ]
        sessions = cohorts.sessions(cohort)
        reached = [link for link in links if link.letter]
        wanted = [_letter(engine, cohort, sessions, link, now) for link in reached]
        once = [letters.of_place(cohort.id, link.person.id) + new_id() for link in reached]
        letters.post_many(engine, wanted, now + claims.LASTS, once=once)
    return links


def _parts(typed: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for line in typed.splitlines():
        paired = line if line.count('"') % 2 == 0 else line.replace('"', "")
        for part in _BETWEEN_SEMICOLONS.findall(paired) if "@" in line else [line]:
            rest = part
            while angled := _ANGLED.match(rest):
                found += _named(angled["before"], angled["address"].strip())
                rest = rest[angled.end() :]
            found += _bare(rest)
    return found


def _named(before: str, address: str) -> list[tuple[str, str]]:
    """A name with its address, and the addresses without a name that stand before it in the same line."""
    *others, last = _BETWEEN_COMMAS.findall(before) or [""]
    bare = list(takewhile(lambda piece: "@" in piece, others))
    name = ",".join([*others[len(bare) :], last])
    return [one for piece in bare for one in _bare(piece)] + [(_as_called(name), address)]


def _as_called(name: str) -> str:
    """A name as somebody is called: many mail programs write "Surname, First"."""
    unquoted = " ".join(unquote(name.strip()).strip("' ").split())
    if "@" in unquoted:
        return ""
    surname, comma, first = (part.strip() for part in unquoted.partition(","))
    return f"{first} {surname}".strip() if comma and "," not in first else unquoted


def _bare(text: str) -> list[tuple[str, str]]:
    # Words without any address are told of as they stand, once.
    if "@" not in text:
        return [("", " ".join(text.split()))] if text.strip(" ,") else []
    return [one for part in text.split(",") for one in _words(part)]


def _words(part: str) -> list[tuple[str, str]]:
    if "@" in part:
        return [("", word) for word in part.split()]
    return [("", " ".join(part.split()))] if part.strip() else []


def _read(name: str, text: str, here: set[str], before: set[str]) -> Address:
    try:
        email, _sign_in_name = read_address(text)
    except BadInput:
        email = None
    if email is None:
        return Address(text, fault=_("This is no e-mail address."))
    if email in before:
        return Address(text, fault=_("This address stands here twice."))
    return Address(text, email, name, here=email in here)


def _letter(engine: Engine, cohort: Cohort, sessions: Sequence[Session], link: Link, now: datetime) -> Letter:
    with speak(link.person.language):
        begins = _begins(cohort, sessions, now)
        return Letter(
            id=new_id(),
            to=link.person.email or "",
            subject=_(
                "%(site)s: you are invited to “%(cohort)s”", site=engine.config.site_name, cohort=cohort.name
            ),
            text=_(
                "Hello,\n\nthere is a place for you in the group “%(cohort)s”. %(begins)s\n\n"
                "Here you can read what it is, agree and begin:\n\n%(link)s\n\n"
                "The link is for you alone. If you would rather not take part, you can leave this mail as it "
                "is.\n",
                cohort=cohort.name,
                begins=begins,
                link=link.address,
            ),
            created_at=now,
        )


def _begins(cohort: Cohort, sessions: Sequence[Session], now: datetime) -> str:
    first = next((one for one in sessions if not one.cancelled), None)
    if first is None:
        return ""
    when = meets(first.starts_at, cohort.zone)
    if first.starts_at < now:
        return _("It met for the first time on %(when)s.", when=when)
    if cohort.place:
        return _("It begins on %(when)s, at %(place)s.", when=when, place=cohort.place)
    return _("It begins on %(when)s.", when=when)
