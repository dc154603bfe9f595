"""What every view asks first: which engine, what time, who is here, and on which run."""

from contextlib import suppress
from datetime import datetime
from typing import cast

from flask import current_app, g
from flask_login import current_user

from course_engine.domain.cohorts import Cohort
from course_engine.domain.errors import Unavailable
from course_engine.domain.people import Device, Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.services import cohorts, runs
from course_engine.services.runs import Position

_NOT_ASKED = object()


def engine() -> Engine:
    """The engine behind this application."""
    return cast(Engine, current_app.extensions["engine"])


def now() -> datetime:
    """The instant of this request: read once, the same for all of it."""
    found = g.get("now")
    if found is None:
        found = g.now = current_app.extensions["clock"]()
    return cast(datetime, found)


def person() -> Person:
    """Who is signed in; views that need nobody do not ask."""
    return cast(Person, visitor())


def visitor() -> Person | None:
    """Who is signed in, if anyone: found out once a request, or after `forget_visitor`."""
    found = g.get("visitor", _NOT_ASKED)
    if found is _NOT_ASKED:
        account = current_user._get_current_object()  # flask-login hands out a stand-in
        found = g.visitor = account.person if account.is_authenticated else None
    return cast("Person | None", found)


def forget_visitor() -> None:
    """Find out anew who is here: someone has just signed in or out."""
    g.pop("visitor", None)


def device() -> Device:
    """Where they are signed in."""
    return cast(Device, current_user.device)


def led(cohort: str) -> Cohort:
    """The cohort of this address, if the person leads it. Raises NotFound for any other."""
    return cohorts.led(person(), cohort)


def run() -> Run:
    """The run of this address: the one it names, or the person's current one. Raises NotFound."""
    chosen = g.get("run")
    found = runs.own(engine(), person(), chosen) if chosen else runs.current(engine(), person())
    # A full disk or a busy moment keeps nobody from reading; a later page notes it.
    with suppress(Unavailable):
        runs.note_seen(engine(), found, now())
    return found


def root() -> str:
    """What stands before the addresses of the run that this address names; nothing for the current one."""
    return f"/runs/{g.run}" if g.get("run") else ""


def position() -> Position:
    """How the run of this address stands. Raises NotFound."""
    return runs.position(engine(), person(), run(), now())
