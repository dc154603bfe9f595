"""A whole week on paper: the plain values that the kind `week` is drawn from."""

import re
from collections.abc import Collection
from dataclasses import asdict

from course_engine.domain.course import Course, Practice, Step, Week
from course_engine.rendering.worksheets import scene, sheet_values, week_name


def week_values(
    course: Course,
    week: Week,
    *,
    site: str,
    paper: str = "a4",
    address: str = "",
    help: str = "",
    only: Collection[str] | None = None,
) -> dict[str, object]:
    """The values of a week's pages: welcome, steps in order, home plan.

    `only` keeps the steps with these ids (those open to a learner); without it all are printed.
    """
    steps = [step for step in week.steps if only is None or step.id in only]
    return {
        **sheet_values(course, site, paper, week.id),
        "title": week.title,
        "purpose": week.aim,
        "eyebrow": week_name(week) if week.number == 0 else _numbered(course, week),
        "scene": scene(course, week),
        "week": {
            "title": week.title,
            "aim": week.aim,
            "care": week.care,
            "minutes": week.minutes,
            "welcome_html": week.welcome_html,
            "home_title": week.home_title,
            "home_html": week.home_html,
        },
        "steps": [_step(step) for step in steps],
        "address": address,
        "help": help,
    }


def _numbered(course: Course, week: Week) -> str:
    title = course.module_of[week.id].title
    return f"{week_name(week).removesuffix(week.title).rstrip(' ,')} · {title}"


def _step(step: Step) -> dict[str, object]:
    return {
        "id": step.id,
        "kind": step.kind.value,
        "title": step.title,
        "minutes": step.minutes,
        "optional": not step.counts,
        "html": _deeper(step.html),
        "summary": step.summary,
        "fields": [asdict(field) for field in step.fields],
        "practice": _practice(step.practice) if step.practice else None,
        "worksheet": asdict(step.worksheet) if step.worksheet else None,
    }


def _practice(practice: Practice) -> dict[str, object]:
    return {**asdict(practice), "intensity": practice.intensity.value}


def _deeper(html: str) -> str:
    # On screen a step is a page of its own; on paper its heading is one level further down.
    return re.sub(r"(</?h)([2-5])\b", lambda found: f"{found[1]}{int(found[2]) + 1}", html)
