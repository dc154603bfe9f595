"""One learner as their facilitator sees them: whether steps are done, sessions, requests, and changes."""

from dataclasses import dataclass, replace
from datetime import datetime

from course_engine.domain.changes import Made
from course_engine.domain.cohorts import Cohort, Present, RequestState, Session
from course_engine.domain.course import Course, Step, Week
from course_engine.domain.errors import NotFound
from course_engine.domain.members import Entry, Member
from course_engine.domain.openings import counted
from course_engine.domain.standing import Standing as WeekStanding
from course_engine.domain.standing import State
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.services import boards, standings
from course_engine.storage import boards as stored
from course_engine.storage import changes, cohorts, contacts, members


@dataclass(frozen=True, slots=True)
class WeekOf:
    """A week of someone's way: how it stands, and for each of its steps whether it is done.

    `done` of the `asked` things that complete it are done: the same numbers as on the board.
    """

    week: Week
    standing: WeekStanding
    steps: tuple[tuple[Step, bool], ...]
    done: int
    asked: int


@dataclass(frozen=True, slots=True)
class Learner:
    """Someone in a cohort. `requests` are the states of their contact requests, never the words.

    `awaited` is whether they were asked in and have not come yet, `reached` whether by an address.
    """

    course: Course
    row: boards.Row
    weeks: tuple[WeekOf, ...]
    sessions: tuple[tuple[Session, Present | None], ...]
    requests: tuple[tuple[datetime, RequestState], ...]
    made: list[Made]
    awaited: bool = False
    reached: bool = False


def learner(engine: Engine, cohort: Cohort, person: str, language: str, now: datetime) -> Learner:
    """Someone in this cohort. Raises NotFound for anybody else."""
    listed = stored.runs_of(cohort.id, [person])
    if not listed:
        raise NotFound(_("There is no such page."))
    run = listed[0].run
    sessions = cohorts.sessions(cohort.id)
    standing = standings.of(engine, cohort, sessions, [run], language)[run.id]
    stands = standing.whole(now)
    present = cohorts.attendance_of(cohort.id, person)
    here = members.one(cohort.id, person)
    return Learner(
        course=standing.course,
        row=boards.told_of(listed[0], standing, sessions, cohort.zone, now),
        weeks=tuple(
            WeekOf(
                week,
                stands.weeks[week.id],
                tuple((step, stands.steps[step.id].state is State.DONE) for step in week.steps),
                *counted(standing.history, week),
            )
            for week in standing.course.weeks
        ),
        sessions=tuple((one, present.get((person, one.number))) for one in sessions if not one.cancelled),
        requests=tuple(
            (one.created_at, one.state) for one in contacts.of_person(person) if one.cohort == cohort.id
        ),
        made=_as_seen_here(changes.of_run(run.id), here),
        awaited=here is not None and here.entry is Entry.INVITED,
        reached=here is not None and here.email is not None,
    )


def _as_seen_here(made: list[Made], here: Member | None) -> list[Made]:
    """Why something was changed before they came here, and by whom, was told to those who led them then."""
    return [
        one if here is not None and one.at >= here.joined_at else replace(one, actor="", reason="", note="")
        for one in made
    ]
