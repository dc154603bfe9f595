"""What was found in a course of the library, as a page."""

from typing import TYPE_CHECKING

from flask import render_template

from course_engine.i18n import gettext as _
from course_engine.i18n import language, mark
from course_engine.services import searching
from course_engine.web import here

if TYPE_CHECKING:
    from course_engine.web.library import Shelf

KINDS = {
    "lesson": mark("Lesson"),
    "practice": mark("Practice"),
    "worksheet": mark("Worksheet"),
    "journal": mark("Journal"),
    "check-in": mark("Check-in"),
    "page": mark("Page"),
    "week": mark("Week"),
    "home": mark("For the week at home"),
    "plan": mark("Session plan"),
    "evidence": mark("What is known"),
}
PICTURES = {
    "page": "page", "week": "path", "home": "leaf", "plan": "path", "evidence": "lines", "lesson": "book",
    "practice": "leaf", "worksheet": "page", "journal": "pencil", "check-in": "heart",
}  # fmt: skip


def page(shelf: "Shelf", looked_for: str) -> str:
    """The places in this course that have all of these words, best first; where none has, the nearest."""
    engine, id, language_read = here.engine(), shelf.course.id, here.person().language
    hits, total = searching.find(engine, id, language_read, looked_for)
    instead = "" if total else searching.nearest(engine, id, language_read, looked_for)
    if instead:
        hits, total = searching.find(engine, id, language_read, instead)
    return render_template(
        "library/found.html",
        page="library",
        shelf=shelf,
        looked_for=looked_for,
        instead=instead if total else "",
        hits=hits,
        total=total,
        kinds={kind: _(words) for kind, words in KINDS.items()},
        pictures=PICTURES,
        lang=language().replace("_", "-"),
    )
