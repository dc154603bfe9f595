"""The groups someone leads, and a new one: its calendar is shown before it is kept."""

from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from course_engine.domain.errors import BadInput, NotFound
from course_engine.domain.roles import Act
from course_engine.i18n import gettext as _
from course_engine.services import calendars, cohorts, editions
from course_engine.web import here
from course_engine.web.access import to
from course_engine.web.cohorts import asked
from course_engine.web.cohorts.blueprint import blueprint
from course_engine.web.zones import zones


@blueprint.get("")
@to(Act.LEAD)
def all() -> ResponseReturnValue:
    """The groups someone leads, each with its next session; those that ended below."""
    return render_template(
        "facilitator/cohorts.html", page="groups", cohorts=cohorts.led_by(here.person(), here.now())
    )


@blueprint.get("/new")
@to(Act.LEAD)
def new_page() -> ResponseReturnValue:
    """An empty form, or one filled with what another group has (`like=`)."""
    like = request.args.get("like", "")
    return _page({}, _as_in(like) if like else {"zone": here.person().zone, "minutes": 120}, [])


@blueprint.post("/new")
@to(Act.LEAD)
def new() -> ResponseReturnValue:
    """Show the calendar as it would be, or (`act=create`) keep it, if it is the one that was shown."""
    engine, person = here.engine(), here.person()
    try:
        sent = asked.new_cohort()
        of = editions.offer(engine, sent["course"], engine.config.locale)
        evenings = calendars.plan(
            engine, person, of, sent["first"], sent["zone"], sent["minutes"], sent["skipped"]
        )
        if (sent["act"], request.form.get("seen")) != ("create", _mark(evenings)):
            return _page({}, request.form, evenings)
        made = cohorts.add(
            engine, person, sent["course"], sent["name"], sent["first"], sent["zone"], sent["minutes"],
            here.now(), sent["skipped"], **asked.Meeting.chosen(sent),
        )  # fmt: skip
    except BadInput as error:
        return _page(error.faults, request.form, []), 422
    except NotFound as error:
        # Withdrawn while the form was open.
        return _page({"course": str(error)}, request.form, []), 422
    flash(_("The group “%(name)s” is made.", name=made.name), "done")
    return redirect(f"/cohorts/{made.id}", 303)


def _page(faults: dict[str, str], sent: Any, evenings: list[calendars.Evening]) -> str:
    return render_template(
        "facilitator/new.html",
        page="groups",
        faults=faults,
        sent=sent,
        evenings=evenings,
        seen=_mark(evenings),
        other=bool(evenings) and sent.get("act") == "create",
        courses=editions.offered(here.engine(), here.person().language),
        zones=zones(str(sent.get("zone") or "")),
    )


def _mark(evenings: list[calendars.Evening]) -> str:
    """Another for every other calendar."""
    sessions = [row.session for row in evenings if row.session]
    return "|".join(f"{one.number},{one.starts_at.timestamp():.0f},{one.minutes}" for one in sessions)


def _as_in(id: str) -> dict[str, Any]:
    cohort = here.led(id)
    first = next(iter(cohorts.sessions(cohort)), None)
    return {
        **asked.as_sent(cohort),
        "course": cohort.course,
        "zone": cohort.zone,
        "minutes": first.minutes if first else 120,
        "hour": asked.local_hour(first, cohort.zone) if first else "",
    }
