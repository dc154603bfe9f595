"""Backing up a whole site and restoring it; people who were erased stay erased.

The ledger of erased people is an append-only file beside the data, made at the first start and never in a
backup: whoever stands in it is removed from a restored site before it opens.
"""

from datetime import datetime
from pathlib import Path

from course_engine.domain.errors import Refused
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.storage import backup as files
from course_engine.storage import migrate, people

LEDGER = "erased.ledger"


def ledger(engine: Engine) -> Path:
    """The ledger of this site, made if it is not there yet."""
    path = engine.config.data / LEDGER
    if not path.exists():
        path.touch(mode=0o600)
    return path


def backup(engine: Engine, target: Path, now: datetime) -> int:
    """Write the whole site to one file, as it is at this moment; how many rows. Raises Refused."""
    ledger(engine)
    return sum(files.backup(engine.database, target, now).rows.values())


def restore(engine: Engine, source: Path, *, replace: bool, ledger: str | None, now: datetime) -> list[str]:
    """Fill this site from a backup; what was done, in sentences.

    Raises Refused for a site that holds something (unless `replace`), without a ledger (unless it is said
    that there is `none`), and for a file that cannot be read.
    """
    about = files.read_about(source)
    erased = _erased(engine, ledger)
    migrate.migrate(engine.database, engine.config.data / "backups")
    with engine.database.transaction():
        if people.count() and not replace:
            raise Refused(
                _("This site holds people already. Add --replace to put the backup in their place.")
            )
        files.empty(engine.database)
        files.restore(engine.database, source)
        gone = [id for id in erased or [] if people.get(id) is not None]
        for id in gone:
            people.remove(id)
    told = [_("Restored the site as it was on %(day)s.", day=about.made_at.date().isoformat())]
    if erased is None:
        told.append(_("Without a ledger, people who were erased since then are back. Erase them again."))
    if gone:
        told.append(_("%(count)s people who were erased since then are erased again.", count=len(gone)))
    return told


def _erased(engine: Engine, given: str | None) -> list[str] | None:
    if given == "none":
        return None
    path = Path(given) if given else engine.config.data / LEDGER
    if not path.is_file():
        raise Refused(
            _(
                "There is no ledger of erased people at %(path)s. Name it with --ledger FILE, or say --ledger "
                "none if there is none any more.",
                path=str(path),
            )
        )
    return path.read_text(encoding="utf-8").split()
