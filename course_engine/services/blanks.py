"""Blank pages of a course, printed without a learner: what the command line makes."""

from collections.abc import Mapping

from course_engine.domain.errors import NotFound
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.rendering import pdf
from course_engine.rendering.books import book_values
from course_engine.rendering.paper import Paper
from course_engine.rendering.press import Tell
from course_engine.rendering.weeks import week_values
from course_engine.rendering.worksheets import worksheet_values
from course_engine.services import editions


def worksheet(engine: Engine, course: str, id: str, paper: Paper) -> bytes:
    """A worksheet of a course. Raises NotFound."""
    of = editions.look_up(engine, course)
    values = worksheet_values(of, id, site=engine.config.site_name, paper=paper)
    return _printed("worksheet", values, of.language)


def week(engine: Engine, course: str, number: int, paper: Paper) -> bytes:
    """A week of a course. Raises NotFound."""
    of = editions.look_up(engine, course)
    found = of.week(number)
    if found is None:
        raise NotFound(_("%(course)s has no week %(number)s.", course=of.title, number=number))
    values = week_values(of, found, site=engine.config.site_name, paper=paper)
    return _printed("week", values, of.language)


def workbook(engine: Engine, course: str, paper: Paper, tell: Tell) -> bytes:
    """All of a course as a book. Raises NotFound.

    `tell` hears every few seconds how many of a hundred parts are done.
    """
    of = editions.look_up(engine, course)
    values = book_values(of, site=engine.config.site_name, paper=paper)
    return _printed("book", values, of.language, tell)


def _printed(
    kind: str, values: Mapping[str, object], language: str, tell: Tell = lambda _part: None
) -> bytes:
    # Whoever types a command waits for it, on a slow machine too; a page would have given up.
    return pdf.render_long(kind, values, language, tell).pdf
