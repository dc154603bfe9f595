"""A whole week on paper: the plain values that the kind `week` is drawn from."""

from collections.abc import Collection

from course_engine.domain.course import Course, Week
from course_engine.i18n import gettext as _
from course_engine.rendering.paper import A4, Paper
from course_engine.rendering.passages import Target, nowhere, passage
from course_engine.rendering.steps import step_values
from course_engine.rendering.worksheets import scene, sheet_values


def week_values(
    course: Course,
    week: Week,
    *,
    site: str,
    paper: Paper = A4,
    address: str = "",
    help: str = "",
    only: Collection[str] | None = None,
) -> dict[str, object]:
    """The values of a week's pages: welcome, steps in order, home plan.

    `only` keeps the steps with these ids (those open to a learner); without it all are printed.
    """
    steps = [step for step in week.steps if only is None or step.id in only]
    target = _within({step.id for step in steps})
    return {
        **sheet_values(course, site, paper, week.id),
        "title": week.title,
        "purpose": week.aim,
        "eyebrow": eyebrow(course, week),
        "scene": scene(course, week),
        "week": opening_values(week, target),
        "steps": [step_values(step, target) for step in steps],
        "address": address,
        "help": help,
    }


def opening_values(week: Week, target: Target = nowhere) -> dict[str, object]:
    """What a week says of itself before its steps, and its home plan."""
    return {
        "id": week.id,
        "number": week.number,
        "title": week.title,
        "aim": week.aim,
        "care": week.care,
        "minutes": week.minutes,
        "welcome_html": passage(week.welcome_html, target, 0),
        "home_title": week.home_title,
        "home_html": passage(week.home_html, target, 0),
    }


def eyebrow(course: Course, week: Week) -> str:
    """What stands small above a week's title: `Week 3 · Barriers`; orientation has the course's name."""
    if week.number == 0:
        return course.title
    return _("Week %(number)s · %(module)s", number=week.number, module=course.module_of[week.id].title)


def _within(steps: Collection[str]) -> Target:
    def target(address: str) -> str:
        step = address.removeprefix("/steps/")
        return step if step in steps else ""

    return target
