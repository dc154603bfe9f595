"""What course pages show of a position: states in words, next to addresses of this run."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import g

from course_engine.domain.course import Module, Step, StepKind, Week
from course_engine.domain.standing import Code, Standing, State
from course_engine.i18n import gettext as _
from course_engine.i18n import mark, ngettext, short_day
from course_engine.services import wording
from course_engine.services.runs import Position

SCENES = ("spring", "stones", "pool", "lake")
ROWS_TODAY = 4
KINDS = {
    StepKind.LESSON: mark("Reading"),
    StepKind.PRACTICE: mark("Practice"),
    StepKind.CHECK_IN: mark("Check-in, private to you"),
    StepKind.JOURNAL: mark("Journal, if it appeals"),
    StepKind.WORKSHEET: mark("Worksheet, on screen or on paper"),
}
BEGIN = {
    StepKind.LESSON: mark("Read"),
    StepKind.PRACTICE: mark("Begin"),
    StepKind.CHECK_IN: mark("Check in"),
    StepKind.JOURNAL: mark("Write"),
    StepKind.WORKSHEET: mark("Open"),
}


@dataclass(frozen=True, slots=True)
class Node:
    """A module on the way through the course: its name, its state, the same in words, and its address."""

    name: str
    state: State
    words: str
    href: str


@dataclass(frozen=True, slots=True)
class CourseView:
    """A position as templates read it."""

    at: Position

    @property
    def root(self) -> str:
        """What stands before every address of this run."""
        return f"/runs/{g.run}" if g.get("run") else ""

    @property
    def next_step(self) -> Step | None:
        """The one next thing."""
        id = self.at.access.next_step
        return self.at.course.steps[id] if id else None

    @property
    def here(self) -> Week:
        """The week the learner is in, or else the first."""
        id = self.at.access.here
        return next((week for week in self.at.course.weeks if week.id == id), self.at.course.weeks[0])

    @property
    def always_open(self) -> list[Step]:
        """The steps that are never locked, such as a steadying plan."""
        return [step for step in self.at.course.steps.values() if step.always_open]

    @property
    def last_number(self) -> int:
        """How many numbered weeks the course has."""
        return max(week.number for week in self.at.course.weeks)

    @property
    def path(self) -> list[Node]:
        """The modules with numbered weeks, as nodes on one line."""
        numbered = [module for module in self.at.course.modules if any(week.number for week in module.weeks)]
        return [
            Node(
                module.title, self.state(module), self._path_words(module), f"{self.root}/course#{module.id}"
            )
            for module in numbered
        ]

    @property
    def held(self) -> str:
        """Until when the course is on hold, in a sentence; empty when it is not."""
        reasons = (reason for week in self.at.course.weeks for reason in self.standing(week).reasons)
        found = next((reason for reason in reasons if reason.code is Code.HELD), None)
        return wording.sentence(self.at.course, found, self.at.zone) if found else ""

    @property
    def opening(self) -> tuple[Week, datetime] | None:
        """The next week that opens by itself, and when."""
        found = self.at.access.next_opening
        return (self.week_of_id(found[0]), found[1]) if found else None

    def standing(self, item: Step | Week | Module) -> Standing:
        """How a step, week or module stands."""
        found = self.at.access
        if isinstance(item, Step):
            return found.steps[item.id]
        return found.weeks[item.id] if isinstance(item, Week) else found.modules[item.id]

    def state(self, item: Step | Week | Module) -> State:
        return self.standing(item).state

    def why(self, item: Step | Week | Module) -> str:
        """Why it is locked, in whole sentences."""
        return wording.why(self.at.course, self.standing(item), self.at.zone)

    def words(self, item: Step | Week | Module) -> str:
        """Its state in words."""
        return words(item, self.state(item))

    def kind(self, step: Step) -> str:
        """What a step asks of a person."""
        return _(KINDS[step.kind])

    def begin(self, step: Step) -> str:
        """The word on the button that opens it."""
        return _(BEGIN[step.kind])

    def meta(self, step: Step) -> str:
        """Kind and length: `Practice, 5 minutes or 2`."""
        if step.practice is not None:
            return _(
                "%(kind)s, %(full)s minutes or %(short)s",
                kind=self.kind(step), full=step.practice.full.minutes, short=step.practice.short.minutes,
            )  # fmt: skip
        return ngettext(
            "%(kind)s, %(n)s minute", "%(kind)s, %(n)s minutes", step.minutes, kind=self.kind(step)
        )

    def href(self, item: Step | Week) -> str:
        """The address of a step or week in this run."""
        if isinstance(item, Week):
            return f"{self.root}/weeks/{item.number}"
        if item.worksheet is not None:
            return f"{self.root}/worksheets/{item.worksheet.id}"
        return f"{self.root}/steps/{item.id}"

    def name(self, week: Week) -> str:
        """`Week 3, …`, or the title of the orientation."""
        return _("Week %(number)s", number=week.number) if week.number else _("Before you begin")

    def done_of(self, week: Week) -> tuple[int, int]:
        """How many of the things that complete the week are done, and how many there are."""
        sets = week.asks
        states = self.at.access.steps
        done = sum(any(states[step.id].state is State.DONE for step in steps) for steps in sets)
        return done, len(sets)

    def minutes_left(self, week: Week) -> int:
        """How long the things that complete the week still take, about."""
        states = self.at.access.steps
        waiting = [s for s in week.asks if not any(states[step.id].state is State.DONE for step in s)]
        return sum(min(step.minutes for step in steps) for steps in waiting)

    def optional(self, step: Step) -> bool:
        """Whether the week can be complete without this step, now that things stand as they do."""
        if not step.counts or self.state(step) is State.DONE:
            return not step.counts
        sets = (steps for steps in self.at.course.week_of[step.id].asks if step in steps)
        return any(self.state(other) is State.DONE for steps in sets for other in steps)

    def choice(self, step: Step) -> bool:
        """Whether this is one of several of which one is enough."""
        return any(step in steps and len(steps) > 1 for steps in self.at.course.week_of[step.id].asks)

    def near(self, week: Week) -> tuple[Step, ...]:
        """The few steps of a week that stand around the next one."""
        place = next((n for n, step in enumerate(week.steps) if self.state(step) is State.NEXT), 0)
        first = max(0, min(place - 1, len(week.steps) - ROWS_TODAY))
        return week.steps[first : first + ROWS_TODAY]

    def week_of_id(self, id: str) -> Week:
        """The week with this id."""
        return next(week for week in self.at.course.weeks if week.id == id)

    def week_after(self, week: Week) -> Week | None:
        """The week that comes after this one."""
        weeks = self.at.course.weeks
        place = weeks.index(week)
        return weeks[place + 1] if place + 1 < len(weeks) else None

    def scene(self, week: Week) -> str:
        """The picture of the week's module."""
        if week.number == 0:
            return "orientation"
        numbered = [module.id for module in self.at.course.modules if any(one.number for one in module.weeks)]
        return SCENES[numbered.index(self.at.course.module_of[week.id].id) % len(SCENES)]

    def after(self, step: Step) -> Step | None:
        """The step that stands after this one in its week."""
        steps = self.at.course.week_of[step.id].steps
        place = steps.index(step)
        return steps[place + 1] if place + 1 < len(steps) else None

    def before(self, step: Step) -> Step | None:
        """The step that stands before this one in its week."""
        steps = self.at.course.week_of[step.id].steps
        place = steps.index(step)
        return steps[place - 1] if place else None

    def _path_words(self, module: Module) -> str:
        standing = self.standing(module)
        if standing.state is State.NEXT:
            return _("You are here, week %(here)s of %(last)s", here=self.here.number, last=self.last_number)
        if standing.state is not State.LOCKED:
            return self.words(module)
        waits = any(reason.code is Code.PREVIOUS_NOT_DONE for reason in standing.reasons)
        if standing.opens_at is not None and not waits:
            return _("Opens on %(day)s", day=short_day(standing.opens_at, self.at.zone))
        modules = self.at.course.modules
        before = modules[max(0, modules.index(module) - 1)]
        return _("Opens after “%(module)s”", module=before.title)


def words(item: Step | Week | Module, state: State) -> str:
    """What is said of an item in this state."""
    if state is State.NEXT and not isinstance(item, Step):
        return _("You are here")
    return _(wording.STATES[state])


def quiet(seconds: int) -> str:
    """A stretch of quiet in words; from a minute on in minutes."""
    if seconds < 60:
        return ngettext("Quiet for %(n)s second", "Quiet for %(n)s seconds", seconds)
    minutes, rest = divmod(seconds, 60)
    if not rest:
        return ngettext("Quiet for %(n)s minute", "Quiet for %(n)s minutes", minutes)
    return _("Quiet for %(minutes)s min %(seconds)s s", minutes=minutes, seconds=rest)


def greeting(now: datetime, zone: str) -> str:
    """A word for the time of day."""
    hour = now.astimezone(ZoneInfo(zone)).hour
    if 4 <= hour < 12:
        return _("Good morning")
    return _("Good afternoon") if 12 <= hour < 18 else _("Good evening")
