"""Who may do what: one table of roles and acts."""

from enum import StrEnum


class Role(StrEnum):
    """What a person is here; one person may be several."""

    LEARNER = "learner"
    FACILITATOR = "facilitator"
    ADMIN = "admin"


class Act(StrEnum):
    """What a page, a command or an address lets a person do."""

    LEARN = "learn"
    LEAD = "lead"
    ADMINISTER = "administer"
    KEEP_ACCOUNT = "keep_account"


MAY: dict[Act, frozenset[Role]] = {
    Act.LEARN: frozenset(Role),
    Act.LEAD: frozenset({Role.FACILITATOR}),
    Act.ADMINISTER: frozenset({Role.ADMIN}),
    Act.KEEP_ACCOUNT: frozenset(Role),
}


def may(roles: frozenset[Role], act: Act) -> bool:
    """Whether someone with these roles may do this."""
    return not roles.isdisjoint(MAY[act])
