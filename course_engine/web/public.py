"""Pages for everyone: the front door, help now, steadying, and how the site is doing."""

import logging

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from course_engine.domain.errors import NotFound, Unavailable
from course_engine.domain.roles import Act, Role, may
from course_engine.services import editions, health, help_lines, writings
from course_engine.web import here
from course_engine.web.access import public
from course_engine.web.views import CourseView

blueprint = Blueprint("public", __name__)
_log = logging.getLogger(__name__)


@blueprint.get("/")
@public
def home() -> ResponseReturnValue:
    """The front door; whoever is signed in goes on to where they work."""
    visitor = here.visitor()
    if visitor is not None:
        return redirect(first_page(visitor.roles))
    courses = editions.offered(here.engine(), here.engine().config.locale)
    return render_template("public/home.html", courses=courses)


@blueprint.get("/steady")
@public
def steady() -> ResponseReturnValue:
    """Ways to steady oneself: always there, small, without a script; with one's own plan if there is one."""
    view = _view()
    in_group = view is not None and view.at.cohort is not None
    return render_template("public/steady.html", plan=_own_plan(view) if view else "", in_group=in_group)


@blueprint.get("/help")
@public
def help_now() -> ResponseReturnValue:
    """Help now, for anyone: general words, and the lines an admin has confirmed; there without a database."""
    try:
        visitor = here.visitor()
        near = help_lines.near(here.engine(), visitor.zone if visitor else here.engine().config.zone)
    except Exception:
        # On this page nothing else is worth a person's time: the general words are always there.
        _log.exception("the help lines could not be read")
        near = help_lines.NOBODY
    view = _view()
    return render_template("public/help.html", near=near, safety=view.safety if view else [])


@blueprint.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return {"status": "ok"}


@blueprint.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """The site can do its work: database, schema, room on the disk."""
    try:
        faults = health.faults(here.engine())
    except Unavailable as error:
        faults = [str(error)]
    return {"status": "ok" if not faults else "not ready", "faults": faults}, 503 if faults else 200


def _view() -> CourseView | None:
    """The course of whoever is signed in and has begun one. These pages stand without it."""
    try:
        return CourseView(here.position()) if here.visitor() is not None else None
    except (NotFound, Unavailable):
        return None


def _own_plan(view: CourseView) -> str:
    """Where somebody's own plan for hard moments is (a sheet for safety), once something stands in it."""
    for step in view.always_open:
        if step.worksheet is None or step.id not in view.course.safety:
            continue
        if writings.is_filled_in(here.engine(), here.person(), view.at.run, step.worksheet.id):
            return view.href(step)
    return ""


def first_page(roles: frozenset[Role]) -> str:
    """Where someone goes after signing in."""
    if may(roles, Act.ADMINISTER):
        return "/admin/people"
    if may(roles, Act.LEAD):
        return "/cohorts/first"
    return "/today"
