"""Invitations: the codes of cohorts. A code is counted in the statement that checks it."""

from datetime import datetime
from typing import Any

from course_engine.domain.invitations import Invitation
from course_engine.domain.roles import Role
from course_engine.storage import tables as t
from course_engine.storage.database import all_rows

_COLUMNS = (
    t.Invitation.code, t.Invitation.cohort, t.Invitation.role, t.Invitation.made_by, t.Invitation.created_at,
    t.Invitation.expires_at, t.Invitation.most, t.Invitation.used, t.Invitation.revoked_at,
)  # fmt: skip


def add(one: Invitation) -> None:
    """Write down a new code."""
    t.Invitation.insert(
        code=one.code,
        cohort=one.cohort,
        role=one.role.value,
        made_by=one.made_by,
        created_at=one.created_at,
        expires_at=one.expires_at,
        most=one.most,
        used=one.used,
        revoked_at=one.revoked_at,
    ).execute()


def get(code: str) -> Invitation | None:
    """The invitation with this code, closed ones too."""
    found = _those(t.Invitation.code == code)
    return found[0] if found else None


def of_cohort(cohort: str) -> list[Invitation]:
    """The codes of a cohort that were not withdrawn, newest first."""
    return _those((t.Invitation.cohort == cohort) & t.Invitation.revoked_at.is_null())


def limit(code: str, expires_at: datetime | None, most: int | None) -> None:
    """Give a code another end and another cap."""
    t.Invitation.update(expires_at=expires_at, most=most).where(t.Invitation.code == code).execute()


def revoke(cohort: str, role: Role, at: datetime) -> int:
    """Withdraw every code of a cohort for this role; how many there were."""
    mine = (t.Invitation.cohort == cohort) & (t.Invitation.role == role.value)
    open_ones = mine & t.Invitation.revoked_at.is_null()
    return int(t.Invitation.update(revoked_at=at).where(open_ones).execute())


def use(code: str, now: datetime) -> bool:
    """Count one person let in; false when the code lets nobody in any more."""
    one = t.Invitation
    good = (one.code == code) & one.revoked_at.is_null()
    good &= one.expires_at.is_null() | (one.expires_at > now)
    good &= one.most.is_null() | (one.used < one.most)
    return bool(one.update(used=one.used + 1).where(good).execute())


def _those(where: Any) -> list[Invitation]:
    query = t.Invitation.select(*_COLUMNS).where(where).order_by(t.Invitation.created_at.desc())
    return [
        Invitation(code, cohort, Role(role), made_by, created_at, expires_at, most, used, revoked_at)
        for code, cohort, role, made_by, created_at, expires_at, most, used, revoked_at in all_rows(query)
    ]
