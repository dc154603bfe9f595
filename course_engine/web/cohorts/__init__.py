"""The facilitator's pages: groups, one file a page. Every page of a group asks `here.led` first."""

from course_engine.web.cohorts import (
    board,
    changing,
    contact,
    dates,
    evening,
    invite,
    learner,
    members,
    messages,
    paper,
    people,
    roster,
    settings,
    setup,
)
from course_engine.web.cohorts.blueprint import blueprint

__all__ = [
    "blueprint",
    "board",
    "changing",
    "contact",
    "dates",
    "evening",
    "invite",
    "learner",
    "members",
    "messages",
    "paper",
    "people",
    "roster",
    "settings",
    "setup",
]
