"""An edition or draft as a learner would meet it at any date: as a table, and page by page."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request
from flask.typing import ResponseReturnValue

from course_engine.domain.calendar import local_day
from course_engine.domain.course import Course, Step, StepKind, Week
from course_engine.domain.errors import BadInput, NotFound
from course_engine.domain.pace import PaceKind
from course_engine.domain.roles import Act
from course_engine.i18n import gettext as _
from course_engine.services import calendars, catalogue, library, previews
from course_engine.services.runs import Position
from course_engine.web import here
from course_engine.web.access import to
from course_engine.web.courses.blueprint import blueprint
from course_engine.web.evidence import EvidenceView
from course_engine.web.library import Shelf
from course_engine.web.views import CourseView, quiet

_ROOT = "/<any(drafts, editions):kind>/<digest>"
_SEEN = f"{_ROOT}/seen/<start>/<day>/<pace>"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The course to look at, and for whom: someone who joined on `start`, at a pace, on a day."""

    kind: str
    digest: str
    course: Course
    start: date
    day: date
    pace: PaceKind

    @property
    def root(self) -> str:
        """What stands before the addresses of its pages."""
        return (
            f"/admin/courses/{self.kind}/{self.digest}/seen/{self.start.isoformat()}/{self.day.isoformat()}"
            f"/{self.pace.value}"
        )

    def position(self) -> Position:
        """How the course stands at noon of that day."""
        zone = here.engine().config.zone
        begin, at = (
            datetime.combine(day, time(12), ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))
            for day in (self.start, self.day)
        )
        return previews.seen(self.course, self.digest, self.pace, zone, begin, at)


class SeenView(CourseView):
    """A position of nobody, with addresses that stay inside the preview."""

    def __init__(self, wanted: Wanted) -> None:
        super().__init__(wanted.position())
        self.root = wanted.root


@dataclass(frozen=True, slots=True)
class SeenShelf(Shelf):
    """The course with addresses that stay inside the preview."""

    place: str

    @property
    def root(self) -> str:
        return self.place


@blueprint.get(f"{_ROOT}/preview")
@to(Act.ADMINISTER)
def preview(kind: str, digest: str) -> ResponseReturnValue:
    """Weeks and steps in a table, as they stand on a day (`at=`) for someone who joined (`start=`)."""
    today = local_day(here.now(), here.engine().config.zone).isoformat()
    start = request.args.get("start") or today
    day = request.args.get("at") or max(today, start)
    faults: dict[str, str] = {}
    try:
        wanted = _wanted(kind, digest, start, day, request.args.get("pace", ""))
    except BadInput as error:
        faults = error.faults
        wanted = _wanted(kind, digest, today, today, "")
    page = render_template(
        "admin/course-preview.html",
        page="admin",
        wanted=wanted,
        view=SeenView(wanted),
        faults=faults,
        sent={"start": _shown(start), "at": _shown(day), "pace": wanted.pace.value},
        paces=_paces(),
    )
    return (page, 422) if faults else page


@blueprint.get(f"{_SEEN}/course")
@to(Act.ADMINISTER)
def course(**where: str) -> ResponseReturnValue:
    """The whole way, as on that day."""
    wanted = _wanted(**where)
    return _page("admin/seen-course.html", wanted, view=SeenView(wanted))


@blueprint.get(f"{_SEEN}/weeks/<int:number>")
@to(Act.ADMINISTER)
def week(number: int, **where: str) -> ResponseReturnValue:
    """One week, or why it is not open yet."""
    wanted = _wanted(**where)
    found = wanted.course.week(number)
    if found is None:
        raise NotFound(_("There is no such page."))
    view = SeenView(wanted)
    if view.standing(found).readable:
        return _page("admin/seen-week.html", wanted, view=view, week=found)
    return _closed(wanted, view, found, None)


@blueprint.get(f"{_SEEN}/steps/<id>")
@blueprint.get(f"{_SEEN}/worksheets/<id>", endpoint="worksheet")
@to(Act.ADMINISTER)
def step(id: str, **where: str) -> ResponseReturnValue:
    """One step to read, or why it is not open yet; `read=yes` shows it all the same."""
    wanted = _wanted(**where)
    found = library.step(wanted.course, id)
    within = wanted.course.week_of[found.id]
    view = SeenView(wanted)
    if not view.standing(found).readable and request.args.get("read") != "yes":
        return _closed(wanted, view, within, found)
    return _page(
        "admin/seen-step.html",
        wanted,
        shelf=SeenShelf(wanted.course, wanted.root),
        step=found,
        week=within,
        kinds=StepKind,
        quiet=quiet,
    )


@blueprint.get(f"{_SEEN}/pages/<id>")
@to(Act.ADMINISTER)
def outside(id: str, **where: str) -> ResponseReturnValue:
    """A page outside the weeks, whoever it is for."""
    wanted = _wanted(**where)
    return _page(
        "admin/seen-page.html",
        wanted,
        shelf=SeenShelf(wanted.course, wanted.root),
        one=library.page(wanted.course, id),
    )


@blueprint.get(f"{_SEEN}/evidence")
@to(Act.ADMINISTER)
def evidence(**where: str) -> ResponseReturnValue:
    """What the course claims."""
    wanted = _wanted(**where)
    if wanted.course.evidence is None:
        raise NotFound(_("There is no such page."))
    view = EvidenceView(wanted.course, wanted.course.evidence, wanted.root)
    above = (wanted.course.title, f"{wanted.root}/course")
    return render_template("learner/evidence.html", page="admin", view=view, above=above)


def _wanted(kind: str, digest: str, start: str, day: str, pace: str) -> Wanted:
    found = catalogue.course(here.engine(), digest, here.person().language)
    joined = _day(start, "start")
    at = _day(day, "at")
    if at < joined:
        raise BadInput({"at": _("This day is before the day of joining.")})
    try:
        chosen = PaceKind(pace or found.pace)
    except ValueError as error:
        raise BadInput({"pace": _("Choose one of the four paces.")}) from error
    return Wanted(kind, digest, found, joined, at, chosen)


def _day(text: str, field: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise BadInput({field: _("Choose a day, such as 2026-03-17.")}) from error
    if abs(found - here.now().date()) > calendars.AHEAD:
        raise BadInput({field: _("This day is too far away. Choose one within five years.")})
    return found


def _shown(text: str) -> str:
    """A day as a field of a form takes it; what is none leaves the field empty."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _closed(wanted: Wanted, view: SeenView, week: Week, step: Step | None) -> ResponseReturnValue:
    why = view.why(step or week)
    return _page("admin/seen-closed.html", wanted, view=view, week=week, step=step, why=why)


def _page(template: str, wanted: Wanted, **values: Any) -> str:
    return render_template(template, page="admin", wanted=wanted, paces=dict(_paces()), **values)


def _paces() -> list[tuple[str, str]]:
    return [
        ("weekly", _("A week at a time")),
        ("gentle", _("Two weeks for each")),
        ("free", _("As soon as one is ready")),
        ("cohort", _("In a group, first session a week later")),
    ]
