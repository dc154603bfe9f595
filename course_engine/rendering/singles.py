"""One piece of a week alone on paper, a script or the home plan: the plain values of the kind `single`."""

from course_engine.domain.course import Course, Step, Week
from course_engine.rendering.paper import A4, Paper
from course_engine.rendering.passages import passage
from course_engine.rendering.steps import step_values
from course_engine.rendering.weeks import eyebrow
from course_engine.rendering.worksheets import scene, sheet_values


def script_values(
    course: Course, step: Step, *, site: str, paper: Paper = A4, address: str = "", help: str = ""
) -> dict[str, object]:
    """The values of a practice, as a script to read."""
    own = step.practice.id if step.practice else step.id
    return {
        **_values(course, course.week_of[step.id], site, paper, own),
        "title": step.title,
        "purpose": step.summary,
        "step": step_values(step),
        "home_html": "",
        "address": address,
        "help": help,
    }


def home_values(
    course: Course, week: Week, *, site: str, paper: Paper = A4, address: str = "", help: str = ""
) -> dict[str, object]:
    """The values of the plan for the days at home."""
    return {
        **_values(course, week, site, paper, week.home_id or f"home-{week.id}"),
        "title": week.home_title,
        "purpose": week.aim,
        "step": None,
        "home_html": passage(week.home_html),
        "address": address,
        "help": help,
    }


def _values(course: Course, week: Week, site: str, paper: Paper, id: str) -> dict[str, object]:
    return {
        **sheet_values(course, site, paper, id),
        "eyebrow": eyebrow(course, week),
        "week_title": week.title,
        "scene": scene(course, week),
    }
