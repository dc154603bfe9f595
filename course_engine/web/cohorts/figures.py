"""A group in numbers: pictures, the same numbers as tables, and as a CSV file."""

import csv
import io
from collections.abc import Iterator

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from course_engine.domain.calendar import local_day
from course_engine.domain.cohorts import COUNTS, Cohort, Present
from course_engine.domain.course import Course
from course_engine.domain.figures import FEWEST, Figures, Reached
from course_engine.domain.roles import Act
from course_engine.i18n import day_and_month, mark
from course_engine.i18n import gettext as _
from course_engine.services import figures as group_figures
from course_engine.services import roster_files
from course_engine.web import here
from course_engine.web.access import to
from course_engine.web.cohorts.blueprint import blueprint

WAYS = {
    Present.PRESENT: mark("In the room"),
    Present.ONLINE: mark("Online"),
    Present.MADE_UP: mark("Made up at home"),
    Present.EXCUSED: mark("Excused"),
    Present.NOT_HERE: mark("Not there"),
}


@blueprint.get("/<id>/figures")
@to(Act.LEAD)
def figures(id: str) -> ResponseReturnValue:
    """Weeks and sessions in pictures, from five people up."""
    cohort = here.led(id)
    course, found = group_figures.of(here.engine(), cohort, here.person().language, here.now())
    return render_template(
        "facilitator/figures.html",
        page="groups",
        cohort=cohort,
        course=course,
        found=found,
        too_few=too_few(),
        ways=[(way, _(words)) for way, words in WAYS.items()],
        drawn=[way for way in WAYS if way in COUNTS],
        week=name,
        day_of=day_and_month,
        local_day=local_day,
        now=here.now(),
    )


@blueprint.get("/<id>/figures.csv")
@to(Act.LEAD)
def figures_csv(id: str) -> ResponseReturnValue:
    """The same numbers as a file; of fewer people it says why there are none."""
    cohort = here.led(id)
    course, found = group_figures.of(here.engine(), cohort, here.person().language, here.now())
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow([_("Figure"), _("Of"), _("Day"), _("What"), _("People"), _("Of how many")])
    rows.writerows([roster_files.safe(str(value)) for value in row] for row in _rows(cohort, course, found))
    if not found.shown:
        rows.writerow([too_few()])
    name = f"figures-{local_day(here.now(), cohort.zone)}.csv"
    return Response(
        "\ufeff" + text.getvalue(),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def too_few() -> str:
    """Why a small group has no figures."""
    return _(
        "Figures begin with %(least)s people who have begun. Of fewer, a number would be about somebody in "
        "particular.",
        least=FEWEST,
    )


def name(one: Reached) -> str:
    """What stands in front of a bar: `Week 3`, or what lies before and after the weeks."""
    if one.week is None:
        return _("All the way")
    return _("Week %(number)s", number=one.week.number) if one.week.number else _("Start")


def _rows(cohort: Cohort, course: Course, found: Figures) -> Iterator[tuple[object, ...]]:
    for one in found.reached:
        title = one.week.title if one.week else course.title
        yield _("Weeks reached"), name(one), "", title, one.people, found.begun
    for meeting in found.meetings:
        day = local_day(meeting.session.starts_at, cohort.zone)
        of = _("Session %(n)s", n=meeting.session.number)
        for way, words in WAYS.items():
            yield _("Sessions"), of, day, _(words), meeting.ways[way], found.begun
        yield _("Sessions"), of, day, _("Not written down"), meeting.unknown, found.begun
