"""The calendar of a group: move, cancel, or leave out a week; what shifts is shown before it is kept."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from course_engine.domain.calendar import local_day
from course_engine.domain.cohorts import Cohort, Session
from course_engine.domain.errors import BadInput
from course_engine.domain.roles import Act
from course_engine.i18n import gettext as _
from course_engine.i18n import ngettext, there
from course_engine.services import attendance, calendars, cohorts, messages
from course_engine.web import here
from course_engine.web.access import to
from course_engine.web.cohorts import asked
from course_engine.web.cohorts.blueprint import blueprint
from course_engine.web.cohorts.messages import reached
from course_engine.web.cohorts.shifts import Shift, shift


@dataclass(frozen=True, slots=True)
class Fields:
    """A session in the form: its fields as they were typed, or as it is."""

    day: str
    hour: str
    minutes: str
    cancelled: bool


@blueprint.get("/<id>/calendar")
@to(Act.LEAD)
def calendar_page(id: str) -> ResponseReturnValue:
    """The dates, to be changed."""
    cohort = here.led(id)
    sessions = cohorts.sessions(cohort)
    return _page(cohort, sessions, sessions, None, {})


@blueprint.post("/<id>/calendar")
@to(Act.LEAD)
def calendar(id: str) -> ResponseReturnValue:
    """Show what would change, or (`act=keep`) keep what was shown, and tell the group if that is ticked.

    `later=N` moves session N and all after it on by a week, from the dates as they were typed.
    """
    cohort = here.led(id)
    before = wanted = cohorts.sessions(cohort)
    found = None
    try:
        met = attendance.counts(cohort)
        wanted = _later(asked.dates(before, cohort.zone, met), cohort.zone)
        found = shift(before, wanted, met, cohort.zone, here.now())
        calendars.refuse_clashes(cohort, before, wanted, here.person(), here.now())
        if found is not None and (request.form.get("act"), request.form.get("seen")) != ("keep", found.mark):
            return _page(cohort, before, wanted, found, {})
        flash(_keep(cohort, wanted, len(found.lines)) if found else _("Nothing has changed."), "done")
    except BadInput as error:
        return _page(cohort, before, wanted, found, _numbered(error.faults)), 422
    return redirect(f"/cohorts/{id}/calendar", 303)


def _later(typed: list[Session], zone: str) -> list[Session]:
    number = request.form.get("later", "")
    return calendars.later(typed, int(number), zone) if re.fullmatch("[0-9]{1,3}", number) else typed


def _keep(cohort: Cohort, wanted: Sequence[Session], count: int) -> str:
    """Keep these dates; what came of it, in words."""
    form, now = request.form, here.now()
    changed = ngettext("%(n)s session has changed.", "%(n)s sessions have changed.", count)
    if form.get("tell") != "yes":
        calendars.reschedule(here.engine(), cohort, wanted, here.person(), now)
        return changed
    due = calendars.reschedule_and_tell(
        here.engine(), cohort, wanted, form.get("subject", ""), form.get("text", ""), here.person(), now
    )
    if due is None:
        return _("Nothing has changed.")
    told = (
        _("Your message goes out on %(when)s.", when=there(due, cohort.zone))
        if due > now
        else _("Your message is sent.")
    )
    return f"{changed} {told}"


def _page(
    cohort: Cohort,
    kept: Sequence[Session],
    shown: Sequence[Session],
    found: Shift | None,
    faults: dict[str, str],
) -> str:
    given = _typed if faults else _fields
    rows = [
        (one, given(one, cohort.zone), given(one, cohort.zone) != _fields(was, cohort.zone))
        for was, one in zip(kept, shown, strict=True)
    ]
    return render_template(
        "facilitator/calendar.html",
        page="groups",
        cohort=cohort,
        rows=rows,
        shift=found,
        sent=_message(found) if found else {},
        reached=_reached(cohort) if found and not cohort.ended_at else [],
        course=here.engine().shelf.course(cohort.edition, here.person().language),
        now=here.now(),
        faults=faults,
    )


def _reached(cohort: Cohort) -> list[str]:
    """Whom a message of this would come to; empty where nobody is in the group."""
    found = messages.reach(cohort)
    return reached(found) if found != messages.Reach(0, 0, 0) else []


def _numbered(faults: dict[str, str]) -> dict[str, str]:
    """The faults, those of a session beginning with its number."""
    numbers = {name: name.removeprefix("session-") for name in faults}
    return {
        name: _("Session %(n)s: %(words)s", n=numbers[name], words=words)
        if numbers[name].isdecimal()
        else words
        for name, words in faults.items()
    }


def _message(found: Shift) -> dict[str, str]:
    """The message in the form: as it was typed, or what tells of these dates where nobody changed it."""
    form = request.form
    text = form.get("text", found.text)
    subject = form.get("subject", found.subject)
    own = text.strip() != form.get("prefilled", text).strip()
    return {
        "tell": form.get("tell", "") if "prefilled" in form else "yes",
        "subject": subject if subject != form.get("prefilled-subject", subject) else found.subject,
        "text": text if own else found.text,
    }


def _typed(session: Session, zone: str) -> Fields:
    fields, form, n = _fields(session, zone), request.form, session.number
    return Fields(
        form.get(f"day-{n}", fields.day), form.get(f"hour-{n}", fields.hour),
        form.get(f"minutes-{n}", fields.minutes), f"cancelled-{n}" in form,
    )  # fmt: skip


def _fields(session: Session, zone: str) -> Fields:
    return Fields(
        local_day(session.starts_at, zone).isoformat(), asked.local_hour(session, zone),
        str(session.minutes), session.cancelled,
    )  # fmt: skip
