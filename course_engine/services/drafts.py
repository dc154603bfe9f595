"""Bringing a course in: read apart with bounds, checked, kept as a draft; then published, or forgotten.

Nothing of a course with faults is kept but the sentences that say where they are.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from course_engine.content import apart, edition
from course_engine.content.apart import Read
from course_engine.content.folder import all_courses, files_digest
from course_engine.crypto import new_id
from course_engine.domain.course import Course
from course_engine.domain.editions import Draft, Edition
from course_engine.domain.errors import BadInput, NotFound, Refused
from course_engine.domain.people import Person
from course_engine.domain.work import Job
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.services import editions, jobs
from course_engine.storage import audit, files
from course_engine.storage import editions as stored
from course_engine.storage import jobs as stored_jobs

KIND = "edition"
LARGEST = 8_000_000
MOST_DRAFTS = 20
_MEDIA = "course"
_BACK = "/admin/courses/import"
_PARTS = 3
_ID = re.compile(rb"^id:[ \t]*[\"']?([a-z0-9-]{1,80})[\"']?[ \t]*(?:#.*)?\r?$", re.MULTILINE)


class Outcome(StrEnum):
    """What came of bringing a course in."""

    DRAFT = "draft"
    IN_USE = "in-use"
    OLDER = "older"
    FAULTS = "faults"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of it, with all there is to say: the edition, the faults (`more` untold), or one sentence."""

    outcome: Outcome
    name: str
    digest: str = ""
    faults: tuple[str, ...] = ()
    more: int = 0
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of a course on this machine; `changed` since it was last read, or never read."""

    course: str
    path: Path
    changed: bool


def ask_upload(engine: Engine, person: Person, data: bytes, name: str, now: datetime) -> Job:
    """Have a packed folder brought in. Raises BadInput where it cannot be one."""
    if not data:
        raise BadInput({"file": _("Choose a file first.")})
    if len(data) > LARGEST:
        raise BadInput(
            {"file": _("This file is larger than %(most)d MB. A course is texts and small pictures: take out "
                       "what the course does not use.", most=LARGEST // 1_000_000)}
        )  # fmt: skip
    if not data.startswith(b"PK"):
        raise BadInput({"file": _("This is no ZIP file. Pack the folder of one course as a ZIP.")})
    id = new_id()
    with engine.database.transaction():
        files.keep(files.File(id, f"course|{id}".encode(), _MEDIA, name[:200], data, person.id, now))
        return jobs.ask(engine, KIND, person, {"upload": id, "back": _BACK}, _PARTS, now)


def ask_folder(engine: Engine, person: Person, course: str, now: datetime) -> Job:
    """Have a folder of this machine brought in. Raises NotFound."""
    _folder(engine, course)
    return jobs.ask(engine, KIND, person, {"course": course, "back": _BACK}, _PARTS, now)


def make(engine: Engine, job: Job, progress: jobs.Progress, now: datetime) -> Mapping[str, object]:
    """Handler of the job kind `edition`."""
    if job.result:
        # All was done but to say so, and the file is gone.
        return job.result
    person = jobs.asked_by(job)
    progress(1, _PARTS)
    upload, course = str(job.subject.get("upload", "")), str(job.subject.get("course", ""))

    def beat() -> None:
        progress(1, _PARTS)

    try:
        if upload:
            name, data = _uploaded(upload, person)
            found = apart.compile_packed(data, person.language, beat)
        else:
            folder = _folder(engine, course)
            name, before = str(folder.path), files_digest(folder.path)
            found = apart.compile_folder(folder.path, person.language, beat)
    except Refused as error:
        brought: dict[str, object] = {"outcome": Outcome.REFUSED, "sentence": str(error)}
        name = _name_of(upload) or course
    else:
        progress(2, _PARTS)
        with engine.database.transaction():
            brought = _keep(found, person, now)
            read = found.digest and found.data["course"]["id"] == course
            if read and brought["outcome"] is not Outcome.REFUSED:
                editions.remember_draft(course, before, found.digest)
    page = f"/admin/courses/drafts/{found.digest}" if brought["outcome"] == Outcome.DRAFT else None
    result = {**brought, "name": name, "page": page or f"/admin/courses/imports/{job.id}"}
    if upload:
        with engine.database.transaction():
            stored_jobs.note(job.id, result)
            files.drop(upload)
    return result


def brought(person: Person, id: str) -> Brought:
    """What came of a job of theirs. Raises NotFound."""
    job = jobs.own(person, id)
    if job.kind != KIND or "outcome" not in job.result:
        raise NotFound(_("There is no such page."))
    told = job.result
    faults = told.get("faults")
    return Brought(
        Outcome(str(told["outcome"])),
        str(told["name"]),
        str(told.get("digest", "")),
        tuple(str(one) for one in faults) if isinstance(faults, list) else (),
        int(str(told.get("more", 0))),
        str(told.get("sentence", "")),
    )


def on_this_machine(engine: Engine) -> list[Folder]:
    """The folders of courses, each once, with whether there is something new in them."""
    found: dict[str, Folder] = {}
    for path in all_courses(editions.folders(engine)):
        course = _id_of(path)
        if course and course not in found:
            last = editions.known(course)
            changed = last is None or last.files != files_digest(path)
            found[course] = Folder(course, path, changed)
    return list(found.values())


def get(digest: str) -> Draft:
    """A draft. Raises NotFound."""
    found = stored.draft(digest)
    if found is None:
        raise NotFound(_gone())
    return found


def course(draft: Draft, language: str) -> Course:
    """What a draft says, in this language. Raises NotFound."""
    return _course(draft.digest, language)


def languages(draft: Draft) -> tuple[str, ...]:
    """The languages of a draft, its own first."""
    compiled = stored.load_draft(draft.digest)
    return edition.languages_of(edition.decode(compiled)) if compiled else ()


def publish(engine: Engine, digest: str, over: str, person: Person, now: datetime) -> Edition:
    """Make a draft the newest edition of its course; whoever is on their way keeps theirs for now.

    `over` is the edition in use that it was compared with. Pressed twice it is published once. Raises
    NotFound, and Refused where another has been published meanwhile.
    """
    with engine.database.transaction():
        engine.database.one_at_a_time(editions.CHANGING)
        there = stored.get(digest)
        if there is not None and stored.newest(there.course) == digest:
            return there
        draft = get(digest)
        if (stored.newest(draft.course) or "") != over:
            raise Refused(
                _(
                    "Somebody has published or withdrawn another edition of this course meanwhile. Nothing "
                    "was changed. Look at the draft again: it is compared with the edition in use now."
                )
            )
        compiled = stored.load_draft(digest) or b""
        stored.publish(digest, draft.course, draft.title, compiled, now)
        stored.drop_draft(digest)
        audit.add(now, person.id, "edition.publish", None, {"course": draft.course, "edition": digest})
        return Edition(digest, draft.course, draft.title, now)


def forget(engine: Engine, digest: str, person: Person, now: datetime) -> None:
    """Let a draft go."""
    with engine.database.transaction():
        draft = stored.draft(digest)
        if draft is not None and stored.drop_draft(digest):
            audit.add(now, person.id, "edition.forget", None, {"course": draft.course, "edition": digest})


def _keep(found: Read, person: Person, now: datetime) -> dict[str, object]:
    if found.faults:
        return {
            "outcome": Outcome.FAULTS, "faults": [str(fault) for fault in found.faults], "more": found.more,
        }  # fmt: skip
    course, title = str(found.data["course"]["id"]), str(found.data["course"]["title"])
    if stored.newest(course) == found.digest:
        return {"outcome": Outcome.IN_USE, "digest": found.digest}
    if stored.get(found.digest) is not None:
        return {"outcome": Outcome.OLDER, "digest": found.digest}
    if len(stored.drafts()) >= MOST_DRAFTS and stored.draft(found.digest) is None:
        sentence = _("There are %(n)d drafts already. Publish or forget one of them first.", n=MOST_DRAFTS)
        return {"outcome": Outcome.REFUSED, "sentence": sentence}
    notes = tuple(str(note) for note in found.notes)
    draft = Draft(found.digest, course, title, person.id, now, notes)
    stored.keep_draft(draft, edition.encode(found.data))
    audit.add(now, person.id, "edition.bring", None, {"course": course, "edition": found.digest})
    return {"outcome": Outcome.DRAFT, "digest": found.digest}


def _uploaded(upload: str, person: Person) -> tuple[str, bytes]:
    found = files.get(upload)
    if found is None or found.person != person.id or found.media_type != _MEDIA:
        raise Refused(_("The file is not here any more. Choose it again."))
    return found.name, found.data


def _name_of(upload: str) -> str:
    found = files.get(upload) if upload else None
    return found.name if found else ""


def _folder(engine: Engine, course: str) -> Folder:
    found = next((one for one in on_this_machine(engine) if one.course == course), None)
    if found is None:
        raise NotFound(_("There is no folder with this course on this machine any more."))
    return found


def _id_of(folder: Path) -> str:
    try:
        with (folder / "course.yaml").open("rb") as file:
            found = _ID.search(file.read(100_000))
    except OSError:
        return ""
    return found[1].decode() if found else ""


@lru_cache(8)
def _course(digest: str, language: str) -> Course:
    compiled = stored.load_draft(digest)
    if compiled is None:
        raise NotFound(_gone())
    return edition.course_of(edition.decode(compiled), language)


def _gone() -> str:
    return _("There is no such draft. It may have been published, or forgotten, meanwhile.")
