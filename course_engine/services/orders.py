"""What a job will need, kept sealed beside it; and jobs about a cohort, asked for once."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from course_engine.crypto import digest, new_id
from course_engine.domain.cohorts import Cohort
from course_engine.domain.errors import NotFound
from course_engine.domain.people import Person
from course_engine.domain.work import Job, JobState
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.services import jobs
from course_engine.storage import files
from course_engine.storage import jobs as stored


class Forgotten(NotFound):
    """What a document was to be made from has changed, or is gone."""

    def __init__(self) -> None:
        super().__init__(_("What this was to be made from has changed or is gone. Ask for it anew."))


def keep(
    engine: Engine,
    person: Person,
    told: object,
    name: str,
    now: datetime,
    cohort: str = "",
    *,
    own: bool = False,
) -> str:
    """Keep what a job will need, sealed, because it may hold `own` words; the id to find it by.

    What names people of a `cohort` is forgotten when one of them is.
    """
    id = new_id()
    sealed = engine.person_key(person.id).seal(json.dumps(told), _place(person, id))
    media = files.SEALED_ORDER if own else files.ORDER
    if cohort:
        media = f"{files.ORDER}{files.COHORT}{cohort}"
    files.keep(files.File(id, digest(f"order|{id}"), media, name, sealed, person.id, now))
    return id


def sheet_name(worksheet: str) -> str:
    """What the PDF of a worksheet is called."""
    return f"{worksheet}.pdf"


def forget_sheet(person: Person, worksheet: str) -> None:
    """Forget what was printed of a worksheet with this person's words; what waits to be is cancelled."""
    name = sheet_name(worksheet)
    if not files.drop_own_words(person.id, name):
        return
    for job in jobs.under_way(person):
        if job.subject.get("own") and job.subject.get("name") == name:
            stored.cancel(job.id)


def opened(engine: Engine, person: Person, job: Job) -> list[Any]:
    """What was kept for a job of this person. Raises Forgotten."""
    id = str(job.subject["order"])
    found = files.get(id)
    if found is None:
        raise Forgotten
    return list(json.loads(engine.person_key(person.id).open(found.data, _place(person, id))))


def ask(
    engine: Engine,
    kind: str,
    cohort: Cohort,
    people: Sequence[str],
    given: Mapping[str, str],
    actor: Person,
    now: datetime,
    press: str,
) -> Job:
    """Ask for a job for these people; the same order with the same `press`, a word of the form, is one job.

    What is `given` along with them is for the job to know; `read` gives both back.
    """
    order = [list(people), dict(given)]
    mark = digest(f"{press}|{kind}|{cohort.id}|{json.dumps(order)}").hex() if press else ""
    with engine.database.transaction():
        engine.database.one_at_a_time(f"cohort {cohort.id}")
        mine = stored.of_person(actor.id)
        wanted = [job for job in mine if job.state is not JobState.CANCELLED]
        before = next((job for job in wanted if mark and job.subject.get("press") == mark), None)
        if before is not None:
            return before
        subject = {
            "cohort": cohort.id,
            "order": keep(engine, actor, order, kind, now),
            "press": mark,
            "back": f"/cohorts/{cohort.id}/certificates",
        }
        return jobs.ask(engine, kind, actor, subject, len(people), now)


def read(engine: Engine, job: Job) -> tuple[list[str], dict[str, str]]:
    """Whom such a job is for, and what was given with it. Raises NotFound once it is forgotten."""
    people, given = opened(engine, jobs.asked_by(job), job)
    return [str(person) for person in people], dict(given)


def _place(person: Person, id: str) -> str:
    return f"order|{person.id}|{id}"
