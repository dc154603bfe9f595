"""The plan of one meeting on paper: the plain values that the kind `plan` is drawn from."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from course_engine.domain.course import Course, Week
from course_engine.domain.errors import NotFound
from course_engine.domain.plans import PlanPart, SessionPlan, Timed
from course_engine.i18n import clock, ngettext, there
from course_engine.i18n import gettext as _
from course_engine.rendering.paper import A4, Paper
from course_engine.rendering.passages import passage
from course_engine.rendering.weeks import eyebrow
from course_engine.rendering.worksheets import scene, sheet_values


def plan_values(
    course: Course,
    id: str,
    *,
    site: str,
    paper: Paper = A4,
    short: bool = False,
    address: str = "",
    begins: datetime | None = None,
    zone: str = "UTC",
) -> dict[str, object]:
    """The values of a plan, in its full or its `short` form.

    Of a session that `begins` at some moment it tells the hours in its `zone`, else how far in each part is.
    Raises NotFound for an unknown plan.
    """
    week = next((week for week in course.weeks for plan in week.plans if plan.id == id), None)
    if week is None:
        raise NotFound(_("There is no session plan called “%(id)s” in this course.", id=id))
    plan = course.plan_of[id]
    short = short and plan.has_short_form
    return {
        **sheet_values(course, site, paper, id),
        "title": plan.title,
        "purpose": plan.purpose,
        "eyebrow": eyebrow(course, week),
        "scene": scene(course, week),
        "when": there(begins, zone) if begins else "",
        "length": _length(plan, short),
        "plan": _running(course, week, plan, short, partial(_clock, begins=begins, zone=zone)),
        "short": short,
        "address": address,
    }


def _running(
    course: Course, week: Week, plan: SessionPlan, short: bool, clock: Callable[[int], str]
) -> dict[str, object]:
    return {
        "materials": list(plan.materials),
        "before_html": passage(plan.before_html),
        "online_html": passage(plan.online_html),
        "after_html": passage(plan.after_html),
        "parts": [
            {**_part(course, week, timed, short), "clock": clock(timed.start)}
            for timed in plan.running(short=short)
        ],
        "end": clock(plan.shorter if short else plan.minutes),
    }


def _length(plan: SessionPlan, short: bool) -> str:
    if short:
        return _("The short form, %(minutes)s minutes", minutes=plan.shorter)
    if plan.has_short_form:
        return _(
            "%(minutes)s minutes, or %(shorter)s in the short form",
            minutes=plan.minutes,
            shorter=plan.shorter,
        )
    return _("%(minutes)s minutes", minutes=plan.minutes)


def _part(course: Course, week: Week, timed: Timed, short: bool) -> dict[str, object]:
    part = timed.part
    return {
        "length": ngettext("%(n)s minute", "%(n)s minutes", timed.minutes),
        "otherwise": "" if short else _otherwise(part),
        "title": part.title,
        "purpose": part.purpose,
        "say_html": passage(part.say_html),
        "ask": list(part.ask),
        "watch_html": passage(part.watch_html),
        "online": part.online,
        "uses": [_used(course, id) for id in part.uses],
    }


def _otherwise(part: PlanPart) -> str:
    if part.shorter == part.minutes:
        return ""
    return _("short: %(minutes)s", minutes=part.shorter) if part.shorter else _("short: leave out")


def _used(course: Course, id: str) -> str:
    """The name of a practice, worksheet, step or home plan that a part uses."""
    if id in course.steps:
        return course.steps[id].title
    sheet = course.worksheets.get(id)
    if sheet is not None and sheet.worksheet is not None:
        return sheet.worksheet.title
    home = next((week.home_title for week in course.weeks if week.home_id == id), "")
    if home:
        return home
    practices = (step.practice for step in course.steps.values() if step.practice)
    return next((practice.title for practice in practices if practice.id == id), id)


def _clock(minutes: int, begins: datetime | None, zone: str) -> str:
    if begins is not None:
        return clock(begins + timedelta(minutes=minutes), zone)
    return f"{minutes // 60}:{minutes % 60:02}"
