"""Every few seconds each process looks what an admin has chosen for the site, so that no request has to."""

import logging
import threading

from course_engine.domain.errors import Unavailable
from course_engine.engine import Engine
from course_engine.services import installation

EVERY = 5.0
_log = logging.getLogger(__name__)


def start(engine: Engine, every: float = EVERY) -> threading.Event:
    """Begin to look, at once and then again and again; setting the event that is given ends it."""
    ended = threading.Event()
    look(engine)
    threading.Thread(target=_go_on, args=(engine, every, ended), name="following", daemon=True).start()
    return ended


def look(engine: Engine) -> None:
    """Look once; while the database is away everything stays as it was."""
    try:
        installation.follow(engine)
    except Unavailable as error:
        _log.warning("what was chosen for the site is not known now", extra={"fault": str(error)})


def _go_on(engine: Engine, every: float, ended: threading.Event) -> None:
    while not ended.wait(every):
        look(engine)
