"""The cohorts someone leads and their boards: the same numbers as on the page."""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from course_engine.crypto import Envelope, Unsealable
from course_engine.domain.errors import BadInput
from course_engine.domain.roles import Act
from course_engine.i18n import gettext as _
from course_engine.services import boards, cohorts
from course_engine.services.boards import Show, Sort, Wanted
from course_engine.web import here
from course_engine.web.access import to
from course_engine.web.api import answers, asking
from course_engine.web.api.described import Routes

_LED = "led"

blueprint = Routes("api-cohorts", __name__, url_prefix="/api/v1/cohorts", description="For facilitators.")


@blueprint.asked("", asking.Listed, answers.Cohorts, refused=(400, 401, 404))
@to(Act.LEAD)
def led(sent: dict[str, str]) -> Mapping[str, Any]:
    """The groups that the person leads

    By name, those that have ended last.
    """
    after = _place(sent["cursor"], _LED) if "cursor" in sent else []
    found = sorted(cohorts.led_by(here.person(), here.now()), key=_key)
    left = [one for one in found if _key(one) > after]
    shown = left[: boards.PAGE]
    return {
        "cohorts": [_told(one) for one in shown],
        "next_cursor": _cursor(_LED, *_key(shown[-1])) if len(left) > len(shown) else None,
    }


@blueprint.asked("/<id>/board", asking.Board, answers.Board, refused=(400, 401, 404))
@to(Act.LEAD)
def board(sent: dict[str, str], id: str) -> Mapping[str, Any]:
    """A page of a board

    Who is where: whether steps are done, never how, and nothing that anyone wrote.
    """
    cohort = here.led(id)
    wanted = Wanted(Show(sent.get("show", "")), Sort(sent.get("sort", "name")), sent.get("find", ""))
    place = _place(sent["cursor"], wanted.sort) if "cursor" in sent else ()
    found = boards.after(here.engine(), cohort, wanted, place, here.person().language, here.now())
    return {
        "total": found.total,
        "meetings": found.meetings,
        "rows": [_row(row) for row in found.rows],
        "next_cursor": _cursor(wanted.sort, *found.next) if found.next else None,
    }


def _key(one: cohorts.Led) -> list[Any]:
    return [one.cohort.ended_at is not None, one.cohort.name.casefold(), one.cohort.id]


def _cursor(order: str, *place: str | int) -> str:
    return _cursors().close(json.dumps([order, *place]))


def _place(cursor: str, order: str) -> list[str | int]:
    """The place that a cursor stands for, in the order it was given for. Raises BadInput."""
    place: list[str | int] = []
    with suppress(Unsealable):
        place = json.loads(_cursors().open(cursor))
    if place[:1] != [order]:
        raise BadInput({"cursor": _("Send the cursor as it was given.")})
    return place[1:]


def _cursors() -> Envelope:
    # A place in the order of names is a name: addresses stand in the logs of others.
    config = here.engine().config
    return Envelope([config.secret_key, *config.secret_key_fallbacks], "board cursor")


def _told(one: cohorts.Led) -> Mapping[str, Any]:
    return {
        "id": one.cohort.id,
        "name": one.cohort.name,
        "course": one.cohort.course,
        "zone": one.cohort.zone,
        "people": one.people,
        "next_session": one.next.starts_at if one.next else None,
        "ended_at": one.cohort.ended_at,
    }


def _row(row: boards.Row) -> Mapping[str, Any]:
    return {
        "person": row.person,
        "name": row.name,
        "status": row.status,
        "waiting": row.waiting,
        "week": row.here.number if row.here else None,
        "done": row.done,
        "asked": row.asked,
        "weeks": [
            {"number": number, "state": state} for number, state in enumerate(row.weeks, row.first_number)
        ],
        "attended": row.attended,
        "last_here": row.last_here,
        "asked_for_contact_at": row.asked_at,
        "held_until": row.held.end if row.held else None,
    }
