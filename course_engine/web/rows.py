"""Rows and other pieces of course pages: drawn once for each state they can have, filled for each reader.

They lie in `learner/rows.html` and are drawn from an edition alone. What differs between readers is in the
words that a piece is asked for (a state, a number) or comes in by its gaps: the address of the run, a date,
a reason, the token of a form.
"""

from collections.abc import Iterable

from flask import Flask
from markupsafe import Markup

from course_engine.domain.course import Course, Module, Step, Week
from course_engine.domain.standing import State
from course_engine.web import once
from course_engine.web.guide import Guide
from course_engine.web.views import CourseView

Item = Course | Module | Week | Step
_WEEKS = once.gap("weeks")


def init(app: Flask) -> None:
    """Give the pieces to templates."""
    app.jinja_env.globals.update(piece=piece, course_rows=course, step_rows=steps, path_nodes=path)


def piece(view: CourseView, macro: str, item: Item, *words: object, **gaps: str) -> Markup:
    """What a macro draws of an item, with these words in it and these in its gaps."""
    return _whole(view, [_Hand(view).draw(macro, item, *words, **gaps)])


def course(view: CourseView) -> Markup:
    """The modules and weeks of the course page."""
    hand = _Hand(view)
    return _whole(view, [_module(hand, view, module) for module in view.course.modules])


def steps(view: CourseView, chosen: Iterable[Step], buttons: bool = False) -> Markup:
    """The rows of these steps; the next one carries its button where `buttons` is on."""
    hand = _Hand(view)
    return _whole(view, [_step(hand, view, step, buttons) for step in chosen])


def path(view: CourseView) -> Markup:
    """The modules with numbered weeks, as nodes on one line."""
    hand = _Hand(view)
    return _whole(view, [_node(hand, view, module) for module in view.numbered])


class _Hand:
    """Draws pieces of one edition in one language."""

    def __init__(self, view: CourseView) -> None:
        self._once = once.of_app()
        self._edition = (view.at.run.edition, view.course.language)
        self._blank = Guide(view.course, once.gap("root"))

    def draw(self, macro: str, item: Item, *words: object, **gaps: str) -> str:
        known_by = (*self._edition, item.id, *words)
        found = self._once.drawn("learner/rows.html", macro, known_by, (self._blank, item, *words))
        return once.filled(found, gaps) if gaps else found


def _whole(view: CourseView, pieces: Iterable[str]) -> Markup:
    return Markup(once.filled("".join(pieces), {"root": view.root}))  # noqa: S704 - our templates escaped it


def _module(hand: _Hand, view: CourseView, module: Module) -> str:
    weeks = "".join([_week(hand, view, week) for week in module.weeks])
    return hand.draw("module", module, view.state(module)).replace(_WEEKS, weeks)


def _week(hand: _Hand, view: CourseView, week: Week) -> str:
    state = view.state(week)
    if state is not State.LOCKED:
        return hand.draw("week", week, state)
    return hand.draw("week", week, state, why=view.why(week))


def _step(hand: _Hand, view: CourseView, step: Step, buttons: bool) -> str:
    standing = view.standing(step)
    button = buttons and standing.state is State.NEXT
    state = "left" if view.left(step) else standing.state
    return hand.draw("step", step, state, view.optional(step), standing.new, button, view.kept(step))


def _node(hand: _Hand, view: CourseView, module: Module) -> str:
    return hand.draw("node", module, view.state(module), words=view.on_the_path(module))
