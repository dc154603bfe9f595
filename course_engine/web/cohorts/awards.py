"""The certificates of a group: who is ready, making them, and how that went."""

from urllib.parse import urlencode

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import fields

from course_engine.crypto import new_id
from course_engine.domain.cohorts import Cohort
from course_engine.domain.errors import BadInput, NotFound
from course_engine.domain.roles import Act
from course_engine.i18n import gettext as _
from course_engine.services import awarding, candidates, certificates, handing_out, letters
from course_engine.services.awarding import Outcome
from course_engine.services.candidates import Show
from course_engine.web import forms, here
from course_engine.web.access import to
from course_engine.web.cohorts import awarded
from course_engine.web.cohorts.blueprint import blueprint

LEADING = {"decide": "/decide", "pdf": ".pdf", "mail": "/mail"}


class Chosen(forms.Form):
    """Who was ticked, or everybody who is ready, and what to do with them."""

    act = fields.String(load_default="make")
    all = fields.String(load_default="")
    press = fields.String(load_default="")


class Decision(forms.Form):
    reason = fields.String(load_default="")
    press = fields.String(load_default="")


class Again(forms.Form):
    job = fields.String(load_default="")


@blueprint.get("/<id>/certificates")
@to(Act.LEAD)
def awards_page(id: str) -> ResponseReturnValue:
    """Everybody in the group: ready, made, or not yet and what is missing."""
    return _page(here.led(id), {})


@blueprint.post("/<id>/certificates")
@to(Act.LEAD)
def choose(id: str) -> ResponseReturnValue:
    """Make those that are ready or ticked; other things to do with the ticked have pages of their own."""
    cohort = here.led(id)
    try:
        sent = forms.read(Chosen, leave=("who",))
        who = request.form.getlist("who")
        if sent["act"] in LEADING:
            _refuse_nobody(who)
            address = f"/cohorts/{id}/certificates{LEADING[sent['act']]}"
            return redirect(f"{address}?{urlencode([('who', one) for one in who])}", 303)
        if sent["all"] == "yes":
            who = candidates.ready(here.engine(), cohort, here.now())
            if not who:
                flash(_("Everybody who was ready has a certificate now."), "note")
                return redirect(f"/cohorts/{id}/certificates", 303)
        job = awarding.ask(here.engine(), cohort, who, here.person(), here.now(), press=sent["press"])
    except BadInput as error:
        return _page(cohort, error.faults), 422
    return redirect(f"/jobs/{job.id}", 303)


@blueprint.get("/<id>/certificates/decide")
@to(Act.LEAD)
def decide_page(id: str) -> ResponseReturnValue:
    """Those who were ticked, with what a certificate would name, and a field for the reason."""
    return _decide(here.led(id), request.args.getlist("who"), {})


@blueprint.post("/<id>/certificates/decide")
@to(Act.LEAD)
def decide(id: str) -> ResponseReturnValue:
    """Make them although something is missing, for a reason that is kept."""
    cohort, who = here.led(id), request.form.getlist("who")
    try:
        sent = forms.read(Decision, leave=("who",))
        reason = certificates.checked_reason(sent["reason"])
        job = awarding.ask(here.engine(), cohort, who, here.person(), here.now(), reason, sent["press"])
    except BadInput as error:
        return _decide(cohort, who, error.faults), 422
    return redirect(f"/jobs/{job.id}", 303)


@blueprint.post("/<id>/certificates/again")
@to(Act.LEAD)
def award_again(id: str) -> ResponseReturnValue:
    """Try once more for those a job has left."""
    cohort = here.led(id)
    job = forms.read(Again)["job"]
    made = awarding.again(here.engine(), cohort, job, here.person(), here.now())
    return redirect(f"/jobs/{made.id}", 303)


def _page(cohort: Cohort, faults: dict[str, str]) -> str:
    engine, now, language = here.engine(), here.now(), here.person().language
    found = candidates.table(engine, cohort, *_wanted(), language, now)
    return render_template(
        "facilitator/certificates.html",
        page="groups",
        cohort=cohort,
        table=found,
        awarded=awarded,
        outcome=_outcome(cohort),
        link=lambda **other: _link(found, **other),
        ticked=request.args.get("ticked") == "all",
        # A file holds so many; of a larger group there are several, by name.
        files=[(first, min(first + handing_out.AT_ONCE, found.made)) for first in _firsts(found.made)],
        by_mail=letters.can_go(engine),
        press=new_id(),
        faults=faults,
    )


def _decide(cohort: Cohort, who: list[str], faults: dict[str, str]) -> str:
    engine, now, language = here.engine(), here.now(), here.person().language
    rows = candidates.those(engine, cohort, who[: candidates.PAGE], language, now)
    return render_template(
        "facilitator/certificates-decide.html",
        page="groups",
        cohort=cohort,
        course=engine.shelf.course(cohort.edition, language),
        rows=[row for row in rows if row.made is None],
        had=[row.name for row in rows if row.made is not None],
        awarded=awarded,
        press=new_id(),
        sent=request.form,
        faults=faults,
    )


def _outcome(cohort: Cohort) -> Outcome | None:
    """What came of the job that the address names; another's is passed over."""
    job = request.args.get("job", "")
    if not job:
        return None
    try:
        return awarding.outcome(here.engine(), cohort, here.person(), job)
    except NotFound:
        return None


def _wanted() -> tuple[Show, str, int]:
    """The view that this address asks for; words it does not know are passed over."""
    show, page = request.args.get("show", ""), request.args.get("page", "")
    return (
        Show(show) if show in {one.value for one in Show} else Show.EVERYONE,
        request.args.get("find", "").strip()[:80],
        int(page) if page.isdecimal() and 0 < len(page) < 6 and int(page) else 1,
    )


def _link(found: candidates.Table, **other: object) -> str:
    """The address of the same view with something else in it; without `page`, its first page."""
    given = {"show": found.show.value, "find": found.find, "page": "", "ticked": "", **other}
    if given["page"] == 1:
        given["page"] = ""
    return "?" + urlencode({name: str(value) for name, value in given.items() if value})


def _firsts(made: int) -> range:
    return range(0, made, handing_out.AT_ONCE)


def _refuse_nobody(who: list[str]) -> None:
    if not who:
        raise BadInput({"who": _("Tick at least one person first.")})
