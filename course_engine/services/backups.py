"""Backing up a whole site and restoring it; people who were erased stay erased.

The ledger of erased people is an append-only file beside the data, made at the first start and never in a
backup: whoever stands in it is removed from a restored site before it opens. Its first line is a name that
the site, and so each backup, knows too: a ledger that was begun anew is not taken for the whole one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from course_engine.crypto import Unsealable, new_id
from course_engine.domain.errors import Refused
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.i18n import ngettext
from course_engine.storage import backing_up, backup_files, migrate, older, people, restoring, site

LEDGER = "erased.ledger"
LAST = "backup"
_NAME = "ledger"
_SHORT = timedelta(days=1)
COPIES_STAY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done, and what the person who did it ought to know, in sentences."""

    told: list[str]
    warnings: list[str]


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger as it was read: its name, and the ids of the people who were erased."""

    name: str
    erased: list[str]


def ledger(engine: Engine) -> Path:
    """The ledger of this site, begun if it is not there yet."""
    path = engine.config.data / LEDGER
    if not path.exists() or not path.stat().st_size:
        path.touch(mode=0o600)
        path.write_text(f"# {new_id()}\n", encoding="utf-8")
    name = _read(path).name
    if site.get(_NAME) != name:
        site.put(_NAME, name)
    return path


def count(engine: Engine) -> int:
    """How many rows a backup would hold now."""
    with engine.database.patient():
        return backing_up.count(engine.database)


def backup(engine: Engine, target: Path, now: datetime, done: Callable[[int], object] = int) -> int:
    """Write the whole site to one file, as it is at this moment; how many rows. Raises Refused.

    `done` is told how many more rows were written.
    """
    ledger(engine)
    with engine.database.patient():
        rows = sum(backing_up.backup(engine.database, target, now, done).rows.values())
    with engine.database.transaction():
        site.put(LAST, now.isoformat())
    return rows


def last() -> datetime | None:
    """When the newest backup was made, as far as this site knows."""
    noted = site.get(LAST)
    return datetime.fromisoformat(noted) if noted else None


def copies(engine: Engine) -> list[tuple[Path, datetime]]:
    """The copies of the database that migrations have made, each with the instant at which it may go.

    Whoever was erased since then still stands in them.
    """
    return [
        (path, datetime.fromtimestamp(path.stat().st_mtime, UTC) + COPIES_STAY)
        for path in migrate.copies(engine.config.data / "backups")
    ]


def sweep_copies(engine: Engine, now: datetime) -> int:
    """Delete the copies that have stayed long enough; how many those were."""
    old = [path for path, until in copies(engine) if until <= now]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def rows_in(source: Path) -> int:
    """How many rows a backup holds. Raises Refused for a file that cannot be read."""
    return sum(backup_files.read_about(source).rows.values())


def restore(
    engine: Engine,
    source: Path,
    *,
    replace: bool,
    ledger: str | None,
    done: Callable[[int], object] = int,
) -> Restored:
    """Fill this site from a backup; `done` is told how many more rows were read.

    Raises Refused for a site that holds something (unless `replace`), without the ledger that was kept with
    the backup (unless it is said that there is `none`), and for a file that cannot be read.
    """
    about = backup_files.read_whole(source)
    given = _given(engine, ledger)
    migrate.migrate(engine.database, engine.config.data / "backups")
    with older.in_this_shape(source) as today, engine.database.patient(), engine.database.transaction():
        if people.count() and not replace:
            raise Refused(
                _("This site holds people already. Add --replace to put the backup in their place.")
            )
        restoring.empty(engine.database)
        restoring.restore(engine.database, today, done)
        restoring.calm(engine.database, about.made_at, _SHORT)
        _refuse_another(given, ledger)
        gone = [id for id in given.erased if people.get(id) is not None] if given else []
        for id in gone:
            people.remove(id)
    _go_on(engine, given)
    told = [_("Restored the site as it was on %(day)s.", day=about.made_at.date().isoformat())]
    if gone:
        told.append(
            ngettext(
                "%(n)s person who was erased since then is erased again.",
                "%(n)s people who were erased since then are erased again.",
                len(gone),
            )
        )
    return Restored(told, _warnings(engine, given))


def _given(engine: Engine, ledger: str | None) -> Ledger | None:
    if ledger == "none":
        return None
    path = Path(ledger) if ledger else engine.config.data / LEDGER
    if not path.is_file():
        raise Refused(
            _(
                "There is no ledger of erased people at %(path)s. Name it with --ledger FILE, or say "
                "--ledger none if there is none any more.",
                path=str(path),
            )
        )
    return _read(path)


def _read(path: Path) -> Ledger:
    # An editor may have put a mark of its own in front.
    lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    name = lines[0].removeprefix("#").strip() if lines and lines[0].startswith("#") else ""
    return Ledger(name, [line.strip() for line in lines if line and not line.startswith("#")])


def _refuse_another(given: Ledger | None, named: str | None) -> None:
    if given is not None and given.name != site.get(_NAME):
        raise Refused(
            _(
                "The ledger of erased people at %(path)s is not the one of the site that was backed up, so "
                "somebody who was erased could come back. Name the right one with --ledger FILE, or say "
                "--ledger none if it is gone.",
                path=named or LEDGER,
            )
        )


def _go_on(engine: Engine, given: Ledger | None) -> None:
    """Keep the ledger that was given as this site's own, with everybody who stands in either."""
    own = engine.config.data / LEDGER
    if given is not None:
        known = _read(own).erased if own.is_file() else []
        everybody = dict.fromkeys([*given.erased, *known])
        draft = own.with_suffix(".draft")
        draft.touch(mode=0o600)
        draft.write_text("".join(f"{line}\n" for line in (f"# {given.name}", *everybody)), encoding="utf-8")
        draft.replace(own)
    ledger(engine)


def _warnings(engine: Engine, given: Ledger | None) -> list[str]:
    found = []
    if given is None:
        found.append(_("Without a ledger, people who were erased since then are back. Erase them again."))
    somebody = next(iter(people.all(limit=1)), None)
    try:
        if somebody is not None:
            engine.person_key(somebody.id)
    except Unsealable:
        found.append(
            _(
                "The data keys of this site do not open what people wrote. Set COURSE_ENGINE_DATA_KEYS to "
                "the keys of the site that was backed up, before anybody signs in."
            )
        )
    return found
