"""Publishing courses: a folder becomes an edition, kept by digest for ever.

What reads folders (YAML, Markdown) is loaded only where a folder is read, never in a process of pages.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from course_engine import __version__
from course_engine.content import edition
from course_engine.content.folder import all_courses, files_digest
from course_engine.domain.course import Course
from course_engine.domain.editions import Draft, Edition
from course_engine.domain.errors import NotFound, Refused
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.paths import MODULES
from course_engine.storage import audit, editions, site

if TYPE_CHECKING:
    from course_engine.content.loader import Compiled

CHANGING = "editions"
_PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Known:
    """What a folder held when it was last read, by a digest of its files.

    `edition` is the last that was published from it, if there is one; where an admin decides whether what it
    held is published too, `draft` is what that made.
    """

    files: str
    edition: str
    draft: str = ""


def publish_all(engine: Engine, now: datetime) -> list[str]:
    """Publish every course whose folder has changed since the last start, and give the course ids.

    Unchanged folders are not even parsed, and what an admin has decided about a course stands: see
    `_bring`. Raises Refused, with every fault, when a folder is not a valid course: its last edition stays
    in use.
    """
    source = _source_digest(folders(engine))
    if site.get(_PUBLISHED) == source:
        return []
    before = {course: digest for course, digest, _title in editions.courses()}
    for course, folder in _loader().courses_by_id(folders(engine)).items():
        _bring(engine, course, folder, now)
    with engine.database.transaction():
        site.put(_PUBLISHED, source)
    return [course for course, digest, _title in editions.courses() if before.get(course) != digest]


def publish(engine: Engine, folder: Path, now: datetime) -> str:
    """Publish one folder as the newest edition of its course and give its digest. Raises Refused."""
    compiled = _compiled(folder)
    course = str(compiled.data["course"]["id"])
    with engine.database.transaction():
        engine.database.one_at_a_time(CHANGING)
        if editions.newest(course) != compiled.digest:
            title = str(compiled.data["course"]["title"])
            editions.publish(compiled.digest, course, title, edition.encode(compiled.data), now)
            editions.drop_draft(compiled.digest)
            audit.add(now, None, "edition.publish", None, {"course": course, "edition": compiled.digest})
        remember(course, Known(files_digest(folder), compiled.digest))
    return compiled.digest


def publish_named(engine: Engine, course: str, now: datetime) -> str:
    """The same for a course by its id, or by its folder. Raises NotFound, Refused."""
    return publish(engine, _folder_of(engine, course), now)


def folders(engine: Engine) -> list[Path]:
    """Where the courses of this site lie: the earlier folder wins where two hold the same course."""
    return [*engine.config.courses, MODULES]


def newest(course: str) -> str:
    """The digest of the newest edition that can be joined. Raises NotFound."""
    digest = editions.newest(course)
    if digest is not None:
        return digest
    if editions.every(course):
        raise NotFound(_("This course is not offered at present. Whoever has begun it goes on with it."))
    raise NotFound(_("There is no course called %(course)s here.", course=course))


def last(course: str) -> str:
    """The same, or the last that could be joined where none can: groups go on with it. Raises NotFound."""
    digest = editions.newest(course)
    if digest is not None:
        return digest
    every = editions.every(course)
    return every[0].digest if every else newest(course)


def look_up(engine: Engine, course: str) -> Course:
    """A course by its id, as it is published, or as it lies in its folder while it is not yet.

    An author may name the folder itself. Raises NotFound, and Refused when the folder is not a valid course.
    """
    digest = editions.newest(course)
    if digest is not None:
        return engine.shelf.course(digest, engine.config.locale)
    return edition.course_of(_compiled(_folder_of(engine, course)).data, engine.config.locale)


def offer(engine: Engine, course: str, language: str) -> Course:
    """The newest edition of a course that can be joined; folders are not looked at. Raises NotFound."""
    return engine.shelf.course(newest(course), language)


def offered(engine: Engine, language: str) -> list[Course]:
    """The newest edition of every course that can be joined."""
    return [engine.shelf.course(digest, language) for _id, digest, _title in editions.courses()]


def in_use(engine: Engine, language: str) -> list[Course]:
    """The same, and of each course that was withdrawn the newest edition that people have."""
    joined = editions.courses()
    still = editions.gone_on_with([course for course, _digest, _title in joined])
    digests = [*(digest for _id, digest, _title in joined), *still]
    return [engine.shelf.course(digest, language) for digest in digests]


def languages(engine: Engine) -> tuple[str, ...]:
    """The languages of the courses that can be joined: their own first, then those of translations."""
    found = [engine.shelf.languages(digest) for _id, digest, _title in editions.courses()]
    own = [codes[0] for codes in found]
    return tuple(dict.fromkeys([*own, *sorted(code for codes in found for code in codes)]))


def spoken(engine: Engine, language: str) -> str:
    """Which of these somebody reads who has set this language: that one, its wider one, or the first."""
    codes = languages(engine)
    wanted = (language, language.partition("_")[0])
    return next((code for code in wanted if code in codes), codes[0] if codes else language)


def known(course: str) -> Known | None:
    """What the folder of a course held when it was last read."""
    files, *digests = (site.get(f"folder {course}") or "").split(" ")
    return Known(files, *digests) if digests else None


def remember(course: str, found: Known) -> None:
    """Write that down."""
    site.put(f"folder {course}", f"{found.files} {found.edition} {found.draft}".rstrip())


def remember_draft(course: str, files: str, draft: str) -> None:
    """Write down that an admin decides about what these files of a folder made."""
    last = known(course)
    published = _published_from(last) if last else None
    remember(course, Known(files, published.digest if published else "", draft))


def _bring(engine: Engine, course: str, folder: Path, now: datetime) -> None:
    """Publish a folder, unless an admin has decided otherwise about what it gave before.

    Where they have published another edition since, a changed folder waits as a draft; what they withdrew,
    and a draft that they keep or have forgotten, stays so until the folder changes.
    """
    last, current = known(course), editions.newest(course)
    if last is None or current == (last.draft or last.edition):
        publish(engine, folder, now)
        return
    files = files_digest(folder)
    if files == last.files:
        return
    if current == last.edition:
        publish(engine, folder, now)
        return
    compiled = _compiled(folder)
    gave, chosen = _published_from(last), editions.get(current) if current else None
    superseded = gave is not None and chosen is not None and chosen.published_at > gave.published_at
    new = editions.get(compiled.digest) is None
    if new and not superseded:
        publish(engine, folder, now)
        return
    with engine.database.transaction():
        if new:
            title = str(compiled.data["course"]["title"])
            notes = tuple(str(note) for note in compiled.notes)
            draft = Draft(compiled.digest, course, title, None, now, notes)
            editions.keep_draft(draft, edition.encode(compiled.data))
        remember_draft(course, files, compiled.digest)


def _published_from(last: Known) -> Edition | None:
    """The edition that was published last of those that came from a folder: by itself, or by an admin."""
    found = [one for one in map(editions.get, (last.edition, last.draft)) if one is not None]
    return max(found, key=lambda one: one.published_at, default=None)


def _folder_of(engine: Engine, course: str) -> Path:
    folder: Path = _loader().courses_by_id(folders(engine)).get(course, Path(course))
    if not (folder / "course.yaml").is_file():
        raise NotFound(_("There is no course called %(course)s here.", course=course))
    return folder


def _compiled(folder: Path) -> "Compiled":
    compiled: Compiled = _loader().compile_course(folder)
    if not compiled.faults:
        return compiled
    faults = "\n".join(f"{folder / str(fault)}" for fault in compiled.faults)
    raise Refused(
        _(
            "%(folder)s is not a valid course. Mend its files, then look again with: course-engine check "
            "%(folder)s",
            folder=str(folder),
        )
        + f"\n{faults}"
    )


def _loader() -> ModuleType:
    # A third of a second and several megabytes that a start without a changed folder does without.
    from course_engine.content import loader  # noqa: PLC0415

    return loader


def _source_digest(folders: list[Path]) -> str:
    """A digest of the files as they lie there, and of the version that reads them."""
    held = [files_digest(course) for course in all_courses(folders)]
    return hashlib.sha256(" ".join([__version__, *held]).encode()).hexdigest()
