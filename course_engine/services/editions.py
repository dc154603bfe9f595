"""Publishing courses: a folder becomes an edition, kept by digest for ever.

What reads folders (YAML, Markdown) is loaded only where a folder is read, never in a process of pages.
"""

import hashlib
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from course_engine import __version__
from course_engine.content import edition
from course_engine.domain.course import Course
from course_engine.domain.errors import NotFound, Refused
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.paths import MODULES
from course_engine.storage import editions, site

if TYPE_CHECKING:
    from course_engine.content.loader import Compiled

_PUBLISHED = "published"


def publish_all(engine: Engine, now: datetime) -> list[str]:
    """Publish every course whose folder has changed since the last start, and give the course ids.

    Unchanged folders are not even parsed. Raises Refused, with every fault, when a folder is not a valid
    course: its last edition stays in use.
    """
    folders = [*engine.config.courses, MODULES]
    source = _source_digest(folders)
    if site.get(_PUBLISHED) == source:
        return []
    loader = _loader()
    before = {course: digest for course, digest, _title in editions.courses()}
    for folder in loader.find_courses(folders):
        publish(engine, folder, now)
    with engine.database.transaction():
        site.put(_PUBLISHED, source)
    return [course for course, digest, _title in editions.courses() if before.get(course) != digest]


def publish(engine: Engine, folder: Path, now: datetime) -> str:
    """Publish one folder as the newest edition of its course and give its digest. Raises Refused."""
    compiled = _compiled(folder)
    course = str(compiled.data["course"]["id"])
    with engine.database.transaction():
        if editions.newest(course) != compiled.digest:
            title = str(compiled.data["course"]["title"])
            editions.publish(compiled.digest, course, title, edition.encode(compiled.data), now)
    return compiled.digest


def newest(course: str) -> str:
    """The digest of the newest published edition of a course. Raises NotFound."""
    digest = editions.newest(course)
    if digest is None:
        raise NotFound(_("There is no course called %(course)s here.", course=course))
    return digest


def look_up(engine: Engine, course: str) -> Course:
    """A course by its id, as it is published, or as it lies in its folder while it is not yet.

    An author may name the folder itself. Raises NotFound, and Refused when the folder is not a valid course.
    """
    language = engine.config.locale
    digest = editions.newest(course)
    if digest is not None:
        return engine.shelf.course(digest, language)
    folder = _loader().courses_by_id([*engine.config.courses, MODULES]).get(course, Path(course))
    if not (folder / "course.yaml").is_file():
        raise NotFound(_("There is no course called %(course)s here.", course=course))
    return edition.course_of(_compiled(folder).data, language)


def offered(engine: Engine, language: str) -> list[Course]:
    """The newest edition of every course that can be joined."""
    return [engine.shelf.course(digest, language) for _id, digest, _title in editions.courses()]


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
    found = hashlib.sha256(__version__.encode())
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            found.update(f"{path.relative_to(folder)}\0".encode())
            found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()
