"""Attendance: how people took part in the sessions of their cohort."""

from datetime import datetime

from course_engine.domain.cohorts import Cohort, Present
from course_engine.domain.errors import NotFound
from course_engine.domain.people import Person
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.services import runs
from course_engine.storage import audit, cohorts
from course_engine.storage import runs as stored_runs


def attend(
    engine: Engine, cohort: Cohort, number: int, person: str, present: Present, by: Person, now: datetime
) -> None:
    """Write down how someone took part in a session, which may finish a week or the course.

    What was open stays open. Raises NotFound for a session that there is not, and for people outside.
    """
    members = {member: run for member, run, _joined in cohorts.members(cohort.id)}
    run = stored_runs.get(members.get(person, ""))
    if run is None or number not in {one.number for one in cohorts.sessions(cohort.id) if not one.cancelled}:
        raise NotFound(_("There is no such page."))
    with runs.changing(engine, run, now) as before:
        cohorts.attend(cohort.id, number, person, present, now, by.id)
        audit.add(
            now, by.id, "cohort.attend", person,
            {"cohort": cohort.id, "session": number, "present": present.value},
        )  # fmt: skip
        whose = runs.person_of(run)
        after = runs.position(engine, whose, run, now)
        weeks = after.access.weeks.items()
        if any(week.done_at and not before.access.weeks[id].done_at for id, week in weeks):
            runs.settle(engine, whose, after, now)
