"""Who may use which address: every view says it, and one that says nothing is open to nobody."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request
from flask.typing import ResponseReturnValue

from course_engine.domain.roles import Act, may
from course_engine.web import auth, here

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "public"


def public(view: View) -> View:
    """Anyone may use this address."""
    view.act = PUBLIC  # type: ignore[attr-defined]
    return view


def to(act: Act) -> Callable[[View], View]:
    """People who may do this may use this address; to others it is not there."""

    def marked(view: View) -> View:
        view.act = act  # type: ignore[attr-defined]
        return view

    return marked


def init(app: Flask) -> None:
    """Ask before every request."""
    app.before_request(_ask)


def act_of(endpoint: str) -> Act | str | None:
    """What a view asks for, or None where it says nothing."""
    view = current_app.view_functions.get(endpoint)
    return getattr(view, "act", None)


def _ask() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None
    act = act_of(request.endpoint)
    if act == PUBLIC:
        return None
    if not isinstance(act, Act):
        abort(404)
    visitor = here.visitor()
    if visitor is None:
        abort(401)
    if not may(visitor.roles, act):
        abort(404)
    if request.method not in ("GET", "HEAD") and auth.reads_only():
        abort(403)
    return None
