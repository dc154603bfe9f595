"""The library: every lesson, script, worksheet, plan and page of the newest editions, for facilitators."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from course_engine.domain.course import Course, Step, StepKind, Week
from course_engine.domain.errors import BadInput, NotFound
from course_engine.domain.pages import Page, Readers
from course_engine.domain.plans import PlanPart, SessionPlan
from course_engine.domain.roles import Act
from course_engine.i18n import gettext as _
from course_engine.i18n import language, week_name
from course_engine.services import editions, library
from course_engine.web import finding, here, links, printing, prints, tongues
from course_engine.web.access import to
from course_engine.web.guide import KINDS, SCENES
from course_engine.web.views import quiet

blueprint = Blueprint("library", __name__, url_prefix="/library")
Found = TypeVar("Found")
FORMS = ("full", "shorter")
LONGEST_FIND = 100


@dataclass(frozen=True, slots=True)
class Shelf:
    """One course as the library's templates read it; `earlier` is an edition that only groups still have."""

    course: Course
    earlier: bool = field(default=False, kw_only=True)

    @property
    def root(self) -> str:
        return f"/library/{self.course.id}"

    @property
    def lang(self) -> Markup:
        """The attributes of an element with words of the course, where the page speaks another language."""
        return tongues.attributes(self.course.language)

    @property
    def pages(self) -> tuple[tuple[str, list[Page]], ...]:
        """The pages outside the weeks, those for facilitators first."""
        heads = ((Readers.FACILITATORS, _("For facilitators")), (Readers.EVERYONE, _("For everyone")))
        own = [(head, [one for one in self.course.pages if one.readers is who]) for who, head in heads]
        return tuple((head, pages) for head, pages in own if pages)

    def steps(self, week: Week, *kinds: str) -> list[Step]:
        """The steps of a week of these kinds."""
        return [step for step in week.steps if step.kind in kinds]

    def kind(self, step: Step) -> str:
        """What a step is, in a word or two."""
        return _("Questions with numbers") if step.measure else _(KINDS[step.kind])

    def name(self, week: Week) -> str:
        """`Week 3`, or what stands for orientation."""
        return week_name(week.number)

    def scene(self, week: Week) -> str:
        """The picture of the week's module."""
        numbered = [one.id for one in self.course.modules if any(week.number for week in one.weeks)]
        own = self.course.module_of[week.id].id
        return SCENES[numbered.index(own) % len(SCENES)] if week.number else "orientation"

    def uses(self, part: PlanPart) -> list[tuple[str, str]]:
        """What a part of a plan uses: titles and addresses."""
        found = [(id, library.used(self.course, id)) for id in part.uses]
        return [
            (one.home_title, f"{self.root}#home-{one.number}")
            if isinstance(one, Week)
            else (one.title, f"{self.root}/steps/{one.id}")
            for _id, one in found
            if one is not None
        ]

    def text(self, html: str) -> Markup:
        """Words of the course, their links led to the library."""
        return links.below(html, self.root)


@blueprint.get("")
@to(Act.LEAD)
def courses() -> ResponseReturnValue:
    """The courses there are."""
    offered = editions.offered(here.engine(), here.person().language)
    shelves = [Shelf(one) for one in offered]
    lang = language().replace("_", "-")
    return render_template("library/courses.html", page="library", lang=lang, shelves=shelves)


@blueprint.get("/<course>")
@to(Act.LEAD)
def contents(course: str) -> ResponseReturnValue:
    """All that is in a course, week by week, or (`find`) the places in it that have these words."""
    looked_for = " ".join(request.args.get("find", "").split())[:LONGEST_FIND]
    if looked_for:
        return finding.page(_shelf(course), looked_for)
    return render_template("library/course.html", page="library", shelf=_shelf(course))


