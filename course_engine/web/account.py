"""Signing in and out, new accounts, and ways back in."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadData, URLSafeSerializer

from course_engine.domain.errors import BadInput, Refused
from course_engine.domain.people import Person
from course_engine.domain.roles import Act
from course_engine.i18n import gettext as _
from course_engine.services import devices, new_passwords, people, signing_up
from course_engine.services.tries import TooManyTries
from course_engine.web import auth, forms, here, kept, tongues
from course_engine.web.access import public, to
from course_engine.web.public import first_page

blueprint = Blueprint("account", __name__)


@blueprint.get("/sign-in")
@public
def sign_in_page() -> ResponseReturnValue:
    if here.visitor() is not None:
        return redirect("/")
    return render_template(
        "account/sign-in.html", next=kept.own_path(request.args.get("next", "")), kept="", faults={}, email=""
    )


@blueprint.post("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Sign in; what was typed before an old sign-in ran out comes back on the next page."""
    engine = here.engine()
    try:
        sent = forms.read(forms.SignIn)
        trusted = auth.trusted_for(engine, sent["email"])
        found = devices.sign_in(engine, sent["email"], sent["password"], auth.label(), here.now(), trusted)
    except BadInput as error:
        return _sign_in_again(error.faults, 422)
    except TooManyTries as error:
        return _sign_in_again({"": str(error)}, 429)
    except Refused as error:
        return _sign_in_again({"email": str(error)}, 422)
    auth.remember(found)
    answer = _go_on(found.person, sent["next"], sent["kept"])
    answer.set_cookie(**auth.trust_cookie(engine, sent["email"]))  # type: ignore[arg-type]
    return answer


@blueprint.post("/sign-out")
@to(Act.KEEP_ACCOUNT)
def sign_out() -> ResponseReturnValue:
    auth.forget()
    flash(_("You are signed out."), "done")
    return redirect("/", 303)


@blueprint.get("/sign-up")
@public
def sign_up_page() -> ResponseReturnValue:
    if here.visitor() is not None:
        return redirect("/")
    return _sign_up({}, kept.own_path(request.args.get("next", "")))


@blueprint.post("/sign-up")
@public
def sign_up() -> ResponseReturnValue:
    """With an address: send a link that makes the account."""
    engine = here.engine()
    try:
        sent = forms.read(forms.Address)
        letter = signing_up.ask(engine, sent["email"], partial(_signed, _wanted()), here.now())
    except (BadInput, Refused) as error:
        return _sign_up(_faults(error, "email"), _wanted()), 422
    return _sent(letter.text)


@blueprint.get("/sign-up/name")
@public
def named_page() -> ResponseReturnValue:
    return _new("named", {}, {"next": kept.own_path(request.args.get("next", ""))})


@blueprint.post("/sign-up/name")
@public
def named() -> ResponseReturnValue:
    """With a sign-in name and no address: make the account at once, and a code for getting back in."""
    engine = here.engine()
    try:
        sent = forms.read(forms.NewAccount)
        person = people.add_named(
            engine, sent["name"], sent["email"], sent["password"], here.now(), zone=sent["zone"],
            language=tongues.checked(sent["language"]),
        )  # fmt: skip
    except BadInput as error:
        return _new("named", error.faults, request.form), 422
    except Refused as error:
        return _new("named", {"email": str(error)}, request.form, taken=True), 422
    _signed_in(person)
    code = new_passwords.new_code_on_paper(engine, person, here.now())
    return render_template("account/code.html", code=code, name=person.sign_in_name, next=_wanted())


@blueprint.get("/sign-up/link/<token>")
@public
def linked_page(token: str) -> ResponseReturnValue:
    address = _address(token)
    if address is None:
        return _ran_out("/sign-up")
    visitor = here.visitor()
    if visitor is not None and visitor.email == address:
        return redirect(_wanted_by(token) or "/join/begin", 303)
    if people.is_known(address):
        flash(_("Your account is there already. You can sign in."), "done")
        return redirect("/sign-in", 303)
    return _new("linked", {}, {}, address)


@blueprint.post("/sign-up/link/<token>")
@public
def linked(token: str) -> ResponseReturnValue:
    """With the link from the mail: the address is known to be theirs, so make the account."""
    address = _address(token)
    if address is None:
        return _ran_out("/sign-up")
    try:
        sent = forms.read(forms.NewAccount)
        person = people.add(
            here.engine(), sent["name"], address, sent["password"], here.now(), zone=sent["zone"],
            language=tongues.checked(sent["language"]),
        )  # fmt: skip
    except (BadInput, Refused) as error:
        return _new("linked", _faults(error, ""), request.form, address), 422
    _signed_in(person)
    return redirect(_wanted_by(token) or "/join/begin", 303)


@blueprint.get("/reset")
@public
def reset_page() -> ResponseReturnValue:
    return render_template("account/reset.html", faults={}, email="")


