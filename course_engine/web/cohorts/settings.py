"""What a group is called, where it meets, who leads it, whom its people can turn to, and its end."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from course_engine.domain.cohorts import Cohort
from course_engine.domain.errors import BadInput
from course_engine.domain.roles import Act
from course_engine.i18n import gettext as _
from course_engine.i18n import ngettext
from course_engine.services import cohorts, invitations, waiting
from course_engine.web import forms, here
from course_engine.web.access import to
from course_engine.web.cohorts import asked
from course_engine.web.cohorts.blueprint import blueprint
from course_engine.web.untouched import as_shown


@blueprint.get("/<id>/settings")
@to(Act.LEAD)
def settings_page(id: str) -> ResponseReturnValue:
    return _page(here.led(id), {}, {})


@blueprint.post("/<id>/settings")
@to(Act.LEAD)
def settings(id: str) -> ResponseReturnValue:
    cohort = here.led(id)

    def change() -> str:
        chosen = asked.settings(cohort)
        cohorts.change(here.engine(), cohort, here.person(), here.now(), **chosen)
        waiting.fill(here.engine(), cohort.id, here.now())
        return f"{_('This is kept.')} {_more_people(replace(cohort, seats=chosen['seats']))}".strip()

    return _do(cohort, change, {})


@blueprint.post("/<id>/leaders")
@to(Act.LEAD)
def share(id: str) -> ResponseReturnValue:
    """Ask another facilitator in."""
    cohort = here.led(id)

    def change() -> str:
        address = forms.read(asked.Leader)["address"]
        cohorts.share(here.engine(), cohort, address, here.person(), here.now())
        return _("You lead this group together now.")

    return _do(cohort, change, asked.as_sent(cohort))


@blueprint.post("/<id>/leaders/<person>")
@to(Act.LEAD)
def stop_leading(id: str, person: str) -> ResponseReturnValue:
    cohort = here.led(id)
    cohorts.stop_leading(here.engine(), cohort, person, here.person(), here.now())
    flash(_("That facilitator leads this group no longer."), "done")
    return redirect("/cohorts" if person == here.person().id else f"/cohorts/{id}/settings", 303)


@blueprint.post("/<id>/end")
@to(Act.LEAD)
def end(id: str) -> ResponseReturnValue:
    """Bring the group to its end, or (`back=yes`) take that back."""
    cohort = here.led(id)
    if request.form.get("back"):
        cohorts.go_on(here.engine(), cohort, here.person(), here.now())
        flash(_("The group goes on."), "done")
    else:
        cohorts.end(here.engine(), cohort, here.person(), here.now())
        flash(_("The group has come to its end. What was open stays open for everybody."), "done")
    return redirect(f"/cohorts/{id}/settings", 303)


def _more_people(cohort: Cohort) -> str:
    """What it means that more people are here than there is room for, if there are."""
    room = invitations.room(cohort)
    if room is None or not room.beyond(0):
        return ""
    return ngettext(
        "%(n)s person is here already. Nobody is removed; new people wait.",
        "%(n)s people are here already. Nobody is removed; new people wait.",
        room.taken,
    )


def _do(cohort: Cohort, change: Callable[[], str], stands: dict[str, Any]) -> ResponseReturnValue:
    """Change something and say in its words what came of it, or show the page with what cannot be.

    What `stands` in the fields of the other forms is still there then.
    """
    try:
        words = change()
    except BadInput as error:
        return _page(cohort, error.faults, {**stands, **request.form}), 422
    flash(words, "done")
    return redirect(f"/cohorts/{cohort.id}/settings", 303)


def _page(cohort: Cohort, faults: dict[str, str], sent: Any) -> str:
    now = here.now()
    return render_template(
        "facilitator/settings.html",
        page="groups",
        cohort=cohort,
        leaders=cohorts.standing(cohort),
        people=len(cohorts.roster(cohort)),
        coming=sum(one.starts_at > now and not one.cancelled for one in cohorts.sessions(cohort)),
        faults=faults,
        sent=sent or asked.as_sent(cohort),
        shown=sent.get("shown") or as_shown(asked.as_sent(cohort)),
    )
