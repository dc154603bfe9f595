"""What course pages show of a position: states in words, next to addresses of this run."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from course_engine.domain.course import Module, Step, Week
from course_engine.domain.openings import Rules
from course_engine.domain.pace import By, Override
from course_engine.domain.standing import Code, Reason, Standing, State, Status
from course_engine.i18n import gettext as _
from course_engine.i18n import ngettext, short_day
from course_engine.services import wording
from course_engine.services.runs import Position
from course_engine.web import here
from course_engine.web.guide import Guide

ROWS_TODAY = 4
RECENT = timedelta(days=14)


class CourseView(Guide):
    """A position as templates read it, with addresses of the run it was asked for."""

    def __init__(self, at: Position) -> None:
        super().__init__(at.course, here.root())
        self.at = at

    @property
    def in_group(self) -> bool:
        """Whether there is a facilitator to ask for a word, on the way at hand."""
        return not self.root and self.at.cohort is not None and self.at.run.started_at is not None

    @property
    def left_group(self) -> str:
        """The group that somebody who goes on alone was in until a short while ago."""
        run = self.at.run
        return run.left if run.left_at and here.now() - run.left_at < RECENT else ""

    @property
    def next_step(self) -> Step | None:
        """The one next thing."""
        id = self.at.access.next_step
        return self.course.steps[id] if id else None

    @property
    def here(self) -> Week:
        """The week the learner is in, or else the first."""
        id = self.at.access.here
        return next((week for week in self.course.weeks if week.id == id), self.course.weeks[0])

    @property
    def held(self) -> str:
        """Until when the course is on hold, in a sentence; empty when it is not."""
        reasons = (reason for week in self.course.weeks for reason in self.standing(week).reasons)
        found = next((reason for reason in reasons if reason.code is Code.HELD), None)
        hold = self.hold
        if hold is not None:
            found = Reason(Code.HELD, at=hold.end, by=hold.by)
        return wording.sentence(self.course, found, self.at.zone) if found else ""

    @property
    def hold(self) -> Override | None:
        """The hold of the whole course that is in force."""
        if self.at.access.status is not Status.ON_HOLD:
            return None
        return Rules(self.at.history, self.at.pace, self.at.overrides, here.now()).hold_now()

    def notes(self, week: Week | None = None) -> list[str]:
        """What facilitators said with a change: about this week, or lately about any."""
        now = here.now()
        found = [
            change.note
            for change in self.at.overrides
            if change.note
            and change.by is By.FACILITATOR
            and change.start <= now
            and (change.end is None or change.end > now)
            and (change.week == week.id if week else change is self.hold or now - change.start < RECENT)
        ]
        return list(dict.fromkeys(found))

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

    def left(self, step: Step) -> bool:
        """Whether a step that counts as done was left for another day."""
        return step.id in self.at.history.left and self.state(step) is State.DONE

    def kept(self, step: Step) -> bool:
        """Whether words of one's own stand on this worksheet or under this prompt."""
        return (step.worksheet.id if step.worksheet else step.id) in self.at.history.kept

    def why(self, item: Step | Week | Module) -> str:
        """Why it is locked, in whole sentences."""
        return wording.why(self.course, self.standing(item), self.at.zone)

    def words(self, item: Step | Week | Module) -> str:
        """Its state in words."""
        return self.said(item, self.state(item))

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
        return any(self.state(other) is State.DONE for other in self.alike(step))

    def near(self, week: Week) -> tuple[Step, ...]:
        """The few steps of a week that stand around the next one."""
        place = next((n for n, step in enumerate(week.steps) if self.state(step) is State.NEXT), 0)
        first = max(0, min(place - 1, len(week.steps) - ROWS_TODAY))
        return week.steps[first : first + ROWS_TODAY]

    def on_the_path(self, module: Module) -> str:
        """What stands below a module on the line of modules: its state, and from when or after what."""
        standing = self.standing(module)
        if standing.state is State.NEXT:
            return _("You are here, week %(here)s of %(last)s", here=self.here.number, last=self.last_number)
        if standing.state is not State.LOCKED:
            return self.words(module)
        waits = any(reason.code is Code.PREVIOUS_NOT_DONE for reason in standing.reasons)
        if standing.opens_at is not None and not waits:
            return _("Opens on %(day)s", day=short_day(standing.opens_at, self.at.zone))
        modules = self.course.modules
        before = modules[max(0, modules.index(module) - 1)]
        # A week without a number is called by its own title wherever it stands, and so it is here.
        named = before if before in self.numbered else before.weeks[-1]
        return _("Opens after “%(module)s”", module=named.title)


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
