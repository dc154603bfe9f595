"""The jobs: what is under way, what has ended, and how. Nothing of what they make is named."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import fields, validate

from course_engine.domain.roles import Act
from course_engine.domain.work import JobState
from course_engine.i18n import gettext as _
from course_engine.i18n import mark
from course_engine.services import tending
from course_engine.web import forms, here
from course_engine.web.access import to
from course_engine.web.admin.blueprint import blueprint


class Deed(forms.Form):
    act = fields.String(
        required=True,
        validate=validate.OneOf(["again", "cancel"], error=mark("Choose to do it again or to cancel it.")),
    )


@blueprint.get("/jobs")
@to(Act.ADMINISTER)
def jobs() -> ResponseReturnValue:
    """The jobs that are going on, or those that have ended, newest first."""
    ended = request.args.get("show", "") == "ended"
    return render_template(
        "admin/jobs.html",
        page="admin",
        found=tending.jobs_of(ended, request.args.get("after", "")),
        ended=ended,
        states={
            JobState.WAITING: _("Waits"), JobState.RUNNING: _("Under way"), JobState.DONE: _("Done"),
            JobState.STOPPED: _("Given up"), JobState.CANCELLED: _("Cancelled"),
        },
        kinds=kinds(),
        zone=here.person().zone,
        now=here.now(),
    )  # fmt: skip


@blueprint.post("/jobs/<id>")
@to(Act.ADMINISTER)
def job(id: str) -> ResponseReturnValue:
    """Have a job done again, or cancel it."""
    if forms.read(Deed)["act"] == "again":
        tending.do_again(here.engine(), here.person(), id, here.now())
        flash(_("The job waits for a worker now."), "done")
        return redirect("/admin/jobs", 303)
    tending.cancel(here.engine(), here.person(), id, here.now())
    flash(_("The job is cancelled."), "done")
    return redirect("/admin/jobs?show=ended", 303)


def kinds() -> dict[str, str]:
    """What each kind of job is called."""
    return {
        "print": _("Printing"),
        "roster": _("Bringing in a table of people"),
        "awards": _("Making certificates"),
        "certificates": _("Packing certificates"),
        "count": _("Counting sheets"),
        "edition": _("Checking an edition"),
    }
