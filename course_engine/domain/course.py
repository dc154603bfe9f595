"""What a course is made of: modules, weeks and steps in the order they are met.

Everything here is frozen and already checked: `content` builds it from files, and
every other floor only reads it. Ids are stable for ever and unique in the course;
`html` fields hold safe, ready-made HTML.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Literal

from course_engine.domain.evidence import Evidence
from course_engine.domain.help_lines import HelpLine
from course_engine.domain.measures import Measure
from course_engine.domain.pages import Page
from course_engine.domain.plans import SessionPlan


class StepKind(StrEnum):
    """What a step asks of a person."""

    LESSON = "lesson"
    PRACTICE = "practice"
    CHECK_IN = "check-in"
    JOURNAL = "journal"
    WORKSHEET = "worksheet"


class Intensity(StrEnum):
    """How much a practice may stir up."""

    GENTLE = "gentle"
    MEDIUM = "medium"
    DEEP = "deep"


FieldKind = Literal["lines", "box", "scale", "choice", "choices", "table", "note"]


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a worksheet or check-in.

    `lines` is how many writing lines (or table rows, or box height in lines) paper gives;
    a scale runs from `low` to `high` in whole steps 0-10 unless `least`/`most` say otherwise.
    `widths` are the shares of the columns of a table on paper, equal ones where there are none. In a
    translation `own_rows` and `own_columns` are the labels of a table in the course's own language, and
    `own_options` the answers to choose from.
    """

    id: str
    kind: FieldKind
    label: str
    hint: str = ""
    lines: int = 3
    least: int = 0
    most: int = 10
    low: str = ""
    high: str = ""
    options: tuple[str, ...] = ()
    other: bool = False
    columns: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()
    html: str = ""
    example: str = ""
    own_rows: tuple[str, ...] = ()
    own_columns: tuple[str, ...] = ()
    own_options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Worksheet:
    """A sheet to fill in on screen or by hand; on paper it has `pages`, in large print `large_pages`."""

    id: str
    title: str
    purpose: str
    fields: tuple[Field, ...]
    minutes: int = 10
    pages: int = 1
    large_pages: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a practice: words to hear or a prompt to write to, then quiet (seconds)."""

    say: str
    pause: int = 0
    write: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A named stretch of a practice script."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """One length of a practice: whole minutes, and what is said in them."""

    minutes: int
    parts: tuple[Part, ...]

    @property
    def lines(self) -> Iterator[Line]:
        return (line for part in self.parts for line in part.lines)


@dataclass(frozen=True, slots=True)
class Gentler:
    """The softer way to do a practice; doing this counts fully."""

    title: str
    html: str


@dataclass(frozen=True, slots=True)
class Practice:
    """Something to try, always with a gentler form, an everyday alternative and a way to stop."""

    id: str
    title: str
    type: str
    intensity: Intensity
    summary: str
    full: Script
    short: Script
    gentler: Gentler
    anchors: tuple[str, ...]
    postures: tuple[str, ...]
    cautions_html: str
    ordinary_html: str
    stopping_html: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do in a week.

    `required` steps count towards the week; of all steps that share a `one_of` name one is
    enough; the rest are optional. `always_open` is never locked. `html` is the text of a lesson
    or the lead-in of another kind; `fields` are the questions of a check-in, those of its `measure` too.
    """

    id: str
    kind: StepKind
    title: str
    minutes: int
    required: bool = False
    one_of: str = ""
    always_open: bool = False
    html: str = ""
    summary: str = ""
    fields: tuple[Field, ...] = ()
    practice: Practice | None = None
    worksheet: Worksheet | None = None
    measure: Measure | None = None

    @property
    def counts(self) -> bool:
        """Whether this step can be part of what completes its week."""
        return self.required or bool(self.one_of)


@dataclass(frozen=True)
class Week:
    """A week of the course; `number` counts through the course, orientation is 0."""

    id: str
    number: int
    title: str
    aim: str
    minutes: int
    steps: tuple[Step, ...]
    welcome_html: str = ""
    home_title: str = ""
    home_html: str = ""
    home_id: str = ""
    care: str = ""
    teaches: tuple[str, ...] = ()
    plans: tuple[SessionPlan, ...] = ()

    @cached_property
    def asks(self) -> tuple[tuple[Step, ...], ...]:
        """What completes the week: each required step alone, each `one_of` set together."""
        sets: dict[str, list[Step]] = {}
        for step in self.steps:
            if step.one_of:
                sets.setdefault(step.one_of, []).append(step)
        alone = tuple((step,) for step in self.steps if step.required and not step.one_of)
        return alone + tuple(tuple(steps) for steps in sets.values())

    @cached_property
    def asked(self) -> tuple[tuple[str, ...], ...]:
        """The same as ids."""
        return tuple(tuple(step.id for step in steps) for steps in self.asks)


@dataclass(frozen=True, slots=True)
class Module:
    """Weeks that belong together; orientation is a module of its own with `scene` spring."""

    id: str
    title: str
    summary: str
    weeks: tuple[Week, ...]


@dataclass(frozen=True, slots=True)
class CertificateRule:
    """What a certificate of this course asks: in a cohort also `attended` sessions of all."""

    design: str = "classic"
    attended: int = 0


@dataclass(frozen=True)
class Course:
    """A whole course as one published edition, in one language.

    `safety` are ids of pages and steps that are never locked and always near at hand.
    """

    id: str
    title: str
    summary: str
    language: str
    authors: tuple[str, ...]
    licence: str
    edition: str
    modules: tuple[Module, ...]
    pace: str = "weekly"
    words_a_minute: int = 100
    certificate: CertificateRule = field(default_factory=CertificateRule)
    notice: str = ""
    safety: tuple[str, ...] = ()
    pages: tuple[Page, ...] = ()
    help_lines: tuple[HelpLine, ...] = ()
    evidence: Evidence | None = None

    @cached_property
    def weeks(self) -> tuple[Week, ...]:
        """All weeks in order."""
        return tuple(week for module in self.modules for week in module.weeks)

    @cached_property
    def steps(self) -> Mapping[str, Step]:
        """Every step by id, in order."""
        return {step.id: step for week in self.weeks for step in week.steps}

    @cached_property
    def week_of(self) -> Mapping[str, Week]:
        """The week each step id stands in."""
        return {step.id: week for week in self.weeks for step in week.steps}

    @cached_property
    def module_of(self) -> Mapping[str, Module]:
        """The module each week id stands in."""
        return {week.id: module for module in self.modules for week in module.weeks}

    @cached_property
    def worksheets(self) -> Mapping[str, Step]:
        """The step of every worksheet, by worksheet id."""
        return {step.worksheet.id: step for step in self.steps.values() if step.worksheet}

    @cached_property
    def page_of(self) -> Mapping[str, Page]:
        """Every page by id, whoever it is for."""
        return {page.id: page for page in self.pages}

    @cached_property
    def plan_of(self) -> Mapping[str, SessionPlan]:
        """Every session plan by id."""
        return {plan.id: plan for week in self.weeks for plan in week.plans}

    def number_of(self, week: str | None) -> int | None:
        """The number of the week with this id, if the course has one."""
        return next((one.number for one in self.weeks if one.id == week), None)

    def week(self, number: int) -> Week | None:
        """The week with this number, if the course has one."""
        return next((week for week in self.weeks if week.number == number), None)
