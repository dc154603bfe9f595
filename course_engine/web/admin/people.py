"""People: found, added, given roles, locked, let in again. Nothing of their courses is shown here."""

from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import fields, validate

from course_engine.crypto import new_id
from course_engine.domain.errors import BadInput, Refused
from course_engine.domain.roles import Act, Role
from course_engine.i18n import gettext as _
from course_engine.i18n import mark
from course_engine.services import accounts, letters, ways_in
from course_engine.services.ways_in import Sent
from course_engine.web import forms, here
from course_engine.web.access import to
from course_engine.web.admin.blueprint import blueprint


class NewPerson(forms.Form):
    """Somebody who is to have an account; `roles` come beside it, several of one name."""

    name = fields.String(load_default="")
    email = fields.String(load_default="")


class Roles(forms.Form):
    """Nothing but the roles, which come beside it."""


class Locking(forms.Form):
    act = fields.String(
        required=True,
        validate=validate.OneOf(["lock", "unlock"], error=mark("Choose to lock or to unlock.")),
    )
    read = fields.String(load_default="")


class Reset(forms.Form):
    """Where the link is shown here, the name typed out says that it is meant."""

    name = fields.String(load_default="")
    press = fields.String(load_default="")


@blueprint.get("")
@to(Act.ADMINISTER)
def first() -> ResponseReturnValue:
    return redirect("/admin/people")


@blueprint.get("/people", endpoint="accounts")
@to(Act.ADMINISTER)
def everybody() -> ResponseReturnValue:
    """Everybody with an account, or those who are looked for, 50 a page."""
    words, role = request.args.get("find", "").strip()[:80], _role(request.args.get("role", ""))
    found = accounts.page(words, role, request.args.get("after", ""))
    return render_template(
        "admin/people.html",
        page="admin",
        found=found,
        find=words,
        role=role.value if role else "",
        roles=role_names(),
        zone=here.person().zone,
    )


@blueprint.get("/people/new")
@to(Act.ADMINISTER)
def new_person_page() -> ResponseReturnValue:
    return _new({}, {})


@blueprint.post("/people/new")
@to(Act.ADMINISTER)
def new_person() -> ResponseReturnValue:
    """Make an account; whoever it is for chooses a password with the link."""
    try:
        sent = forms.read(NewPerson, leave=("roles",))
        made = ways_in.add(
            here.engine(), here.person(), sent["name"], sent["email"], _chosen_roles(), here.now()
        )
    except BadInput as error:
        return _new(error.faults, request.form), 422
    except Refused as error:
        return _new({"email": str(error)}, request.form), 422
    return _told(made, _("There is an account for %(name)s, and a letter with a link is on its way."))


@blueprint.get("/people/<id>")
@to(Act.ADMINISTER)
def account(id: str) -> ResponseReturnValue:
    """One account: how it stands, and what can be done."""
    return _account(id, {})


@blueprint.post("/people/<id>/roles")
@to(Act.ADMINISTER)
def change_roles(id: str) -> ResponseReturnValue:
    """Let somebody be exactly this here."""
    before = accounts.one(id, here.now())
    try:
        forms.read(Roles, leave=("roles",))
        person, leads = accounts.set_roles(here.engine(), here.person(), id, _chosen_roles(), here.now())
    except BadInput as error:
        return _account(id, error.faults), 422
    except Refused as error:
        return _account(id, {"roles": str(error)}), 409
    flash(_("This is kept. %(name)s sees it with the next page.", name=person.name), "done")
    if accounts.one(id, here.now()).shut_out and not before.shut_out:
        flash(
            _(
                "The link that %(name)s had does not work any more, for it would open more now. Send a new "
                "one from here.",
                name=person.name,
            ),
            "note",
        )
    if leads:
        names = ", ".join(f"“{lead.name}”" for lead in leads)
        flash(
            _(
                "%(name)s stands in %(groups)s as before and leads there again once the role is given back.",
                name=person.name,
                groups=names,
            ),
            "note",
        )
    return redirect(f"/admin/people/{id}", 303)