@blueprint.get("/<course>/workbook.pdf")
@to(Act.LEAD)
def workbook_pdf(course: str) -> ResponseReturnValue:
    """The whole course as a book."""
    found = _shelf(course).course
    return prints.deliver(library.workbook_print(here.engine(), here.person(), found, prints.paper()))


@blueprint.get("/<course>/print")
@to(Act.LEAD)
def print_room(course: str) -> ResponseReturnValue:
    """What of the course to print for oneself, on which paper, and how much of it that takes."""
    return printing.page(_room(course), "library/print.html")


@blueprint.get("/<course>/print.pdf")
@to(Act.LEAD)
def print_pdf(course: str) -> ResponseReturnValue:
    """What was chosen in the print room, or (`first`) its first sheet."""
    return printing.document(_room(course), "library/print.html")


@blueprint.get("/<course>/plans/<id>")
@to(Act.LEAD)
def plan(course: str, id: str) -> ResponseReturnValue:
    """A session plan on a running clock, in its full or its shorter form."""
    shelf, (found, week) = _look(course, lambda of: library.plan(of, id))
    return render_template(
        "library/plan.html", page="library", shelf=shelf, plan=found, week=week, short=_short(found)
    )


@blueprint.get("/<course>/plans/<id>.pdf")
@to(Act.LEAD)
def plan_pdf(course: str, id: str) -> ResponseReturnValue:
    """A session plan on paper."""
    shelf, (found, _week) = _look(course, lambda of: library.plan(of, id))
    made = library.plan_print(here.engine(), shelf.course, found, prints.paper(), short=_short(found))
    return prints.deliver(made)


@blueprint.get("/<course>/steps/<id>")
@to(Act.LEAD)
def step(course: str, id: str) -> ResponseReturnValue:
    """A lesson, script, worksheet, journal prompt or check-in, to read."""
    return _step(*_look(course, lambda of: library.step(of, id)))


@blueprint.get("/<course>/worksheets/<id>")
@to(Act.LEAD)
def worksheet(course: str, id: str) -> ResponseReturnValue:
    """A worksheet by its own id, as the words of a course link to it."""
    return _step(*_look(course, lambda of: library.step(of, id)))


@blueprint.get("/<course>/worksheets/<id>.pdf")
@to(Act.LEAD)
def worksheet_pdf(course: str, id: str) -> ResponseReturnValue:
    """A blank worksheet on paper."""
    engine, person, paper = here.engine(), here.person(), prints.paper()
    return prints.deliver(_look(course, lambda of: library.worksheet_print(engine, person, of, id, paper))[1])


@blueprint.get("/<course>/pages/<id>")
@to(Act.LEAD)
def page(course: str, id: str) -> ResponseReturnValue:
    """A page outside the weeks, whoever it is for."""
    shelf, found = _look(course, lambda of: library.page(of, id))
    return render_template("library/page.html", page="library", shelf=shelf, one=found)


def _room(course: str) -> printing.Room:
    return printing.room(f"/library/{course}/print", _shelf(course).course)


def _shelf(course: str) -> Shelf:
    return Shelf(library.course(here.engine(), course, here.person().language))


def _look(course: str, look: Callable[[Course], Found]) -> tuple[Shelf, Found]:
    """Something of the newest edition, or else of one that a group of theirs has. Raises NotFound."""
    newest = _shelf(course)
    try:
        return newest, look(newest.course)
    except NotFound:
        for one in library.earlier(here.engine(), here.person(), course, here.person().language):
            with suppress(NotFound):
                return Shelf(one, earlier=True), look(one)
        raise


def _step(shelf: Shelf, found: Step) -> str:
    week = shelf.course.week_of[found.id]
    return render_template(
        "library/step.html", page="library", shelf=shelf, step=found, week=week, kinds=StepKind, quiet=quiet
    )


def _short(plan: SessionPlan) -> bool:
    form = request.args.get("form", "full")
    if form not in FORMS:
        raise BadInput({"form": _("Choose the form: full or shorter.")})
    return form == "shorter" and plan.has_short_form
