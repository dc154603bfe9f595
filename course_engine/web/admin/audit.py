"""The audit: who did what to whom and when, in sentences; never what anybody wrote."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from course_engine.domain.calendar import local_day
from course_engine.domain.errors import BadInput
from course_engine.domain.roles import Act
from course_engine.i18n import gettext as _
from course_engine.services import audits, roster_files
from course_engine.services.audits import Told, Wanted
from course_engine.web import here
from course_engine.web.access import to
from course_engine.web.admin.blueprint import blueprint

_LARGEST = 2**62


@blueprint.get("/audit")
@to(Act.ADMINISTER)
def audit() -> ResponseReturnValue:
    """A page of the lines that are looked for, the latest first."""
    zone, faults, found, status = here.person().zone, {}, audits.Page([], None), 200
    try:
        wanted = _wanted()
        found = audits.page(wanted, zone, _before())
    except BadInput as error:
        faults, status = error.faults, 422
    return render_template(
        "admin/audit.html",
        page="admin",
        found=found,
        kinds=audits.kinds(),
        asked={name: request.args.get(name, "") for name in ("kind", "person", "since", "until")},
        filtered=any(request.args.get(name) for name in ("kind", "person", "since", "until")),
        link=_link,
        zone=zone,
        most=audits.MOST_SAVED,
        faults=faults,
    ), status


@blueprint.get("/audit.csv")
@to(Act.ADMINISTER)
def audit_csv() -> ResponseReturnValue:
    """The same lines as a table; one that would be too long says what it leaves out."""
    zone = here.person().zone
    chunks = audits.everything(here.engine(), here.person(), _wanted(), zone, here.now())
    name = f"audit-{local_day(here.now(), zone)}.csv"
    return Response(
        "\ufeff" + "".join(_rows(chunks, zone)),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _rows(chunks: Iterator[list[Told]], zone: str) -> Iterator[str]:
    yield _written([[_("When"), _("Who"), _("Act"), _("Whom"), _("What")]])
    for lines in chunks:
        yield _written(
            [
                [
                    line.at.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds"), line.who, line.act,
                    line.whom, line.sentence,
                ]
                for line in lines
            ]
        )  # fmt: skip


def _written(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([roster_files.safe(cell) for cell in row] for row in rows)
    return text.getvalue()


def _wanted() -> Wanted:
    """What this address looks for; a kind it does not know is passed over. Raises BadInput."""
    kind = request.args.get("kind", "")
    return Wanted(
        kind if kind in dict(audits.kinds()) else "",
        request.args.get("person", "").strip().lower()[:254],
        _day("since"),
        _day("until"),
    )


def _day(name: str) -> date | None:
    text = request.args.get(name, "").strip()
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise BadInput({name: _("Write this day like 2026-03-17.")}) from error
    if not 2000 <= found.year < 3000:
        raise BadInput({name: _("Write this day like 2026-03-17.")})
    return found


def _before() -> int | None:
    text = request.args.get("before", "")
    return int(text) if text.isdecimal() and len(text) < 19 and int(text) < _LARGEST else None


def _link(path: str, **other: object) -> str:
    """This view at another place or with something else in it."""
    given = {name: request.args.get(name, "") for name in ("kind", "person", "since", "until")}
    chosen = {name: str(value) for name, value in {**given, **other}.items() if value}
    return path + ("?" + urlencode(chosen) if chosen else "")