@blueprint.post("/reset")
@public
def ask_reset() -> ResponseReturnValue:
    """Send a link, if there is an account; the page looks the same if there is none."""
    try:
        address = forms.read(forms.Address)["email"]
        if "@" not in address:
            raise BadInput(
                {
                    "email": _(
                        "This is not an e-mail address. If you sign in with a name, your way back in is the "
                        "code you noted down."
                    )
                }
            )
        letter = new_passwords.ask_link(here.engine(), address, here.now())
    except (BadInput, Refused) as error:
        email = request.form.get("email", "")
        return render_template("account/reset.html", faults=_faults(error, "email"), email=email), 422
    return _sent(
        letter.text if letter else _("There is no account with this address, so there is no letter.")
    )


@blueprint.get("/reset/<token>")
@public
def new_password_page(token: str) -> ResponseReturnValue:
    if not new_passwords.link_works(token, here.now()):
        return _ran_out("/reset")
    return render_template("account/new-password.html", faults={})


@blueprint.post("/reset/<token>")
@public
def new_password(token: str) -> ResponseReturnValue:
    try:
        password = forms.read(forms.NewPassword)["password"]
        person = new_passwords.by_link(here.engine(), token, password, here.now())
    except BadInput as error:
        return render_template("account/new-password.html", faults=error.faults), 422
    except Refused:
        return _ran_out("/reset")
    _signed_in(person)
    flash(_("Your new password is set. You are signed out on every other device."), "done")
    return redirect(first_page(person.roles), 303)


@blueprint.get("/recover")
@public
def recover_page() -> ResponseReturnValue:
    return render_template("account/recover.html", faults={}, sent={})


@blueprint.post("/recover")
@public
def recover() -> ResponseReturnValue:
    """With a sign-in name and the code on paper."""
    engine = here.engine()
    try:
        sent = forms.read(forms.Recovery)
        person = new_passwords.by_code(engine, sent["email"], sent["code"], sent["password"], here.now())
    except TooManyTries as error:
        return render_template("account/recover.html", faults={"": str(error)}, sent=request.form), 429
    except (BadInput, Refused) as error:
        return render_template("account/recover.html", faults=_faults(error, "code"), sent=request.form), 422
    _signed_in(person)
    code = new_passwords.new_code_on_paper(engine, person, here.now())
    return render_template("account/code.html", code=code, name=person.sign_in_name)


def _sign_in_again(faults: dict[str, str], status: int) -> ResponseReturnValue:
    page = render_template(
        "account/sign-in.html",
        faults=faults,
        email=request.form.get("email", ""),
        next=kept.own_path(request.form.get("next", "")),
        kept=request.form.get("kept", ""),
    )
    return page, status


def _go_on(person: Person, wanted: str, words: str) -> Response:
    path = kept.own_path(wanted)
    if words and path:
        return make_response(render_template("errors/again.html", action=path, kept=kept.read(words)))
    return make_response(redirect(path or first_page(person.roles), 303))


def _sign_up(faults: dict[str, str], wanted: str) -> str:
    by_mail, email = signing_up.by_mail(here.engine()), request.form.get("email", "")
    return render_template("account/sign-up.html", faults=faults, by_mail=by_mail, next=wanted, email=email)


def _new(
    page: str, faults: dict[str, str], sent: Mapping[str, str], address: str = "", *, taken: bool = False
) -> str:
    return render_template(
        f"account/{page}.html",
        address=address,
        taken=taken,
        faults=faults,
        sent=sent,
        languages=tongues.choices(),
        language_guessed=tongues.guessed(),
    )


def _sent(letter: str) -> str:
    """A demo site has no mail server and nothing to hide, so it shows the letter on the page."""
    shown = letter if here.engine().config.demo and here.engine().config.mail_url is None else ""
    return render_template("account/sent.html", letter=shown)


def _signed_in(person: Person) -> None:
    auth.remember(devices.sign_in_new(here.engine(), person, auth.label(), here.now()))


def _ran_out(again: str) -> ResponseReturnValue:
    return render_template("account/ran-out.html", again=again), 410


def _faults(error: BadInput | Refused, field: str) -> dict[str, str]:
    return error.faults if isinstance(error, BadInput) else {field: str(error)}


def _links() -> URLSafeSerializer:
    config = here.engine().config
    return URLSafeSerializer([*config.secret_key_fallbacks, config.secret_key], salt="sign up")


def _wanted() -> str:
    """The page of this site that somebody came from, and goes on to once they have an account."""
    return kept.own_path(request.form.get("next", ""))


def _signed(wanted: str, address: str, until: datetime) -> str:
    return str(_links().dumps([address, int(until.timestamp()), wanted]))


def _address(token: str) -> str | None:
    try:
        address, until, *_wanted_page = _links().loads(token)
    except BadData:
        return None
    return str(address) if here.now().timestamp() < until else None


def _wanted_by(token: str) -> str:
    _address_of, _until, *wanted = _links().loads(token)
    return kept.own_path(str(wanted[0])) if wanted else ""
