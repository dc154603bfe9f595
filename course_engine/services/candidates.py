"""Who of a cohort has a certificate, who has earned one, and what is missing for the others.

Who is shown comes from stored facts; what is missing comes from the rule that the learner's own page asks.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from course_engine.domain.awards import Earned, Stage, counted, earned, to_attend
from course_engine.domain.certificates import Certificate, CertificateState
from course_engine.domain.cohorts import Cohort, Session
from course_engine.domain.course import Course
from course_engine.domain.errors import NotFound
from course_engine.domain.progress import Run
from course_engine.domain.standing import Status
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.services import attendance, cohorts, standings
from course_engine.services.standings import Standing
from course_engine.storage import awards
from course_engine.storage.awards import Candidate, View

PAGE = 50


class Show(StrEnum):
    """What the table can be narrowed to."""

    EVERYONE = ""
    READY = "ready"
    MADE = "made"
    NOT_YET = "not-yet"


@dataclass(frozen=True, slots=True)
class Row:
    """Someone of a cohort: what they still need, how many sessions count, and their certificate, if any."""

    person: str
    name: str
    account: bool
    email: str | None
    language: str
    run: Run
    status: Status
    needed: Earned
    attended: int
    made: Certificate | None

    @property
    def stage(self) -> Stage:
        if self.made is not None:
            return Stage.WITHDRAWN if self.made.state is CertificateState.WITHDRAWN else Stage.MADE
        return Stage.READY if self.needed.whole else Stage.NOT_YET


@dataclass(frozen=True, slots=True)
class Table:
    """A page of the table: `total` people are in the view, the other numbers are those of the whole cohort.

    `meetings` is how many sessions there are that were not cancelled, and `asked` how many of them a
    certificate asks for.
    """

    course: Course
    rows: list[Row]
    show: Show
    find: str
    number: int
    total: int
    people: int
    made: int
    ready: int
    meetings: int
    asked: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


def table(
    engine: Engine, cohort: Cohort, show: Show, find: str, number: int, language: str, now: datetime
) -> Table:
    """Fifty people by name. As many statements for a thousand people as for ten."""
    course = engine.shelf.course(cohort.edition, language)
    view = View(cohort.id, len(course.weeks), cohort.attended, now + attendance.BEFORE, show.value, find)
    everybody, made, ready = awards.numbers(view)
    known = {
        Show.EVERYONE: everybody,
        Show.MADE: made,
        Show.READY: ready,
        Show.NOT_YET: everybody - made - ready,
    }
    total = awards.count(view) if find else known[show]
    number = min(number, max(1, -(-total // PAGE)))
    sessions = cohorts.sessions(cohort)
    found = awards.rows(view, PAGE, (number - 1) * PAGE)
    return Table(
        course=course,
        rows=_rows(engine, cohort, sessions, found, language, now),
        show=show,
        find=find,
        number=number,
        total=total,
        people=everybody,
        made=made,
        ready=ready,
        meetings=sum(not one.cancelled for one in sessions),
        asked=to_attend(cohort.attended, sessions),
    )


def those(engine: Engine, cohort: Cohort, people: Collection[str], language: str, now: datetime) -> list[Row]:
    """These people, as far as they are in the cohort, by name."""
    found = awards.those(cohort.id, people)
    return _rows(engine, cohort, cohorts.sessions(cohort), found, language, now)


def one(engine: Engine, cohort: Cohort, person: str, language: str, now: datetime) -> Row:
    """Someone of this cohort. Raises NotFound for anybody else."""
    found = those(engine, cohort, [person], language, now)
    if not found:
        raise NotFound(_("There is no such page."))
    return found[0]


def ready(engine: Engine, cohort: Cohort, now: datetime) -> list[str]:
    """Everybody who has earned a certificate and has none."""
    return awards.people(_view(engine, cohort, Show.READY, now))


def made(engine: Engine, cohort: Cohort, now: datetime) -> list[str]:
    """Everybody who has a certificate."""
    return awards.people(_view(engine, cohort, Show.MADE, now))


def _rows(
    engine: Engine,
    cohort: Cohort,
    sessions: Sequence[Session],
    found: Sequence[Candidate],
    language: str,
    now: datetime,
) -> list[Row]:
    known = standings.of(engine, cohort, sessions, [one.run for one in found], language)
    return [_row(one, known[one.run.id], sessions, cohort.attended, now) for one in found]


def _row(found: Candidate, standing: Standing, sessions: Sequence[Session], asked: int, now: datetime) -> Row:
    stands, attended = standing.at(now), attendance.held(standing.history, sessions, now)
    return Row(
        person=found.run.person,
        name=found.name,
        account=found.account,
        email=found.email,
        language=found.language,
        run=found.run,
        status=stands.status,
        needed=earned(standing.course, stands, attended, sessions, asked),
        attended=len(counted(attended, sessions)),
        made=found.made,
    )


def _view(engine: Engine, cohort: Cohort, show: Show, now: datetime) -> View:
    weeks = engine.shelf.course(cohort.edition, engine.config.locale).weeks
    return View(cohort.id, len(weeks), cohort.attended, now + attendance.BEFORE, show.value)
