"""Coming into a group: by its code, as someone who was invited, or through the waiting list."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import fields, validate

from course_engine.crypto import read_code
from course_engine.domain.errors import BadInput, NotFound
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.domain.roles import Act, Role
from course_engine.i18n import gettext as _
from course_engine.i18n import mark, own_name
from course_engine.services import cohorts, invitations, joining, people, runs, waiting
from course_engine.services.invitations import Door, NoEntry
from course_engine.services.wording import meets
from course_engine.web import forms, here, tongues
from course_engine.web.access import public, to
from course_engine.web.zones import zones

blueprint = Blueprint("joining", __name__)


class Entering(forms.Form):
    """Agreeing to come into a group; `bring` says whether to go on with what one has done alone."""

    agree = fields.String(
        required=True, error_messages={"required": mark("Tick this box if you are 18 or over and agree.")}
    )
    bring = fields.String(
        load_default="",
        validate=validate.OneOf(["", "yes", "no"], error=mark("Choose one of the two ways to begin.")),
    )
    language = fields.String(load_default="")
    zone = fields.String(
        load_default="",
        validate=validate.OneOf(["", *forms.ZONES], error=mark("Choose your time zone from the list.")),
    )
    act = fields.String(load_default="")


@blueprint.post("/join")
@public
def typed() -> ResponseReturnValue:
    """A code that somebody typed leads to its group."""
    code = read_code(request.form.get("code", "")[:60])
    if not code:
        fault = _("Write the code that your facilitator gave you.")
        return render_template("join/code.html", faults={"code": fault}, code=""), 422
    return redirect(f"/join/{code}", 303)


@blueprint.get("/join/code")
@public
def ask() -> ResponseReturnValue:
    """Nothing but the box for the code of a group."""
    return render_template("join/code.html", faults={}, code="")


@blueprint.get("/join/<code>")
@public
def code_page(code: str) -> ResponseReturnValue:
    """The group behind a code: what it is and when it meets, before anything is asked."""
    visitor = here.visitor()
    try:
        door = invitations.look(here.engine(), code, here.now(), _language(), visitor)
    except (NotFound, NoEntry) as error:
        return _no_entry(code, error)
    if visitor is not None and _is_in(door, visitor):
        return redirect(f"/cohorts/{door.cohort.id}" if visitor.id in door.cohort.facilitators else "/today")
    return _door(door, {}, {})


@blueprint.post("/join/<code>")
@public
def join(code: str) -> ResponseReturnValue:
    """Agree and come in; into a full group by its waiting list. Whoever is signed out is asked in first."""
    if here.visitor() is None:
        return redirect(f"/join/{read_code(code[:60])}", 303)
    engine, person, now = here.engine(), here.person(), here.now()
    try:
        door = invitations.look(engine, code, now, person.language, person)
    except (NotFound, NoEntry) as error:
        return _no_entry(code, error)
    leads = door.invitation.role is Role.FACILITATOR
    try:
        sent = {} if leads or door.full else forms.read(Entering)
        bring = _bring(sent, person, door.cohort.course)
        _speak(sent, person)
        joined = joining.join(engine, person, code, now, bring=bring)
        _live_at(sent, person)
    except BadInput as error:
        return _door(door, error.faults, request.form), 422
    if joined.leads:
        flash(_("You lead this group too now."), "done")
        return redirect(f"/cohorts/{door.cohort.id}", 303)
    if joined.wait:
        return redirect("/join/waiting", 303)
    flash(_("You are in “%(group)s”. Welcome.", group=door.cohort.name), "done")
    return redirect("/today", 303)


@blueprint.get("/join/invited/<run>")
@to(Act.LEARN)
def invited_page(run: str) -> ResponseReturnValue:
    """A group that somebody was invited to: look at it, then agree and begin."""
    return _invited(joining.invitation_of(here.engine(), here.person(), run), {}, {})


@blueprint.post("/join/invited/<run>")
@to(Act.LEARN)
def invited(run: str) -> ResponseReturnValue:
    """Agree and begin, or (`act=decline`) leave the place to someone else."""
    engine, person = here.engine(), here.person()
    found = joining.invitation_of(engine, person, run)
    if request.form.get("act") == "decline":
        joining.decline(engine, person, found.run, here.now())
        flash(_("You have left the place to someone else."), "done")
        return redirect("/today", 303)
    try:
        sent = forms.read(Entering)
        bring = _bring(sent, person, found.cohort.course)
        _speak(sent, person)
        joining.begin(engine, person, found.run, here.now(), bring=bring)
        _live_at(sent, person)
    except BadInput as error:
        return _invited(found, error.faults, request.form), 422
    flash(_("You are in “%(group)s”. Welcome.", group=found.cohort.name), "done")
    return redirect("/today", 303)


@blueprint.get("/join/waiting")
@to(Act.LEARN)
def waiting_page() -> ResponseReturnValue:
    """The groups somebody waits for, with their place in each list."""
    found = waiting.of_person(here.person())
    return render_template("join/waiting.html", page="today", waits=found)


@blueprint.post("/join/waiting/<cohort>")
@to(Act.LEARN)
def wait_no_longer(cohort: str) -> ResponseReturnValue:
    if cohort not in {one.id for one, _wait in waiting.of_person(here.person())}:
        raise NotFound(_("There is no such page."))
    waiting.leave(here.engine(), cohort, here.person().id, here.person(), here.now())
    flash(_("You are not on that waiting list any more."), "done")
    return redirect("/today", 303)


def _no_entry(code: str, error: NotFound | NoEntry) -> ResponseReturnValue:
    name = error.cohort if isinstance(error, NoEntry) else ""
    page = render_template(
        "join/code.html", faults={"code": str(error)}, code=code[:60] if not name else "", cohort=name
    )
    return page, 410 if name else 404


def _door(door: Door, faults: dict[str, str], sent: Any) -> str:
    visitor = here.visitor()
    alone = joining.alone(here.engine(), visitor, door.cohort.course, here.now()) if visitor else None
    return render_template(
        "join/door.html",
        door=door,
        cohort=door.cohort,
        course=door.course,
        first=door.first,
        when=meets(door.first.starts_at, door.cohort.zone) if door.first else "",
        leaders=door.leaders,
        action=f"/join/{door.invitation.code}",
        leads=door.invitation.role is Role.FACILITATOR,
        visitor=visitor,
        own_zone=_own_zone(visitor) if visitor else "",
        alone=alone,
        languages=_languages(door.cohort.edition),
        language_at_hand=tongues.at_hand(_language()),
        zones=zones(visitor.zone if visitor else ""),
        faults=faults,
        sent=sent,
        now=here.now(),
    )


def _invited(found: joining.Invited, faults: dict[str, str], sent: Any) -> str:
    person = here.person()
    first = next((one for one in found.sessions if not one.cancelled), None)
    return render_template(
        "join/invited.html",
        page="today",
        cohort=found.cohort,
        course=found.course,
        first=first,
        when=meets(first.starts_at, found.cohort.zone) if first else "",
        leaders=tuple(leader.name for leader in cohorts.leaders(found.cohort)),
        action=f"/join/invited/{found.run.id}",
        visitor=person,
        own_zone=_own_zone(person),
        alone=joining.alone(here.engine(), person, found.cohort.course, here.now()),
        languages=_languages(found.cohort.edition),
        language_at_hand=tongues.at_hand(person.language),
        zones=zones(person.zone),
        faults=faults,
        sent=sent,
        now=here.now(),
    )


def _is_in(door: Door, visitor: Person) -> bool:
    if visitor.id in door.cohort.facilitators:
        return True
    run = joining.member_run(door.cohort, visitor)
    return run is not None and run.started_at is not None


def _bring(sent: dict[str, Any], person: Person, course: str) -> Run | None:
    return joining.alone(here.engine(), person, course, here.now()) if sent.get("bring") == "yes" else None


def _languages(edition: str) -> list[tuple[str, str]]:
    codes = here.engine().shelf.languages(edition)
    return [(code, own_name(code)) for code in codes] if len(codes) > 1 else []


def _speak(sent: dict[str, Any], person: Person) -> None:
    chosen = tongues.checked(sent.get("language", ""))
    if chosen and chosen != tongues.at_hand(person.language):
        people.change_language(here.engine(), person, chosen)


def _live_at(sent: dict[str, Any], person: Person) -> None:
    zone = sent.get("zone", "")
    if zone and zone != person.zone:
        runs.change_zone(here.engine(), person, zone, here.now())


def _own_zone(person: Person) -> str:
    """The zone somebody lives in, once they have said so: until then it is only the site's."""
    engine = here.engine()
    begun = any(run.started_at for run, _course in runs.of_person(engine, person))
    return person.zone if begun or person.zone != engine.config.zone else ""


def _language() -> str:
    visitor = here.visitor()
    return visitor.language if visitor else here.engine().config.locale
