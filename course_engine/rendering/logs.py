"""An empty log for the practices of a week: the plain values of the kind `log`."""

from collections.abc import Sequence

from course_engine.domain.course import Course, Week
from course_engine.rendering.paper import A4, Paper
from course_engine.rendering.weeks import eyebrow
from course_engine.rendering.worksheets import scene, sheet_values

DAYS = 7


def log_values(
    course: Course, week: Week, *, site: str, days: Sequence[str] = (), paper: Paper = A4, help: str = ""
) -> dict[str, object]:
    """The values of a log with a row for each day; without names of `days` there are seven empty ones."""
    return {
        **sheet_values(course, site, paper, f"log-{week.id}"),
        "title": week.home_title or week.title,
        "purpose": week.aim,
        "eyebrow": eyebrow(course, week),
        "scene": scene(course, week),
        "days": list(days) or [""] * DAYS,
        "address": "",
        "help": help,
        "person": "",
    }
