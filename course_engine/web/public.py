"""Pages for everyone: the front door, help now, steadying, and how the site is doing."""

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from course_engine.domain.errors import NotFound, Unavailable
from course_engine.domain.roles import Act, Role, may
from course_engine.services import editions, health
from course_engine.web import here
from course_engine.web.access import public
from course_engine.web.views import CourseView

blueprint = Blueprint("public", __name__)


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
    """Ways to steady oneself: always there, small, without a script; with one's own sheets when signed in."""
    return render_template("public/steady.html", sheets=_own_sheets())


@blueprint.get("/help")
@public
def help_now() -> ResponseReturnValue:
    """Help now, for anyone, in general words until an admin confirms local lines."""
    return render_template("public/help.html")


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


def _own_sheets() -> list[tuple[str, str]]:
    """The sheets that are open to this reader in any week: title and address. The page stands without."""
    try:
        if here.visitor() is None:
            return []
        view = CourseView(here.position())
        return [(step.title, view.href(step)) for step in view.always_open if step.worksheet]
    except (NotFound, Unavailable):
        return []


def first_page(roles: frozenset[Role]) -> str:
    """Where someone goes after signing in."""
    if may(roles, Act.ADMINISTER):
        return "/admin/people"
    if may(roles, Act.LEAD):
        return "/cohorts"
    return "/today"