@blueprint.post("/people/<id>/lock")
@to(Act.ADMINISTER)
def lock(id: str) -> ResponseReturnValue:
    """Keep somebody from signing in, or let them again."""
    sent = forms.read(Locking)
    if sent["act"] == "lock":
        if sent["read"] != "yes" and (alone := accounts.one(id, here.now()).alone):
            words = _("Nobody else leads %(groups)s. Tick that you have read this, then lock.", groups=alone)
            return _account(id, {"read": words}), 422
        person = accounts.lock(here.engine(), here.person(), id, here.now())
        flash(_("%(name)s cannot sign in any more, and is signed out everywhere.", name=person.name), "done")
        if alone := accounts.one(id, here.now()).alone:
            flash(_("Nobody can lead %(groups)s while this account is locked.", groups=alone), "note")
    else:
        person = accounts.unlock(here.engine(), here.person(), id, here.now())
        flash(_("%(name)s can sign in again.", name=person.name), "done")
    return redirect(f"/admin/people/{id}", 303)


@blueprint.post("/people/<id>/sign-out")
@to(Act.ADMINISTER)
def sign_out(id: str) -> ResponseReturnValue:
    """Sign somebody out everywhere."""
    person = accounts.sign_out(here.engine(), here.person(), id, here.now())
    flash(_("%(name)s is signed out everywhere.", name=person.name), "done")
    return redirect("/admin/people" if id == here.person().id else f"/admin/people/{id}", 303)


@blueprint.post("/people/<id>/reset")
@to(Act.ADMINISTER)
def reset(id: str) -> ResponseReturnValue:
    """Help somebody back in."""
    known = accounts.one(id, here.now())
    form = forms.read(Reset)
    typed = " ".join(form["name"].split())
    if not _by_letter(known) and typed.casefold() != known.person.name.casefold():
        fault = _("Write the name exactly as it stands above, so that the link is for the right person.")
        return _account(id, {"name": fault}), 422
    try:
        sent = ways_in.again(here.engine(), here.person(), id, here.now(), form["press"])
    except Refused as error:
        return _account(id, {"": str(error)}), 409
    return _told(sent, _("A letter with a link is on its way to %(name)s."))


def role_names() -> dict[str, str]:
    """The roles with their names, as forms and lists show them."""
    return {"learner": _("Learner"), "facilitator": _("Facilitator"), "admin": _("Admin")}


def _told(sent: Sent, by_letter: str) -> ResponseReturnValue:
    """Back to the account; a link that has to be handed over is shown on the way, this once."""
    if sent.link:
        return render_template("admin/link.html", page="admin", sent=sent)
    flash(by_letter % {"name": sent.person.name}, "done")
    return redirect(f"/admin/people/{sent.person.id}", 303)


def _new(faults: dict[str, str], sent: Any) -> str:
    chosen = sent.getlist("roles") if sent else ["learner"]
    return render_template(
        "admin/new-person.html", page="admin", faults=faults, sent=sent, roles=role_names(), chosen=chosen
    )


def _account(id: str, faults: dict[str, str]) -> str:
    known = accounts.one(id, here.now())
    return render_template(
        "admin/account.html",
        page="admin",
        account=known,
        own=known.person.id == here.person().id,
        by_letter=_by_letter(known),
        roles=role_names(),
        zone=here.person().zone,
        faults=faults,
        press=new_id(),
    )


def _by_letter(known: accounts.Account) -> bool:
    return known.person.email is not None and letters.can_go(here.engine())


def _chosen_roles() -> frozenset[Role]:
    """The ticked roles. Raises BadInput for one there is not."""
    try:
        return frozenset(Role(name) for name in request.form.getlist("roles"))
    except ValueError as error:
        raise BadInput({"roles": _("Choose from the roles there are.")}) from error


def _role(name: str) -> Role | None:
    return Role(name) if name in {role.value for role in Role} else None
