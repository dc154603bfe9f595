"""What every view asks first: which engine, what time, who is here, and on which run."""

from datetime import datetime
from typing import cast

from flask import current_app, g
from flask_login import current_user

from course_engine.domain.people import Device, Person
from course_engine.engine import Engine
from course_engine.services import runs
from course_engine.services.runs import Position


def engine() -> Engine:
    """The engine behind this application."""
    return cast(Engine, current_app.extensions["engine"])


def now() -> datetime:
    """The instant of this request: read once, the same for all of it."""
    if "now" not in g:
        g.now = current_app.extensions["clock"]()
    return cast(datetime, g.now)


def person() -> Person:
    """Who is signed in; views that need nobody do not ask."""
    return cast(Person, current_user.person)


def visitor() -> Person | None:
    """Who is signed in, if anyone."""
    return cast(Person, current_user.person) if current_user.is_authenticated else None


def device() -> Device:
    """Where they are signed in."""
    return cast(Device, current_user.device)


def position() -> Position:
    """How the run of this address stands: the one it names, or the person's current one. Raises NotFound."""
    chosen = g.get("run")
    run = runs.own(engine(), person(), chosen) if chosen else runs.current(engine(), person())
    return runs.position(engine(), person(), run, now())
