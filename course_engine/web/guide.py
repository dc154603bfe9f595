"""What is said of a course whoever reads it: the names, kinds, addresses and words of what is in it."""

from markupsafe import Markup

from course_engine.domain.course import Course, Module, Step, StepKind, Week
from course_engine.domain.pages import Page, Readers
from course_engine.domain.standing import State
from course_engine.i18n import gettext as _
from course_engine.i18n import mark, ngettext
from course_engine.services import wording
from course_engine.web import links, tongues

SCENES = ("spring", "stones", "pool", "lake")
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


class Guide:
    """A course with `root`, what stands before every address in it."""

    def __init__(self, course: Course, root: str) -> None:
        self.course = course
        self.root = root

    @property
    def always_open(self) -> list[Step]:
        """The steps that are never locked, such as a steadying plan."""
        return [step for step in self.course.steps.values() if step.always_open]

    @property
    def at_hand(self) -> list[Page]:
        """The pages for everyone, those for safety first."""
        own = [page for page in self.course.pages if page.readers is Readers.EVERYONE]
        order = {id: place for place, id in enumerate(self.course.safety)}
        return sorted(own, key=lambda page: order.get(page.id, len(order)))

    @property
    def safety(self) -> list[tuple[str, str]]:
        """What is never locked and always near at hand: title and address of pages and steps."""
        course = self.course
        pages = {page.id: (page.title, f"{self.root}/pages/{page.id}") for page in course.pages}
        steps = {id: (step.title, self.href(step)) for id, step in course.steps.items()}
        return [pages.get(id) or steps[id] for id in course.safety if id in pages or id in steps]

    @property
    def last_number(self) -> int:
        """How many numbered weeks the course has."""
        return max(week.number for week in self.course.weeks)

    @property
    def numbered(self) -> list[Module]:
        """The modules with numbered weeks."""
        return [module for module in self.course.modules if any(week.number for week in module.weeks)]

    @property
    def lang(self) -> Markup:
        """The attributes of an element with words of the course, where the page speaks another language."""
        return tongues.attributes(self.course.language)

    def own(self, words: str) -> Markup:
        """Words of the course, for a place where words of the site stand around them."""
        return tongues.spoken(words, self.course.language)

    def text(self, html: str) -> Markup:
        """Words of the course, their links led to pages of this run."""
        return links.below(html, self.root)

    def apart(self, html: str) -> Markup:
        """The same where words of the site stand beside it: in a block of its own if the languages differ."""
        return Markup("<div{}>{}</div>").format(self.lang, self.text(html)) if self.lang else self.text(html)

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
        """`Week 3`, or the title of a week without a number."""
        return _("Week %(number)s", number=week.number) if week.number else self.own(week.title)

    def named(self, week: Week) -> str:
        """The same inside a sentence, where a title stands in quotation marks."""
        if week.number:
            return self.name(week)
        return Markup.escape(_("“%(title)s”")) % {"title": self.name(week)}

    def alike(self, step: Step) -> list[Step]:
        """This step and the others of its set, of which one is enough; none for a step outside a set."""
        steps = self.course.week_of[step.id].steps if step.one_of else ()
        return [other for other in steps if other.one_of == step.one_of]

    def week_of_id(self, id: str) -> Week:
        """The week with this id."""
        return next(week for week in self.course.weeks if week.id == id)

    def week_after(self, week: Week) -> Week | None:
        """The week that comes after this one."""
        weeks = self.course.weeks
        place = weeks.index(week)
        return weeks[place + 1] if place + 1 < len(weeks) else None

    def scene(self, week: Week) -> str:
        """The picture of the week's module."""
        if week.number == 0:
            return "orientation"
        ids = [module.id for module in self.numbered]
        return SCENES[ids.index(self.course.module_of[week.id].id) % len(SCENES)]

    def after(self, step: Step) -> Step | None:
        """The step that stands after this one in its week."""
        steps = self.course.week_of[step.id].steps
        place = steps.index(step)
        return steps[place + 1] if place + 1 < len(steps) else None

    def before(self, step: Step) -> Step | None:
        """The step that stands before this one in its week."""
        steps = self.course.week_of[step.id].steps
        place = steps.index(step)
        return steps[place - 1] if place else None

    def said(self, item: Step | Week | Module, state: State) -> str:
        """A state of an item in words."""
        if state is State.NEXT and not isinstance(item, Step):
            return _("You are here")
        return _(wording.STATES[state])
