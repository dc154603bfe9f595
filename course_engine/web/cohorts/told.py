"""A board in words: states, days near today, and the row of weeks as shapes with their words beside them."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from markupsafe import Markup

from course_engine import i18n
from course_engine.domain.boards import Word
from course_engine.domain.calendar import local_day
from course_engine.domain.changes import Made
from course_engine.domain.cohorts import Present, RequestState, Session
from course_engine.domain.course import Course
from course_engine.domain.pace import By
from course_engine.domain.standing import State, Status
from course_engine.i18n import gettext as _
from course_engine.i18n import mark, ngettext
from course_engine.services.boards import Board, Row, Show
from course_engine.services.changes import Batch

TWO = 2
FILTERS = {
    Show.EVERYONE: mark("Everyone"),
    Show.CONTACT: mark("Asked for contact"),
    Show.QUIET: mark("Quiet for over 10 days"),
    Show.WAITING: mark("Waiting for a week to open"),
    Show.NOT_STARTED: mark("Not started"),
    Show.ON_HOLD: mark("On hold"),
    Show.FINISHED: mark("Finished"),
}
PRESENT = {
    Present.PRESENT: mark("was there"),
    Present.ONLINE: mark("was there online"),
    Present.MADE_UP: mark("made up at home"),
    Present.EXCUSED: mark("excused"),
    Present.NOT_HERE: mark("was not there"),
}
REQUESTS = {
    RequestState.NEW: mark("new"),
    RequestState.SEEN: mark("seen"),
    RequestState.CONTACTED: mark("contacted"),
    RequestState.CLOSED: mark("closed"),
}
_CELLS = {
    State.DONE: mark("Done: %(weeks)s."),
    State.NEXT: mark("Here: %(weeks)s."),
    State.OPEN: mark("Open: %(weeks)s."),
    State.LOCKED: mark("Not open yet: %(weeks)s."),
}


def alike(name: str, count: int) -> str:
    """That several people of a group have the same name; nothing is wrong with it."""
    if count == TWO:
        words = _("There are two people called %(name)s now.", name=name)
    else:
        words = _("There are %(n)s people called %(name)s now.", n=count, name=name)
    return f"{words} {_('A surname or a letter tells them apart.')}"


def filters() -> list[tuple[str, str]]:
    """What a board can be narrowed to, in words."""
    return [(show.value, _(words)) for show, words in FILTERS.items()]


def state(row: Row) -> tuple[str, str, str]:
    """The kind of its tag, the words, and the icon."""
    match row.status:
        case Status.NOT_STARTED:
            return "note", _("Not started"), "clock"
        case Status.ON_HOLD:
            return "hold", _("On hold"), "pause"
        case Status.FINISHED:
            return "done", _("Finished"), "tick"
        case _:
            if row.waiting or (row.asked and row.done == row.asked):
                return "done", _("Week done"), "tick"
            return "open", _("On their way"), "dot"


def where(row: Row) -> str:
    """The week someone is in."""
    if row.here is None:
        return _("Not begun")
    return i18n.week_name(row.here.number)


def to_know(row: Row, today: date, zone: str) -> str:
    """What else a facilitator should know of someone, in a few words."""
    parts = []
    if row.asked_at is not None:
        parts.append(_("Asked for contact, %(when)s", when=near(local_day(row.asked_at, zone), today)))
    if row.held is not None:
        parts.append(held(row, zone))
    if row.before:
        parts.append(_("Did the course before this group began"))
    if row.on_paper:
        parts.append(_("On paper"))
    return " · ".join(parts)


def held(row: Row, zone: str) -> str:
    """Until when someone is on hold."""
    if row.held is None:
        return ""
    if row.held.end is not None:
        return _("Back on %(day)s", day=i18n.day_and_month(local_day(row.held.end, zone)))
    return _("Until they come back") if row.held.by is By.LEARNER else _("Until you end it")


def word(one: Word, now: datetime, zone: str) -> str:
    """A fact of the strip, as it goes on after the name."""
    today = local_day(now, zone)
    day = near(local_day(one.at, zone), today) if one.at else ""
    match one.fact:
        case "contact":
            return _("asked you to get in touch, %(when)s", when=day)
        case "returning":
            return _("plans to come back %(when)s", when=day)
        case "not-started":
            return _("has not started yet")
        case _:
            return _("was last here %(when)s", when=day)


def seen(row: Row, today: date) -> str:
    """The day of someone's last visit or session, as the beginning of a line."""
    if row.last_here is None:
        return _("Not yet")
    words = near(row.last_here, today)
    return words[0].upper() + words[1:]


