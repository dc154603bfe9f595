"""PDFs for people: a stored one at once, else made while they wait a moment, else as a job.

What holds a person's own words is stored sealed, like the words themselves.
"""

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Semaphore

from course_engine import __version__
from course_engine.crypto import new_id
from course_engine.domain.certificates import Certificate, CertificateState
from course_engine.domain.course import Week
from course_engine.domain.errors import NotFound, NotYetOpen, Refused, Unavailable
from course_engine.domain.people import Person
from course_engine.domain.work import Job
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.rendering import certificates as drawn
from course_engine.rendering import pdf
from course_engine.rendering.books import book_values
from course_engine.rendering.paper import Paper
from course_engine.rendering.weeks import week_values
from course_engine.rendering.worksheets import worksheet_values
from course_engine.services import cohorts, help_lines, jobs, orders, wording, writings
from course_engine.services.runs import Position
from course_engine.storage import files

WAIT = 2.0
MOST_AT_ONCE = 40
KIND = "print"
PAGES = "pages"
_READABLE = ("application/pdf", files.SEALED)
_PARTS = 100
turn = Semaphore(1)


@dataclass(frozen=True, slots=True)
class Print:
    """A document to be made: its kind, plain values, language and file name.

    It is `own` if it holds own words, or names that are one person's to see. `pages` is how many it has,
    where that is known, `back` the page it was asked for on. One made for a `cohort` is
    for those who lead it; `people` is for how many people, where that matters. `made_from` are the run, the
    worksheet and the mark of the answers in it.
    """

    kind: str
    values: Mapping[str, object]
    language: str
    name: str
    own: bool = False
    pages: int = 0
    back: str = ""
    cohort: str = ""
    people: int = 0
    made_from: tuple[str, ...] = ()

    @property
    def personal(self) -> bool:
        """Whether it is made for one person, and goes when they go."""
        return self.own or self.kind in ("certificate", "book")

    @property
    def long(self) -> bool:
        """Whether it has over 40 pages, or may have: then nobody waits for it."""
        if self.pages:
            return self.pages > MOST_AT_ONCE
        return self.kind in ("book", "pack") or (self.kind == "week" and self.values["size"] == "large")


def worksheet(
    engine: Engine, person: Person, at: Position, id: str, paper: Paper, *, filled: bool = False
) -> Print:
    """A worksheet of the run, blank or with the person's own answers.

    Raises NotFound, NotYetOpen, and Refused where the answers are damaged.
    """
    step = at.course.worksheets.get(id)
    if step is None:
        raise NotFound(_("There is no such page."))
    if not at.access.steps[step.id].readable:
        raise NotYetOpen(step.id)
    given = writings.opened(engine, person, at.run, "worksheet", id) if filled else {}
    if given is None:
        raise Refused(_("What you kept on this sheet cannot be opened any more. It can be filled in anew."))
    address = f"{engine.config.base_url}/runs/{at.run.id}/worksheets/{id}"
    values = worksheet_values(
        at.course, id, site=engine.config.site_name, paper=paper, answers=given, address=address,
        help=help_lines.on_paper(engine, at.zone),
    )  # fmt: skip
    wanted = Print("worksheet", values, at.course.language, orders.sheet_name(id), own=bool(given))
    if not wanted.own:
        return wanted
    return replace(
        wanted, made_from=(at.run.id, id, writings.mark_of(engine, at.run, "worksheet", id, given))
    )


def week(engine: Engine, at: Position, of: Week, paper: Paper) -> Print:
    """A whole week of the run on paper."""
    address = f"{engine.config.base_url}/runs/{at.run.id}/weeks/{of.number}"
    values = week_values(
        at.course, of, site=engine.config.site_name, paper=paper, address=address,
        help=help_lines.on_paper(engine, at.zone),
    )  # fmt: skip
    return Print("week", values, at.course.language, f"week-{of.number}.pdf")


def workbook(engine: Engine, at: Position, paper: Paper) -> Print:
    """The course as a book: what is open to this learner, then when the rest opens.

    For a cohort or a learner alone that has the whole workbook on paper it is whole from the start.
    """
    course, found = at.course, at.access
    whole = at.whole_workbook
    values = book_values(
        course,
        site=engine.config.site_name,
        paper=paper,
        address=f"{engine.config.base_url}/runs/{at.run.id}/course",
        help=help_lines.on_paper(engine, at.zone),
        only=None if whole else {step for step, standing in found.steps.items() if standing.readable},
        later=[
            (week, wording.why(course, found.weeks[week.id], at.zone))
            for week in course.weeks
            if not whole and not found.weeks[week.id].readable
        ],
    )
    return Print("book", values, course.language, f"{course.id}.pdf")


def certificate(engine: Engine, made: Certificate, paper: Paper) -> Print:
    """A certificate as it was frozen."""
    state: drawn.State = "withdrawn" if made.state is CertificateState.WITHDRAWN else "valid"
    address = f"{engine.config.base_url}/verify/{made.code}"
    values = drawn.certificate_values(made.frozen, made.code, address, paper.sheet, state)
    return Print("certificate", values, str(made.frozen["language"]), "certificate.pdf")


