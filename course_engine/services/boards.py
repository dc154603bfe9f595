"""The board of a cohort: who is where, from the same rule that the learner's own pages ask.

It shows whether steps are done, never how, and nothing that anyone wrote. Who is shown, and in which order,
comes from stored facts; the rule itself is asked only for the rows that are shown.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from course_engine.domain.access import Outline
from course_engine.domain.boards import Numbers, Word
from course_engine.domain.calendar import local_day
from course_engine.domain.cohorts import Cohort, Session, all_ahead
from course_engine.domain.course import Course, Week
from course_engine.domain.openings import Rules, counted
from course_engine.domain.pace import Override
from course_engine.domain.progress import Run
from course_engine.domain.standing import State, Status
from course_engine.engine import Engine
from course_engine.services import attendance, standings
from course_engine.services.standings import Standing
from course_engine.storage import boards, cohorts, runs, site
from course_engine.storage.boards import Listed, Place, View

_COUNTED = "counted"
PAGE = 50
WORDS = 5
QUIET = timedelta(days=10)
SOON = timedelta(days=3)
PATIENCE = timedelta(days=7)
_SOME = 500


class Show(StrEnum):
    """What a board can be narrowed to."""

    EVERYONE = ""
    CONTACT = "contact"
    QUIET = "quiet"
    WAITING = "waiting"
    NOT_STARTED = "not-started"
    ON_HOLD = "on-hold"
    FINISHED = "finished"


class Sort(StrEnum):
    """The orders of a board; a minus turns one round."""

    NAME = "name"
    WEEK = "week"
    SEEN = "seen"
    NAME_BACK = "-name"
    WEEK_BACK = "-week"
    SEEN_BACK = "-seen"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows someone would like to see, in which order, and which page of them (from 1)."""

    show: Show = Show.EVERYONE
    sort: Sort = Sort.NAME
    find: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """Someone on the board.

    `here` is the week they are in, with `done` of the `asked` things that complete it; `weeks` are the states
    of all weeks. `last_here` is the day of their last visit or session, `held` the hold in force. `before` is
    whether they had been through the whole course before the first session.
    """

    person: str
    name: str
    on_paper: bool
    status: Status
    waiting: bool
    here: Week | None
    done: int
    asked: int
    weeks: tuple[State, ...]
    attended: int
    last_here: date | None
    asked_at: datetime | None
    held: Override | None
    first_number: int = 0
    before: bool = False

    @property
    def weeks_done(self) -> int:
        return self.weeks.count(State.DONE)


