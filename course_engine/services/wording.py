"""Reasons as sentences: the one place where `access` is put into words, for every reader."""

from datetime import datetime

from course_engine.domain.course import Course
from course_engine.domain.pace import By
from course_engine.domain.standing import Code, Reason, Standing, State, Status
from course_engine.i18n import clock, day, instant, instant_aside, mark, ngettext, place
from course_engine.i18n import gettext as _

STATES = {
    State.LOCKED: mark("Not open yet"),
    State.OPEN: mark("Open"),
    State.NEXT: mark("Next"),
    State.DONE: mark("Done"),
}
STATUSES = {
    Status.NOT_STARTED: mark("not started"),
    Status.ACTIVE: mark("under way"),
    Status.ON_HOLD: mark("on hold"),
    Status.FINISHED: mark("finished"),
}


def meets(moment: datetime, zone: str) -> str:
    """When a group meets, by its own clock: `Tuesday 17 March 2026, 18:30 (Lisbon)`."""
    told = {"day": day(moment, zone), "hour": clock(moment, zone), "place": place(zone)}
    return _("%(day)s, %(hour)s (%(place)s)", **told)


def why(course: Course, standing: Standing, zone: str) -> str:
    """Why an item is locked and when it opens, in whole sentences; empty for one that is open.

    A day and a week that have to come first are one rule, so they are one sentence. While the course is on
    hold nobody counts the steps that are left.
    """
    told = {reason.code: reason for reason in standing.reasons}
    if Code.HELD in told:
        told = {code: reason._replace(missing=()) for code, reason in told.items()}
    if not {Code.OPENS_ON, Code.PREVIOUS_NOT_DONE} <= told.keys():
        return " ".join(sentence(course, reason, zone) for reason in told.values())
    both = _day_and_previous(course, told.pop(Code.OPENS_ON), told.pop(Code.PREVIOUS_NOT_DONE), zone)
    return " ".join([*(sentence(course, reason, zone) for reason in told.values()), both])


def sentence(course: Course, reason: Reason, zone: str) -> str:
    """One reason in the reader's words and zone."""
    match reason.code:
        case Code.PREVIOUS_NOT_DONE:
            return _previous(course, reason)
        case Code.OPENS_ON:
            return _("Opens on %(when)s.", when=_when(reason, zone))
        case Code.HELD:
            return _held(reason, zone)
        case Code.NOT_STARTED:
            if reason.at is None:
                return _("This course has not begun yet.")
            return _("This course begins on %(when)s.", when=_when(reason, zone))
        case Code.ENDED:
            return _(
                "Your group came to its end on %(when)s. What was open stays open.", when=_when(reason, zone)
            )


def _previous(course: Course, reason: Reason) -> str:
    if not reason.missing:
        return _("Opens once %(week)s is done.", week=_week(course, reason))
    return ngettext(
        "Opens once %(week)s is done: %(n)s step to go.",
        "Opens once %(week)s is done: %(n)s steps to go.",
        len(reason.missing),
        week=_week(course, reason),
    )


def _day_and_previous(course: Course, opens: Reason, previous: Reason, zone: str) -> str:
    when = instant_aside(opens.at, zone) if opens.at else ""
    week = _week(course, previous)
    if not previous.missing:
        return _("Opens on %(when)s, once %(week)s is done.", when=when, week=week)
    return ngettext(
        "Opens on %(when)s, once %(week)s is done: %(n)s step to go.",
        "Opens on %(when)s, once %(week)s is done: %(n)s steps to go.",
        len(previous.missing),
        when=when,
        week=week,
    )


def _week(course: Course, reason: Reason) -> str:
    week = next(week for week in course.weeks if week.id == reason.week)
    return _("week %(week)s", week=week.number) if week.number else _("“%(title)s”", title=week.title)


def _held(reason: Reason, zone: str) -> str:
    if reason.at is not None:
        return _("On hold until %(when)s.", when=_when(reason, zone))
    if reason.by is By.LEARNER:
        return _("Your course is on hold until you come back.")
    return _("Your facilitator keeps this on hold for now.")


def _when(reason: Reason, zone: str) -> str:
    return instant(reason.at, zone) if reason.at else ""
