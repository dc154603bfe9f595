"""Jobs about a cohort, asked for once; whom one is for, and words with it, are kept sealed beside it."""

import json
from collections.abc import Sequence
from datetime import datetime

from course_engine.crypto import digest
from course_engine.domain.cohorts import Cohort
from course_engine.domain.people import Person
from course_engine.domain.work import Job
from course_engine.engine import Engine
from course_engine.services import jobs, prints
from course_engine.storage import jobs as stored


def ask(
    engine: Engine,
    kind: str,
    cohort: Cohort,
    people: Sequence[str],
    words: str,
    actor: Person,
    now: datetime,
    press: str,
) -> Job:
    """Ask for a job for these people; the same order with the same `press`, a word of the form, is one job.

    `words` are a reason or an option. `read` gives both back.
    """
    order = [list(people), words]
    mark = digest(f"{press}|{kind}|{cohort.id}|{json.dumps(order)}").hex() if press else ""
    with engine.database.transaction():
        engine.database.one_at_a_time(f"cohort {cohort.id}")
        mine = stored.of_person(actor.id)
        before = next((job for job in mine if mark and job.subject.get("press") == mark), None)
        if before is not None:
            return before
        subject = {
            "cohort": cohort.id,
            "order": prints.keep_order(engine, actor, order, kind, now),
            "press": mark,
            "back": f"/cohorts/{cohort.id}/certificates",
        }
        return jobs.ask(engine, kind, actor, subject, len(people), now)


def read(engine: Engine, job: Job) -> tuple[list[str], str]:
    """Whom such a job is for, and the words with it. Raises NotFound once it is forgotten."""
    people, words = prints.read_order(engine, jobs.asked_by(job), job)
    return [str(person) for person in people], str(words)
