"""What protects every answer: signed cookies, form tokens, headers, limits, and who we say we are."""

import secrets
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, Response, abort, current_app, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect, generate_csrf
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.middleware.proxy_fix import ProxyFix

from course_engine.config import Config
from course_engine.domain.errors import BadInput
from course_engine.i18n import gettext as _
from course_engine.web import auth, here

LARGEST_BODY = 2_000_000
MOST_FIELDS = 500
REMEMBERED = 2048

HEADERS = {
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "base-uri 'none'",
        "connect-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "img-src 'self' data:",
        "script-src 'nonce-{nonce}'",
        "style-src 'self'",
    )
)
_YEAR = 31_536_000


class Cookies(SecureCookieSessionInterface):
    """Flask's signed cookies, whose keys never change while an application lives.

    A browser sends the same cookie with every page: its signature is checked once and remembered, its age
    each time.
    """

    def __init__(self) -> None:
        self._signer: URLSafeTimedSerializer | None = None
        self._known = lru_cache(REMEMBERED)(self._checked)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
        return self._signer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        signer = self.get_signing_serializer(app)
        sent = request.cookies.get(self.get_cookie_name(app))
        if signer is None or not sent:
            return super().open_session(app, request)
        try:
            held, signed_at = self._known(signer, sent)
        except BadSignature:
            return self.session_class()
        age = datetime.now(UTC) - signed_at
        if not timedelta() <= age <= app.permanent_session_lifetime:
            return self.session_class()
        return self.session_class(_own(held))

    def _checked(self, signer: URLSafeTimedSerializer, sent: str) -> tuple[dict[str, Any], datetime]:
        held, signed_at = signer.loads(sent, return_timestamp=True)
        return held, signed_at


def init(app: Flask, config: Config) -> None:
    """Set up cookies, form tokens and headers for this installation."""
    app.config.update(
        SECRET_KEY=config.secret_key,
        SECRET_KEY_FALLBACKS=list(config.secret_key_fallbacks),
        SESSION_COOKIE_NAME="__Host-session" if config.secure else "session",
        SESSION_COOKIE_SECURE=config.secure,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
        MAX_FORM_PARTS=MOST_FIELDS,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=config.secure,
        TRUSTED_HOSTS=_hosts(config),
    )
    app.session_interface = Cookies()
    if config.proxy_hops:
        hops = config.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    forms = CSRFProtect(app)

    @app.before_request
    def _ask_for_the_token() -> None:
        # A program sends its key with each request, which no foreign page can make a browser do.
        if request.method in app.config["WTF_CSRF_METHODS"] and request.endpoint and not auth.bearer():
            forms.protect()

    app.before_request(_refuse_nul)
    app.context_processor(lambda: {"csrf_token": form_token})
    app.jinja_env.globals["csp_nonce"] = nonce
    app.after_request(_protect)


def nonce() -> str:
    """The word that lets a script of this one answer run."""
    found: str | None = g.get("nonce")
    if found is None:
        found = g.nonce = secrets.token_urlsafe(16)
    return found


def form_token() -> str:
    """The token in the forms of this session: signed once, and the same on all its pages."""
    secret = session.get("csrf_token")
    return _signed(current_app.secret_key, secret) if isinstance(secret, str) else str(generate_csrf())


@lru_cache(REMEMBERED)
def _signed(key: str, _secret: str) -> str:
    return str(generate_csrf(key))


def _own(held: dict[str, Any]) -> dict[str, Any]:
    """A copy, so that what a page changes in its session (messages are added) changes nothing remembered."""
    return {name: [*value] if isinstance(value, list) else value for name, value in held.items()}


def _refuse_nul() -> None:
    """Let no NUL in: it names nothing, and PostgreSQL cannot hold one in a text."""
    if "\0" in request.path:
        abort(404)
    sent = [*request.args.items(multi=True)]
    if request.method == "POST":
        sent += request.form.items(multi=True)
        sent += [(name, file.filename or "") for name, file in request.files.items(multi=True)]
    for name, value in sent:
        if "\0" in name + value:
            raise BadInput({name: _("Here is a sign that cannot be read. Write the words once more.")})


def _hosts(config: Config) -> list[str] | None:
    """Answer to our own name only; a development or demo site answers to any."""
    if config.env != "production":
        return None
    return [urlsplit(config.base_url).netloc, "127.0.0.1", "localhost"]


def _protect(response: Response) -> Response:
    headers = {**HEADERS, "Content-Security-Policy": _policy(), "Cache-Control": "no-store, private"}
    if here.engine().config.secure:
        headers["Strict-Transport-Security"] = f"max-age={_YEAR}; includeSubDomains"
    given = {name.lower() for name, _value in response.headers}
    response.headers.extend({name: value for name, value in headers.items() if name.lower() not in given})
    return response


def _policy() -> str:
    return _POLICY.format(nonce=nonce())
