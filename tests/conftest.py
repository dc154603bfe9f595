"""Fixtures of the whole suite: the tools under tests/tools, and a site with its people and browsers."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from hypothesis import HealthCheck, settings
from jinja2 import BytecodeCache

from course_engine.content import edition, loader
from course_engine.domain.cohorts import Cohort, Present
from course_engine.domain.pace import PaceKind
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine, open_engine
from course_engine.paths import MODULES
from course_engine.rendering import pdf
from course_engine.rendering.books import book_values
from course_engine.services import attendance, cohorts, passwords, people, runs
from course_engine.storage import editions as stored_editions
from course_engine.web import create_app
from tests.cast import (
    BREAD,
    PASSWORD,
    ZONE,
    Browser,
    Clock,
    add_person,
    config_for,
    do,
    week_steps,
)  # fmt: skip
from tests.make import MONDAY

# The same examples every time, so that a change is judged and not luck. To look further:
# HYPOTHESIS_PROFILE=wide make test ARGS="tests/properties --hypothesis-seed=7"
# No example is judged by how long it took: that would judge the machine, and what else it does just then.
IN_PEACE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("steady", IN_PEACE, derandomize=True)
settings.register_profile("wide", IN_PEACE, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

pytest_plugins = (
    "tests.tools.no_skips", "tests.tools.soak", "tests.tools.scratch", "tests.tools.servers",
    "tests.tools.sites", "tests.tools.quick", "tests.tools.order", "tests.tools.browser",
    "tests.tools.patience",
)  # fmt: skip


@pytest.fixture
def clock() -> Clock:
    """Monday evening, until a test moves it."""
    return Clock(MONDAY)


@pytest.fixture(scope="session")
def quick_passwords() -> Iterator[None]:
    """Passwords that take no time: what argon2 costs is tested where it matters."""
    slow = passwords._HASHER, passwords._NOBODY
    passwords._HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    passwords._NOBODY = passwords._HASHER.hash("nobody has this password")
    yield
    passwords._HASHER, passwords._NOBODY = slow


@pytest.fixture
def engine(site_url: str, tmp_path: Path, quick_passwords: None) -> Iterator[Engine]:
    """A whole site without a person in it, on SQLite and on PostgreSQL."""
    opened = open_engine(config_for(tmp_path, site_url))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def compiled_self_compassion() -> loader.Compiled:
    """The shipped course, read from its files once."""
    return loader.compile_course(MODULES / "self-compassion")


@pytest.fixture(scope="session")
def workbook(compiled_self_compassion: loader.Compiled) -> Iterator[pdf.Printed]:
    """The shipped course as a book, which takes a while: printed once for all who read in it."""
    course = edition.course_of(compiled_self_compassion.data, "en")
    values = book_values(course, site="Stillwater", help="988: call day and night.")
    yield pdf.render_long("book", values, "en", lambda _percent: None)
    pdf.close()


@pytest.fixture
def self_compassion(engine: Engine, compiled_self_compassion: loader.Compiled, clock: Clock) -> str:
    """The id of the shipped course, which is published now."""
    found = compiled_self_compassion
    assert not found.faults
    id, title = str(found.data["course"]["id"]), str(found.data["course"]["title"])
    with engine.database.transaction():
        stored_editions.publish(found.digest, id, title, loader.encode(found.data), clock())
    return id


@pytest.fixture
def ada(engine: Engine, clock: Clock) -> Person:
    """Ada learns."""
    return add_person(engine, "Ada", clock())


@pytest.fixture
def ben(engine: Engine, clock: Clock) -> Person:
    """Ben facilitates."""
    return add_person(engine, "Ben", clock())


@pytest.fixture
def cleo(engine: Engine, clock: Clock) -> Person:
    """Cleo is outside: she has an account and nothing else."""
    return add_person(engine, "Cleo", clock())


@pytest.fixture
def dov(engine: Engine, clock: Clock) -> Person:
    """Dov administers."""
    return add_person(engine, "Dov", clock())


@pytest.fixture
def run(engine: Engine, ada: Person, clock: Clock) -> Run:
    """Ada's way through the small course, weekly, begun just now."""
    return runs.join_alone(engine, ada, BREAD, PaceKind.WEEKLY, clock())


@pytest.fixture
def learner(engine: Engine, cohort: Cohort, ben: Person, clock: Clock) -> Callable[..., Person]:
    """Somebody in the group with so many weeks done and so many sessions attended."""

    def add(name: str, weeks: int = 3, sessions: int = 3) -> Person:
        person = people.add(engine, name, f"{name.lower()}@example.org", PASSWORD, clock(), zone=ZONE)
        run = cohorts.add_member(engine, cohort, person, clock())
        at = runs.position(engine, person, run, clock())
        for number in (1, 2, 3):
            then = at.sessions[number - 1].starts_at
            if number <= sessions:
                attendance.attend(engine, cohort, number, person.id, Present.PRESENT, ben, then)
            if number <= weeks:
                do(engine, person, run, then, *week_steps(at, number))
        return person

    return add


@pytest.fixture
def app(
    engine: Engine, clock: Clock, tmp_path: Path, known_templates: BytecodeCache, pressed_static: Path
) -> Flask:
    """The web application of the site, living by the clock of the test."""
    (tmp_path / "static").symlink_to(pressed_static)
    made = create_app(engine, clock)
    made.jinja_env.bytecode_cache = known_templates
    made.test_client_class = Browser
    return made


@pytest.fixture
def client(app: Flask) -> Browser:
    """A browser in which nobody is signed in."""
    return _browser(app)


@pytest.fixture
def as_(app: Flask) -> Callable[[Person], Browser]:
    """A browser in which this person is signed in."""

    def signed_in(person: Person) -> Browser:
        browser = _browser(app)
        browser.sign_in(person)
        return browser

    return signed_in


def _browser(app: Flask) -> Browser:
    made = app.test_client()
    assert isinstance(made, Browser)
    return made
