"""Letters about contact requests: who is told that somebody asked for a word.

No letter names anybody, and none carries anything of what was written.
"""

from datetime import datetime
from enum import StrEnum

from course_engine.crypto import new_id
from course_engine.domain.cohorts import Cohort
from course_engine.domain.errors import BadInput
from course_engine.domain.work import Letter
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.services import letters
from course_engine.services.names import read_address
from course_engine.storage import accounts, people


class Heard(StrEnum):
    """What comes of a request: who leads reads it in the group, the admins have a letter, or nobody hears."""

    READ = "read"
    TOLD = "told"
    UNHEARD = "unheard"


def heard(engine: Engine, cohort: Cohort) -> Heard:
    """Who learns of a request in this cohort as it stands now."""
    if cohort.facilitators:
        return Heard.READ
    return Heard.TOLD if letters.can_go(engine) and _admins() else Heard.UNHEARD


def tell(engine: Engine, cohort: Cohort, request: str, now: datetime) -> None:
    """Write to those who lead; where no letter reaches them, to who stands in.

    The admins have one where nobody else does, and where nobody leads at all.
    """
    readers, admins = _first(cohort)
    _write(engine, cohort, readers, admins, f"contact|{request}", now)


def tell_again(engine: Engine, cohort: Cohort, request: str, now: datetime) -> None:
    """Write, once a day, to those who lead and to who stands in; to the admins where nobody can read it."""
    readers, admins = _first(cohort)
    readers = readers | _stand_in(cohort)
    _write(engine, cohort, readers, admins, f"contact|{request}|{now:%Y-%m-%d}", now)


def _first(cohort: Cohort) -> tuple[set[str], set[str]]:
    """The addresses that are written to at once, and those of admins where they are needed."""
    leaders = {leader.email for leader in people.those(cohort.facilitators) if leader.email}
    readers = leaders or _stand_in(cohort)
    return readers, set() if readers and cohort.facilitators else _admins()


def _stand_in(cohort: Cohort) -> set[str]:
    """The way to reach the safety contact, where it is an e-mail address and nothing else."""
    try:
        found = read_address(cohort.safety.reach)[0]
    except BadInput:
        return set()
    return {found} if found else set()


def _admins() -> set[str]:
    return {admin.email for admin in people.those(accounts.admins()) if admin.email}


def _write(
    engine: Engine, cohort: Cohort, readers: set[str], admins: set[str], once: str, now: datetime
) -> None:
    for address in sorted(readers):
        letters.post(engine, _letter(engine, cohort, address, now), dedupe=f"{once}|{address}")
    for address in sorted(admins - readers):
        letters.post(engine, _letter_to_admin(engine, cohort, address, now), dedupe=f"{once}|{address}")


def _letter(engine: Engine, cohort: Cohort, address: str, now: datetime) -> Letter:
    return Letter(
        id=new_id(),
        to=address,
        subject=_("%(site)s: someone in your group would like a word", site=engine.config.site_name),
        text=_(
            "Hello,\n\nsomeone in “%(group)s” has asked for contact. You can read it here:\n\n%(link)s\n\n"
            "This letter says no more, so that nothing private travels by mail.\n",
            group=cohort.name,
            link=f"{engine.config.base_url}/cohorts/{cohort.id}/contact",
        ),
        created_at=now,
    )


def _letter_to_admin(engine: Engine, cohort: Cohort, address: str, now: datetime) -> Letter:
    return Letter(
        id=new_id(),
        to=address,
        subject=_("%(site)s: someone would like a word, and waits", site=engine.config.site_name),
        text=_(
            "Hello,\n\nsomeone in “%(group)s” has asked for contact, and no letter reaches anybody who leads "
            "this group. Please see that they are heard. Only those who lead it can read the words: ask them "
            "to look there, unlock their account, or let another facilitator lead it. Accounts are here:"
            "\n\n%(link)s\n\n"
            "This letter says no more, so that nothing private travels by mail.\n",
            group=cohort.name,
            link=f"{engine.config.base_url}/admin/people",
        ),
        created_at=now,
    )
