"""What belongs to the person who asks: who they are, where they stand, what they complete and print."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import redirect
from flask.typing import ResponseReturnValue

from course_engine.domain.certificates import Certificate
from course_engine.domain.errors import NotFound
from course_engine.domain.people import Person
from course_engine.domain.progress import Completion, How
from course_engine.domain.roles import Act
from course_engine.domain.work import JobState
from course_engine.i18n import gettext as _
from course_engine.rendering.paper import Paper
from course_engine.services import certificates, jobs, people, prints, progress
from course_engine.web import here, tongues
from course_engine.web.access import to
from course_engine.web.api import answers, asking
from course_engine.web.api.described import Routes
from course_engine.web.api.way import Way, way
from course_engine.web.prints import deliver, finished

blueprint = Routes("api-me", __name__, url_prefix="/api/v1/me", description="The person who asks.")


@blueprint.get("", answers.Person, refused=(401,))
@to(Act.KEEP_ACCOUNT)
def me() -> Person:
    """Who is signed in"""
    return here.person()


@blueprint.post("/language", asking.NewLanguage, answers.Person, refused=(400, 401, 403, 415))
@to(Act.KEEP_ACCOUNT)
def language(sent: dict[str, str]) -> Person:
    """Read courses in another language

    One of those the courses have. What a course has no words for stays in its own language.
    """
    chosen = tongues.checked(sent["language"]) or here.person().language
    people.change_language(here.engine(), here.person(), chosen)
    return replace(here.person(), language=chosen)


@blueprint.get("/course", answers.Course, refused=(401, 404))
@to(Act.LEARN)
def course() -> Way:
    """Where they are in their course

    Modules, weeks and steps of the current run with their state, why they are locked and when they open.
    """
    return way(here.position(), progress.ways(here.run()))


@blueprint.post(
    "/steps/<step>/completion", asking.NewCompletion, answers.Completion, refused=(400, 401, 403, 404, 415)
)
@to(Act.LEARN)
def complete(sent: dict[str, str], step: str) -> Completion:
    """Complete a step

    Done, in a gentler form, or not today; each counts in full. Sent again it changes nothing, but may raise
    how the step was done. The first time stays.
    """
    how, run = How(sent["how"]), here.run()
    completed = progress.complete(here.engine(), here.person(), run, step, how, here.now())
    return completed.step


@blueprint.pdf("/worksheets/<id>.pdf", asking.Paper, refused=(401, 403, 404))
@to(Act.LEARN)
def worksheet(sent: dict[str, str], id: str) -> ResponseReturnValue:
    """A blank worksheet to print"""
    paper = Paper(sent.get("paper", here.engine().config.paper), sent.get("size", "normal"))
    wanted = prints.worksheet(here.engine(), here.person(), here.position(), id, paper)
    return deliver(wanted, blueprint.url_prefix or "")


@blueprint.leading("/jobs/<id>", answers.Job, refused=(401, 404))
@to(Act.KEEP_ACCOUNT)
def job(id: str) -> Mapping[str, Any] | ResponseReturnValue:
    """How far something is that is being made

    Ask again after a few seconds; once it is done the answer leads to the document.
    """
    found = jobs.own(here.person(), id)
    if found.state is JobState.DONE and "file" in found.result:
        return redirect(f"{blueprint.url_prefix}/files/{found.result['file']}", 303)
    return {"id": found.id, "state": found.state, "done": found.done, "total": found.total}


@blueprint.document("/files/<id>", refused=(401, 404))
@to(Act.KEEP_ACCOUNT)
def file(id: str) -> ResponseReturnValue:
    """A document that was made"""
    return finished(id)


@blueprint.get("/certificate", answers.Certificate, refused=(401, 404))
@to(Act.LEARN)
def certificate() -> Certificate:
    """The certificate of the current run"""
    made = certificates.of_run(here.position().run)
    if made is None:
        raise NotFound(_("There is no certificate of this course yet."))
    return made