@dataclass(frozen=True, slots=True)
class Board:
    """A page of a board: `total` people are in the view, `numbers` are those of the whole cohort.

    `words` are facts for which somebody might welcome a word; `meetings` is how many sessions there are, and
    `expected` how many people can be expected at the next one.
    """

    course: Course
    rows: list[Row]
    wanted: Wanted
    total: int
    numbers: Numbers
    words: list[Word]
    next: Session | None
    meetings: int
    expected: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of a board; `next` is the place after which there are more, empty where there are none."""

    rows: list[Row]
    total: int
    meetings: int
    next: Place


def board(engine: Engine, cohort: Cohort, wanted: Wanted, language: str, now: datetime) -> Board:
    """A page of the board. At most eight queries, however many people there are."""
    course = engine.shelf.course(cohort.edition, language)
    sessions = cohorts.sessions(cohort.id)
    view = _view(cohort, course, wanted, now)
    numbers = boards.numbers(view)
    total = boards.count(view) if wanted.show or wanted.find else numbers.people
    page = min(wanted.page, max(1, -(-total // PAGE)))
    listed = boards.rows(view, PAGE, (page - 1) * PAGE)
    away = numbers.on_hold + (0 if all_ahead(sessions, now) else numbers.not_started)
    return Board(
        course=course,
        rows=_rows(engine, cohort, sessions, listed, language, now),
        wanted=Wanted(wanted.show, wanted.sort, wanted.find, page),
        total=total,
        numbers=numbers,
        words=_words(cohort, view, sessions, now),
        next=next((one for one in sessions if not one.cancelled and one.ends_at >= now), None),
        meetings=sum(not one.cancelled for one in sessions),
        expected=numbers.people - away,
    )


def after(engine: Engine, cohort: Cohort, wanted: Wanted, place: Place, language: str, now: datetime) -> Part:
    """Those of a view who come after a place, or from its beginning, as many as a page has.

    Nobody is left out when somebody leaves or comes in between two of them.
    """
    sessions = cohorts.sessions(cohort.id)
    view = _view(cohort, engine.shelf.course(cohort.edition, language), wanted, now)
    found = boards.rows(view, PAGE + 1, after=place)
    listed = found[:PAGE]
    places = (boards.place(view, one.run.id) for one in reversed(listed))
    return Part(
        rows=_rows(engine, cohort, sessions, listed, language, now),
        total=boards.count(view),
        meetings=sum(not one.cancelled for one in sessions),
        next=next(filter(None, places), ()) if len(found) > PAGE else (),
    )


def everyone(engine: Engine, cohort: Cohort, wanted: Wanted, language: str, now: datetime) -> Iterator[Row]:
    """Every row of a view, some hundred at a time."""
    sessions = cohorts.sessions(cohort.id)
    view = _view(cohort, engine.shelf.course(cohort.edition, language), wanted, now)
    for start in range(0, boards.count(view), _SOME):
        yield from _rows(engine, cohort, sessions, boards.rows(view, _SOME, start), language, now)


def people(engine: Engine, cohort: Cohort, wanted: Wanted, now: datetime) -> list[str]:
    """Everybody in a view, by id."""
    return boards.people(_view(cohort, engine.shelf.course(cohort.edition, "en"), wanted, now))


def told_of(listed: Listed, standing: Standing, sessions: Sequence[Session], zone: str, now: datetime) -> Row:
    """What a board tells of one person; a session that is cancelled now, or moved ahead, is not counted."""
    meetings = {one.number for one in sessions if not one.cancelled}
    stands = standing.at(now)
    here = _here(standing, stands)
    done, asked = counted(standing.history, here) if here else (0, 0)
    seen_at = listed.run.seen_at
    return Row(
        person=listed.run.person,
        name=listed.name,
        on_paper=listed.on_paper,
        status=stands.status,
        waiting=stands.status is Status.ACTIVE and stands.waits_until is not None,
        here=here,
        done=done,
        asked=asked,
        weeks=tuple(at.state for at in stands.weeks.values()),
        attended=len(meetings & attendance.held(standing.history, sessions, now).keys()),
        last_here=local_day(seen_at, zone) if seen_at else None,
        asked_at=listed.asked_at,
        held=_held(standing, now) if stands.status is Status.ON_HOLD else None,
        first_number=standing.course.weeks[0].number,
        before=_before(listed.run, sessions),
    )


def recount(engine: Engine, id: str, now: datetime) -> None:
    """Tell the stored facts of a whole cohort anew: after other dates, an import or a migration."""
    cohort = cohorts.get(id)
    if cohort is None:
        return
    sessions = cohorts.sessions(cohort.id)
    with engine.database.transaction():
        runs.name_all(cohort.id)
        found = [one.run for one in boards.runs_of(cohort.id)]
        known = standings.of(engine, cohort, sessions, found, engine.config.locale)
        standings.count({run: standing.at(now) for run, standing in known.items()})


def recount_once(engine: Engine, now: datetime) -> None:
    """Tell the stored facts of every cohort anew, if this site has rows from before there were any."""
    if site.get(_COUNTED):
        return
    for id in boards.of_all_cohorts():
        recount(engine, id, now)
    with engine.database.transaction():
        site.put(_COUNTED, "yes")


def _view(cohort: Cohort, course: Course, wanted: Wanted, now: datetime) -> View:
    return View(
        cohort.id, now, now - QUIET, len(course.weeks), wanted.show.value, wanted.sort.value, wanted.find
    )


def _words(cohort: Cohort, view: View, sessions: Sequence[Session], now: datetime) -> list[Word]:
    """At most five people, each once; of a cohort that has ended only those who asked.

    Whoever was asked in has a week to begin, or until the first session is over.
    """
    met = [one.starts_at for one in sessions if not one.cancelled and one.ends_at <= now]
    asked = max([now - PATIENCE, *met[:1]])
    found: dict[str, Word] = {}
    for word in boards.might_welcome(view, now + SOON, asked, WORDS):
        if cohort.ended_at is None or word.fact == "contact":
            found.setdefault(word.person, word)
    return list(found.values())[:WORDS]


def _rows(
    engine: Engine,
    cohort: Cohort,
    sessions: Sequence[Session],
    listed: Sequence[Listed],
    language: str,
    now: datetime,
) -> list[Row]:
    known = standings.of(engine, cohort, sessions, [one.run for one in listed], language)
    return [told_of(one, known[one.run.id], sessions, cohort.zone, now) for one in listed]


def _before(run: Run, sessions: Sequence[Session]) -> bool:
    return run.finished_at is not None and bool(sessions) and run.finished_at < sessions[0].starts_at


def _here(standing: Standing, stands: Outline) -> Week | None:
    return next((week for week in standing.course.weeks if week.id == stands.here), None)


def _held(standing: Standing, now: datetime) -> Override | None:
    return Rules(standing.history, standing.pace, standing.overrides, now).hold_now()
