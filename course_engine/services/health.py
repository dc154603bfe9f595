"""Whether a site can do its work."""

import shutil

from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.storage import migrate

LEAST_ROOM = 50_000_000


def faults(engine: Engine) -> list[str]:
    """What keeps this site from working, a sentence each. Raises Unavailable when the database is gone."""
    engine.database.ping()
    found = []
    if migrate.pending(engine.database):
        found.append(_("The database is older than this program. Run: course-engine migrate"))
    if shutil.disk_usage(engine.config.data).free < LEAST_ROOM:
        found.append(_("The disk with the data folder is almost full."))
    return found
