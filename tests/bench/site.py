"""A whole site to measure: the shipped course, and learners at its beginning, half-way and at its end."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask, session
from flask_wtf.csrf import generate_csrf

from course_engine.config import Config, read_config
from course_engine.domain.pace import PaceKind
from course_engine.domain.people import Person
from course_engine.domain.progress import How, Run
from course_engine.engine import Engine, open_engine
from course_engine.services import devices, editions, people, progress, runs
from course_engine.services.runs import Position
from course_engine.storage.migrate import migrate
from course_engine.web import create_app

COURSE = "self-compassion"
PASSWORD = "a quiet morning by the lake"
WEEKS = {"empty": 0, "half-way": 5, "finished": 9}
CROWD = 16


@dataclass(frozen=True, slots=True)
class Visitor:
    """A learner who is signed in: the cookie of their browser, its form token, and how they stand."""

    person: Person
    run: Run
    cookie: str
    token: str

    def done(self, how: How = How.DONE) -> str:
        """The body of the form that completes a step."""
        return urlencode({"how": how.value, "csrf_token": self.token})


@dataclass(frozen=True, slots=True)
class Site:
    """A running engine, its application, and the people of the measurements."""

    config: Config
    engine: Engine
    app: Flask
    now: datetime
    visitors: dict[str, Visitor]
    crowd: list[Visitor]

    def position(self, visitor: Visitor) -> Position:
        """How a visitor stands now."""
        return runs.position(self.engine, visitor.person, visitor.run, self.now)


def open_site(data: Path) -> Site:
    """Make a site in this folder: three learners to look at, and many half-way ones to be busy with."""
    config = read_config({}, env="demo", data=str(data))
    engine = open_engine(config)
    now = datetime.now(UTC)
    migrate(engine.database)
    editions.publish_all(engine, now)
    app = create_app(engine)
    visitors = {name: _visitor(engine, app, name, weeks, now) for name, weeks in WEEKS.items()}
    crowd = [_visitor(engine, app, f"crowd-{place}", 5, now) for place in range(CROWD)]
    return Site(config, engine, app, now, visitors, crowd)


def _visitor(engine: Engine, app: Flask, name: str, weeks: int, now: datetime) -> Visitor:
    began = now - timedelta(days=100)
    person = people.add(engine, name, f"{name}@example.org", PASSWORD, began, zone="Europe/Lisbon")
    run = runs.join_alone(engine, person, COURSE, PaceKind.FREE, began)
    course = engine.shelf.course(run.edition, person.language)
    for week in course.weeks[:weeks]:
        for place, step in enumerate(step for step in week.steps if step.counts):
            at = began + timedelta(days=week.number * 7, hours=place)
            progress.complete(engine, person, run, step.id, How.DONE, at)
    cookie, token = signed_in(engine, app, person, now)
    return Visitor(person, runs.own(engine, person, run.id), cookie, token)


def signed_in(engine: Engine, app: Flask, person: Person, now: datetime) -> tuple[str, str]:
    """The cookie and the form token of somebody who is signed in."""
    device = devices.sign_in_new(engine, person, "Firefox, Linux", now)
    with app.test_request_context():
        session["_user_id"] = device.token
        session["_fresh"] = True
        session.permanent = True
        token = generate_csrf()
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(dict(session))}", token
