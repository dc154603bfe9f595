"""Changing something for one, some or all: who, what, from when, and what comes of it before it is kept."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from course_engine.crypto import new_id
from course_engine.domain.calendar import local_day, opening_instant
from course_engine.domain.changes import Change, Deed, Outcome
from course_engine.domain.cohorts import Cohort
from course_engine.domain.course import Course, Week
from course_engine.domain.errors import BadInput, NotFound
from course_engine.domain.roles import Act
from course_engine.i18n import gettext as _
from course_engine.i18n import ngettext
from course_engine.services import boards, changes, cohorts, learners
from course_engine.services.changes import Effect
from course_engine.web import here
from course_engine.web.access import to
from course_engine.web.cohorts import effects
from course_engine.web.cohorts.blueprint import blueprint
from course_engine.web.cohorts.board import wanted
from course_engine.web.cohorts.days import within

LONGEST = 1000
# For more people than this the rule takes longer than opening a page may: it is asked when someone presses.
AT_A_GLANCE = 200
KNOWN = {
    "csrf_token", "next", "what", "who", "all", "show", "find", "week", "from", "until", "steps", "reason",
    "note", "prefilled", "seen", "act", "back", "press",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form says, as texts; `seen` is what the preview was of that stood above the button."""

    deed: Deed
    week: str
    since: str
    until: str
    steps: tuple[str, ...]
    reason: str
    note: str
    seen: str

    @property
    def mark(self) -> str:
        """What a preview depends on."""
        return "|".join((self.deed, self.week, self.since, self.until, *sorted(self.steps)))


@blueprint.get("/<id>/change")
@to(Act.LEAD)
def change_page(id: str) -> ResponseReturnValue:
    """What would come of it, as the form stands."""
    cohort = here.led(id)
    return _page(cohort, _asked(cohort), {})


@blueprint.post("/<id>/change")
@to(Act.LEAD)
def change(id: str) -> ResponseReturnValue:
    """Show what would come of it, or (`act=keep`) keep what was shown."""
    cohort = here.led(id)
    asked = _asked(cohort)
    strange = set(request.form) - KNOWN
    if strange:
        raise BadInput({name: _("This form has no field called %(name)s.", name=name) for name in strange})
    if request.form.get("act") != "keep" or asked.seen != asked.mark:
        return _page(cohort, asked, {})
    try:
        made = changes.make(
            here.engine(), cohort, _people(cohort), _change(cohort, asked), here.person(), asked.reason,
            here.now(), _press(asked),
        )  # fmt: skip
    except BadInput as error:
        return _page(cohort, asked, error.faults), 422
    if not made.changed:
        flash(_("Nothing has changed: everybody is so already."), "note")
    left = [one.name for one in made.effects if one.outcome is not one.outcome.CHANGES]
    if made.changed and left:
        flash(_("These stay as they are: %(names)s.", names=effects.named(left)), "note")
    return redirect(f"/cohorts/{id}?changed={made.batch}", 303)


@blueprint.post("/<id>/undo")
@to(Act.LEAD)
def undo(id: str) -> ResponseReturnValue:
    """Take a change back, for everybody or for one person."""
    cohort = here.led(id)
    person = request.form.get("person", "")
    count = changes.undo(
        here.engine(), cohort, request.form.get("batch", ""), here.person(), here.now(), person or None
    )
    flash(
        ngettext(
            "Taken back for %(n)s person. What they had opened stays open.",
            "Taken back for %(n)s people. What they had opened stays open.",
            count,
        ),
        "done",
    )
    return redirect(f"/cohorts/{id}/people/{person}" if person else f"/cohorts/{id}", 303)


def _page(cohort: Cohort, asked: Asked, faults: dict[str, str]) -> str:
    course = here.engine().shelf.course(cohort.edition, here.person().language)
    people = _people(cohort)
    found: list[Effect] = []
    looked = request.method == "POST" or len(people) <= AT_A_GLANCE
    if looked and not faults and people:
        try:
            found = changes.preview(here.engine(), cohort, people, _change(cohort, asked), here.now())
        except BadInput as error:
            faults = error.faults if request.method == "POST" else {}
    return render_template(
        "facilitator/change.html",
        page="groups",
        cohort=cohort,
        course=course,
        asked=asked,
        week=_week(course, asked),
        people=people,
        looked=looked,
        chosen=request.values.getlist("who"),
        everyone=request.values.get("all") == "yes",
        view=wanted(),
        effects=effects.sentences(course, _week(course, asked), asked.deed, found, asked.since, asked.until),
        button=effects.button(
            _week(course, asked), asked.deed, sum(one.outcome is Outcome.CHANGES for one in found)
        ),
        deeds=[(deed, effects.title(deed), _other(deed)) for deed in Deed],
        today=local_day(here.now(), cohort.zone).isoformat(),
        faults=faults,
        press=new_id(),
    )


