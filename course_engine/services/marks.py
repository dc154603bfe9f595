"""Marks of what a form was made from, so that what came in between is never overwritten unseen.

A mark goes into the page and comes back with the form. It is keyed: nobody can guess at words from it.
"""

from course_engine.crypto import fingerprint
from course_engine.domain.errors import ChangedMeanwhile
from course_engine.engine import Engine
from course_engine.i18n import gettext as _


def of(engine: Engine, place: str, text: str) -> str:
    """The mark of what stands in this place."""
    return fingerprint(engine.config.secret_key, place, text)


def replaces(engine: Engine, mark: str, place: str, known: str, text: str) -> bool:
    """Whether a form made from what has this `mark` brings a new `text` instead of the `known` one.

    A form that was sent as it was made changes nothing, nor does one sent twice. Raises ChangedMeanwhile
    where another text is known by now than the form was made from.
    """
    if text == known or _is_of(engine, mark, place, text):
        return False
    if not _is_of(engine, mark, place, known):
        raise ChangedMeanwhile(
            _("This was changed on another page or device while this one was open. Nothing was overwritten.")
        )
    return True


def _is_of(engine: Engine, mark: str, place: str, text: str) -> bool:
    keys = (engine.config.secret_key, *engine.config.secret_key_fallbacks)
    return any(mark == fingerprint(key, place, text) for key in keys)
