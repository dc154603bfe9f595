"""The rows of the course page: drawn once in every state they can have, put together for each reader.

Drawing all of them anew for each request would cost more than everything else the page does. What differs
between readers stays open in them: the state, the address of the run, and why a week is locked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from flask import Flask, current_app
from markupsafe import Markup, escape

from course_engine import i18n
from course_engine.domain.course import Module, Week
from course_engine.domain.standing import State
from course_engine.web.views import CourseView, words

_ROOT, _WHY, _END = "\0root\0", "\0why\0", "</ol></div></li>"

Key = tuple[str, str, str]
Drawn = Mapping[tuple[str, State], str]


@dataclass(slots=True)
class Rows:
    """The rows drawn so far, for each edition in each language; what is in it is never changed."""

    drawn: dict[Key, Drawn] = field(default_factory=dict)
    drawing: Lock = field(default_factory=Lock)


def init(app: Flask) -> None:
    """Make room for rows."""
    app.extensions["rows"] = Rows()


def course(view: CourseView) -> Markup:
    """The modules and weeks of the course page, as this reader sees them."""
    drawn = _of(view)
    parts: list[str] = []
    for module in view.at.course.modules:
        parts.append(drawn[module.id, view.state(module)])
        for week in module.weeks:
            row = drawn[week.id, view.state(week)]
            parts.append(row.replace(_WHY, escape(view.why(week))) if _WHY in row else row)
        parts.append(_END)
    return Markup("".join(parts).replace(_ROOT, escape(view.root)))  # noqa: S704 - our templates escaped it


def _of(view: CourseView) -> Drawn:
    rows: Rows = current_app.extensions["rows"]
    key = (view.at.run.edition, view.at.course.language, i18n.language())
    found = rows.drawn.get(key)
    if found is not None:
        return found
    with rows.drawing:
        if key not in rows.drawn:
            rows.drawn = {**rows.drawn, key: _draw(view)}
        return rows.drawn[key]


def _draw(view: CourseView) -> Drawn:
    macros: Any = current_app.jinja_env.get_template("learner/rows.html").module
    found: dict[tuple[str, State], str] = {}
    for state in State:
        for module in view.at.course.modules:
            found[module.id, state] = _module(macros, view, module, state)
            for week in module.weeks:
                found[week.id, state] = _week(macros, view, week, state)
    return found


def _module(macros: Any, view: CourseView, module: Module, state: State) -> str:
    return str(macros.module(module, state, words(module, state), view.scene(module.weeks[0])))


def _week(macros: Any, view: CourseView, week: Week, state: State) -> str:
    return str(macros.week(week, state, words(week, state), view.name(week), _ROOT, _WHY))
