"""People on paper: their sheets to print, and the quick page where what came back is entered."""

from dataclasses import replace
from datetime import datetime

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from course_engine.domain.cohorts import Cohort, Present
from course_engine.domain.errors import BadInput
from course_engine.domain.roles import Act
from course_engine.i18n import gettext as _
from course_engine.i18n import mark, ngettext
from course_engine.services import attendance, paper
from course_engine.web import here
from course_engine.web.access import to
from course_engine.web.cohorts.blueprint import blueprint
from course_engine.web.prints import deliver
from course_engine.web.prints import paper as chosen_paper

PRESENT = {
    Present.PRESENT: mark("was there"),
    Present.ONLINE: mark("was there online"),
    Present.MADE_UP: mark("made it up at home"),
    Present.EXCUSED: mark("excused"),
    Present.NOT_HERE: mark("not there"),
}


@blueprint.get("/<id>/paper")
@to(Act.LEAD)
def paper_page(id: str) -> ResponseReturnValue:
    """The sheets behind the codes that were typed (`codes`), to tick what is done on them."""
    cohort = here.led(id)
    try:
        return _page(cohort, request.args.get("codes", "")[:1000], {})
    except BadInput as error:
        return _empty(cohort, error.faults), 422


@blueprint.post("/<id>/paper")
@to(Act.LEAD)
def enter(id: str) -> ResponseReturnValue:
    """Keep everything that was ticked, week by week; nothing is taken back."""
    cohort, codes = here.led(id), request.form.get("codes", "")[:1000]
    kept = 0
    try:
        with here.engine().database.transaction():
            found, _unknown = paper.sheets(here.engine(), cohort, codes, here.now())
            # By run, as whoever changes several at once does: so that nobody waits for the other in a circle.
            for sheet in sorted(found, key=lambda sheet: sheet.member.run):
                kept += paper.enter(
                    here.engine(), cohort, sheet.code, _ticked(sheet), _present(sheet.code), here.person(),
                    here.now(),
                )  # fmt: skip
    except BadInput as error:
        return _page(cohort, codes, error.faults), 422
    flash(
        ngettext("%(n)s thing was entered.", "%(n)s things were entered.", kept)
        if kept
        else _("There was nothing new to enter."),
        "done",
    )
    return redirect(f"/cohorts/{id}/paper", 303)


@blueprint.get("/<id>/people/<person>/sheets.pdf")
@to(Act.LEAD)
def sheets(id: str, person: str) -> ResponseReturnValue:
    """A week (`week=N`) printed for one person, with their code on every page."""
    cohort = here.led(id)
    asked = request.args.get("week", "1")
    number = int(asked) if asked.isdecimal() and len(asked) < 4 else -1
    wanted = paper.week_print(here.engine(), cohort, person, number, chosen_paper(), here.now())
    return deliver(replace(wanted, cohort=cohort.id))


def _page(cohort: Cohort, codes: str, faults: dict[str, str]) -> str:
    found, unknown = paper.sheets(here.engine(), cohort, codes, here.now())
    if unknown and not faults:
        faults = {"codes": _("No sheet of this group has the code %(codes)s.", codes=", ".join(unknown))}
    return render_template(
        "facilitator/paper.html",
        page="groups",
        cohort=cohort,
        codes=codes,
        sheets=found,
        present=[(value.value, _(words)) for value, words in PRESENT.items()],
        ticked={sheet.code: _ticked(sheet) for sheet in found},
        coming={sheet.code: begins for sheet in found if (begins := _begins(sheet))},
        faults=faults,
    )


def _empty(cohort: Cohort, faults: dict[str, str]) -> str:
    return render_template(
        "facilitator/paper.html", page="groups", cohort=cohort, codes="", sheets=[], present=[], ticked={},
        faults=faults,
    )  # fmt: skip


def _ticked(sheet: paper.Sheet) -> set[str]:
    """The steps that were ticked on the page; `all` means every one."""
    chosen = set(request.form.getlist(f"steps-{sheet.code}"))
    return {step.id for step, _done in sheet.steps} if "all" in chosen else chosen


def _begins(sheet: paper.Sheet) -> datetime | None:
    """From when on the session of this sheet can be entered, while that is still to come."""
    begins = attendance.begins(sheet.session) if sheet.session else None
    return begins if begins and begins > here.now() else None


def _present(code: str) -> Present | None:
    found = request.form.get(f"present-{code}", "")
    return Present(found) if found in set(Present) else None
