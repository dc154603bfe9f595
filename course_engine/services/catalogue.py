"""The courses of a site as those who run it see them: which editions there are, and who is with each."""

from dataclasses import dataclass, replace
from datetime import datetime

from course_engine.domain.course import Course
from course_engine.domain.editions import Difference, Draft, Edition, What, differences
from course_engine.domain.errors import NotFound, Refused
from course_engine.domain.people import Person
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.services import drafts
from course_engine.services.editions import CHANGING
from course_engine.storage import audit
from course_engine.storage import editions as stored

MOST_NAMES = 20


@dataclass(frozen=True, slots=True)
class Group:
    """A cohort that goes on, and how many people are in it."""

    id: str
    name: str
    people: int


@dataclass(frozen=True, slots=True)
class Use:
    """An edition with who is on their way through it: groups, and people alone."""

    edition: Edition
    groups: tuple[Group, ...] = ()
    alone: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """A course: `newest` is what new people join, if it is offered; drafts wait for someone to decide."""

    course: str
    title: str
    newest: Use | None
    older: tuple[Use, ...]
    withdrawn: tuple[Use, ...]
    drafts: tuple[Draft, ...]


@dataclass(frozen=True, slots=True)
class Touched:
    """Whom a new edition touches: groups keep theirs, `alone` people move with their next week.

    `names` are theirs, where they are few.
    """

    groups: tuple[Group, ...]
    alone: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two editions side by side; `languages` tells of translations: code, and how many texts differ.

    A language that came has -1, one that has gone -2.
    """

    old: Course | None
    new: Course
    differences: tuple[Difference, ...] = ()
    languages: tuple[tuple[str, int], ...] = ()

    @property
    def same(self) -> bool:
        return not self.differences and not self.languages


CAME, GONE = -1, -2


def entries() -> list[Entry]:
    """Every course, by title. Four queries."""
    uses: dict[str, list[Use]] = {}
    for use in _uses(stored.every()):
        uses.setdefault(use.edition.course, []).append(use)
    waiting: dict[str, list[Draft]] = {}
    for draft in stored.drafts():
        waiting.setdefault(draft.course, []).append(draft)
    found = [_entry(id, uses.get(id, []), waiting.get(id, [])) for id in {**uses, **waiting}]
    return sorted(found, key=lambda entry: (entry.title.casefold(), entry.course))


def use(digest: str) -> Use:
    """An edition with who is with it. Raises NotFound."""
    return _uses([_edition(digest)])[0]


def newest(course: str) -> str:
    """The digest of the edition that new people join; empty where there is none."""
    return stored.newest(course) or ""


def editions_of(course: str) -> list[Edition]:
    """All editions of a course, newest first; withdrawn ones too."""
    return stored.every(course)


def touched(course: str, digest: str) -> Touched:
    """Whom this edition would touch as the newest of its course."""
    others = [one for one in _uses(stored.every(course)) if one.edition.digest != digest]
    alone = sum(one.alone for one in others)
    names = stored.names_alone(course, digest, MOST_NAMES) if 0 < alone <= MOST_NAMES else []
    groups = sorted((group for one in others for group in one.groups), key=lambda group: group.name)
    return Touched(tuple(groups), alone, tuple(names))


def course(engine: Engine, digest: str, language: str) -> Course:
    """The course of an edition or a draft, in this language. Raises NotFound."""
    if stored.get(digest) is not None:
        return engine.shelf.course(digest, language)
    return drafts.course(drafts.get(digest), language)


def languages(engine: Engine, digest: str) -> tuple[str, ...]:
    """The languages of an edition or a draft, its own first. Raises NotFound."""
    if stored.get(digest) is not None:
        return engine.shelf.languages(digest)
    return drafts.languages(drafts.get(digest))


def compare(engine: Engine, old: str, new: str) -> Comparison:
    """In what the edition or draft `new` differs from `old`, which may be empty. Raises NotFound."""
    now = languages(engine, new)
    course_now = course(engine, new, now[0])
    if not old:
        return Comparison(None, course_now)
    before = languages(engine, old)
    course_before = course(engine, old, before[0])
    own = differences(course_before, course_now)
    told: list[tuple[str, int]] = [(code, CAME) for code in now[1:] if code not in before]
    told += [(code, GONE) for code in before[1:] if code not in now]
    known = {(one.what, one.id) for one in own}
    for code in now[1:]:
        if code in before[1:]:
            others = differences(course(engine, old, code), course(engine, new, code))
            count = len({(one.what, one.id) for one in others if one.what is not What.COURSE} - known)
            told += [(code, count)] if count else []
    return Comparison(course_before, course_now, own, tuple(sorted(told)))


def withdraw(engine: Engine, digest: str, person: Person, now: datetime) -> Edition:
    """Let nobody new join an edition: the one before it is offered then, if there is one.

    Raises NotFound.
    """
    with engine.database.transaction():
        engine.database.one_at_a_time(CHANGING)
        found = _edition(digest)
        if found.withdrawn_at is None:
            stored.withdraw(digest, now)
            audit.add(now, person.id, "edition.withdraw", None, {"course": found.course, "edition": digest})
        return replace(found, withdrawn_at=found.withdrawn_at or now)


def put_back(engine: Engine, digest: str, person: Person, now: datetime) -> Edition:
    """Let people join a withdrawn edition again; a newer one stays the one that is offered."""
    with engine.database.transaction():
        engine.database.one_at_a_time(CHANGING)
        found = _edition(digest)
        if found.withdrawn_at is not None:
            stored.put_back(digest)
            audit.add(now, person.id, "edition.put_back", None, {"course": found.course, "edition": digest})
        return replace(found, withdrawn_at=None)


def renew(engine: Engine, digest: str, person: Person, now: datetime) -> Edition:
    """Make an older edition the newest of its course again. Raises NotFound, Refused for a withdrawn one."""
    with engine.database.transaction():
        engine.database.one_at_a_time(CHANGING)
        found = _edition(digest)
        if found.withdrawn_at is not None:
            raise Refused(_("This edition was withdrawn. Put it back first."))
        if stored.newest(found.course) == digest:
            return found
        stored.publish(digest, found.course, found.title, stored.load(digest) or b"", now)
        audit.add(now, person.id, "edition.publish", None, {"course": found.course, "edition": digest})
        return replace(found, published_at=now)


def _edition(digest: str) -> Edition:
    found = stored.get(digest)
    if found is None:
        raise NotFound(_("There is no such edition."))
    return found


def _uses(editions: list[Edition]) -> list[Use]:
    groups: dict[str, list[Group]] = {}
    for digest, id, name, people in stored.groups():
        groups.setdefault(digest, []).append(Group(id, name, people))
    alone = stored.alone()
    return [Use(one, tuple(groups.get(one.digest, ())), alone.get(one.digest, 0)) for one in editions]


def _entry(course: str, uses: list[Use], waiting: list[Draft]) -> Entry:
    offered = [one for one in uses if one.edition.withdrawn_at is None]
    first = offered[0] if offered else None
    title = (offered or uses)[0].edition.title if uses else waiting[0].title
    withdrawn = tuple(one for one in uses if one.edition.withdrawn_at is not None)
    return Entry(course, title, first, tuple(offered[1:]), withdrawn, tuple(waiting))
