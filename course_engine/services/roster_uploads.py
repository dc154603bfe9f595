"""A roster between being chosen and being taken in: kept sealed, looked at, then done at once or as a job."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from course_engine.crypto import new_id
from course_engine.domain.cohorts import Cohort
from course_engine.domain.errors import BadInput, NotFound
from course_engine.domain.people import Person
from course_engine.domain.work import Job
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.services import cohorts, jobs, roster_files, rosters
from course_engine.services.rosters import Plan
from course_engine.storage import files

KIND = "roster"
_MEDIA = "order"


def keep(engine: Engine, cohort: Cohort, person: Person, data: bytes, now: datetime) -> str:
    """Keep a file that somebody chose, sealed with their key; its id. Raises BadInput for no roster."""
    if not roster_files.read(data):
        raise BadInput({"file": _("This file has a first row and nobody in it.")})
    id = new_id()
    sealed = engine.person_key(person.id).seal_bytes(data, _place(cohort, person, id))
    with engine.database.transaction():
        files.keep(files.File(id, f"roster|{id}".encode(), _MEDIA, "roster.csv", sealed, person.id, now))
    return id


def plan(engine: Engine, cohort: Cohort, person: Person, upload: str) -> Plan:
    """What the file would do now. Raises NotFound for another's."""
    found = files.get(upload)
    if found is None or found.person != person.id or found.digest != f"roster|{upload}".encode():
        raise NotFound(_("There is no such page."))
    data = engine.person_key(person.id).open_bytes(found.data, _place(cohort, person, upload))
    planned = rosters.plan(cohort, roster_files.read(data), upload)
    return replace(planned, unknown=roster_files.unknown(data))


def take(
    engine: Engine, cohort: Cohort, person: Person, upload: str, now: datetime, *, letters: bool
) -> Job | int:
    """Do what the file says, or ask for the job that does; how many rows changed something."""
    wanted = plan(engine, cohort, person, upload)
    if len(wanted.doing) <= rosters.AT_ONCE:
        return rosters.apply(engine, cohort, wanted.changes, upload, person, now, letters=letters)
    subject = {"upload": upload, "cohort": cohort.id, "letters": letters}
    with engine.database.transaction():
        engine.database.one_at_a_time(f"cohort {cohort.id}")
        waiting = next((job for job in jobs.under_way(person) if job.subject.get("upload") == upload), None)
        return waiting or jobs.ask(engine, KIND, person, subject, len(wanted.doing), now)


def make(engine: Engine, job: Job, progress: jobs.Progress, now: datetime) -> Mapping[str, object]:
    """Handler of the job kind `roster`: a hundred rows at a time; begun again it goes on where it was."""
    person = jobs.asked_by(job)
    cohort = cohorts.led(person, str(job.subject["cohort"]))
    upload = str(job.subject["upload"])
    doing = plan(engine, cohort, person, upload).doing
    total = max(job.total, len(doing))
    done = total - len(doing)
    progress(done, total)
    for start in range(0, len(doing), rosters.AT_ONCE):
        some = doing[start : start + rosters.AT_ONCE]
        letters = bool(job.subject.get("letters"))
        done += rosters.apply(engine, cohort, some, upload, person, now, letters=letters)
        progress(done, total)
    return {"page": f"/cohorts/{cohort.id}/people/roster/{upload}"}


def _place(cohort: Cohort, person: Person, id: str) -> str:
    return f"roster|{cohort.id}|{person.id}|{id}"
