"""What comes of a change, in sentences, and the kind words a learner reads with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from course_engine.domain.changes import Deed, Outcome, after
from course_engine.domain.course import Course, Week
from course_engine.i18n import day_and_month, mark, ngettext, week_name
from course_engine.i18n import gettext as _
from course_engine.services.changes import Effect

MOST_NAMES = 12
TITLES = {
    Deed.OPEN: mark("Open a week"),
    Deed.STAY: mark("Stay longer"),
    Deed.HOLD: mark("Put on hold"),
    Deed.RETURN: mark("Come back from a hold"),
    Deed.WAIVE: mark("Go on without the week before"),
    Deed.PAPER: mark("Mark steps done on paper"),
}
BUTTONS = {
    Deed.OPEN: (mark("Open it for %(n)s person"), mark("Open it for %(n)s people")),
    Deed.STAY: (mark("Let %(n)s person stay longer"), mark("Let %(n)s people stay longer")),
    Deed.HOLD: (mark("Put %(n)s person on hold"), mark("Put %(n)s people on hold")),
    Deed.RETURN: (mark("Bring %(n)s person back"), mark("Bring %(n)s people back")),
    Deed.WAIVE: (mark("Let %(n)s person go on"), mark("Let %(n)s people go on")),
    Deed.PAPER: (mark("Mark as done for %(n)s person"), mark("Mark as done for %(n)s people")),
}
BUTTONS_OF_A_WEEK = {
    Deed.OPEN: (
        mark("Open week %(number)s for %(n)s person"),
        mark("Open week %(number)s for %(n)s people"),
    ),
    Deed.HOLD: (
        mark("Put week %(number)s on hold for %(n)s person"),
        mark("Put week %(number)s on hold for %(n)s people"),
    ),
}
SAME = {
    Outcome.OPEN_ALREADY: mark("It is open already"),
    Outcome.DONE_ALREADY: mark("It is done already"),
    Outcome.HELD_ALREADY: mark("On hold already"),
    Outcome.NOT_HELD: mark("Not on hold"),
    Outcome.NOT_STARTED: mark("Not started yet"),
    Outcome.ON_HOLD: mark("On hold: it opens when that ends"),
    Outcome.NOT_THERE_YET: mark("This week is not open to them yet"),
    Outcome.FINISHED: mark("At the end of the course"),
    Outcome.ENDED: mark("The group has come to its end"),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """What comes of it for some people, and their names."""

    words: str
    names: str
    changes: bool


def title(deed: Deed) -> str:
    return _(TITLES[deed])


def name(week: Week | None) -> str:
    """`Week 4` or “Finding your feet”, as it begins a sentence."""
    if week is None:
        return _("The course")
    return week_name(week.number) if week.number else _("“%(title)s”", title=week.title)


def sentences(
    course: Course, week: Week | None, deed: Deed, effects: Sequence[Effect], since: str, until: str
) -> list[Sentence]:
    """What comes of a change: first for whom it changes something, then for whom it does not, and why."""
    kinds: dict[Outcome, list[str]] = {}
    for one in effects:
        kinds.setdefault(one.outcome, []).append(one.name)
    found = []
    if Outcome.CHANGES in kinds:
        names = kinds[Outcome.CHANGES]
        found.append(Sentence(_changes(course, week, deed, len(names), since, until), named(names), True))
    for outcome, words in SAME.items():
        if outcome in kinds:
            count = len(kinds[outcome])
            stay = ngettext("%(n)s stays as they are.", "%(n)s stay as they are.", count)
            found.append(Sentence(f"{stay} {_(words)}.", named(kinds[outcome]), False))
    return found


def button(week: Week | None, deed: Deed, count: int) -> str:
    """What the last button does, for how many people."""
    numbered = bool(week and week.number) and deed in BUTTONS_OF_A_WEEK
    one, many = BUTTONS_OF_A_WEEK[deed] if numbered else BUTTONS[deed]
    return ngettext(one, many, count, number=week.number if week else "")


def named(names: Sequence[str], most: int = MOST_NAMES) -> str:
    """Names in a row; of many, the first dozen, or as many as said."""
    shown = ", ".join(names[:most])
    more = len(names) - most
    return (
        ngettext("%(names)s and %(n)s more", "%(names)s and %(n)s more", more, names=shown)
        if more > 0
        else shown
    )


def note(deed: Deed, course: Course, week: str, until: str) -> str:
    """Kind words for the learner, to be changed as wished."""
    of = course.week(int(week)) if week.isdecimal() and len(week) < 4 else None
    following = after(course, of.id) if of else None
    match deed:
        case Deed.OPEN if of:
            return _("%(week)s is open for you. There is no hurry with it.", week=name(of))
        case Deed.STAY if of and following:
            return _(
                "There is another week of time. %(week)s comes when you are there.", week=name(following)
            )
        case Deed.WAIVE if of:
            return _("You can go on to %(week)s. What is left of the week before stays open.", week=name(of))
        case Deed.HOLD:
            return _("Your place is kept. Everything that was open stays open, and nothing waits for you.")
        case _:
            return ""


def _changes(course: Course, week: Week | None, deed: Deed, count: int, since: str, until: str) -> str:
    when, to = _said(since), _said(until)
    match deed:
        case Deed.OPEN:
            return _opens(week, count, when)
        case Deed.STAY:
            following = after(course, week.id) if week else None
            return ngettext(
                "%(week)s is shown as next a week later for %(n)s person.",
                "%(week)s is shown as next a week later for %(n)s people.",
                count, week=name(following),
            )  # fmt: skip
        case Deed.HOLD:
            return _holds(week, count, to)
        case Deed.RETURN:
            return ngettext("%(n)s person comes back now.", "%(n)s people come back now.", count)
        case Deed.WAIVE:
            return ngettext(
                "%(week)s waits no longer for the week before it, for %(n)s person.",
                "%(week)s waits no longer for the week before it, for %(n)s people.",
                count, week=name(week),
            )  # fmt: skip
        case _:
            return ngettext(
                "These steps are marked as done for %(n)s person.",
                "These steps are marked as done for %(n)s people.",
                count,
            )


def _opens(week: Week | None, count: int, when: str) -> str:
    if when:
        return ngettext(
            "%(week)s opens on %(day)s for %(n)s person.", "%(week)s opens on %(day)s for %(n)s people.",
            count, week=name(week), day=when,
        )  # fmt: skip
    return ngettext(
        "%(week)s opens now for %(n)s person.", "%(week)s opens now for %(n)s people.", count, week=name(week)
    )


def _holds(week: Week | None, count: int, until: str) -> str:
    if until:
        return ngettext(
            "%(what)s is on hold until %(day)s for %(n)s person.",
            "%(what)s is on hold until %(day)s for %(n)s people.",
            count, what=name(week), day=until,
        )  # fmt: skip
    return ngettext(
        "%(what)s is on hold for %(n)s person, until you end it.",
        "%(what)s is on hold for %(n)s people, until you end it.",
        count, what=name(week),
    )  # fmt: skip


def _said(text: str) -> str:
    try:
        return day_and_month(date.fromisoformat(text)) if text else ""
    except ValueError:
        return ""
