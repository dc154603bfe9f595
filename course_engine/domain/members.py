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

    `elsewhere` says that they have a run outside this cohort too, `office` that they are more than a learner,
    `invited_as` is what whoever invited them calls them.
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
    invited_as: str
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
    def on_paper(self) -> bool:
        """Whether they take part on paper, so that their sheets carry a code."""
        return self.started_at is not None and not self.account

    @property
    def awaited(self) -> bool:
        """Whether they were invited by an address and have not come in: an account looks like none then."""
        return self.started_at is None and self.email is not None

    @property
    def called(self) -> str:
        """Their name; until somebody who was invited has agreed to be here, what they were invited as."""
        if self.awaited:
            return self.invited_as or self.email or ""
        return self.name

    @property
    def on_lists(self) -> str:
        """What stands on a list that others read too: empty for somebody known by an address only."""
        return self.invited_as if self.awaited else self.name

    @property
    def editable(self) -> bool:
        """Whether a roster may change who they are: what belongs to an account is its owner's alone."""
        return not self.account and not self.elsewhere and not self.office
