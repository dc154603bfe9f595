"""Joining alone: what this is, who might wait, three points to agree to, a pace and a zone."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from course_engine.domain.errors import BadInput, NotFound
from course_engine.domain.pace import PaceKind
from course_engine.domain.progress import Run
from course_engine.domain.roles import Act
from course_engine.i18n import gettext as _
from course_engine.services import cohorts, editions, people, runs
from course_engine.web import forms, here, tongues
from course_engine.web.access import public, to
from course_engine.web.zones import zones

blueprint = Blueprint("join", __name__)


@blueprint.get("/join")
@public
def what_it_is() -> ResponseReturnValue:
    """What the course is and is not, and who might wait: read before anything is asked."""
    courses = editions.offered(here.engine(), here.engine().config.locale)
    return render_template("join/what.html", courses=courses, visitor=here.visitor())


@blueprint.get("/join/begin")
@to(Act.LEARN)
def begin_page() -> ResponseReturnValue:
    own = here.person()
    language = tongues.at_hand(own.language)
    return _page({}, {"zone": own.zone, "course": request.args.get("course", ""), "language": language})


@blueprint.post("/join/begin")
@to(Act.LEARN)
def begin() -> ResponseReturnValue:
    """Agree, choose, and begin."""
    try:
        sent = forms.read(forms.Begin)
        language = tongues.checked(sent["language"])
    except BadInput as error:
        return _page(error.faults, request.form), 422
    engine, person = here.engine(), here.person()
    if language and language != tongues.at_hand(person.language):
        people.change_language(engine, person, language)
    try:
        on_paper = sent["paper"] == "yes"
        pace = PaceKind(sent["pace"])
        before = {one.id for one, _course in runs.of_person(engine, person) if one.course == sent["course"]}
        run = runs.join_alone(engine, person, sent["course"], pace, here.now(), on_paper=on_paper)
    except NotFound as error:
        # Withdrawn while the form was open.
        return _page({"course": str(error)}, request.form), 422
    if run.id in before:
        _as_chosen_now(run, pace, on_paper)
    elif before:
        flash(_("You begin anew, on your own. The course you had begun before is in your settings."), "note")
    if sent["zone"] != person.zone:
        runs.change_zone(engine, person, sent["zone"], here.now())
    return redirect("/today", 303)


def _as_chosen_now(run: Run, pace: PaceKind, on_paper: bool) -> None:
    """Of a course that was begun already the form says how to go on."""
    if run.pace != pace:
        runs.change_pace(here.engine(), here.person(), run, pace, here.now())
    if on_paper and not run.whole_workbook:
        runs.print_whole(here.engine(), run, True)


def _page(faults: dict[str, str], sent: object) -> str:
    engine = here.engine()
    begun = [run for run, _course in runs.of_person(engine, here.person()) if _is_under_way(run)]
    return render_template(
        "join/begin.html",
        courses=editions.offered(engine, here.person().language),
        begun=bool(begun),
        group=next((group for run in begun if (group := cohorts.gone_with(run))), None),
        faults=faults,
        sent=sent,
        zones=zones(here.person().zone),
        languages=tongues.choices(),
    )


def _is_under_way(run: Run) -> bool:
    return run.started_at is not None and run.finished_at is None
