"""Certificates of participation: what earns one, and what is frozen when it is made."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class CertificateState(StrEnum):
    """What a stranger who checks a code is told."""

    VALID = "valid"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate as it was awarded.

    `frozen` holds all its words as plain data (name, title, modules, dates, sessions, hours, design,
    digests); it never changes. A correction is a new revision, made at its own `awarded_at` with a code of
    its own, and `next_code` leads from the old one to it. `reason` says why it was withdrawn or corrected or,
    of a valid one, why a facilitator decided for it before it was earned.
    """

    id: str
    code: str
    run: str
    person: str
    revision: int
    frozen: Mapping[str, object]
    awarded_at: datetime
    state: CertificateState = CertificateState.VALID
    next_code: str | None = None
    withdrawn_at: datetime | None = None
    reason: str = ""

    @property
    def made_on(self) -> date:
        """The day that stands on it: the one on which it was made first, whatever was corrected since."""
        return date.fromisoformat(str(self.frozen.get("awarded") or self.frozen["finished"]))

    @property
    def decided(self) -> bool:
        """Whether a facilitator decided for it before it was earned."""
        return self.state is CertificateState.VALID and bool(self.reason)
