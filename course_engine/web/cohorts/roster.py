"""The roster as a file: out as it is, and in after every change was shown."""

from flask import Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from course_engine.domain.errors import BadInput
from course_engine.domain.roles import Act
from course_engine.domain.work import Job
from course_engine.i18n import gettext as _
from course_engine.i18n import ngettext
from course_engine.services import invitations, letters, roster_uploads, rosters
from course_engine.services.roster_rows import Deed
from course_engine.web import here
from course_engine.web.access import to
from course_engine.web.cohorts import told
from course_engine.web.cohorts.blueprint import blueprint
from course_engine.web.cohorts.invite import places
from course_engine.web.cohorts.people import people

ROWS = 200


@blueprint.get("/<id>/people.csv")
@to(Act.LEAD)
def export(id: str) -> ResponseReturnValue:
    """Everybody in the group as a file."""
    return _csv(rosters.export(here.led(id)), "roster.csv")


@blueprint.post("/<id>/people/roster")
@to(Act.LEAD)
def upload(id: str) -> ResponseReturnValue:
    """A file was chosen: what it would do comes first."""
    cohort = here.led(id)
    chosen = request.files.get("file")
    try:
        if chosen is None or not chosen.filename:
            raise BadInput({"file": _("Choose a file first.")})
        kept = roster_uploads.keep(here.engine(), cohort, here.person(), chosen.read(), here.now())
    except BadInput as error:
        return people(cohort, error.faults, {}), 422
    return redirect(f"/cohorts/{id}/people/roster/{kept}", 303)


@blueprint.get("/<id>/people/roster/<upload>")
@to(Act.LEAD)
def preview(id: str, upload: str) -> ResponseReturnValue:
    """Every change that the file would make, none of them made yet."""
    cohort = here.led(id)
    plan = roster_uploads.plan(here.engine(), cohort, here.person(), upload)
    shown = [*plan.of(Deed.BAD), *plan.doing, *plan.of(Deed.KEEP), *plan.of(Deed.SAME)]
    new = plan.of(Deed.ADD, Deed.INVITE)
    room = invitations.room(cohort) if new else None
    at = request.args.get("page", "1")
    number = int(at) if at.isdecimal() and len(at) < 4 and int(at) else 1
    return render_template(
        "facilitator/roster.html",
        page="groups",
        cohort=cohort,
        upload=upload,
        plan=plan,
        counts={deed.value: len(plan.of(deed)) for deed in Deed},
        changes=shown[(number - 1) * ROWS : number * ROWS],
        number=number,
        pages=max(1, -(-len(shown) // ROWS)),
        by_mail=letters.can_go(here.engine()),
        words=words(),
        deed=_deed(len(new), len(plan.of(Deed.CHANGE))),
        places=places(room, len(new)) if room else "",
        beyond={one.row.line for one in new[room.free :]} if room else set(),
        alike=told.alike,
    )


@blueprint.post("/<id>/people/roster/<upload>")
@to(Act.LEAD)
def take(id: str, upload: str) -> ResponseReturnValue:
    """Do what was shown; over a hundred rows it is a job."""
    cohort = here.led(id)
    wanted = request.form.get("letters") == "yes"
    done = roster_uploads.take(here.engine(), cohort, here.person(), upload, here.now(), letters=wanted)
    if isinstance(done, Job):
        return redirect(f"/jobs/{done.id}", 303)
    flash(ngettext("%(n)s person was added or updated.", "%(n)s people were added or updated.", done), "done")
    return redirect(f"/cohorts/{id}/people", 303)


@blueprint.get("/<id>/people/roster/<upload>/faults.csv")
@to(Act.LEAD)
def faults(id: str, upload: str) -> ResponseReturnValue:
    """The rows that cannot be taken in, with a reason each."""
    cohort = here.led(id)
    plan = roster_uploads.plan(here.engine(), cohort, here.person(), upload)
    return _csv(rosters.faults(plan), "roster-to-mend.csv")


def words() -> dict[str, str]:
    """What a row does, in a few words."""
    return {
        "add": _("New: gets a place"),
        "invite": _("New: gets a place"),
        "beyond": _("New: beyond the places of the group"),
        "change": _("Changes"),
        "same": _("Stays as it is"),
        "keep": _("Stays as it is: an account is its owner’s alone"),
        "bad": _("Cannot be used"),
    }


def _deed(new: int, changed: int) -> str:
    """What the button does: adds people, updates those who are here, or both."""
    added = ngettext("Add %(n)s person", "Add %(n)s people", new)
    updated = ngettext("Update %(n)s person", "Update %(n)s people", changed)
    if new and changed:
        return _("%(added)s and update %(n)s", added=added, n=changed)
    return added if new else updated


def _csv(data: bytes, name: str) -> Response:
    answer = Response(data, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
