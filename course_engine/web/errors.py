"""Errors as pages: what happened, what is safe, one way on. Raised below in domain words, told once, here."""

import json
import logging
from collections.abc import Mapping
from urllib.parse import urlsplit

from flask import Flask, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from werkzeug.exceptions import HTTPException

from course_engine.domain.errors import (
    BadInput,
    CourseEngineError,
    NotFound,
    NotYetOpen,
    Refused,
    Unavailable,
)
from course_engine.i18n import gettext as _
from course_engine.services import wording
from course_engine.services.tries import TooManyTries
from course_engine.web import here, kept
from course_engine.web.views import CourseView

RETRY_AFTER = 5
_GIVEN_BACK = (403, 404, 409, 422, 429, 500, 503)
_STATUS: list[tuple[type[CourseEngineError], int]] = [
    (NotFound, 404),
    (TooManyTries, 429),
    (Refused, 409),
    (BadInput, 422),
    (Unavailable, 503),
]
_log = logging.getLogger(__name__)


def init(app: Flask) -> None:
    """Turn every error into a page or, below `/api/`, into problem JSON."""
    app.register_error_handler(NotYetOpen, _not_yet_open)
    app.register_error_handler(CSRFError, _not_sent)
    app.register_error_handler(CourseEngineError, _told)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _broken)


def problem(status: int, sentence: str, **more: object) -> Response:
    """A JSON problem (RFC 9457)."""
    told = {"status": status, "title": _title(status), "detail": sentence, **more}
    return Response(json.dumps(told), status, mimetype="application/problem+json")


def _told(error: CourseEngineError) -> ResponseReturnValue:
    status = next((code for kind, code in _STATUS if isinstance(error, kind)), 400)
    if isinstance(error, BadInput) and _is_api():
        return problem(status, str(error), faults=error.faults)
    answer = _page(status, str(error))
    if status in (429, 503):
        answer.headers["Retry-After"] = str(RETRY_AFTER if status == 503 else 900)
    return answer


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status == 401:
        return sign_in_first()
    if status < 400:
        return error.get_response()
    answer = _page(status, _sentence(status))
    if status == 429:
        answer.headers["Retry-After"] = "60"
    if status == 405 and error.get_response().headers.get("Allow"):
        answer.headers["Allow"] = error.get_response().headers["Allow"]
    return answer


def sign_in_first() -> ResponseReturnValue:
    """Ask to sign in, keeping what was typed and the page that was wanted."""
    if _is_api():
        return problem(401, _("Sign in first."))
    wanted = request.path if request.method == "POST" else request.full_path.rstrip("?")
    page = render_template("account/sign-in.html", next=wanted, kept=kept.written(), faults={}, email="")
    return make_response(page, 401)


def _not_sent(error: CSRFError) -> ResponseReturnValue:
    """The form was too old, or came from somewhere else: nothing was done, and the words come back."""
    if _is_api():
        if here.visitor() is None:
            return sign_in_first()
        return problem(400, _("Send the form token in the header X-CSRFToken."))
    if _from_elsewhere():
        return _page(400, _("This form came from another site. Nothing was changed."))
    if _is_nobody() and request.path not in ("/sign-in", "/sign-up"):
        return sign_in_first()
    page = render_template("errors/again.html", action=request.path, kept=kept.words())
    return make_response(page, 400)


def _not_yet_open(error: NotYetOpen) -> ResponseReturnValue:
    at = here.position()
    standing = at.access.steps.get(error.item) or at.access.weeks[error.item]
    why = wording.why(at.course, standing, at.zone)
    if _is_api():
        opens_at = standing.opens_at.isoformat() if standing.opens_at else None
        reason = {"code": standing.reasons[0].code, "sentence": why} if standing.reasons else None
        return problem(403, why, reason=reason, opens_at=opens_at)
    step = at.course.steps.get(error.item)
    week = at.course.week_of[error.item] if step else next(w for w in at.course.weeks if w.id == error.item)
    return make_response(
        render_template(
            "learner/locked.html",
            page="course",
            view=CourseView(at),
            week=week,
            step=step,
            why=why,
            kept=_given_back(403),
            action=request.path,
        ),
        403,
    )


def _broken(error: Exception) -> ResponseReturnValue:
    # The rule and not the path, for the code of an invitation stands in the path.
    _log.exception("a page did not work", extra={"path": request.url_rule.rule if request.url_rule else ""})
    return _page(500, _sentence(500))


def _page(status: int, sentence: str) -> Response:
    if _is_api():
        return problem(status, sentence)
    try:
        page = render_template(
            "errors/error.html", title=_title(status), sentence=sentence, status=status,
            kept=_given_back(status), action=request.path,
        )  # fmt: skip
    except Unavailable:
        title = _title(status)
        page = f"<!doctype html><html lang=en><title>{title}</title><h1>{title}</h1><p>{escape(sentence)}</p>"
    return make_response(page, status)


def _given_back(status: int) -> Mapping[str, list[str]]:
    """What was typed, where it can be sent again or copied."""
    return kept.words() if request.method == "POST" and status in _GIVEN_BACK else {}


def _from_elsewhere() -> bool:
    """Whether another site sent this form: then its words are not the reader's own."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return True
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.host


def _is_nobody() -> bool:
    try:
        return here.visitor() is None
    except Unavailable:
        return False


def _is_api() -> bool:
    return request.path.startswith("/api/")


def _title(status: int) -> str:
    titles = {
        400: _("That could not be read"),
        401: _("Sign in first"),
        403: _("Not open to you"),
        404: _("Nothing here"),
        409: _("That is not possible now"),
        405: _("Not in this way"),
        413: _("That is too large"),
        415: _("Only JSON is read here"),
        422: _("There is a problem"),
        429: _("A little later, please"),
        500: _("That did not work"),
        503: _("Back in a moment"),
    }
    return titles.get(status, _("That did not work"))


def _sentence(status: int) -> str:
    sentences = {
        403: _("This key may read and not write. Make a key that may write in the settings."),
        404: _("There is no page at this address, or it is not yours. Nothing you wrote has changed."),
        405: _("This address cannot be used in this way."),
        413: _("What was sent is larger than one page can hold. Nothing was changed."),
        415: _("Send JSON, with Content-Type: application/json."),
        429: _("There were many requests in a short time. Wait a little, then try again."),
        500: _("Something went wrong on our side. What you kept before is safe."),
    }
    return sentences.get(status, _("What was sent could not be understood. Nothing was changed."))
