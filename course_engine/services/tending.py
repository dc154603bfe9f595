"""The outbox and the jobs, as those who run a site look after them: nothing of what is in them."""

from dataclasses import dataclass
from datetime import datetime

from course_engine.domain.errors import NotFound
from course_engine.domain.people import Person
from course_engine.domain.work import Job, JobState, Posted
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.storage import accounts, audit, jobs, outbox
from course_engine.storage import retention as warned

PAGE = 50
GOING = (JobState.WAITING, JobState.RUNNING)
ENDED = (JobState.STOPPED, JobState.CANCELLED, JobState.DONE)


@dataclass(frozen=True, slots=True)
class Letters:
    """Some letters, newest first, and the id below which the next page begins (if there is one)."""

    letters: list[Posted]
    after: str


@dataclass(frozen=True, slots=True)
class Jobs:
    """Some jobs, newest first, with the names of those who asked for them, and where it goes on."""

    jobs: list[Job]
    names: dict[str, str]
    after: str


def letters(sent: bool, after: str = "") -> Letters:
    """The letters that were sent, or those that wait."""
    found = outbox.listed(sent, after, PAGE + 1)
    return Letters(found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else "")


def send_now(engine: Engine, admin: Person, letter: str, now: datetime) -> None:
    """Try a letter again at once. Raises NotFound for one that is sent or gone."""
    with engine.database.transaction():
        if not outbox.free_now(letter):
            raise NotFound(_("This letter is on its way already, or was dropped."))
        audit.add(now, admin.id, "letter.again", None, {"letter": letter})
        engine.database.after_commit(engine.bell.ring)


def drop(engine: Engine, admin: Person, letter: str, now: datetime) -> None:
    """Forget a letter that waits; what it was about stays as it is. Raises NotFound.

    Whoever it would have warned has not been warned, so they are warned anew before anything is deleted.
    """
    with engine.database.transaction():
        word = outbox.remove(letter)
        if word is None:
            raise NotFound(_("This letter is on its way already, or was dropped."))
        warned.forget_warning(word)
        audit.add(now, admin.id, "letter.drop", None, {"letter": letter})


def jobs_of(ended: bool, after: str = "") -> Jobs:
    """The jobs that have ended, or those that are going on."""
    found = jobs.listed(ENDED if ended else GOING, after, PAGE + 1)
    shown = found[:PAGE]
    names = accounts.names({job.person for job in shown})
    return Jobs(shown, names, shown[-1].id if len(found) > PAGE else "")


def do_again(engine: Engine, admin: Person, id: str, now: datetime) -> None:
    """Have a job done that was given up or cancelled. Raises NotFound for one that is not there."""
    job = _job(id)
    with engine.database.transaction():
        if jobs.again(id):
            audit.add(now, admin.id, "job.again", job.person, {"job": id, "kind": job.kind})
            engine.database.after_commit(engine.bell.ring)


def cancel(engine: Engine, admin: Person, id: str, now: datetime) -> None:
    """Want a job no more; one that has ended stays as it is. Raises NotFound for one that is not there."""
    job = _job(id)
    with engine.database.transaction():
        if jobs.cancel(id):
            audit.add(now, admin.id, "job.cancel", job.person, {"job": id, "kind": job.kind})


def _job(id: str) -> Job:
    found = jobs.get(id)
    if found is None:
        raise NotFound(_("There is no such job any more."))
    return found
