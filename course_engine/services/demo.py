"""A demo site: made-up people in different places of the course, as real rows made by the real services."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from course_engine.config import DATABASE
from course_engine.crypto import new_id
from course_engine.domain.cohorts import Cohort, Present, Safety
from course_engine.domain.errors import Misconfigured, Refused
from course_engine.domain.messages import Message, MessageState
from course_engine.domain.pace import By, Override, OverrideKind, PaceKind
from course_engine.domain.people import Person
from course_engine.domain.progress import How, Run
from course_engine.domain.roles import Role
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.services import (
    attendance,
    backups,
    certificates,
    cohorts,
    contacts,
    overrides,
    people,
    progress,
    runs,
)
from course_engine.storage import messages, unopened
from course_engine.storage import people as stored
from course_engine.storage import runs as stored_runs

PASSWORD = "demo-stillwater-2026"  # noqa: S105 - printed at every start of a demo, which holds no real data
LEARNER, FACILITATOR, ADMIN = "learner@example.org", "facilitator@example.org", "admin@example.org"
COURSE, ZONE = "self-compassion", "Europe/Lisbon"
TUESDAY, THURSDAY, MORNING, EVENING, MINUTES = 1, 3, time(10, 0), time(18, 30), 120
PAST = 4
WEEKS = 8
Tell = Callable[[int], object]
EARLIER = timedelta(days=90)
PLACE = "The yellow room, 2 River Street"
SAFETY = Safety(
    name="Ana Ribeiro", reach="555 0142", backup="Dov Adler",
    hours="weekdays 9 to 17", reply="by the end of the next working day",
)  # fmt: skip
MESSAGE = (
    "Thank you for yesterday",
    "It was good to sit with you. This week any practice is enough, in any length.\n\nThe room is open from "
    "a quarter past six, and there is tea. See you next Thursday, Ana",
)


@dataclass(frozen=True, slots=True)
class Made:
    """A made-up learner: how many weeks are whole, how many steps of the next one, and what else is so.

    `seen` is how many days ago they were last there. Those with a `certificate` went through the course at
    their own pace first, and brought it into the group.
    """

    name: str
    weeks: int = 0
    steps: int = 0
    begun: bool = True
    held: bool = False
    asks: str = ""
    seen: float = 0
    certificate: bool = False


GROUP = (
    Made("Maya Petrova", weeks=4, steps=2, seen=0.2),
    Made("Tomás Reis", certificate=True, seen=1),
    Made("Ines Duarte", certificate=True, seen=0.2),
    Made("Jonas Weber", weeks=5, seen=0.2),
    Made("Amara Okafor", weeks=5, seen=2),
    Made("Lena Fischer", weeks=4, steps=3, seen=1),
    Made("Rui Matos", weeks=4, seen=4),
    Made("Sofia Lindqvist", weeks=3, steps=1, held=True, seen=2),
    Made("Daniel Ortiz", weeks=4, steps=1, asks="Could we talk for ten minutes before Thursday?", seen=0.8),
    Made("Nour Haddad", weeks=2, steps=2, seen=13),
    Made("Piotr Żak", weeks=1, seen=6),
    Made("Grace Mbeki", begun=False),
)
# A group that has had its last session: its first two people are ready for their certificates.
BEFORE = (
    Made("Elif Aydın", weeks=WEEKS, steps=99, seen=1),
    Made("Hugo Silva", weeks=WEEKS, steps=99, seen=2),
    Made("Marta Nowak", weeks=6, steps=1, seen=9),
)


def is_seeded() -> bool:
    """Whether the made-up people are here already."""
    return stored.by_address(ADMIN) is not None


def refuse_real_site(data: Path) -> None:
    """Raises Refused for a folder that holds a site which is no demo. Nothing in it is touched.

    It has people who were not made up; or its ledger, while its people are in a database elsewhere.
    """
    file = data / DATABASE
    if file.is_file():
        known = unopened.addresses(file)
        real = known is None or (known and ADMIN not in known)
    else:
        real = (data / backups.LEDGER).is_file()
    if real:
        raise Refused(
            _(
                "%(folder)s holds a site with people, which is not made a demo. Name another folder with "
                "--data.",
                folder=str(data),
            )
        )


def refuse_in_production(engine: Engine) -> None:
    """Raises Misconfigured for a demo in production: everybody knows the password of its accounts."""
    if engine.config.env == "production" and is_seeded():
        raise Misconfigured(
            _(
                "This database is a demo, with a password that everybody knows, so it is not served in "
                "production. Name another COURSE_ENGINE_DATA or COURSE_ENGINE_DATABASE_URL."
            )
        )


def seed(engine: Engine, now: datetime, tell: Tell = int) -> None:
    """Make the three accounts and the cohort of twelve, whose fifth session is today or in the next days.

    Beside it a small one, whose sessions are over. `tell` hears of each learner that is made.
    """
    first = _first_session(now)
    begin = first - timedelta(days=3)
    with engine.database.transaction():
        _add(engine, "Dov Adler", ADMIN, begin, Role.ADMIN)
        facilitator = _add(engine, "Ana Ribeiro", FACILITATOR, begin, Role.FACILITATOR)
        cohort = cohorts.add(
            engine, facilitator, COURSE, "Thursday evenings", first, ZONE, MINUTES, begin,
            place=PLACE, safety=SAFETY,
        )  # fmt: skip
        for place, made in enumerate(GROUP):
            address = LEARNER if place == 0 else f"learner{place + 1}@example.org"
            since = begin - EARLIER if made.certificate else begin
            person = _add(engine, made.name, address, since, Role.LEARNER)
            _live(engine, cohort, facilitator, person, made, begin, now)
            tell(1)
        _say(cohort, facilitator, first)
        _seed_before(engine, facilitator, now, tell)


def _say(cohort: Cohort, facilitator: Person, first: datetime) -> None:
    """A word to everybody, from the morning after the third session; no letters go out for it."""
    at = first + timedelta(weeks=2, hours=15)
    subject, text = MESSAGE
    sent = Message(
        new_id(), cohort.id, facilitator.id, subject, text, MessageState.SENT, at, due_at=at, sent_at=at
    )
    messages.add(sent)


def _seed_before(engine: Engine, facilitator: Person, now: datetime, tell: Tell) -> None:
    """The cohort whose last session was in the last week, yesterday at the latest."""
    yesterday = now.astimezone(ZoneInfo(ZONE)).date() - timedelta(days=1)
    last = yesterday - timedelta(days=(yesterday.weekday() - TUESDAY) % 7)
    first = _at(last - timedelta(weeks=WEEKS - 1), MORNING)
    begin = first - timedelta(days=3)
    cohort = cohorts.add(engine, facilitator, COURSE, "Tuesday mornings", first, ZONE, MINUTES, begin)
    for place, made in enumerate(BEFORE, len(GROUP) + 1):
        person = _add(engine, made.name, f"learner{place}@example.org", begin, Role.LEARNER)
        _live(engine, cohort, facilitator, person, made, begin, now)
        tell(1)


def _first_session(now: datetime) -> datetime:
    today = now.astimezone(ZoneInfo(ZONE)).date()
    coming = today + timedelta(days=(THURSDAY - today.weekday()) % 7)
    if _at(coming, EVENING) + timedelta(minutes=MINUTES) <= now:
        coming += timedelta(days=7)
    return _at(coming - timedelta(weeks=PAST), EVENING)


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, ZoneInfo(ZONE)).astimezone(UTC)


def _add(engine: Engine, name: str, address: str, begin: datetime, role: Role) -> Person:
    return people.add(engine, name, address, PASSWORD, begin, frozenset({role}), zone=ZONE)


def _live(
    engine: Engine,
    cohort: Cohort,
    facilitator: Person,
    person: Person,
    made: Made,
    begin: datetime,
    now: datetime,
) -> None:
    if made.certificate:
        run = _walked_before(engine, cohort, person, begin)
    else:
        run = cohorts.add_member(engine, cohort, person, begin, started=made.begun)
        stored_runs.invited_as(cohort.id, person.id, made.name)
    for number in range(PAST + 1 if made.certificate else made.weeks + 1):
        _week(engine, cohort, facilitator, person, run, number, made, now)
    if made.held:
        hold = Override(OverrideKind.HOLD, start=now - timedelta(days=2), by=By.LEARNER)
        overrides.add(engine, run, hold, person, "", now - timedelta(days=2))
    if made.begun:
        stored_runs.seen(run.id, now - timedelta(days=made.seen))
    if made.asks:
        contacts.ask(engine, person, cohort, made.asks, now - timedelta(hours=20))


def _walked_before(engine: Engine, cohort: Cohort, person: Person, begin: datetime) -> Run:
    """Someone who went through the whole course alone, and comes along with the group after it."""
    at = begin - EARLIER
    run = runs.join_alone(engine, person, cohort.course, PaceKind.FREE, at)
    for week in engine.shelf.course(run.edition, person.language).weeks:
        for steps in week.asks:
            at += timedelta(hours=30)
            progress.complete(engine, person, run, steps[0].id, How.DONE, at)
    certificates.award(engine, person, run, person.name, at)
    cohorts.take_in(engine, cohort, run, person, begin)
    return runs.current(engine, person)


def _week(
    engine: Engine,
    cohort: Cohort,
    facilitator: Person,
    person: Person,
    run: Run,
    number: int,
    made: Made,
    now: datetime,
) -> None:
    course = engine.shelf.course(run.edition, person.language)
    week = course.week(number)
    if week is None or not made.begun:
        return
    session = next((one for one in cohorts.sessions(cohort) if one.number == number), None)
    at = session.starts_at if session else cohort.created_at
    if session and at < now and (number <= made.weeks or made.certificate):
        attendance.attend(engine, cohort, number, person.id, Present.PRESENT, facilitator, at)
    wanted = () if made.certificate else week.asks
    for place, steps in enumerate(wanted[: None if number < made.weeks else made.steps]):
        how = (How.DONE, How.DONE, How.GENTLER, How.NOT_TODAY)[(place + number + len(made.name)) % 4]
        moment = min(at + timedelta(hours=3 + 9 * place), now - timedelta(hours=4))
        progress.complete(engine, person, run, steps[-1 if how is How.GENTLER else 0].id, how, moment)
