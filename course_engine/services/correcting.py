"""Another name on a certificate: by whoever holds it, or by who leads their cohort, who then tells them."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from course_engine.crypto import new_id
from course_engine.domain.certificates import Certificate
from course_engine.domain.cohorts import Cohort
from course_engine.domain.errors import NotFound
from course_engine.domain.people import Person
from course_engine.domain.work import Letter
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.i18n import speak
from course_engine.services import certificates, letters
from course_engine.services.candidates import Row
from course_engine.storage import certificates as stored
from course_engine.storage import members


@dataclass(frozen=True, slots=True)
class Correction:
    """Until when a certificate read otherwise, what it read, and why it was corrected, if that was said."""

    at: datetime
    name: str
    reason: str


def preview(certificate: Certificate, name: str) -> str:
    """The sentence that would stand on it, for a name that can be printed. Raises BadInput, Refused."""
    shown = certificates.checked_correction(certificate, name)
    return _("%(name)s took part in %(title)s", name=shown, title=certificate.frozen["title"])


def by_holder(engine: Engine, person: Person, certificate: Certificate, name: str, now: datetime) -> None:
    """Another name on a certificate of one's own. Raises BadInput, Refused."""
    certificates.correct(engine, certificate, name, person, now)


def by_leader(engine: Engine, row: Row, name: str, reason: str, actor: Person, now: datetime) -> Certificate:
    """Another name on the certificate of somebody one leads; a letter tells them, without the reason.

    Raises NotFound without a certificate, BadInput, Refused.
    """
    # A row may leave out why it was decided, which the next revision keeps.
    made = stored.get(row.made.id) if row.made else None
    if made is None:
        raise NotFound(_("There is no certificate of this course yet."))
    kept = certificates.checked_reason(reason) if reason.strip() else ""
    with engine.database.transaction():
        new = certificates.correct(engine, made, name, actor, now, kept)
        if new.id != made.id and row.account and row.email:
            letters.post(engine, _letter(engine, row, new, actor, now))
    return new


def before(certificate: Certificate) -> Certificate | None:
    """The revision that this one took the place of, if it is not the first."""
    if certificate.revision == 1:
        return None
    of_run = [one for one in stored.of_person(certificate.person) if one.run == certificate.run]
    return next((one for one in of_run if one.revision == certificate.revision - 1), None)


def history(cohort: Cohort, certificate: Certificate) -> list[Correction]:
    """How the name came to be what it is, the last correction first.

    Why is told to those only who led them then, and not in their next cohort.
    """
    if certificate.revision == 1:
        return []
    member = members.one(cohort.id, certificate.person)
    mine = [one for one in stored.of_person(certificate.person) if one.run == certificate.run]
    steps = sorted(mine, key=lambda one: one.revision)
    # A revision that was replaced without a word keeps why the certificate itself was decided for.
    decided = steps[-1].reason
    return [
        Correction(
            new.awarded_at,
            str(old.frozen["name"]),
            old.reason if old.reason != decided and member and member.joined_at <= new.awarded_at else "",
        )
        for old, new in reversed(list(pairwise(steps)))
    ]


def _letter(engine: Engine, row: Row, new: Certificate, actor: Person, now: datetime) -> Letter:
    with speak(row.language):
        return Letter(
            id=new_id(),
            to=row.email or "",
            subject=_("%(site)s: the name on your certificate", site=engine.config.site_name),
            text=_(
                "Hello %(called)s,\n\n%(leader)s has corrected the name on your certificate of “%(course)s”. "
                "It reads now: %(name)s\n\nYou find it here, and can correct it once more if you like:\n\n"
                "%(link)s\n\nA code from an earlier print still works; it leads to the new one.\n",
                called=row.name,
                leader=actor.name,
                course=new.frozen["title"],
                name=new.frozen["name"],
                link=f"{engine.config.base_url}/runs/{new.run}/certificate",
            ),
            created_at=now,
        )
