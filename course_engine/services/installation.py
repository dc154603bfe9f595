"""The installation as an admin sees it: what it is called, how it stands, what ought to be mended.

Name, zone and paper can be chosen on a page. They are kept in the database; a setting of the installer wins.
Every process reads them when it starts, and again every few seconds (jobs/following.py), never in a request.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from course_engine import __version__
from course_engine.config import Config
from course_engine.crypto import new_id
from course_engine.domain.errors import BadInput, Refused
from course_engine.domain.people import Person
from course_engine.domain.work import JobState, Letter
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.i18n import is_zone, ngettext, short_day
from course_engine.services import backups, editions, health, help_lines, letters
from course_engine.settings import MOST_SIGNS
from course_engine.storage import audit, contacts, jobs, migrate, outbox, site

# What can be chosen on the page, with the setting that wins over it.
CHOICES: Mapping[str, str] = {"site_name": "SITE_NAME", "zone": "ZONE", "paper": "PAPER"}
PAPERS = ("a4", "letter")
LATELY = timedelta(days=7)
_PREFIX = "chosen."


@dataclass(frozen=True, slots=True)
class Installation:
    """How a site stands. Of keys and addresses of servers it says that they are there, and nothing more."""

    env: str
    base_url: str
    database: str
    redis: bool
    mail: bool
    shown_mail: bool
    data_keys: int
    letters_waiting: int
    lines_confirmed: int
    lines: int
    backup: datetime | None
    migration: str
    versions: tuple[tuple[str, str], ...]
    findings: tuple[str, ...]


def follow(engine: Engine) -> None:
    """Take over what an admin has chosen, wherever that was. One query."""
    chosen = site.some([f"{_PREFIX}{name}" for name in CHOICES])
    _take(engine, {name.removeprefix(_PREFIX): value for name, value in chosen.items()})


def open_choices(engine: Engine) -> set[str]:
    """What can be chosen here, because the installer has not set it."""
    return {name for name, setting in CHOICES.items() if setting not in engine.config.given}


def change(engine: Engine, admin: Person, wanted: Mapping[str, str], now: datetime) -> None:
    """Choose name, zone and paper of the site. Raises BadInput; Refused for what the installer has set."""
    chosen = {name: " ".join(value.split()) for name, value in wanted.items()}
    if not chosen.keys() <= open_choices(engine):
        raise Refused(_("Whoever installed this site has set this. It can be changed there only."))
    _check(chosen)
    with engine.database.transaction():
        changed = [name for name, value in chosen.items() if getattr(engine.config, name) != value]
        for name in changed:
            site.put(f"{_PREFIX}{name}", chosen[name])
        if changed:
            audit.add(now, admin.id, "site.change", None, {"settings": changed})
            engine.database.after_commit(lambda: _take(engine, chosen))


def look(engine: Engine, now: datetime) -> Installation:
    """How this site stands now."""
    config = engine.config
    lines = help_lines.offered(engine)
    confirmed = sum(line.confirmation is not None for line in lines)
    last = backups.last()
    waits = outbox.waiting()
    return Installation(
        env=config.env,
        base_url=config.base_url,
        database="SQLite" if engine.database.is_sqlite else "PostgreSQL",
        redis=config.redis_url is not None,
        mail=config.mail_url is not None,
        shown_mail=config.mail_url is None and config.env != "production",
        data_keys=len(config.data_keys),
        letters_waiting=waits,
        lines_confirmed=confirmed,
        lines=len(lines),
        backup=last,
        migration=migrate.level(engine.database) or "",
        versions=_versions(),
        findings=tuple(_findings(engine, confirmed, last, waits, now)),
    )


def findings(engine: Engine, now: datetime) -> list[str]:
    """What ought to be mended, a sentence each; the weightiest first."""
    return list(look(engine, now).findings)


def dangers(config: Config) -> list[str]:
    """What makes a site unsafe as it is set up, a sentence each."""
    found = []
    if config.env == "production" and not config.secure:
        found.append(
            _("This site is reached without encryption. Put it behind https and set COURSE_ENGINE_BASE_URL.")
        )
    if not config.demo and config.secure and not config.proxy_hops:
        found.append(
            _(
                "COURSE_ENGINE_PROXY_HOPS is 0: behind a proxy all visitors look like one. Set it to the "
                "number of proxies in front."
            )
        )
    return found


def send_test(engine: Engine, admin: Person, now: datetime) -> Letter:
    """A letter to oneself, by the same way as all others. Raises Refused where there is no way."""
    if admin.email is None:
        raise Refused(_("You have no e-mail address here, so no letter can reach you."))
    if not letters.can_go(engine):
        raise Refused(_("No mail server is set, so letters wait in the outbox."))
    letter = Letter(
        id=new_id(),
        to=admin.email,
        subject=_("%(site)s: a test letter", site=engine.config.site_name),
        text=_(
            "Hello %(name)s,\n\nthis letter has come from %(site)s, so mail works.\n\n%(link)s\n",
            name=admin.name,
            site=engine.config.site_name,
            link=engine.config.base_url,
        ),
        created_at=now,
    )
    with engine.database.transaction():
        # Pressed twice it is one letter.
        letters.post(engine, letter, now + timedelta(days=1), dedupe=f"test|{admin.id}|{now:%Y-%m-%dT%H:%M}")
        audit.add(now, admin.id, "site.test_letter", admin.id)
    return letter


def _take(engine: Engine, chosen: Mapping[str, str]) -> None:
    wanted: dict[str, Any] = {name: chosen[name] for name in open_choices(engine) if name in chosen}
    if any(getattr(engine.config, name) != value for name, value in wanted.items()):
        engine.config = replace(engine.config, **wanted)


def _check(chosen: Mapping[str, str]) -> None:
    faults = {}
    name = chosen.get("site_name")
    if name is not None and (not name or len(name) > MOST_SIGNS or not name.isprintable()):
        told = _("Write what the site is called, in at most %(most)s characters.", most=MOST_SIGNS)
        faults["site_name"] = told
    if not is_zone(chosen.get("zone", "UTC")):
        faults["zone"] = _("Choose a time zone from the list.")
    if chosen.get("paper", "a4") not in PAPERS:
        faults["paper"] = _("Choose A4 or Letter.")
    if faults:
        raise BadInput(faults)


def _findings(engine: Engine, confirmed: int, last: datetime | None, waits: int, now: datetime) -> list[str]:
    config = engine.config
    ended = jobs.listed([JobState.STOPPED], "", 50)
    stopped = sum(now - job.created_at < LATELY for job in ended)
    found = [*health.faults(engine), *dangers(config), *map(_about_contact, contacts.unreadable())]
    if not editions.offered(engine, config.locale):
        found.append(_about_courses(config))
    if not confirmed:
        found.append(_("No help line is confirmed, so people find general words on the help page."))
    if not letters.can_go(engine):
        found.append(_("No mail server is set, so nobody gets back in by mail."))
    if waits:
        found.append(
            ngettext("%(n)s letter waits in the outbox.", "%(n)s letters wait in the outbox.", waits)
        )
    if stopped:
        found.append(ngettext("%(n)s job was given up lately.", "%(n)s jobs were given up lately.", stopped))
    if not config.demo and (last is None or now - last > LATELY):
        found.append(_about_backup(last, config.zone))
    return found


def _about_contact(group: str) -> str:
    return _(
        "Someone in “%(group)s” has asked for a word, and nobody can lead that group. Unlock who led it, or "
        "let somebody else in with: course-engine cohort share",
        group=group,
    )


def _about_courses(config: Config) -> str:
    if config.publish == "auto":
        return _("No course is published yet. The site publishes its courses by itself when it starts.")
    return _("No course is published, so nobody can begin one.")


def _about_backup(last: datetime | None, zone: str) -> str:
    if last is None:
        return _("No backup of this site is known. Make one with: course-engine backup FILE")
    return _("The last backup known was made on %(day)s. Make a new one.", day=short_day(last, zone))


def _versions() -> tuple[tuple[str, str], ...]:
    found = [("course-engine", __version__), ("Python", sys.version.partition(" ")[0])]
    for name in ("flask", "weasyprint", "peewee", "granian"):
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:
            continue
    return tuple(found)
