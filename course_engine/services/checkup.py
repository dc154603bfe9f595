"""What an installer is told about a site: what is configured, what is missing, what is unsafe.

It reads and asks, and changes nothing. Of keys it says how many there are, of servers whether they answer.
"""

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from course_engine.config import Config
from course_engine.content import loader
from course_engine.domain.errors import (
    CourseEngineError,
    Misconfigured,
    Refused,
    Unavailable,
    with_cause,
)
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.i18n import ngettext
from course_engine.rendering import pdf
from course_engine.services import backups, demo, editions, health, installation
from course_engine.storage import migrate

PATIENCE = 3.0


class State(StrEnum):
    """How a part of a site stands; `advice` is for what works and could be better."""

    CONFIGURED = "configured"
    MISSING = "missing"
    UNSAFE = "unsafe"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence about one part of a site."""

    about: str
    state: State
    sentence: str

    @property
    def stops(self) -> bool:
        """Whether the site cannot be served, or not safely, before this is mended."""
        return self.state in (State.MISSING, State.UNSAFE)


def look(engine: Engine, settings_file: Path | None, now: datetime) -> list[Line]:
    """Everything about a site whose settings can be read, part by part."""
    return [
        *_settings(engine.config),
        *_files(engine.config, settings_file),
        *_servers(engine.config),
        *_printing(),
        *_courses(engine),
        *_database(engine, now),
    ]


def unread(faults: list[str]) -> list[Line]:
    """The lines about settings that cannot be used, so that nothing else can be looked at."""
    return [Line("settings", State.MISSING, fault) for fault in faults]


def _settings(config: Config) -> Iterator[Line]:
    yield Line(
        "site",
        State.CONFIGURED,
        _("%(site)s at %(link)s, in %(env)s.", site=config.site_name, link=config.base_url, env=config.env),
    )
    keys = len(config.data_keys)
    sealed = ngettext(
        "%(n)s data key seals what people write.", "%(n)s data keys seal what people write.", keys
    )
    yield Line("keys", State.CONFIGURED, sealed)
    secrets = [config.secret_key, *config.secret_key_fallbacks, config.signing_key, *config.data_keys]
    if len(set(secrets)) < len(secrets):
        yield Line("keys", State.UNSAFE, _("Two keys are the same. Make a new one for each."))
    for sentence in installation.dangers(config):
        yield Line("site", State.UNSAFE, sentence)


def _files(config: Config, settings_file: Path | None) -> Iterator[Line]:
    yield Line("data", State.CONFIGURED, _("The data folder is %(path)s.", path=str(config.data)))
    for path, right in ((config.data, "700"), (settings_file, "600")):
        if path is not None and path.stat().st_mode & 0o077:
            yield Line(
                "data",
                State.UNSAFE,
                _(
                    "Others on this machine can read %(path)s. Close it with: chmod %(right)s %(path)s",
                    path=str(path),
                    right=right,
                ),
            )


def _servers(config: Config) -> Iterator[Line]:
    if config.mail_url:
        yield _server("mail", config.mail_url, 465 if config.mail_url.startswith("smtps") else 587)
    elif config.env != "production":
        yield Line("mail", State.CONFIGURED, _("Letters are shown on the console."))
    if config.redis_url:
        yield _server("redis", config.redis_url, 6379)
    else:
        yield Line("jobs", State.CONFIGURED, _("Jobs run inside the server."))


def _server(about: str, url: str, port: int) -> Line:
    """Whether somebody listens at an address; the name and password in it are not told."""
    parts = urlsplit(url)
    if parts.hostname is None:
        return Line(about, State.CONFIGURED, _("A server on this machine is named."))
    place = {"host": parts.hostname, "port": parts.port or port}
    try:
        socket.create_connection((parts.hostname, parts.port or port), PATIENCE).close()
    except (OSError, UnicodeError):
        # No host has a name with an empty part in it, or with one of more than 63 signs.
        return Line(about, State.MISSING, _("Nobody answers at %(host)s, port %(port)s.", **place))
    return Line(about, State.CONFIGURED, _("There is an answer at %(host)s, port %(port)s.", **place))


def _printing() -> Iterator[Line]:
    try:
        slow = pdf.missing_libraries()
    except (Refused, Unavailable):
        yield Line(
            "printing",
            State.MISSING,
            _(
                "WeasyPrint does not start. On Debian and Ubuntu its libraries come with: apt-get install "
                "-y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 "
                "fontconfig-config"
            ),
        )
        return
    yield Line("printing", State.CONFIGURED, _("Worksheets and certificates can be printed."))
    for sentence in slow:
        yield Line("printing", State.ADVICE, sentence)


def _courses(engine: Engine) -> Iterator[Line]:
    for course, folder in loader.courses_by_id(editions.folders(engine)).items():
        faults = len(loader.compile_course(folder).faults)
        if faults:
            sentence = _(
                "%(folder)s is not a valid course. List its faults with: course-engine check %(folder)s",
                folder=str(folder),
            )
            yield Line("courses", State.MISSING, sentence)
        else:
            yield Line("courses", State.CONFIGURED, _("%(course)s is a valid course.", course=course))


def _database(engine: Engine, now: datetime) -> Iterator[Line]:
    try:
        stops = health.faults(engine)
        for sentence in stops:
            yield Line("database", State.MISSING, sentence)
        if migrate.pending(engine.database):
            return
        yield Line("database", State.CONFIGURED, _stands(engine))
        yield from _made_up(engine)
        yield from _ledger(engine)
        yield from _copies(engine)
        told = {*stops, *installation.dangers(engine.config)}
        for sentence in installation.findings(engine, now):
            if sentence not in told:
                yield Line("site", State.ADVICE, sentence)
    except CourseEngineError as error:
        yield Line("database", State.MISSING, with_cause(error))


def _stands(engine: Engine) -> str:
    kind = "SQLite" if engine.database.is_sqlite else "PostgreSQL"
    return _(
        "%(kind)s, up to date at %(migration)s.", kind=kind, migration=migrate.level(engine.database) or ""
    )


def _made_up(engine: Engine) -> Iterator[Line]:
    try:
        demo.refuse_in_production(engine)
    except Misconfigured as error:
        yield Line("database", State.UNSAFE, str(error))


def _ledger(engine: Engine) -> Iterator[Line]:
    # Before its first start a site has none and needs none.
    if backups.last() is not None and not (engine.config.data / backups.LEDGER).is_file():
        yield Line(
            "data",
            State.MISSING,
            _("The ledger of erased people is gone from the data folder. Bring it back before you restore."),
        )


def _copies(engine: Engine) -> Iterator[Line]:
    for path, until in backups.copies(engine):
        yield Line(
            "data",
            State.ADVICE,
            _(
                "%(path)s is a copy from before an update; people who were erased since are still in it. It "
                "is deleted on %(day)s. Delete it now if you do not need it to go back.",
                path=str(path),
                day=until.date().isoformat(),
            ),
        )
