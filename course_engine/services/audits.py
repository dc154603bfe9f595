"""The audit as people read it: each act has a sentence, told with names and plain facts.

Lines hold ids. Reasons and notes that somebody typed may stand in a line's detail, and are never told here.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from course_engine.domain.errors import BadInput
from course_engine.domain.people import Person
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.i18n import ngettext
from course_engine.services.deeds import ACTS, COUNTED, KINDS, OWN, ROLES, UNDONE, kind_of
from course_engine.storage import accounts, audit, editions, people
from course_engine.storage.audit import Filter, Line

PAGE = 50
CHUNK = 1000
MOST_SAVED = 50_000
_SHORT = 8


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: a kind of act, a person (an address, a sign-in name or an id), days in a zone."""

    kind: str = ""
    person: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def filtered(self) -> bool:
        return bool(self.kind or self.person or self.since or self.until)


@dataclass(frozen=True, slots=True)
class Told:
    """One line in words; `who` and `whom` are names, with the id where there is a page about them."""

    at: datetime
    act: str
    sentence: str
    who: str
    who_id: str | None
    whom: str
    whom_id: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines, the latest first, and below which line the next page begins, if there is one."""

    lines: list[Told]
    before: int | None


def page(wanted: Wanted, zone: str, before: int | None = None) -> Page:
    """Fifty lines of what is looked for. Raises BadInput for a person nobody knows, or days in disorder."""
    found = audit.found(_filter(wanted, zone), before, PAGE + 1)
    shown = found[:PAGE]
    return Page(told(shown), shown[-1].id if len(found) > PAGE else None)


def everything(
    engine: Engine, admin: Person, wanted: Wanted, zone: str, now: datetime
) -> Iterator[list[Told]]:
    """It all for a file, a thousand lines at a time; that somebody took it along is written down.

    A file has so many lines at most, and where there are more, its last one says so. Raises BadInput as
    `page` does.
    """
    chosen = _filter(wanted, zone)
    with engine.database.transaction():
        audit.add(now, admin.id, "audit.save", None, {"kind": wanted.kind})
    return _chunks(chosen)


def told(lines: Collection[Line]) -> list[Told]:
    """Lines in words. Five queries at most, however many lines there are."""
    ids = {id for line in lines for id in (line.actor, line.whom) if id}
    groups = {str(line.detail["cohort"]) for line in lines if line.detail.get("cohort")}
    names = accounts.names(ids) if ids else {}
    cohorts = accounts.cohort_names(groups) if groups else {}
    titles = _titles() if any(line.detail.get("course") for line in lines) else {}
    return [_told(line, names, cohorts, titles) for line in lines]


def kinds() -> list[tuple[str, str]]:
    """The kinds of act to choose from."""
    return [(kind, _(words)) for kind, words in KINDS.items()]


def sentence(act: str, words: Mapping[str, object], own: bool = False) -> str:
    """The sentence of an act, `own` where somebody did it for themselves; one that has none is named."""
    if own and act in OWN:
        return _(OWN[act], **words)
    if act in COUNTED:
        one, many = COUNTED[act]
        return ngettext(one, many, int(str(words.get("n", 0))))
    return _(ACTS[act], **words) if act in ACTS else _("%(who)s: %(act)s.", act=act, **words)


def _chunks(chosen: Filter) -> Iterator[list[Told]]:
    before, left = None, MOST_SAVED
    while found := audit.found(chosen, before, min(CHUNK, left + 1)):
        yield told(found[:left])
        if len(found) > left:
            yield [_cut(found[left].at)]
            return
        before, left = found[-1].id, left - len(found)


def _cut(at: datetime) -> Told:
    """The last line of a file that does not hold everything: from this instant on back there is more."""
    return Told(at, "", _("Older lines are left out. Choose days to get them."), "", None, "", None)


def _filter(wanted: Wanted, zone: str) -> Filter:
    faults = {}
    if wanted.since and wanted.until and wanted.until < wanted.since:
        faults["until"] = _("This day lies before the first one.")
    person = None
    if wanted.person:
        found = people.by_address(wanted.person)
        # The id of somebody who has left is still good for finding what was done.
        person = found[0].id if found else wanted.person
        if found is None and ("@" in person or not audit.found(Filter(person=person), None, 1)):
            faults["person"] = _("Nobody is known by this address, sign-in name or number.")
    if faults:
        raise BadInput(faults)
    acts = [act for act in (*ACTS, *COUNTED) if kind_of(act) == wanted.kind] if wanted.kind else None
    after = wanted.until + timedelta(days=1) if wanted.until else None
    return Filter(acts, person, _begin(wanted.since, zone), _begin(after, zone))


def _begin(day: date | None, zone: str) -> datetime | None:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)) if day else None


def _told(
    line: Line, names: Mapping[str, str], cohorts: Mapping[str, str], titles: Mapping[str, str]
) -> Told:
    who = names.get(line.actor) or _("somebody who has left") if line.actor else _("The site itself")
    whom = (names.get(line.whom) or _("somebody who has left")) if line.whom else ""
    group = str(line.detail.get("cohort") or "")
    words = {
        "who": who,
        "whom": whom or _("several people"),
        "group": cohorts.get(group) or _("a group that is gone"),
        "session": line.detail.get("session", ""),
        "n": line.detail.get("n", 0),
        "given": _roles(line.detail.get("given")),
        "taken": _roles(line.detail.get("taken")),
        **_facts(line.detail, titles),
    }
    told = sentence(line.act, words, line.actor == line.whom)
    who_id, whom_id = (id if id in names else None for id in (line.actor, line.whom))
    return Told(line.at, line.act, told, who, who_id, whom, whom_id)


def _facts(detail: Mapping[str, object], titles: Mapping[str, str]) -> dict[str, str]:
    """The week, edition, course and change a line is about; in words of their own where it names none."""
    course, edition = str(detail.get("course") or ""), str(detail.get("edition") or "")
    week = _week(detail)
    change = UNDONE.get(str(detail.get("kind")), "")
    return {
        "week": week,
        "course": _("“%(title)s”", title=titles.get(course, course)) if course else _("a course"),
        "edition": edition[:_SHORT] or _("(not noted)"),
        "change": _(change, week=week) if change else _("a change"),
    }


def _week(detail: Mapping[str, object]) -> str:
    number, id = detail.get("number"), str(detail.get("week") or "")
    if isinstance(number, int):
        return _("week %(n)s", n=number) if number else _("what stands before week 1")
    return f"“{id}”" if id else _("a week")


def _titles() -> dict[str, str]:
    """The title of each course, as its newest edition or else a draft has it."""
    found = {one.course: one.title for one in editions.drafts()}
    for edition in reversed(editions.every()):
        found[edition.course] = edition.title
    return found


def _roles(given: object) -> str:
    names = [_(ROLES[role]) for role in given if role in ROLES] if isinstance(given, list) else []
    return ", ".join(names) or _("none")
