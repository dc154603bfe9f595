"""The people of the tests, made by the services, and the browsers they sit at.

Ada learns, Ben facilitates, Cleo is outside, Dov administers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from course_engine.config import Config, read_config
from course_engine.domain.people import Person
from course_engine.domain.progress import How, Run
from course_engine.domain.roles import Role
from course_engine.engine import Engine
from course_engine.services import devices, people, progress, runs

COURSES = Path(__file__).parent / "courses"
BREAD = "slow-bread"
PASSWORD = "four quiet loaves on a shelf"
ZONE = "Europe/Lisbon"
ROLES = {
    "Ada": frozenset({Role.LEARNER}),
    "Ben": frozenset({Role.FACILITATOR}),
    "Cleo": frozenset({Role.LEARNER}),
    "Dov": frozenset({Role.ADMIN}),
}


@dataclass(slots=True)
class Clock:
    """A clock that stands still until a test moves it."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def move(self, days: float = 0, hours: float = 0, minutes: float = 0) -> datetime:
        """Let so much time go by."""
        self.now += timedelta(days=days, hours=hours, minutes=minutes)
        return self.now


class Browser(FlaskClient):
    """A browser that knows the form token of its session."""

    token = ""

    def sign_in(self, person: Person) -> None:
        """Be this person from now on, on a device of its own."""
        app: Flask = self.application
        found = devices.sign_in_new(
            app.extensions["engine"], person, "Firefox, Linux", app.extensions["clock"]()
        )
        with self.session_transaction() as session:
            session["_user_id"] = found.token
            session["_fresh"] = True
        self.take_token()

    def take_token(self) -> None:
        """Have a form token, as a browser has that has seen a form."""
        with self.session_transaction() as session:
            session["csrf_token"] = "a-token-of-this-session"
        secret = self.application.secret_key
        serializer = URLSafeTimedSerializer(secret, salt="wtf-csrf-token")  # type: ignore[arg-type]
        self.token = str(serializer.dumps("a-token-of-this-session"))

    def fill(self, path: str, **fields: object) -> TestResponse:
        """Send a form."""
        return self.post(path, data={"csrf_token": self.token, **fields})

    def send(self, path: str, body: object, **more: Any) -> TestResponse:
        """Send JSON to the API, with the token in its header."""
        return self.post(path, json=body, headers={"X-CSRFToken": self.token}, **more)


def config_for(data: Path, url: str, **given: str) -> Config:
    """The settings of a site in this folder with this database."""
    return read_config({}, ENV="development", DATA=str(data), DATABASE_URL=url, ZONE=ZONE, **given)


def add_person(engine: Engine, name: str, now: datetime) -> Person:
    """One of the four, with an address like `ada@example.org`."""
    return people.add(engine, name, f"{name.lower()}@example.org", PASSWORD, now, ROLES[name], zone=ZONE)


def do(
    engine: Engine, person: Person, run: Run, now: datetime, *steps: str, how: How = How.DONE
) -> progress.Completed:
    """Complete these steps one after another."""
    done = [progress.complete(engine, person, runs.own(engine, person, run.id), id, how, now) for id in steps]
    return done[-1]


def week_steps(at: runs.Position, number: int) -> list[str]:
    """One step of each set that completes a week."""
    week = at.course.week(number)
    assert week is not None
    required = [step.id for step in week.steps if step.required]
    choices: Mapping[str, str] = {step.one_of: step.id for step in reversed(week.steps) if step.one_of}
    return [*required, *choices.values()]
