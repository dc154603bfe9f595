"""The calendar of a group: move, cancel, or leave out a week; what shifts is shown before it is kept."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from course_engine.domain.calendar import local_day
from course_engine.domain.cohorts import Cohort, Session
from course_engine.domain.errors import BadInput
from course_engine.domain.roles import Act
from course_engine.i18n import gettext as _
from course_engine.i18n import ngettext
from course_engine.services import calendars, cohorts
from course_engine.web import here
from course_engine.web.access import to
from course_engine.web.cohorts import asked
from course_engine.web.cohorts.blueprint import blueprint


@blueprint.get("/<id>/calendar")
@to(Act.LEAD)
def calendar_page(id: str) -> ResponseReturnValue:
    """The dates, or (`later=N`) as they would be with session N and all after it a week later."""
    cohort = here.led(id)
    sessions = cohorts.sessions(cohort)
    later = request.args.get("later", "")
    moves = later.isdecimal() and len(later) < 4
    shown = calendars.later(sessions, int(later), cohort.zone) if moves else sessions
    return _page(cohort, shown, sessions, {})


@blueprint.post("/<id>/calendar")
@to(Act.LEAD)
def calendar(id: str) -> ResponseReturnValue:
    cohort = here.led(id)
    before = cohorts.sessions(cohort)
    wanted = before
    try:
        wanted = asked.dates(before, cohort.zone)
        changed = calendars.reschedule(here.engine(), cohort, wanted, here.person(), here.now())
    except BadInput as error:
        return _page(cohort, wanted, before, error.faults), 422
    flash(
        ngettext("%(n)s session has changed.", "%(n)s sessions have changed.", len(changed))
        if changed
        else _("Nothing has changed."),
        "done",
    )
    return redirect(f"/cohorts/{id}/calendar", 303)


def _page(cohort: Cohort, shown: list[Session], kept: list[Session], faults: dict[str, str]) -> str:
    course = here.engine().shelf.course(cohort.edition, here.person().language)
    return render_template(
        "facilitator/calendar.html",
        page="groups",
        cohort=cohort,
        rows=[
            (one, local_day(one.starts_at, cohort.zone), asked.local_hour(one, cohort.zone)) for one in shown
        ],
        moved={one.number for one, was in zip(shown, kept, strict=True) if one.starts_at != was.starts_at},
        course=course,
        now=here.now(),
        faults=faults,
    )
