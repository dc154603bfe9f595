"""What protects every answer: signed cookies, form tokens, headers, limits, and who we say we are."""

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, request
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect
from itsdangerous import URLSafeTimedSerializer
from werkzeug.middleware.proxy_fix import ProxyFix

from course_engine.config import Config
from course_engine.domain.errors import BadInput
from course_engine.i18n import gettext as _

LARGEST_BODY = 2_000_000
MOST_FIELDS = 500

HEADERS = {
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_YEAR = 31_536_000


class Cookies(SecureCookieSessionInterface):
    """Flask's signed cookies, whose keys never change while an application lives."""

    _signer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
        return self._signer


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
    CSRFProtect(app)
    app.before_request(_refuse_nul)
    app.jinja_env.globals["csp_nonce"] = nonce
    app.after_request(_protect)


def nonce() -> str:
    """The word that lets a script of this one answer run."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def _refuse_nul() -> None:
    """Let no NUL in: it names nothing, and PostgreSQL cannot hold one in a text."""
    if "\0" in request.path:
        abort(404)
    for sent in (request.args, request.form) if request.method == "POST" else (request.args,):
        for name, value in sent.items(multi=True):
            if "\0" in name + value:
                raise BadInput({name: _("Here is a sign that cannot be read. Write the words once more.")})


def _hosts(config: Config) -> list[str] | None:
    """Answer to our own name only; a development or demo site answers to any."""
    if config.env != "production":
        return None
    return [urlsplit(config.base_url).netloc, "127.0.0.1", "localhost"]


def _protect(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", _policy())
    response.headers.setdefault("Cache-Control", "no-store, private")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={_YEAR}; includeSubDomains")
    return response


def _policy() -> str:
    return "; ".join(
        (
            "default-src 'none'",
            "base-uri 'none'",
            "connect-src 'self'",
            "font-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "img-src 'self' data:",
            f"script-src 'nonce-{nonce()}'",
            "style-src 'self'",
        )
    )
