"""Certificates: exactly one of each revision for a run, whatever happens at the same time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from course_engine.domain.certificates import Certificate, CertificateState
from course_engine.domain.errors import Refused
from course_engine.i18n import gettext as _
from course_engine.storage import tables as t
from course_engine.storage.database import all_rows, current

_COLUMNS = (
    t.Certificate.id, t.Certificate.code, t.Certificate.run, t.Certificate.person, t.Certificate.revision,
    t.Certificate.frozen, t.Certificate.awarded_at, t.Certificate.state, t.Certificate.next_code,
    t.Certificate.withdrawn_at, t.Certificate.reason,
)  # fmt: skip


def award(certificate: Certificate) -> Certificate:
    """Write a certificate down, or return the one of this run and revision that is there already."""
    with current().transaction():
        t.Certificate.insert(
            id=certificate.id,
            code=certificate.code,
            run=certificate.run,
            person=certificate.person,
            revision=certificate.revision,
            frozen=dict(certificate.frozen),
            awarded_at=certificate.awarded_at,
            state=certificate.state,
            next_code=certificate.next_code,
            withdrawn_at=certificate.withdrawn_at,
            reason=certificate.reason,
        ).on_conflict(action="IGNORE", conflict_target=[t.Certificate.run, t.Certificate.revision]).execute()
        same = (t.Certificate.run == certificate.run) & (t.Certificate.revision == certificate.revision)
        return _found(same)[0]


def get(id: str) -> Certificate | None:
    """The certificate with this id."""
    return next(iter(_found(t.Certificate.id == id)), None)


def by_code(code: str) -> Certificate | None:
    """The certificate with this code."""
    return next(iter(_found(t.Certificate.code == code)), None)


def of_run(run: str) -> Certificate | None:
    """The newest revision of the certificate of a run."""
    # By revision, not by instant: the clock may have been set back between two.
    return max(_found(t.Certificate.run == run), key=lambda one: one.revision, default=None)


def of_person(person: str) -> list[Certificate]:
    """All certificates of a person, newest first, with their earlier revisions."""
    return _found(t.Certificate.person == person)


def valid_of(runs: Sequence[str]) -> list[Certificate]:
    """The valid certificates of these runs, in the order of the runs. One query."""
    valid = t.Certificate.run.in_(list(runs)) & (t.Certificate.state == CertificateState.VALID)
    found = {one.run: one for one in _found(valid)}
    return [found[run] for run in runs if run in found]


def correct(old_id: str, new: Certificate, reason: str = "") -> Certificate:
    """Put a new revision in the place of a valid certificate; the old code leads on. Raises Refused.

    Why, if somebody said so, is kept with the old one; the new one keeps why it was decided for.
    """
    with current().transaction():
        valid = (t.Certificate.id == old_id) & (t.Certificate.state == CertificateState.VALID)
        state = CertificateState.CORRECTED
        told = {"reason": reason} if reason else {}
        if not t.Certificate.update(state=state, next_code=new.code, **told).where(valid).execute():
            raise Refused(_("Only a valid certificate can be corrected; this one has been changed already."))
        return award(new)


def withdraw(id: str, reason: str, at: datetime) -> bool:
    """Withdraw a valid certificate; whether it was one."""
    valid = (t.Certificate.id == id) & (t.Certificate.state == CertificateState.VALID)
    state = CertificateState.WITHDRAWN
    query = t.Certificate.update(state=state, withdrawn_at=at, reason=reason).where(valid)
    return bool(query.execute())


def _found(where: Any) -> list[Certificate]:
    newest = (t.Certificate.awarded_at.desc(), t.Certificate.revision.desc())
    rows = all_rows(t.Certificate.select(*_COLUMNS).where(where).order_by(*newest))
    return [replace(Certificate(*row), state=CertificateState(row[7])) for row in rows]
