"""The people of a cohort as its facilitator may see them: who they are and how far in they are, no more."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Entry(StrEnum):
    """How far someone has come into a cohort."""

    INVITED = "invited"
    ON_PAPER_NOT_BEGUN = "on_paper_not_begun"
    ON_PAPER = "on_paper"
    JOINED = "joined"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Member:
    """Someone in a cohort. `account` says that they have a way in of their own.

    `elsewhere` says that they have a run outside this cohort too, `office` that they are more than a learner.
    """

    id: str
    name: str
    email: str | None
    sign_in_name: str | None
    language: str
    zone: str
    account: bool
    elsewhere: bool
    office: bool
    run: str
    joined_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def entry(self) -> Entry:
        """How far in they are."""
        if self.finished_at is not None:
            return Entry.FINISHED
        if self.started_at is None:
            return Entry.INVITED if self.account or self.email else Entry.ON_PAPER_NOT_BEGUN
        return Entry.JOINED if self.account else Entry.ON_PAPER

    @property
    def called(self) -> str:
        """Their name; an account that has not agreed to be here yet shows the address it was invited by."""
        if self.account and self.started_at is None:
            return self.email or self.name
        return self.name

    @property
    def editable(self) -> bool:
        """Whether a roster may change who they are: an account is not theirs to change."""
        return not self.account and not self.elsewhere and not self.office
