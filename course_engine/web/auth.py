"""Who is here: flask-login in front of our own table of devices.

The cookie holds nothing but the secret of a device; signing out or a new password makes it worthless at
once, on whatever device it lies.
"""

import hmac
from contextlib import suppress
from dataclasses import dataclass

from flask import Flask, request, session
from flask_login import LoginManager, current_user, login_user, logout_user
from itsdangerous import BadSignature, URLSafeSerializer

from course_engine import i18n
from course_engine.domain.errors import Unavailable
from course_engine.domain.people import Device, Person, Scope
from course_engine.engine import Engine
from course_engine.services import devices, tokens
from course_engine.services.devices import SignedIn
from course_engine.web import here

TRUSTED = "trusted"
_TRUST_LASTS = 365 * 24 * 3600
# Pages that are there even while the database is not.
_NEEDS_NOBODY = ("public.steady", "public.help_now", "public.healthz")


@dataclass(frozen=True, slots=True)
class Account:
    """What flask-login carries: a person on a device, known by the secret in the cookie."""

    person: Person
    device: Device
    token: str
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        return self.token


@dataclass(frozen=True, slots=True)
class Program:
    """What flask-login carries for a program with a key: the person it acts for, and what it may do."""

    person: Person
    scope: Scope
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False


class Site:
    """What every template may know of the installation, as it is at this moment."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def name(self) -> str:
        return self._engine.config.site_name

    @property
    def demo(self) -> bool:
        return self._engine.config.demo

    @property
    def paper(self) -> str:
        return self._engine.config.paper


def init(app: Flask, engine: Engine) -> None:
    """Find out who is here before each view, and tell templates."""
    manager = LoginManager()
    manager.session_protection = None
    # Or else it hashes the browser's name and address for every page, and puts that into the cookie.
    manager._session_identifier_generator = str
    manager.init_app(app, add_context_processor=False)
    manager.user_loader(lambda token: None if bearer() else _load(engine, token))
    manager.request_loader(lambda _request: _load_program(engine))
    app.before_request(_speak)
    app.jinja_env.globals["site"] = Site(engine)
    app.context_processor(_told)


def bearer() -> str:
    """The key that a program sent to the API; with it, cookies mean nothing."""
    if not request.path.startswith("/api/") or request.authorization is None:
        return ""
    return request.authorization.token or "" if request.authorization.type == "bearer" else ""


def reads_only() -> bool:
    """Whether who is here is a program that may read and no more."""
    account = current_user._get_current_object()  # flask-login hands out a stand-in
    return isinstance(account, Program) and account.scope is Scope.READ


def remember(found: SignedIn) -> None:
    """Sign someone in: a fresh session that holds only the new device's secret."""
    session.clear()
    session.permanent = True
    login_user(Account(found.person, found.device, found.token))
    here.forget_visitor()


def forget() -> None:
    """Sign out here."""
    devices.sign_out(here.engine(), here.device())
    logout_user()
    session.clear()
    here.forget_visitor()


def label() -> str:
    """What this browser says of itself, in two words: `Firefox, Android`."""
    agent = request.headers.get("User-Agent", "")
    browsers = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
    systems = (
        ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
        ("Mac OS", "Mac"), ("Linux", "Linux"),
    )  # fmt: skip
    found = [next((name for sign, name in signs if sign in agent), "") for signs in (browsers, systems)]
    return ", ".join(word for word in found if word) or "—"


def trusted_for(engine: Engine, address: str) -> str:
    """The mark of an earlier sign-in to this account on this browser, if it has one."""
    signed = request.cookies.get(TRUSTED, "")
    try:
        marks = _serializer(engine).loads(signed)
    except BadSignature:
        return ""
    if not isinstance(marks, list) or len(marks) != 2:
        return ""
    return str(marks[1]) if marks[0] in [_account(key, address) for key in _keys(engine)] else ""


def trust_cookie(engine: Engine, address: str) -> dict[str, object]:
    """The cookie by which this browser is known to have signed in to this account before."""
    mark = _serializer(engine).dumps([_account(engine.config.secret_key, address), devices.new_mark()])
    return {
        "key": TRUSTED,
        "value": mark,
        "max_age": _TRUST_LASTS,
        "secure": engine.config.secure,
        "httponly": True,
        "samesite": "Lax",
        "path": "/sign-in",
    }


def _serializer(engine: Engine) -> URLSafeSerializer:
    return URLSafeSerializer(_keys(engine), salt="trusted browser")


def _keys(engine: Engine) -> list[str]:
    return [*engine.config.secret_key_fallbacks, engine.config.secret_key]


def _account(key: str, address: str) -> str:
    """An account in the cookie, without a word of its address for whoever else uses this browser."""
    return hmac.new(key.encode(), f"trusted|{address.strip().lower()}".encode(), "sha256").hexdigest()


def _load(engine: Engine, token: str) -> Account | None:
    found = devices.signed_in(token, here.now())
    return Account(*found, token) if found else None


def _load_program(engine: Engine) -> Program | None:
    found = tokens.holder(engine, bearer(), here.now()) if bearer() else None
    return Program(found[0], found[1].scope) if found else None


def _speak() -> None:
    i18n.use(here.engine().config.locale)
    if not session.get("_user_id") or bearer() or request.endpoint in _NEEDS_NOBODY or here.visitor() is None:
        return
    # A full disk or a busy moment keeps nobody from reading; a later request notes it.
    with suppress(Unavailable):
        if devices.seen(here.engine(), here.device(), here.now()):
            # The cookie lasts as long as the device, so both are renewed together.
            session.modified = True


def _told() -> dict[str, object]:
    return {
        "person": _known() if session.get("_user_id") else None,
        "page": "",
        "language": i18n.language().replace("_", "-"),
        "direction": i18n.direction(),
    }


def _known() -> Person | None:
    """Who is signed in; with the database away pages are shown as to nobody."""
    try:
        return here.visitor()
    except Unavailable:
        return None
