"""Settings: name, password, devices, pace, zone, language, theme and which course is at hand."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from course_engine.domain.errors import BadInput
from course_engine.domain.pace import PaceKind
from course_engine.domain.people import Scope, Theme
from course_engine.domain.roles import Act
from course_engine.i18n import gettext as _
from course_engine.services import cohorts, devices, new_passwords, people, runs, tokens
from course_engine.web import forms, here, tongues
from course_engine.web.access import to
from course_engine.web.zones import zones

blueprint = Blueprint("me", __name__, url_prefix="/me")


@blueprint.get("")
@to(Act.KEEP_ACCOUNT)
def settings() -> ResponseReturnValue:
    return _page({})


@blueprint.post("/name")
@to(Act.KEEP_ACCOUNT)
def name() -> ResponseReturnValue:
    return _change(lambda: people.change_name(here.engine(), here.person(), forms.read(forms.Name)["name"]))


@blueprint.post("/password")
@to(Act.KEEP_ACCOUNT)
def password() -> ResponseReturnValue:
    def change() -> None:
        sent = forms.read(forms.ChangedPassword)
        new_passwords.change(
            here.engine(), here.person(), sent["old_password"], sent["password"], here.device().id, here.now()
        )

    return _change(change, _("Your new password is set. You are signed out on every other device."))


@blueprint.post("/devices")
@to(Act.KEEP_ACCOUNT)
def revoke_others() -> ResponseReturnValue:
    """Sign out everywhere but here."""
    devices.revoke_others(here.engine(), here.person(), here.device())
    flash(_("You are signed out everywhere but on this device."), "done")
    return redirect("/me", 303)


@blueprint.post("/devices/<id>")
@to(Act.KEEP_ACCOUNT)
def revoke(id: str) -> ResponseReturnValue:
    """Sign out one device."""
    devices.revoke(here.engine(), here.person(), id)
    flash(_("That device is signed out."), "done")
    return redirect("/me", 303)


@blueprint.post("/code")
@to(Act.KEEP_ACCOUNT)
def code() -> ResponseReturnValue:
    """A new code on paper, for someone without an address."""
    made = new_passwords.new_code_on_paper(here.engine(), here.person(), here.now())
    return render_template("account/code.html", code=made, name=here.person().sign_in_name)


@blueprint.post("/tokens")
@to(Act.KEEP_ACCOUNT)
def make_token() -> ResponseReturnValue:
    """A key for a program, shown this once."""
    try:
        sent = forms.read(forms.NewToken)
        token, secret = tokens.make(
            here.engine(), here.person(), sent["token_name"], Scope(sent["scope"]), here.now()
        )
    except BadInput as error:
        return _page(error.faults), 422
    return render_template("account/token.html", token=token, secret=secret)


@blueprint.post("/tokens/<id>")
@to(Act.KEEP_ACCOUNT)
def revoke_token(id: str) -> ResponseReturnValue:
    """Take a key back."""
    tokens.revoke(here.engine(), here.person(), id, here.now())
    flash(_("That key opens nothing any more."), "done")
    return redirect("/me", 303)


@blueprint.post("/pace")
@to(Act.LEARN)
def pace() -> ResponseReturnValue:
    def change() -> None:
        chosen = PaceKind(forms.read(forms.ChosenPace)["pace"])
        run = runs.current(here.engine(), here.person())
        runs.change_pace(here.engine(), here.person(), run, chosen, here.now())

    return _change(change)


@blueprint.post("/paper")
@to(Act.LEARN)
def paper() -> ResponseReturnValue:
    """Print the whole workbook from now on, or what is open in it."""

    def change() -> None:
        whole = forms.read(forms.ChosenPaper)["paper"] == "yes"
        runs.print_whole(here.engine(), runs.current(here.engine(), here.person()), whole)

    return _change(change)


@blueprint.post("/zone")
@to(Act.KEEP_ACCOUNT)
def zone() -> ResponseReturnValue:
    return _change(
        lambda: runs.change_zone(
            here.engine(), here.person(), forms.read(forms.ChosenZone)["zone"], here.now()
        )
    )


@blueprint.post("/language")
@to(Act.KEEP_ACCOUNT)
def language() -> ResponseReturnValue:
    """Read courses in another of their languages."""
    return _change(
        lambda: people.change_language(
            here.engine(), here.person(), tongues.checked(forms.read(forms.ChosenLanguage)["language"])
        )
    )


@blueprint.post("/theme")
@to(Act.KEEP_ACCOUNT)
def theme() -> ResponseReturnValue:
    return _change(
        lambda: people.change_theme(
            here.engine(), here.person(), Theme(forms.read(forms.ChosenTheme)["theme"])
        )
    )


@blueprint.post("/run")
@to(Act.LEARN)
def run() -> ResponseReturnValue:
    """Choose the run that addresses without a course mean."""
    return _change(
        lambda: runs.choose(here.engine(), here.person(), forms.read(forms.ChosenRun)["run"], here.now())
    )


def _change(change: Callable[[], None], told: str = "") -> ResponseReturnValue:
    try:
        change()
    except BadInput as error:
        return _page(error.faults), 422
    flash(told or _("Your change is kept."), "done")
    return redirect("/me", 303)


def _page(faults: dict[str, str]) -> str:
    engine, person = here.engine(), here.person()
    own = runs.of_person(engine, person)
    groups = {run.id: cohorts.gone_with(run) for run, _course in own}
    return render_template(
        "account/me.html",
        faults=faults,
        tokens=tokens.of_person(here.person()),
        devices=devices.of_person(person, here.now()),
        this_device=here.device().id,
        zones=zones(person.zone),
        languages=tongues.choices(),
        language_at_hand=tongues.at_hand(person.language),
        runs=own,
        current=own[0][0] if own else None,
        group=groups[own[0][0].id] if own else None,
        groups=groups,
        typed=request.form.get("name", ""),
    )
