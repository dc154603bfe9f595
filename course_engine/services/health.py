"""Whether a site can do its work."""

import shutil

from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.storage import migrate

LEAST_ROOM = 50_000_000


def behind(engine: Engine) -> str | None:
    """Why the database cannot be used by this program yet, in a sentence."""
    if not migrate.pending(engine.database):
        return None
    if migrate.level(engine.database) is None:
        return _("There is no database of this site yet. Run: course-engine migrate")
    return _("The database is older than this program. Run: course-engine migrate")


def faults(engine: Engine) -> list[str]:
    """What keeps this site from working, a sentence each. Raises Unavailable when the database is gone."""
    engine.database.ping()
    found = [old] if (old := behind(engine)) else []
    if shutil.disk_usage(engine.config.data).free < LEAST_ROOM:
        found.append(_("The disk with the data folder is almost full."))
    return found
