"""Runs: a person's way through one course, from joining on, and how it stands."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from course_engine.crypto import new_id
from course_engine.domain.access import Access, Outline, access, to_keep
from course_engine.domain.calendar import local_day
from course_engine.domain.cohorts import Cohort, RequestState, Session
from course_engine.domain.course import Course
from course_engine.domain.errors import BadInput, NotFound, Refused
from course_engine.domain.pace import Override, OverrideKind, Pace, PaceKind
from course_engine.domain.people import Consent, Person
from course_engine.domain.progress import History, Run
from course_engine.domain.standing import Status
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.services import editions
from course_engine.storage import audit, cohorts, people, progress, runs
from course_engine.storage import editions as stored_editions

CONSENT_VERSION = "2026-11"
SEEN_EVERY = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Position:
    """A run with everything that says how it stands at one instant; `zone` is the reader's own.

    In a cohort, `asked` is how the newest contact request stands, if there is one.
    """

    run: Run
    course: Course
    history: History
    pace: Pace
    overrides: tuple[Override, ...]
    access: Access
    zone: str
    cohort: Cohort | None = None
    sessions: tuple[Session, ...] = ()
    asked: RequestState | None = None

    @property
    def whole_workbook(self) -> bool:
        """Whether the book on paper is whole from the start: by the cohort, or the wish of somebody alone."""
        return self.cohort.whole_workbook if self.cohort else self.run.whole_workbook


class Stands(NamedTuple):
    """How a run stands, with the facts that tell what of it is written down already."""

    run: str
    history: History
    overrides: Sequence[Override]
    outline: Outline


def join_alone(
    engine: Engine, person: Person, course: str, pace: PaceKind, now: datetime, *, on_paper: bool = False
) -> Run:
    """Begin a course at one's own pace, having agreed to the three points of joining.

    `on_paper` lets them print the whole workbook from the start. Pressing twice gives the run that is there:
    an unfinished run of the same course is not begun again.
    """
    if pace is PaceKind.COHORT:
        raise BadInput({"pace": _("Choose one of the three paces. A group is joined with its code.")})
    with engine.database.transaction():
        engine.database.one_at_a_time(f"runs of {person.id}")
        for run in runs.of(person.id):
            if run.course == course and run.cohort is None and not _finished(engine, person, run, now):
                return run
        run = Run(new_id(), person.id, course, editions.newest(course), pace.value, None, now)
        runs.add(run, now)
        runs.print_whole(run.id, on_paper)
        people.agree(person.id, course, Consent(CONSENT_VERSION, now))
    return run


def current(engine: Engine, person: Person) -> Run:
    """The run that an address without a course means. Raises NotFound when there is none yet."""
    run = runs.current(person.id)
    if run is None:
        raise NotFound(_("You have not begun a course yet."))
    return run


def own(engine: Engine, person: Person, run: str) -> Run:
    """One of the person's own runs. Raises NotFound, for another's too."""
    found = runs.get(run)
    if found is None or found.person != person.id:
        raise NotFound(_("There is no such page."))
    return found


def of_person(engine: Engine, person: Person) -> list[tuple[Run, Course]]:
    """All runs of a person, the one at hand first, each with its course."""
    return [(run, engine.shelf.course(run.edition, person.language)) for run in runs.of(person.id)]


def choose(engine: Engine, person: Person, run: str, now: datetime) -> None:
    """Let addresses without a course mean this run. Raises NotFound."""
    chosen = own(engine, person, run)
    with engine.database.transaction():
        runs.bring_forward(chosen.id, now)


def position(engine: Engine, person: Person, run: Run, now: datetime) -> Position:
    """How this run stands: the one access rule, asked with all its facts."""
    course = engine.shelf.course(run.edition, person.language)
    history = progress.history(run)
    overrides = progress.overrides(run.id, run.cohort)
    found_cohort = cohorts.calendar_for(run.cohort, person.id) if run.cohort else None
    cohort, sessions, asked = found_cohort or (None, (), None)
    pace = pace_of(run, person, cohort, sessions)
    found = access(course, history, pace, overrides, now)
    return Position(run, course, history, pace, overrides, found, person.zone, cohort, sessions, asked)


def seen_at(engine: Engine, person: Person, run: Run, instant: datetime) -> Position:
    """How this run stood at an instant that is past, or will stand if nothing more is done until then."""
    at = position(engine, person, run, instant)
    history = at.history.until(instant)
    overrides = tuple(change for change in at.overrides if change.start <= instant)
    return replace(
        at,
        history=history,
        overrides=overrides,
        access=access(at.course, history, at.pace, overrides, instant),
    )


def pace_of(run: Run, person: Person, cohort: Cohort | None, sessions: tuple[Session, ...]) -> Pace:
    """The rule by which the weeks of a run open."""
    return pace_of_cohort(cohort, sessions) if cohort else Pace.alone(PaceKind(run.pace), person.zone)


def pace_of_cohort(cohort: Cohort, sessions: Sequence[Session]) -> Pace:
    """The rule by which the weeks of everybody in a cohort open."""
    # A cancelled session keeps its day: that it is cancelled is for attendance only.
    calendar: dict[int, date] = {
        session.number: local_day(session.starts_at, cohort.zone) for session in sessions
    }
    return Pace(PaceKind.COHORT, cohort.zone, cohort.time, cohort.completion, calendar, cohort.ended_at)


def keep(at: Position) -> None:
    """Write down what is open and done, before the rules of the run change: nothing is taken back.

    A week that a facilitator opened early and the learner has not looked at is left out, so that opening
    it can be undone.
    """
    keep_each([Stands(at.run.id, at.history, at.overrides, at.access)])


def keep_each(found: Sequence[Stands]) -> None:
    """The same for many runs at once, with as many statements."""
    early = {one.run: _opened_early(one) for one in found}
    seen = progress.seen_weeks([run for run, weeks in early.items() if weeks])
    opened: list[progress.Mark] = []
    finished: list[progress.Mark] = []
    for one in found:
        known, (open_since, done_since) = one.history, to_keep(one.outline)
        closing = early[one.run] - {*seen.get(one.run, ()), *known.opened, *done_since}
        left_out = closing | known.opened.keys()
        opened += [(one.run, week, at) for week, at in open_since.items() if week not in left_out]
        finished += [(one.run, week, at) for week, at in done_since.items() if week not in known.finished]
    progress.mark_weeks(opened, finished)


@contextmanager
def changing(engine: Engine, run: Run, now: datetime) -> Iterator[Position]:
    """Nobody else changes this run meanwhile; how it stood before, with what was open written down."""
    person = person_of(run)
    with engine.database.transaction():
        engine.database.one_at_a_time(f"run {run.id}")
        at = position(engine, person, run, now)
        keep(at)
        yield at
        count(position(engine, person, runs.get(run.id) or run, now))


def count(at: Position) -> None:
    """Keep the facts by which boards sort and filter."""
    runs.count({at.run.id: (at.access.reached, at.access.waits_until)})


def note_seen(engine: Engine, run: Run, now: datetime) -> bool:
    """Note now and then that somebody is on this way; whether it was noted now."""
    if run.seen_at is not None and now - run.seen_at < SEEN_EVERY:
        return False
    with engine.database.transaction():
        runs.seen(run.id, now)
    return True


def person_of(run: Run) -> Person:
    """Whose run this is. Raises NotFound."""
    person = people.get(run.person)
    if person is None:
        raise NotFound(_("There is no such page."))
    return person


def settle(engine: Engine, person: Person, at: Position, now: datetime) -> bool:
    """Write down that a week has just been finished: it stays so, and the course ends or goes on.

    It goes on in its newest edition. Whether it has ended.
    """
    keep(at)
    if at.access.status is not Status.FINISHED:
        to_newest(engine, person, at, now)
        return False
    runs.finish(at.run.id, now)
    return True


def change_pace(engine: Engine, person: Person, run: Run, pace: PaceKind, now: datetime) -> None:
    """Go on at another pace; what is open stays open. Raises Refused in a cohort."""
    if run.cohort is not None:
        raise Refused(_("Your group sets the dates of this course, so there is no pace to choose."))
    if pace is PaceKind.COHORT:
        raise BadInput({"pace": _("Choose one of the three paces. A group is joined with its code.")})
    with engine.database.transaction():
        keep(position(engine, person, run, now))
        runs.set_pace(run.id, pace.value)


def print_whole(engine: Engine, run: Run, whole: bool) -> None:
    """Print the whole workbook from now on, or what is open in it. Raises Refused in a cohort."""
    if run.cohort is not None:
        raise Refused(_("Your group decides whether its workbook is whole from the start."))
    with engine.database.transaction():
        runs.print_whole(run.id, whole)


def change_zone(engine: Engine, person: Person, zone: str, now: datetime) -> None:
    """Live by another clock; what is open in any run stays open."""
    with engine.database.transaction():
        for run in runs.of(person.id):
            keep(position(engine, person, run, now))
        people.change(person.id, zone=zone)


def to_newest(engine: Engine, person: Person, at: Position, now: datetime) -> Run:
    """Move a learner alone to the newest edition; a cohort keeps its own until it is moved.

    Nobody moves back: where an edition was withdrawn, whoever is on their way through it goes on with it.
    """
    if at.run.cohort is not None:
        return at.run
    newest = stored_editions.newer(at.run.course, at.run.edition)
    if newest is None:
        return at.run
    keep(at)
    runs.move_edition(at.run.id, newest)
    detail = {"run": at.run.id, "course": at.run.course, "edition": newest}
    audit.add(now, person.id, "run.edition", person.id, detail)
    return replace(at.run, edition=newest)


def _opened_early(one: Stands) -> set[str]:
    """The weeks that are open because a facilitator opened them, and had not opened by themselves before."""
    found: set[str] = set()
    for change in one.overrides:
        if change.kind is OverrideKind.OPEN_EARLY:
            named = (
                one.outline.weeks.items()
                if change.week is None
                else [(change.week, one.outline.weeks.get(change.week))]
            )
            found |= {week for week, at in named if at and at.opened_at and at.opened_at >= change.start}
    return found


def _finished(engine: Engine, person: Person, run: Run, now: datetime) -> bool:
    # A newer, shorter edition ends a course without a last step, and so without a finishing instant.
    return run.finished_at is not None or position(engine, person, run, now).access.status is Status.FINISHED
