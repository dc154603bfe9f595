"""One running engine: settings, database, keys, mailer and the courses it has published.

The one place of assembly, for web, jobs and the command line alike.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from course_engine.config import Config
from course_engine.content import edition
from course_engine.crypto import DataKeys, PersonKey
from course_engine.domain.course import Course
from course_engine.domain.errors import NotFound
from course_engine.mail import Mailer, open_mailer
from course_engine.rendering import pdf
from course_engine.rendering.press import Terms
from course_engine.storage import editions, people
from course_engine.storage.database import Database, open_database


class Shelf:
    """Published editions as courses, each built once per language and kept.

    Editions are stored by digest for ever, so what is on the shelf never grows old.
    """

    def __init__(self) -> None:
        self._courses: dict[tuple[str, str], Course] = {}
        self._languages: dict[str, tuple[str, ...]] = {}
        self._lock = Lock()

    def course(self, digest: str, language: str) -> Course:
        """The edition with this digest in this language. Raises NotFound."""
        found = self._courses.get((digest, language))
        if found is not None:
            return found
        course = edition.course_of(_compiled(digest), language)
        with self._lock:
            # Whoever reads the same words shares the same course, whatever language they have set.
            course = self._courses.get((digest, course.language), course)
            self._courses = {
                **self._courses, (digest, language): course, (digest, course.language): course,
            }  # fmt: skip
            return course

    def languages(self, digest: str) -> tuple[str, ...]:
        """The languages of the edition with this digest, its own first. Raises NotFound."""
        found = self._languages.get(digest)
        if found is None:
            found = self._languages[digest] = edition.languages_of(_compiled(digest))
        return found


def _compiled(digest: str) -> dict[str, Any]:
    compiled = editions.load(digest)
    if compiled is None:
        raise NotFound(f"There is no edition {digest[:12]}.")
    return edition.decode(compiled)


class Bell:
    """Tells whoever runs jobs, if anyone does in this process, that there is work to look at."""

    def __init__(self) -> None:
        self.answer: Callable[[], None] | None = None

    def ring(self) -> None:
        if self.answer is not None:
            self.answer()


@dataclass(slots=True, eq=False)
class Engine:
    """What every service is given first.

    `config` is exchanged as a whole when an admin changes what the site is called (services/installation.py).
    """

    config: Config
    database: Database
    keys: DataKeys
    mailer: Mailer
    shelf: Shelf = field(default_factory=Shelf)
    bell: Bell = field(default_factory=Bell)

    def person_key(self, person: str) -> PersonKey:
        """The key that seals what this person writes. Raises NotFound."""
        wrapped = people.key(person)
        if wrapped is None:
            raise NotFound("There is no such person.")
        return self.keys.open(wrapped)

    def person_keys(self, ids: Iterable[str]) -> dict[str, PersonKey]:
        """The same for many people, in a query or two; who has none is left out."""
        return {id: self.keys.open(wrapped) for id, wrapped in people.keys(ids).items()}

    def close(self) -> None:
        self.database.close()


def open_engine(config: Config) -> Engine:
    """An engine for these settings, its database open; what it misses says so when it is used."""
    config.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    pdf.configure(Terms(templates=config.templates, designs=config.certificates))
    return Engine(
        config=config,
        database=open_database(config.database_url),
        keys=DataKeys(config.data_keys),
        mailer=open_mailer(config.mail_url, config.base_url),
    )
