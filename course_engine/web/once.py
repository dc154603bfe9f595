"""Pieces of pages that are the same for many readers: drawn by their macro once, kept, and filled in.

Drawing them anew for each request would cost more than everything else a page does. What differs between
readers stays open in a piece as a gap; what is put into a gap is escaped.
"""

from collections.abc import Mapping, Sequence

from flask import Flask, current_app
from jinja2 import Environment
from markupsafe import Markup, escape

from course_engine import i18n


def init(app: Flask) -> None:
    """Give templates `once(MACRO, …)`, for the macros of the shell, and `gap(NAME)`."""
    app.extensions["once"] = app.jinja_env.globals["once"] = Once(app.jinja_env)
    app.jinja_env.globals["gap"] = gap


def gap(name: str) -> str:
    """The mark in a piece where something of the reader's comes in; nobody can type one."""
    return f"\0{name}\0"


def filled(piece: str, words: Mapping[str, str]) -> str:
    """The piece with these words in its gaps."""
    for name, word in words.items():
        piece = piece.replace(gap(name), escape(word))
    return piece


class Once:
    """Calls a macro the first time, and afterwards knows what it gave.

    What it knows is never forgotten, so it is known by words of ours and never by anyone's input. Two
    threads that come first together both draw, and the same.
    """

    def __init__(self, jinja: Environment) -> None:
        self._jinja = jinja
        self._drawn: dict[tuple[object, ...], str] = {}

    def __call__(self, macro: str, *given: object, **gaps: str) -> Markup:
        """A part of the shell, for these arguments and with these words in its gaps."""
        # The shell names the site, which may be given another name.
        name = getattr(self._jinja.globals.get("site"), "name", "")
        found = self.drawn("macros/shell.html", macro, (name, *given), given)
        return Markup(filled(found, gaps))  # noqa: S704 - our templates escaped it

    def drawn(self, template: str, macro: str, known_by: Sequence[object], given: Sequence[object]) -> str:
        """The HTML a macro gives in the language in use; `known_by` says in few words what is given to it."""
        key = (template, macro, i18n.language(), *known_by)
        found = self._drawn.get(key)
        if found is None:
            # As plain text: joining and filling what is marked as safe would be several times slower.
            found = str(getattr(self._jinja.get_template(template).module, macro)(*given))
            self._drawn[key] = found
        return found


def of_app() -> Once:
    """What this application has drawn so far."""
    found: Once = current_app.extensions["once"]
    return found
