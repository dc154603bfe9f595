"""Marks of what a form was made from, so that what came in between is never overwritten unseen.

A mark goes into the page and comes back with the form. It is keyed: nobody can guess at words from it.
"""

from enum import Enum

from course_engine.crypto import fingerprint
from course_engine.domain.errors import ChangedMeanwhile
from course_engine.engine import Engine
from course_engine.i18n import gettext as _


class Came(Enum):
    """What came of a form: kept, nothing that was not known already, or nothing beside what came later."""

    KEPT = "kept"
    KNOWN = "known"
    OTHERS_STAND = "others-stand"


def of(engine: Engine, place: str, text: str) -> str:
    """The mark of what stands in this place."""
    return fingerprint(engine.config.secret_key, place, text)


def came(engine: Engine, mark: str, place: str, known: str, text: str) -> Came:
    """What comes of a form made from what has this `mark` that brings a `text` where one is `known`.

    A form that was sent as it was made changes nothing, nor does one sent twice. Raises ChangedMeanwhile
    where another text is known by now than the form was made from.
    """
    if text == known:
        return Came.KNOWN
    if fits(engine, mark, place, text):
        return Came.OTHERS_STAND
    if not fits(engine, mark, place, known):
        raise ChangedMeanwhile(
            _(
                "Something else was kept since this page was opened, here, on another page or on another "
                "device. Nothing was overwritten."
            )
        )
    return Came.KEPT


def fits(engine: Engine, mark: str, place: str, text: str) -> bool:
    """Whether this is the mark of such a text in this place."""
    keys = (engine.config.secret_key, *engine.config.secret_key_fallbacks)
    return any(mark == fingerprint(key, place, text) for key in keys)
