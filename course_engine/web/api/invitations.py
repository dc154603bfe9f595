"""The codes by which people come into a cohort: made, looked at and withdrawn by a program."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from course_engine.domain.errors import BadInput
from course_engine.domain.invitations import Invitation
from course_engine.domain.roles import Act, Role
from course_engine.i18n import gettext as _
from course_engine.services import invitations
from course_engine.web import here
from course_engine.web.access import to
from course_engine.web.api import answers, asking
from course_engine.web.api.described import Routes

AHEAD = timedelta(days=5 * 366)

blueprint = Routes(
    "api-invitations",
    __name__,
    url_prefix="/api/v1/cohorts/<id>/invitations",
    description="For facilitators.",
)


@blueprint.get("", answers.Invitations, refused=(401, 404))
@to(Act.LEAD)
def codes(id: str) -> Mapping[str, Any]:
    """The codes of a group"""
    return {"invitations": [_told(one) for one in invitations.all_of(here.led(id))]}


@blueprint.post("", asking.NewInvitation, answers.Invitation, refused=(400, 401, 403, 404, 409, 415, 429))
@to(Act.LEAD)
def offer(sent: dict[str, Any], id: str) -> Mapping[str, Any]:
    """Have a code with these limits

    The code there is gets these limits and stays the same, so that sending this again changes nothing. Where
    there is none, or with `fresh`, a new one is made; the one before lets nobody in any more.
    """
    cohort, now = here.led(id), here.now()
    _refuse_odd_end(sent["expires_at"], now)
    made = invitations.offer(
        here.engine(), cohort, Role(sent["role"]), here.person(), now, sent["expires_at"], sent["most"],
        fresh=sent["fresh"],
    )  # fmt: skip
    return _told(made)


@blueprint.delete("/<code>", refused=(400, 401, 403, 404, 429))
@to(Act.LEAD)
def withdraw(id: str, code: str) -> None:
    """Withdraw a code

    It lets nobody in any more; who came in by it stays.
    """
    invitations.withdraw(here.engine(), here.led(id), code, here.person(), here.now())


def _refuse_odd_end(expires_at: datetime | None, now: datetime) -> None:
    if expires_at is not None and not now < expires_at < now + AHEAD:
        raise BadInput({"expires_at": _("Send an instant within the next five years, or nothing.")})


def _told(one: Invitation) -> Mapping[str, Any]:
    return {
        "code": one.shown,
        "link": f"{here.engine().config.base_url}/join/{one.code}",
        "role": one.role,
        "created_at": one.created_at,
        "expires_at": one.expires_at,
        "most": one.most,
        "used": one.used,
        "closed": one.closed(here.now()),
    }