def deliver(engine: Engine, person: Person, wanted: Print, now: datetime) -> bytes | Job:
    """The PDF, or the job that makes it: when the printing child is busy, and always for a long one.

    Raises Refused.
    """
    stored = files.by_digest(_digest(person, wanted))
    if stored is not None:
        return _opened(engine, person, stored)
    if not wanted.long and turn.acquire(blocking=False):
        try:
            made = pdf.render(wanted.kind, wanted.values, wanted.language, within=WAIT)
            with suppress(orders.Forgotten):
                keep(engine, person, wanted, made, now)
            return made
        except Unavailable:
            pass
        finally:
            turn.release()
    return _as_job(engine, person, wanted, now)


def make(engine: Engine, job: Job, progress: jobs.Progress, now: datetime) -> Mapping[str, object]:
    """Handler of the job kind `print`: makes what was asked for and keeps it.

    Raises NotFound where it is for a cohort that this person leads no longer, and when somebody who is named
    in it was erased meanwhile.
    """
    person, cohort = jobs.asked_by(job), str(job.subject.get("cohort", ""))
    if cohort:
        cohorts.led(person, cohort)
    told, made_from = orders.opened(engine, person, job), job.subject.get("made_from")
    answers = tuple(map(str, made_from)) if isinstance(made_from, list) else ()
    wanted = replace(Print(*told), cohort=cohort, made_from=answers)
    progress(0, _PARTS)
    made = _made(wanted, progress)
    progress(_PARTS, _PARTS)
    with engine.database.transaction():
        orders.opened(engine, person, job)
        return {"file": keep(engine, person, wanted, made, now).id}


def keep(engine: Engine, person: Person, wanted: Print, made: bytes, now: datetime) -> files.File:
    """Keep a document that is made, sealed if it holds own words; asked for again, it is there at once.

    Raises Forgotten where the answers in it have changed meanwhile.
    """
    digest = _digest(person, wanted)
    id = new_id()
    data = made
    if wanted.own:
        data = engine.person_key(person.id).seal_bytes(made, _place(person, digest))
    media = "application/pdf" if not wanted.own else files.SEALED
    if wanted.cohort:
        media += f"{files.COHORT}{wanted.cohort}"
    owner = person.id if wanted.personal else None
    with engine.database.transaction():
        if wanted.made_from:
            run, sheet, mark = wanted.made_from
            if not writings.still_of(engine, person, run, "worksheet", sheet, mark):
                raise orders.Forgotten
        return files.keep(files.File(id, digest, media, wanted.name, data, owner, now))


def file(engine: Engine, person: Person, id: str) -> tuple[str, bytes]:
    """The name and bytes of a finished document of this person. Raises NotFound."""
    found = files.get(id)
    media, _sign, cohort = found.media_type.partition(files.COHORT) if found else ("", "", "")
    if found is None or found.person not in (None, person.id) or media not in _READABLE:
        raise NotFound(_("There is no such page."))
    if cohort:
        cohorts.led(person, cohort)
    return found.name, _opened(engine, person, found)


def _made(wanted: Print, progress: jobs.Progress) -> bytes:
    if not wanted.long:
        return pdf.render(wanted.kind, wanted.values, wanted.language)
    return pdf.render_long(
        wanted.kind, wanted.values, wanted.language, lambda percent: progress(percent, _PARTS)
    ).pdf


def _as_job(engine: Engine, person: Person, wanted: Print, now: datetime) -> Job:
    """The order is kept with the job. Asking again finds the job that waits, pressed twice at once too."""
    digest = _digest(person, wanted).hex()
    with engine.database.transaction():
        engine.database.one_at_a_time(f"jobs of {person.id}")
        asked = (digest, wanted.back)
        going = jobs.under_way(person)
        waiting = next(
            (job for job in going if (job.subject.get("digest"), job.subject.get("back")) == asked), None
        )
        if waiting is not None:
            return waiting
        told = [wanted.kind, wanted.values, wanted.language, wanted.name, wanted.own, wanted.pages]
        subject = {
            "order": orders.keep(engine, person, told, wanted.name, now, wanted.cohort, own=wanted.own),
            "digest": digest,
            "name": wanted.name,
            "own": wanted.own,
            "back": wanted.back,
            "cohort": wanted.cohort,
            "people": wanted.people,
            "made_from": list(wanted.made_from),
        }
        return jobs.ask(engine, KIND, person, subject, _PARTS, now)


def _opened(engine: Engine, person: Person, stored: files.File) -> bytes:
    if stored.media_type.partition(files.COHORT)[0] != files.SEALED:
        return stored.data
    return engine.person_key(person.id).open_bytes(stored.data, _place(person, stored.digest))


def _digest(person: Person, wanted: Print) -> bytes:
    owner = person.id if wanted.personal else ""
    made_from = [__version__, pdf.looks(), owner, wanted.cohort, wanted.kind, wanted.language, wanted.values]
    text = json.dumps(made_from, sort_keys=True)
    return hashlib.sha256(text.encode()).digest()


def _place(person: Person, digest: bytes) -> str:
    return f"file|{person.id}|{digest.hex()}"
