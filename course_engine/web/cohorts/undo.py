"""Taking back a removal: what is needed for it stands, signed, in the address that the removal leads to.

It holds ids only: a name in an address would stay in histories and logs.
"""

from dataclasses import dataclass

from itsdangerous import BadData, URLSafeSerializer

from course_engine.domain.cohorts import Cohort
from course_engine.domain.errors import NotFound
from course_engine.domain.members import Member
from course_engine.i18n import gettext as _
from course_engine.services import members
from course_engine.web import here

LASTS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Undo:
    """Somebody who was just in a cohort, by which run, and the words that allow to take them back."""

    person: str
    run: str
    name: str
    token: str


def sign(cohort: Cohort, member: Member) -> str:
    """The words that allow to take this person back into this cohort for a day."""
    until = int(here.now().timestamp()) + LASTS
    return str(_signer().dumps([cohort.id, member.id, member.run, until]))


def read(token: str, cohort: Cohort) -> Undo | None:
    """What such words say, while they are good."""
    if not token:
        return None
    try:
        of, person, run, until = _signer().loads(token)
    except (BadData, ValueError):
        return None
    if of != cohort.id or until < here.now().timestamp():
        return None
    name = members.name_of_former(str(person), str(run))
    return Undo(str(person), str(run), name, token) if name else None


def checked(token: str, cohort: Cohort) -> Undo:
    """The same. Raises NotFound."""
    found = read(token, cohort)
    if found is None:
        raise NotFound(_("There is no such page."))
    return found


def _signer() -> URLSafeSerializer:
    config = here.engine().config
    return URLSafeSerializer([*config.secret_key_fallbacks, config.secret_key], salt="take back")
