"""Editions of a course: which there are, and in what one differs from another."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum

from course_engine.domain.course import Course, Module, Practice, Step, Week


@dataclass(frozen=True, slots=True)
class Edition:
    """A published edition; nobody new joins one that was withdrawn."""

    digest: str
    course: str
    title: str
    published_at: datetime
    withdrawn_at: datetime | None = None

    @property
    def short(self) -> str:
        """Enough of the digest to tell editions apart by eye."""
        return self.digest[:8]


@dataclass(frozen=True, slots=True)
class Draft:
    """A course that was brought in and not published yet; `notes` are places that still wait for someone."""

    digest: str
    course: str
    title: str
    by: str | None
    at: datetime
    notes: tuple[str, ...] = ()

    @property
    def short(self) -> str:
        return self.digest[:8]


class What(StrEnum):
    """What of a course a difference is about."""

    COURSE = "course"
    MODULE = "module"
    WEEK = "week"
    STEP = "step"
    PLAN = "plan"
    PAGE = "page"
    EVIDENCE = "evidence"
    HELP = "help"


class Turn(StrEnum):
    """What has become of it."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    RETITLED = "retitled"
    NUMBERED = "numbered"
    RULE = "rule"
    SET = "set"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: `title` is what the thing is called now, or was called when it is gone.

    `week` is the number of the week it stands in, for what stands in one. `before` and `after` belong to
    the turn: titles, numbers of weeks, rules or values. `aspects` say what of it has changed.
    """

    what: What
    turn: Turn
    id: str
    title: str = ""
    week: int | None = None
    before: str = ""
    after: str = ""
    aspects: tuple[str, ...] = ()


def differences(old: Course, new: Course) -> tuple[Difference, ...]:
    """In what `new` differs from `old`: none for equal courses, and each by the id it is about."""
    return (
        *_course(old, new),
        *_modules(old, new),
        *_weeks(old, new),
        *_steps(old, new),
        *_plans(old, new),
        *_simple(What.PAGE, {one.id: one for one in old.pages}, {one.id: one for one in new.pages}),
        *([] if old.evidence == new.evidence else [Difference(What.EVIDENCE, Turn.CHANGED, "evidence")]),
        *([] if old.help_lines == new.help_lines else [Difference(What.HELP, Turn.CHANGED, "help")]),
    )


def rule(step: Step) -> str:
    """How a step counts: `required`, `one_of` with the name of its set, or `optional`."""
    if step.one_of:
        return f"one_of {step.one_of}"
    return "required" if step.required else "optional"


def renumbered(old: Course, new: Course) -> set[int]:
    """The numbers under which the two courses have weeks that are not the same week."""
    ours, theirs = ({week.number: week.id for week in course.weeks} for course in (old, new))
    return {number for number, id in ours.items() if theirs.get(number) not in (None, id)}


def _course(old: Course, new: Course) -> Iterator[Difference]:
    if old.title != new.title:
        yield Difference(What.COURSE, Turn.RETITLED, new.id, new.title, None, old.title, new.title)
    values = {
        "edition": (old.edition, new.edition),
        "pace": (old.pace, new.pace),
        "design": (old.certificate.design, new.certificate.design),
        "attended": (str(old.certificate.attended), str(new.certificate.attended)),
        "licence": (old.licence, new.licence),
        "authors": (", ".join(old.authors), ", ".join(new.authors)),
        "words_a_minute": (str(old.words_a_minute), str(new.words_a_minute)),
    }
    for aspect, (before, after) in values.items():
        if before != after:
            yield Difference(What.COURSE, Turn.SET, new.id, new.title, None, before, after, (aspect,))
    words = tuple(
        name for name in ("summary", "notice", "safety") if getattr(old, name) != getattr(new, name)
    )
    if words:
        yield Difference(What.COURSE, Turn.CHANGED, new.id, new.title, aspects=words)


def _modules(old: Course, new: Course) -> Iterator[Difference]:
    before, after = ({one.id: one for one in course.modules} for course in (old, new))
    moved = _moved(list(before), list(after))
    for id, module in {**after, **before}.items():
        title = after.get(id, module).title
        yield from _come_or_gone(What.MODULE, id, title, before, after)
        if id not in before or id not in after:
            continue
        if before[id].title != title:
            yield Difference(What.MODULE, Turn.RETITLED, id, title, None, before[id].title, title)
        if id in moved:
            yield Difference(What.MODULE, Turn.MOVED, id, title)
        if before[id].summary != after[id].summary:
            yield Difference(What.MODULE, Turn.CHANGED, id, title, aspects=("summary",))


def _weeks(old: Course, new: Course) -> Iterator[Difference]:
    before, after = ({week.id: week for week in course.weeks} for course in (old, new))
    for id, week in {**before, **after}.items():
        yield from _come_or_gone(What.WEEK, id, week.title, before, after, week.number)
        if id in before and id in after:
            yield from _week(before[id], week, old.module_of[id], new.module_of[id])


def _week(old: Week, new: Week, module: Module, now_in: Module) -> Iterator[Difference]:
    about = (new.id, new.title, new.number)
    if old.title != new.title:
        yield Difference(What.WEEK, Turn.RETITLED, *about, old.title, new.title)
    if old.number != new.number:
        yield Difference(What.WEEK, Turn.NUMBERED, *about, str(old.number), str(new.number))
    if module.id != now_in.id:
        yield Difference(What.WEEK, Turn.MOVED, *about, module.title, now_in.title)
    aspects = _unequal(old, new, _OF_WEEK)
    if aspects:
        yield Difference(What.WEEK, Turn.CHANGED, *about, aspects=aspects)


_OF_WEEK = {
    "aim": "aim", "minutes": "minutes", "welcome_html": "welcome", "care": "care", "teaches": "teaches",
    "home_title": "home", "home_html": "home", "home_id": "home",
}  # fmt: skip


def _steps(old: Course, new: Course) -> Iterator[Difference]:
    for id, step in {**old.steps, **new.steps}.items():
        week = (new if id in new.steps else old).week_of[id]
        yield from _come_or_gone(What.STEP, id, step.title, old.steps, new.steps, week.number)
        if id in old.steps and id in new.steps:
            yield from _step(old.steps[id], step, old.week_of[id], week)
    for week in new.weeks:
        same = next((one for one in old.weeks if one.id == week.id), None)
        for id in _moved([one.id for one in same.steps], [one.id for one in week.steps]) if same else ():
            yield Difference(What.STEP, Turn.MOVED, id, new.steps[id].title, week.number)


def _step(old: Step, new: Step, week: Week, now_in: Week) -> Iterator[Difference]:
    about = (new.id, new.title, now_in.number)
    if old.title != new.title:
        yield Difference(What.STEP, Turn.RETITLED, *about, old.title, new.title)
    if week.id != now_in.id:
        yield Difference(What.STEP, Turn.MOVED, *about, week.title, now_in.title)
    if rule(old) != rule(new):
        yield Difference(What.STEP, Turn.RULE, *about, rule(old), rule(new))
    aspects = (*_unequal(old, new, _OF_STEP), *_practice(old.practice, new.practice))
    if aspects:
        yield Difference(What.STEP, Turn.CHANGED, *about, aspects=tuple(dict.fromkeys(aspects)))


_OF_STEP = {
    "kind": "kind", "minutes": "minutes", "always_open": "always_open", "html": "text", "summary": "summary",
    "fields": "questions", "measure": "questions", "worksheet": "worksheet",
}  # fmt: skip


def _practice(old: Practice | None, new: Practice | None) -> tuple[str, ...]:
    if old is None or new is None:
        return () if old is new else ("kind",)
    return _unequal(old, new, _OF_PRACTICE)


_OF_PRACTICE = {
    "id": "practice", "title": "practice", "type": "practice", "intensity": "intensity", "summary": "summary",
    "full": "script", "short": "script", "gentler": "gentler", "anchors": "choices", "postures": "choices",
    "cautions_html": "cautions", "ordinary_html": "ordinary", "stopping_html": "stopping",
}  # fmt: skip


def _plans(old: Course, new: Course) -> Iterator[Difference]:
    numbers = {plan.id: week.number for course in (old, new) for week in course.weeks for plan in week.plans}
    yield from _simple(What.PLAN, old.plan_of, new.plan_of, numbers)


def _simple(
    what: What, old: Mapping[str, object], new: Mapping[str, object], weeks: Mapping[str, int] | None = None
) -> Iterator[Difference]:
    for id in {**old, **new}:
        title = str(getattr(new.get(id, old.get(id)), "title", ""))
        number = (weeks or {}).get(id)
        yield from _come_or_gone(what, id, title, old, new, number)
        if id in old and id in new and old[id] != new[id]:
            yield Difference(what, Turn.CHANGED, id, title, number)


def _come_or_gone(
    what: What,
    id: str,
    title: str,
    old: Mapping[str, object],
    new: Mapping[str, object],
    week: int | None = None,
) -> Iterator[Difference]:
    if id not in old:
        yield Difference(what, Turn.ADDED, id, title, week)
    elif id not in new:
        yield Difference(what, Turn.REMOVED, id, title, week)


def _unequal(old: object, new: object, names: Mapping[str, str]) -> tuple[str, ...]:
    """The words for the fields in which the two differ, in order."""
    found = (word for name, word in names.items() if getattr(old, name) != getattr(new, name))
    return tuple(dict.fromkeys(found))


def _moved(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """What is in both and does not stand in the same order, as few as tell the story."""
    both = set(old) & set(new)
    ours, theirs = [id for id in old if id in both], [id for id in new if id in both]
    kept: set[str] = set()
    for block in SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks():
        kept.update(ours[block.a : block.a + block.size])
    return [id for id in theirs if id not in kept]
