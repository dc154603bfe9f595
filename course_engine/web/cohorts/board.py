"""The board of a group, on screen and as a CSV file, and the way to the only board someone has."""

import csv
import io
from dataclasses import replace
from urllib.parse import urlencode

from flask import Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from course_engine.domain.calendar import local_day
from course_engine.domain.cohorts import Cohort
from course_engine.domain.roles import Act
from course_engine.i18n import gettext as _
from course_engine.services import boards, changes, cohorts, roster_files
from course_engine.services.boards import Show, Sort, Wanted
from course_engine.web import here
from course_engine.web.access import to
from course_engine.web.cohorts import told
from course_engine.web.cohorts.blueprint import blueprint


@blueprint.get("/first")
@to(Act.LEAD)
def first() -> ResponseReturnValue:
    """Where a facilitator begins: at the board of the only group that still meets, or at the list."""
    going_on = [one for one in cohorts.led_by(here.person(), here.now()) if not one.cohort.ended_at]
    meeting = [one for one in going_on if one.next] or going_on
    return redirect(f"/cohorts/{meeting[0].cohort.id}" if len(meeting) == 1 else "/cohorts")


@blueprint.get("/<id>")
@to(Act.LEAD)
def board(id: str) -> ResponseReturnValue:
    """Who is where: a page of the view that was asked for."""
    cohort = here.led(id)
    now, language = here.now(), here.person().language
    found = boards.board(here.engine(), cohort, wanted(), language, now)
    batch = request.args.get("changed", "")
    return render_template(
        "facilitator/board.html",
        page="groups",
        cohort=cohort,
        board=found,
        told=told,
        today=local_day(now, cohort.zone),
        now=now,
        link=lambda **other: _link(found.wanted, **other),
        ticked=request.args.get("ticked") == "all",
        batch=changes.standing_batch(cohort, batch, now) if batch else None,
    )


@blueprint.get("/<id>/board.csv")
@to(Act.LEAD)
def board_csv(id: str) -> ResponseReturnValue:
    """The same numbers as a file, for everybody in the view."""
    cohort = here.led(id)
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(
        [
            _("Name"), _("State"), _("Week"), _("Done in it"), _("Asked in it"), _("Weeks done"),
            _("Sessions attended"), _("Last here"), _("Asked for contact"), _("On hold until"),
        ]
    )  # fmt: skip
    for row in boards.everyone(here.engine(), cohort, wanted(), here.person().language, here.now()):
        rows.writerow([roster_files.safe(str(value)) for value in _values(row, cohort)])
    name = f"board-{local_day(here.now(), cohort.zone)}.csv"
    return Response(
        "\ufeff" + text.getvalue(),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def wanted() -> Wanted:
    """The view that this address asks for; words it does not know are passed over."""
    show, sort, page = (request.args.get(name, "") for name in ("show", "sort", "page"))
    return Wanted(
        Show(show) if show in {one.value for one in Show} else Show.EVERYONE,
        Sort(sort) if sort in {one.value for one in Sort} else Sort.NAME,
        request.args.get("find", "").strip()[:80],
        int(page) if page.isdecimal() and 0 < len(page) < 6 and int(page) else 1,
    )


def _link(shown: Wanted, ticked: str = "", **other: object) -> str:
    """The address of the same view with something else in it; without `page`, its first page."""
    view = replace(shown, **{"page": 1, **other})  # type: ignore[arg-type]
    given = {
        "show": view.show, "sort": "" if view.sort is Sort.NAME else view.sort, "find": view.find,
        "page": "" if view.page == 1 else view.page, "ticked": ticked,
    }  # fmt: skip
    return "?" + urlencode({name: str(value) for name, value in given.items() if value})


def _values(row: boards.Row, cohort: Cohort) -> list[object]:
    asked = local_day(row.asked_at, cohort.zone) if row.asked_at else ""
    until = local_day(row.held.end, cohort.zone) if row.held and row.held.end else ""
    return [
        row.name, told.state(row)[1], row.here.number if row.here else "", row.done, row.asked,
        row.weeks_done, row.attended, row.last_here or "", asked, until,
    ]  # fmt: skip
