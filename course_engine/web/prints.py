"""PDFs of a learner's own run, and the jobs that make the longer ones."""

from collections.abc import Callable

from flask import Blueprint, Response, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from course_engine.domain.errors import BadInput, NotFound
from course_engine.domain.roles import Act
from course_engine.domain.work import Job, JobState
from course_engine.i18n import gettext as _
from course_engine.rendering.paper import INKS, SHEETS, SIZES, Paper
from course_engine.rendering.trials import trial_values
from course_engine.services import awarding, certificates, jobs, prints, progress
from course_engine.web import here
from course_engine.web.access import to

blueprint = Blueprint("prints", __name__)


def _on_every_run(
    rule: str,
) -> Callable[[Callable[..., ResponseReturnValue]], Callable[..., ResponseReturnValue]]:
    """Serve a view for the current run and below `/runs/RUN`."""

    def routed(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
        blueprint.get(rule)(view)
        blueprint.get(f"/runs/<run>{rule}", endpoint=f"run_{view.__name__}")(view)
        return view

    return routed


@blueprint.url_value_preprocessor
def _which_run(_endpoint: str | None, values: dict[str, str] | None) -> None:
    g.run = values.pop("run", None) if values else None


@_on_every_run("/worksheets/<id>.pdf")
@to(Act.LEARN)
def worksheet(id: str) -> ResponseReturnValue:
    """A worksheet to print, blank or (`with=answers`) filled in."""
    filled = request.args.get("with") == "answers"
    return deliver(
        prints.worksheet(here.engine(), here.person(), here.position(), id, paper(), filled=filled)
    )


@_on_every_run("/weeks/<int:number>.pdf")
@to(Act.LEARN)
def week(number: int) -> ResponseReturnValue:
    """A whole week to print."""
    at = here.position()
    return deliver(prints.week(here.engine(), at, progress.readable_week(at, number), paper()))


@_on_every_run("/workbook.pdf")
@to(Act.LEARN)
def workbook() -> ResponseReturnValue:
    """The course as a book, as far as it is open."""
    return deliver(prints.workbook(here.engine(), here.position(), paper()))


@_on_every_run("/certificate.pdf")
@to(Act.LEARN)
def certificate() -> ResponseReturnValue:
    """The certificate of this run."""
    made = certificates.of_run(here.position().run)
    if made is None:
        raise NotFound(_("There is no certificate of this course yet."))
    return deliver(prints.certificate(here.engine(), made, paper()))


@blueprint.get("/print/test.pdf")
@to(Act.KEEP_ACCOUNT)
def test_page() -> ResponseReturnValue:
    """A page that shows how a printer prints."""
    site, language = here.engine().config.site_name, here.person().language
    return deliver(prints.Print("test", trial_values(site=site, paper=paper()), language, "test-page.pdf"))


@blueprint.get("/jobs/<id>")
@to(Act.KEEP_ACCOUNT)
def job(id: str) -> ResponseReturnValue:
    """How far a job is; a finished one leads to its file or page. Without a script it asks again itself."""
    found = jobs.own(here.person(), id)
    if found.state is JobState.DONE:
        return redirect(str(found.result.get("page") or f"/files/{found.result['file']}"), 303)
    if found.kind == awarding.KIND:
        done = awarding.names_done(here.engine(), found)
        answer = Response(render_template("jobs/awards.html", job=found, names=done, page=_place(found)))
    else:
        answer = Response(render_template("jobs/job.html", job=found, page=_place(found)))
    if found.state in (JobState.WAITING, JobState.RUNNING):
        answer.headers["Refresh"] = "2"
    return answer


@blueprint.post("/jobs/<id>/cancel")
@to(Act.KEEP_ACCOUNT)
def cancel(id: str) -> ResponseReturnValue:
    """Want a job no more; one that has ended meanwhile leads to what it made."""
    return redirect(f"/jobs/{jobs.cancel(here.engine(), here.person(), id).id}", 303)


@blueprint.post("/jobs/<id>/again")
@to(Act.KEEP_ACCOUNT)
def again(id: str) -> ResponseReturnValue:
    """Have a job done that was given up or cancelled."""
    return redirect(f"/jobs/{jobs.again(here.engine(), here.person(), id).id}", 303)


@blueprint.get("/files/<id>")
@to(Act.KEEP_ACCOUNT)
def file(id: str) -> ResponseReturnValue:
    """A finished document."""
    return finished(id)


def finished(id: str) -> Response:
    """A document of the reader's that was made before. Raises NotFound."""
    name, data = prints.file(here.engine(), here.person(), id)
    return _pdf(data, name)


def deliver(wanted: prints.Print, below: str = "") -> ResponseReturnValue:
    """The document, or the way to the job that makes it, `below` the addresses of whoever asks."""
    made = prints.deliver(here.engine(), here.person(), wanted, here.now())
    return redirect(f"{below}/jobs/{made.id}", 303) if isinstance(made, Job) else _pdf(made, wanted.name)


def _pdf(data: bytes, name: str) -> Response:
    answer = Response(data, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def paper() -> Paper:
    """The paper, size and ink an address asks for; without a word on them, the site's paper and no more."""
    sheet = request.args.get("paper", here.engine().config.paper)
    size, ink = request.args.get("size", "normal"), request.args.get("ink", "normal")
    faults = {}
    if sheet not in SHEETS:
        faults["paper"] = _("Choose the paper: a4 or letter.")
    if size not in SIZES:
        faults["size"] = _("Choose the size: normal or large.")
    if ink not in INKS:
        faults["ink"] = _("Choose the ink: normal or saver.")
    if faults:
        raise BadInput(faults)
    return Paper(sheet, size, ink)


def _place(job: Job) -> str:
    """The place of the site that a job was begun from, to be marked while it goes on."""
    back = str(job.subject.get("back", "")).partition("/")[2].partition("/")[0]
    return {"admin": "admin", "cohorts": "groups", "library": "library"}.get(back, "")