def _press(asked: Asked) -> str:
    """The random word of the form that was sent, for just this change."""
    press = request.form.get("press", "")
    return f"{press}|{asked.mark}" if press else ""


def _asked(cohort: Cohort) -> Asked:
    sent = request.values
    what = sent.get("what", "")
    deed = Deed(what) if what in {one.value for one in Deed} else Deed.OPEN
    course = here.engine().shelf.course(cohort.edition, here.person().language)
    week = sent.get("week", _first_week(cohort, course, deed, _people(cohort)))
    until = sent.get("until", "")
    default = effects.note(deed, course, week, until)
    note = sent.get("note", default)
    if note.strip() == sent.get("prefilled", "").strip():
        note = default
    return Asked(
        deed, week, sent.get("from", ""), until, tuple(sent.getlist("steps")),
        sent.get("reason", "").strip()[:LONGEST], note.replace("\r\n", "\n").strip()[:LONGEST],
        sent.get("seen", ""),
    )  # fmt: skip


def _change(cohort: Cohort, asked: Asked) -> Change:
    faults: dict[str, str] = {}
    now = here.now()
    since = _day(asked.since, "from", faults)
    until = _day(asked.until, "until", faults)
    if since is not None and since < local_day(now, cohort.zone):
        faults["from"] = _("This day is over. Choose today or a later day.")
    course = here.engine().shelf.course(cohort.edition, here.person().language)
    week = _week(course, asked)
    if asked.week and week is None:
        faults["week"] = _("Choose one of the weeks.")
    if faults:
        raise BadInput(faults)
    later = since is not None and since > local_day(now, cohort.zone)
    start = opening_instant(since, cohort.zone) if since and later else now
    holds = asked.deed is Deed.HOLD
    end: datetime | None = opening_instant(until, cohort.zone) if until and holds else None
    whole = asked.deed is Deed.RETURN
    return Change(asked.deed, start, week.id if week and not whole else None, end, asked.steps, asked.note)


def _people(cohort: Cohort) -> list[str]:
    """Who was ticked, or everybody in the view; those of another cohort are nobody here."""
    if request.values.get("all") == "yes":
        return boards.people(here.engine(), cohort, wanted(), here.now())
    return list(dict.fromkeys(request.values.getlist("who")))


def _week(course: Course, asked: Asked) -> Week | None:
    if asked.week.isdecimal() and len(asked.week) < 4:
        return course.week(int(asked.week))
    return None


def _first_week(cohort: Cohort, course: Course, deed: Deed, who: list[str]) -> str:
    """The week most likely meant: the first still closed to who was ticked first, or the one before it."""
    if deed in (Deed.HOLD, Deed.RETURN):
        return ""
    closed = _closed(cohort, who[0]) if who else _coming(cohort)
    if closed is None:
        return str(max(week.number for week in course.weeks))
    return str(max(0, closed - 1) if deed in (Deed.STAY, Deed.PAPER) else closed)


def _closed(cohort: Cohort, person: str) -> int | None:
    """The number of the first week that is not open to this person yet."""
    try:
        one = learners.learner(here.engine(), cohort, person, here.person().language, here.now())
    except NotFound:
        return None
    return next((week.week.number for week in one.weeks if not week.standing.readable), None)


def _coming(cohort: Cohort) -> int | None:
    """The week of the next session by the calendar."""
    today = local_day(here.now(), cohort.zone)
    days = ((one.number, local_day(one.starts_at, cohort.zone)) for one in cohorts.sessions(cohort))
    return next((number for number, day in days if day > today), None)


def _other(deed: Deed) -> str:
    """The address of the same people with another change."""
    kept = [
        (name, value) for name in ("who", "all", "show", "find") for value in request.values.getlist(name)
    ]
    return "?" + urlencode([("what", deed.value), *kept])


def _day(text: str, name: str, faults: dict[str, str]) -> date | None:
    if not text:
        return None
    try:
        return within(date.fromisoformat(text), name)
    except BadInput as error:
        faults.update(error.faults)
        return None
    except ValueError:
        faults[name] = _("Write a day, such as 2026-03-17.")
        return None
