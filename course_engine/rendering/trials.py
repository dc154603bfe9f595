"""A page that shows how a printer prints: the plain values of the kind `test`."""

from course_engine.i18n import gettext as _
from course_engine.rendering.paper import A4, Paper, dimensions


def trial_values(*, site: str, paper: Paper = A4) -> dict[str, object]:
    """The values of the test page: a front and a back on this paper."""
    name, width, height = dimensions(paper.sheet)
    return {
        **paper.values,
        "site": site,
        "authors": site,
        "title": _("Test page"),
        "purpose": _("Shows whether a printer keeps sizes, prints both sides and how it prints greys."),
        "sheet": name,
        "width": width,
        "height": height,
        "greys": [100, 80, 60, 40, 20, 10, 5],
    }