def near(on: date, today: date) -> str:
    """A day as people say it: today, yesterday, Monday, 8 March."""
    apart = (on - today).days
    if apart in (-1, 0, 1):
        return {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}[apart]
    if -7 < apart < 7:
        return i18n.weekday(on)
    return i18n.day_and_month(on) if abs(on - today) < timedelta(days=300) else i18n.short_day(on)


def cells(row: Row) -> Markup:
    """The weeks of a row as shapes; the words beside them are for who cannot see these."""
    return _cells(row.weeks, row.first_number, i18n.language())


@lru_cache(maxsize=4096)
def _cells(weeks: tuple[State, ...], first: int, _language: str) -> Markup:
    words = []
    for kind, said in _CELLS.items():
        numbers = [str(first + place) for place, one in enumerate(weeks) if one is kind]
        if numbers:
            words.append(_(said) % {"weeks": ", ".join(numbers)})
    shapes = "".join(f'<i class="{one.value}"></i>' for one in weeks)
    return Markup('<span class="weeks" role="img" aria-label="{}">{}</span>').format(
        " ".join(words),
        Markup(shapes),  # noqa: S704 - our own words
    )


def expected(board: Board) -> str:
    """Who can be expected at a session, in a sentence."""
    on_hold, not_started = board.numbers.on_hold, board.numbers.not_started
    parts = [ngettext("%(n)s expected", "%(n)s expected", board.expected)]
    if on_hold:
        parts.append(_("%(n)s on hold", n=on_hold))
    if not_started:
        parts.append(_("%(n)s not started", n=not_started))
    return ", ".join(parts)


def evening(session: Session, now: datetime, zone: str) -> str:
    """When the next session is, by the clock of the group: tonight, or on its day."""
    begin, end = i18n.clock(session.starts_at, zone), i18n.clock(session.ends_at, zone)
    there = i18n.place(zone)
    day, today = local_day(session.starts_at, zone), local_day(now, zone)
    if day == today:
        evening_hour = int(session.starts_at.astimezone(ZoneInfo(zone)).hour) >= 17
        words = (
            _("Tonight, %(begin)s to %(end)s, %(place)s time")
            if evening_hour
            else _("Today, %(begin)s to %(end)s, %(place)s time")
        )
        return words % {"begin": begin, "end": end, "place": there}
    named = i18n.day(day)
    return _("%(day)s, %(begin)s to %(end)s, %(place)s time", day=named, begin=begin, end=end, place=there)


def kept(batch: Batch, course: Course) -> str:
    """What was just changed, for how many people."""
    week = next((one for one in course.weeks if one.id == batch.week), None)
    name = i18n.week_name(week.number if week else 0)
    said = {
        "open_early": ngettext(
            "%(week)s: opened early for %(n)s person.",
            "%(week)s: opened early for %(n)s people.",
            batch.people,
            week=name,
        ),
        "extend": ngettext(
            "%(week)s: shown later for %(n)s person.",
            "%(week)s: shown later for %(n)s people.",
            batch.people,
            week=name,
        ),
        "hold": ngettext("Put on hold for %(n)s person.", "Put on hold for %(n)s people.", batch.people),
        "waive": ngettext(
            "%(week)s: waits for nothing any more, for %(n)s person.",
            "%(week)s: waits for nothing any more, for %(n)s people.",
            batch.people,
            week=name,
        ),
        "return": ngettext("%(n)s person is back.", "%(n)s people are back.", batch.people),
        "paper": ngettext(
            "Steps are marked as done for %(n)s person.",
            "Steps are marked as done for %(n)s people.",
            batch.people,
        ),
    }
    return said[batch.kind]


def made(change: Made, course: Course, zone: str) -> str:
    """A change that stands, in a few words."""
    week = next((one for one in course.weeks if one.id == change.week), None)
    what = i18n.week_name(week.number) if week else ""
    until = i18n.short_day(change.end, zone) if change.end else ""
    match change.kind:
        case "open_early":
            return _("%(week)s opened early", week=what or _("All weeks"))
        case "extend":
            return _("%(week)s a week later", week=what)
        case "waive":
            return _("%(week)s without the week before", week=what)
        case "paper":
            return ngettext("%(n)s step done on paper", "%(n)s steps done on paper", change.steps)
        case _:
            if until:
                return _("%(what)s on hold until %(day)s", what=what or _("The course"), day=until)
            return _("%(what)s on hold", what=what or _("The course"))


def present(how: Present) -> str:
    """How someone took part in a session."""
    return _(PRESENT[how])


def request(state: RequestState) -> str:
    """How far a contact request has come."""
    return _(REQUESTS[state])
