"""Which help lines an admin has confirmed, by the digest of their exact words."""

from collections.abc import Mapping
from datetime import datetime

from course_engine.domain.help_lines import Confirmation
from course_engine.storage import tables as t
from course_engine.storage.database import fetch
from course_engine.storage.fields import moment

_ALL = """
SELECT h.digest, h.line, COALESCE(p.name, ''), h.at FROM help_confirmation h LEFT JOIN person p ON p.id = h.by
"""


def confirmed() -> Mapping[str, Confirmation]:
    """Every confirmation that holds, by digest, with the name of who gave it."""
    return {digest: Confirmation(line, digest, by, moment(at)) for digest, line, by, at in fetch(_ALL)}


def confirm(digest: str, line: str, by: str, at: datetime) -> bool:
    """Write down that this person found these words right; whether it is new."""
    insert = t.HelpConfirmation.insert(digest=digest, line=line, by=by, at=at)
    return bool(insert.on_conflict_ignore().as_rowcount().execute())


def take_back(digest: str) -> bool:
    """Let these words wait again; whether they were confirmed."""
    return bool(t.HelpConfirmation.delete().where(t.HelpConfirmation.digest == digest).execute())
