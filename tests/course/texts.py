"""The words of a course as people meet them: passage by passage, each with the place where it stands."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from course_engine.domain.course import Course, Field, Practice, Script, Step, StepKind, Week, Worksheet
from course_engine.domain.evidence import Evidence
from course_engine.domain.pages import Page
from course_engine.domain.plans import SessionPlan

BLOCKS = {"p", "li", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "div", "aside", "tr"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}


@dataclass(frozen=True, slots=True)
class Passage:
    """What is said in one place; `place` names it, each paragraph is one of `lines`."""

    place: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def everything(course: Course) -> Iterator[Passage]:
    """All the words of the course, once each."""
    yield Passage("course", (course.title, course.summary, course.notice))
    for module in course.modules:
        yield Passage(f"module {module.id}", (module.title, module.summary))
    for week in course.weeks:
        yield from of_week(week)
        for plan in week.plans:
            yield of_plan(plan)
    for page in course.pages:
        yield of_page(page)
    if course.evidence:
        yield of_evidence(course.evidence)


def of_week(week: Week) -> Iterator[Passage]:
    """What stands in a week: its own words, its steps, and the practices and worksheets they show."""
    front = (week.title, week.aim, *_plain(week.care), *prose(week.welcome_html), week.home_title)
    yield Passage(f"week {week.number}", (*front, *prose(week.home_html)))
    for step in week.steps:
        yield from of_step(step)


def of_step(step: Step) -> Iterator[Passage]:
    """A step, and what it shows."""
    yield Passage(f"step {step.id}", (step.title, *prose(step.html)))
    asked = f"measure {step.measure.id}" if step.measure else f"step {step.id}"
    if step.fields:
        yield Passage(asked, tuple(_questions(step.fields)))
    if step.practice:
        yield of_practice(step.practice)
        yield of_script(step.practice, short=False)
        yield of_script(step.practice, short=True)
    if step.worksheet:
        yield of_worksheet(step.worksheet)


def of_practice(practice: Practice) -> Passage:
    """What is said around the two scripts of a practice."""
    asides = (practice.cautions_html, practice.gentler.html, practice.ordinary_html, practice.stopping_html)
    lines = (practice.title, practice.summary, practice.gentler.title, *practice.anchors, *practice.postures)
    return Passage(f"practice {practice.id}", (*lines, *(line for html in asides for line in prose(html))))


def of_script(practice: Practice, *, short: bool) -> Passage:
    """One script of a practice, line by line."""
    script: Script = practice.short if short else practice.full
    form = "short" if short else "full"
    return Passage(f"practice {practice.id} ({form})", tuple(line.say for line in script.lines))


def of_worksheet(sheet: Worksheet) -> Passage:
    """Everything printed on a sheet."""
    return Passage(f"worksheet {sheet.id}", (sheet.title, sheet.purpose, *_questions(sheet.fields)))


def of_page(page: Page) -> Passage:
    """A page that stands outside the weeks."""
    return Passage(f"page {page.id}", (page.title, page.summary, *prose(page.html)))


def of_plan(plan: SessionPlan) -> Passage:
    """The whole plan of a meeting."""
    lines = [plan.title, plan.purpose, *plan.materials, *prose(plan.before_html)]
    for part in plan.parts:
        lines += [part.title, part.purpose, *prose(part.say_html), *part.ask]
        lines += [*prose(part.watch_html), *_plain(part.online)]
    return Passage(f"plan {plan.id}", (*lines, *prose(plan.online_html), *prose(plan.after_html)))


def of_evidence(evidence: Evidence) -> Passage:
    """The claims, the tables, what is overstated and what is not known."""
    lines: list[str] = []
    for claim in evidence.claims:
        lines += [claim.claim, claim.source, claim.design, claim.size, claim.figure, claim.limits]
    for table in evidence.tables:
        lines += [
            table.title,
            table.intro,
            *table.columns,
            *(cell for row in table.rows for cell in row.cells),
        ]
    for one in evidence.overstated:
        lines += [one.said, one.fair]
    return Passage("evidence", tuple(filter(None, [*lines, *evidence.not_known])))


def lessons(course: Course) -> list[Passage]:
    """What is read in the lessons, without their headings."""
    found = (step for step in course.steps.values() if step.kind is StepKind.LESSON)
    return [Passage(f"lesson {step.id}", prose(step.html, headings=False)) for step in found]


def practices(course: Course) -> list[Practice]:
    """Every practice once."""
    return [step.practice for step in course.steps.values() if step.practice]


def scripts(course: Course) -> list[Passage]:
    """Both scripts of every practice."""
    return [of_script(one, short=short) for one in practices(course) for short in (False, True)]


def prose(html: str, *, headings: bool = True) -> tuple[str, ...]:
    """The paragraphs, list items, cells and headings of some HTML as plain lines."""
    reader = _Reader(headings)
    reader.feed(html)
    reader.close()
    return reader.lines()


def _questions(fields: Iterable[Field]) -> list[str]:
    lines: list[str] = []
    for one in fields:
        own = (one.label, one.hint, one.low, one.high, one.example, *one.options, *one.columns, *one.rows)
        lines += [line for text in own for line in _plain(text)] + list(prose(one.html))
    return lines


def _plain(text: str) -> list[str]:
    """The lines of words that are no Markdown."""
    return [" ".join(text.split())] if text.strip() else []


class _Reader(HTMLParser):
    def __init__(self, headings: bool) -> None:
        super().__init__()
        self._headings = headings
        self._parts: list[str] = []
        self._silent = 0

    def lines(self) -> tuple[str, ...]:
        joined = (" ".join(line.split()) for line in "".join(self._parts).split("\0"))
        return tuple(line for line in joined if line)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in BLOCKS:
            self._parts.append("\0")
        self._silent += tag in HEADINGS and not self._headings

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self._parts.append("\0")
        self._silent -= tag in HEADINGS and not self._headings

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._parts.append(data)
