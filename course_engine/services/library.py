"""The library: everything of the newest editions, for those who lead groups."""

from collections.abc import Iterator

from course_engine.domain.course import Course, Step, Week
from course_engine.domain.errors import NotFound
from course_engine.domain.pages import Page
from course_engine.domain.people import Person
from course_engine.domain.plans import SessionPlan
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.rendering.books import book_values
from course_engine.rendering.paper import Paper
from course_engine.rendering.plans import plan_values
from course_engine.rendering.worksheets import worksheet_values
from course_engine.services import editions, help_lines
from course_engine.services.prints import Print
from course_engine.storage import cohorts


def course(engine: Engine, id: str, language: str) -> Course:
    """The newest edition of a course; one that was withdrawn while there is no other. Raises NotFound."""
    return engine.shelf.course(editions.last(id), language)


def earlier(engine: Engine, person: Person, id: str, language: str) -> Iterator[Course]:
    """The editions of a course that groups of this person still go through, those begun last first."""
    led = [cohort for cohort, _people in cohorts.of_facilitator(person.id) if cohort.course == id]
    led.sort(key=lambda cohort: cohort.created_at, reverse=True)
    for edition in dict.fromkeys(cohort.edition for cohort in led):
        if edition != editions.last(id):
            yield engine.shelf.course(edition, language)


def plan(of: Course, id: str) -> tuple[SessionPlan, Week]:
    """A session plan and the week it belongs to. Raises NotFound."""
    found = of.plan_of.get(id)
    week = next((week for week in of.weeks if found in week.plans), None)
    if found is None or week is None:
        raise NotFound(_("There is no such page."))
    return found, week


def step(of: Course, id: str) -> Step:
    """A step by its id, or by that of the practice or worksheet it shows. Raises NotFound."""
    found = used(of, id)
    if not isinstance(found, Step):
        raise NotFound(_("There is no such page."))
    return found


def page(of: Course, id: str) -> Page:
    """A page, whoever it is for. Raises NotFound."""
    found = of.page_of.get(id)
    if found is None:
        raise NotFound(_("There is no such page."))
    return found


def worksheet_print(engine: Engine, person: Person, of: Course, id: str, paper: Paper) -> Print:
    """A blank worksheet. Raises NotFound."""
    help = help_lines.on_paper(engine, person.zone)
    values = worksheet_values(of, id, site=engine.config.site_name, paper=paper, help=help)
    return Print("worksheet", values, of.language, f"{id}.pdf")


def plan_print(engine: Engine, of: Course, plan: SessionPlan, paper: Paper, *, short: bool) -> Print:
    """A session plan in its full or its shorter form."""
    values = plan_values(of, plan.id, site=engine.config.site_name, paper=paper, short=short)
    name = f"{plan.id}-shorter.pdf" if short else f"{plan.id}.pdf"
    return Print("plan", values, of.language, name)


def workbook_print(engine: Engine, person: Person, of: Course, paper: Paper) -> Print:
    """The whole course as a book."""
    help = help_lines.on_paper(engine, person.zone)
    values = book_values(of, site=engine.config.site_name, paper=paper, help=help)
    return Print("book", values, of.language, f"{of.id}.pdf")


def used(of: Course, id: str) -> Step | Week | None:
    """What a plan means by an id: a step, the step of a practice or worksheet, or the week of a home plan."""
    if id in of.steps:
        return of.steps[id]
    for one in of.steps.values():
        if (one.practice and one.practice.id == id) or (one.worksheet and one.worksheet.id == id):
            return one
    return next((week for week in of.weeks if id and week.home_id == id), None)
