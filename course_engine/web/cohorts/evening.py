"""The evening of a session: its plan on the real clock, a view to lead from, and who was there."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import partial

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from course_engine.crypto import new_id
from course_engine.domain.cohorts import Cohort, Present, Session
from course_engine.domain.errors import BadInput, NotFound
from course_engine.domain.plans import SessionPlan, Timed
from course_engine.domain.roles import Act
from course_engine.i18n import clock, mark, ngettext
from course_engine.i18n import gettext as _
from course_engine.services import attendance, cohorts, packs
from course_engine.web import here
from course_engine.web.access import to
from course_engine.web.cohorts import effects
from course_engine.web.cohorts.blueprint import blueprint
from course_engine.web.library import Shelf

ROWS = 100
NAMES = 6
WORDS = {
    Present.PRESENT: mark("Here"),
    Present.ONLINE: mark("Online"),
    Present.MADE_UP: mark("At home"),
    Present.EXCUSED: mark("Excused"),
    Present.NOT_HERE: mark("Not here"),
}


@blueprint.get("/<id>/sessions")
@to(Act.LEAD)
def evenings(id: str) -> ResponseReturnValue:
    """All sessions: the next one on top, those that are over below the ones to come."""
    cohort = here.led(id)
    counts = attendance.counts(cohort)
    sessions = cohorts.sessions(cohort)
    coming = [one for one in sessions if one.ends_at >= here.now()]
    return render_template(
        "facilitator/evenings.html",
        page="groups",
        cohort=cohort,
        coming=coming,
        over=[one for one in sessions if one not in coming],
        next=next((one for one in coming if not one.cancelled), None),
        counts=counts,
        shelf=_shelf(cohort),
        now=here.now(),
    )


@blueprint.get("/<id>/sessions/<int:number>")
@to(Act.LEAD)
def evening(id: str, number: int) -> ResponseReturnValue:
    """The plan of a session with the hours it really has, in its full or (`form=shorter`) short form."""
    cohort = here.led(id)
    return _plan("facilitator/evening.html", cohort, _session(cohort, number))


@blueprint.get("/<id>/sessions/<int:number>/lead")
@to(Act.LEAD)
def lead(id: str, number: int) -> ResponseReturnValue:
    """The same in big type, to read from while leading."""
    cohort = here.led(id)
    return _plan("facilitator/lead.html", cohort, _session(cohort, number))


@blueprint.post("/<id>/sessions/<int:number>/code")
@to(Act.LEAD)
def show_code(id: str, number: int) -> ResponseReturnValue:
    """A code with which people note for themselves that they are here."""
    cohort = here.led(id)
    press = request.form.get("press", "")
    attendance.show_code(here.engine(), cohort, _session(cohort, number).number, press)
    return redirect(f"/cohorts/{id}/attendance?session={number}", 303)


@blueprint.get("/<id>/attendance")
@to(Act.LEAD)
def attendance_page(id: str) -> ResponseReturnValue:
    """The attendance of the session asked for, or else of the last that has begun."""
    cohort = here.led(id)
    sessions = [one for one in cohorts.sessions(cohort) if not one.cancelled]
    asked = request.args.get("session", "")
    if asked:
        session = _session(cohort, int(asked) if asked.isdecimal() and len(asked) < 4 else 0)
    elif sessions:
        begun = [one for one in sessions if attendance.begins(one) <= here.now()]
        session = begun[-1] if begun else sessions[0]
    else:
        raise NotFound(_("This group has no sessions."))
    rows = attendance.sheet(cohort, session.number)
    pages = max(1, -(-len(rows) // ROWS))
    page = min(_page_of(request.args), pages)
    shown = rows[(page - 1) * ROWS : page * ROWS]
    expected = _expected(cohort)
    return render_template(
        "facilitator/attendance.html",
        page="groups",
        cohort=cohort,
        session=session,
        sessions=sessions,
        rows=shown,
        expected=expected,
        others=[row.name for row in shown if row.present is None and row.person in expected],
        apart=[row.name for row in shown if row.present is None and row.person not in expected],
        named=partial(effects.named, most=NAMES),
        most=NAMES,
        number=page,
        pages=pages,
        noted=sum(row.present is not None for row in rows),
        everybody=len(rows),
        from_when=attendance.begins(session) if attendance.begins(session) > here.now() else None,
        words={one: _(word) for one, word in WORDS.items()},
        shown=" ".join(f"present-{row.person}:{row.present}" for row in shown if row.present),
        press=new_id(),
    )


@blueprint.post("/<id>/attendance")
@to(Act.LEAD)
def attend(id: str) -> ResponseReturnValue:
    """Keep what was chosen; of whom nothing is said stays as they are, or (`others`) is noted as here.

    Whoever stands in the form as it was `shown` stays as they are, too: they may have been noted otherwise
    meanwhile.
    """
    cohort = here.led(id)
    number = request.form.get("session", "")
    session = _session(cohort, int(number) if number.isdecimal() and len(number) < 4 else 0)
    shown = dict(one.partition(":")[::2] for one in request.form.get("shown", "").split())
    try:
        noted = {
            name.removeprefix("present-"): Present(value)
            for name, value in request.form.items()
            if name.startswith("present-") and value and shown.get(name) != value
        }
    except ValueError as error:
        raise BadInput({"present": _("Choose one of the five words for each person.")}) from error
    if request.form.get("others") == Present.PRESENT:
        noted = dict.fromkeys(_others(cohort, session), Present.PRESENT) | noted
    kept = attendance.attend_all(here.engine(), cohort, session.number, noted, here.person(), here.now())
    if request.headers.get("Accept") == "application/json":
        return {"kept": len(kept.changed)}, 409 if kept.left else 200
    _say(kept)
    page = _page_of(request.form)
    after = f"&page={page}" if page > 1 else ""
    return redirect(f"/cohorts/{id}/attendance?session={session.number}{after}", 303)


def _others(cohort: Cohort, session: Session) -> list[str]:
    """Those on this page of whom nothing is said yet, but for whoever nobody expects there."""
    expected = _expected(cohort)
    first = (_page_of(request.form) - 1) * ROWS
    rows = attendance.sheet(cohort, session.number)[first : first + ROWS]
    return [row.person for row in rows if row.present is None and row.person in expected]


def _expected(cohort: Cohort) -> set[str]:
    return {one.id for one in packs.expected(here.engine(), cohort, here.now())}


def _say(kept: attendance.Kept) -> None:
    if kept.changed:
        names = effects.named(_called(kept.changed), NAMES)
        count = len(kept.changed)
        flash(
            ngettext(
                "Kept for %(n)s person: %(names)s.", "Kept for %(n)s people: %(names)s.", count, names=names
            ),
            "done",
        )
    elif not kept.left:
        flash(_("Nothing has changed."), "done")
    if kept.left:
        said = _("Not in this group any more, so nothing was kept for them: %(names)s.")
        flash(said % {"names": effects.named(list(dict.fromkeys(_called(kept.left))))}, "note")


def _called(names: Iterable[str]) -> list[str]:
    return [name or _("somebody who was invited") for name in names]


def _page_of(sent: Mapping[str, str]) -> int:
    asked = sent.get("page", "1")
    return int(asked) if asked.isdecimal() and len(asked) < 4 and int(asked) else 1


def _plan(template: str, cohort: Cohort, session: Session) -> str:
    shelf = _shelf(cohort)
    week = shelf.course.week(session.number)
    plan = next(iter(week.plans), None) if week else None
    short = (
        plan is not None
        and plan.has_short_form
        and request.args.get("form", _fitting(plan, session)) == "shorter"
    )
    return render_template(
        template,
        page="groups",
        cohort=cohort,
        session=session,
        shelf=shelf,
        week=week,
        plan=plan,
        short=short,
        rows=_running(plan, session, cohort.zone, short) if plan else [],
        people=len(cohorts.roster(cohort)),
        expected=len(packs.expected(here.engine(), cohort, here.now())),
        now=here.now(),
    )


def _running(plan: SessionPlan, session: Session, zone: str, short: bool) -> list[tuple[str, Timed]]:
    """The parts of the plan, each with the hour it begins."""
    return [
        (clock(session.starts_at + timedelta(minutes=one.start), zone), one)
        for one in plan.running(short=short)
    ]


def _fitting(plan: SessionPlan, session: Session) -> str:
    """The form that fits into the minutes of the session."""
    return "full" if plan.minutes <= session.minutes else "shorter"


def _session(cohort: Cohort, number: int) -> Session:
    found = next((one for one in cohorts.sessions(cohort) if one.number == number), None)
    if found is None:
        raise NotFound(_("There is no such page."))
    return found


def _shelf(cohort: Cohort) -> Shelf:
    return Shelf(here.engine().shelf.course(cohort.edition, here.person().language))
