"""The parts of every page that are the same for many readers: drawn by their macro once, and kept."""

from flask import Flask
from jinja2 import Environment

from course_engine import i18n

Drawn = dict[tuple[object, ...], str]


def init(app: Flask) -> None:
    """Give templates `once(MACRO, …)`, for the macros of the shell."""
    app.jinja_env.globals["once"] = Once(app.jinja_env)


class Once:
    """Calls a macro the first time, and afterwards knows what it gave for these arguments.

    What it knows is never forgotten, so the arguments are words of ours and never anyone's input. Two
    threads that come first together both draw, and the same.
    """

    def __init__(self, jinja: Environment) -> None:
        self._jinja = jinja
        self._drawn: Drawn = {}

    def __call__(self, macro: str, *given: object) -> str:
        key = (macro, i18n.language(), *given)
        found = self._drawn.get(key)
        if found is None:
            found = getattr(self._jinja.get_template("macros/shell.html").module, macro)(*given)
            self._drawn[key] = found
        return found
