"""A site that has been used for years: 10,000 learners and over a million completions, written at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from course_engine.crypto import new_id
from course_engine.domain.cohorts import Cohort, Present
from course_engine.domain.course import Course
from course_engine.domain.people import Person, Theme
from course_engine.domain.progress import Run
from course_engine.domain.roles import Role
from course_engine.services import boards, cohorts, contacts, messages, people
from course_engine.storage import members
from course_engine.storage import people as stored_people
from course_engine.storage import tables as t
from course_engine.storage.database import fetch
from tests.bench.site import COURSE, PASSWORD, Site

LEARNERS, OF_OTHERS = 10_000, 250
SIZES = (12, 50, 1_000)
ZONE = "Europe/Lisbon"
REQUESTS, MESSAGES = 40, 60
# One in so many takes part on paper.
ON_PAPER = 25
_AT_ONCE = 2_000
_WAYS = (Present.PRESENT, Present.ONLINE, Present.MADE_UP, Present.EXCUSED, Present.NOT_HERE)


@dataclass(frozen=True, slots=True)
class Crowd:
    """The facilitator whose pages are looked at, their cohorts by size, and what lies in the database."""

    leader: Person
    cohorts: dict[int, Cohort]
    learners: int
    completions: int


def seed(site: Site) -> Crowd:
    """Fill the site: three cohorts of one facilitator, and those of others round them."""
    began = site.now - timedelta(days=40)
    leads = frozenset({Role.FACILITATOR})
    leader, other = (
        people.add(site.engine, name, f"{name.lower()}@example.org", PASSWORD, began, leads, zone=ZONE)
        for name in ("Ola", "Pia")
    )
    own = {size: _cohort(site, leader, size, place, began) for place, size in enumerate(SIZES)}
    for place in range((LEARNERS - sum(SIZES)) // OF_OTHERS):
        _cohort(site, other, OF_OTHERS, place, began - timedelta(days=200 * (1 + place // 40)))
    for cohort in own.values():
        _talk(site, cohort, leader)
        boards.recount(site.engine, cohort.id, site.now)
    fetch("ANALYZE")
    counted = [model.select().count() for model in (t.Membership, t.Completion)]
    return Crowd(leader, own, *counted)


def _cohort(site: Site, leads: Person, size: int, place: int, began: datetime) -> Cohort:
    first = began + timedelta(hours=3 * (place % 40))
    cohort = cohorts.add(site.engine, leads, COURSE, f"{size}, {place}", first, ZONE, 90, first)
    course = site.engine.shelf.course(cohort.edition, "en")
    new = [(_learner(number, began), site.engine.keys.new_person_key()) for number in range(size)]
    runs = [
        Run(new_id(), one.id, COURSE, cohort.edition, "cohort", cohort.id, began) for one, _key in new
    ]  # fmt: skip
    with site.engine.database.transaction():
        members.add_many(cohort.id, new, runs, began)
        signed_up = [one.id for place, (one, _key) in enumerate(new) if place % ON_PAPER]
        t.Person.update(password_hash="nobody's").where(t.Person.id.in_(signed_up)).execute()
        before = [_earlier(run, began) for run in runs]
        _insert(t.Run, before)
        _insert(t.Completion, _completions(course, runs, before, began))
        _insert(t.WeekMark, _marks(course, runs, began))
        _insert(t.Attendance, _attendance(cohort, runs, began))
    return cohort


def _learner(number: int, began: datetime) -> Person:
    roles = frozenset({Role.LEARNER})
    name = f"{('Ana', 'Bo', 'Cleo', 'Dov', 'Eve', 'Finn')[number % 6]} {number}"
    return Person(new_id(), name, None, f"sign-in-{new_id()}", roles, ZONE, "en", Theme.SYSTEM, began)


def _earlier(run: Run, began: datetime) -> dict[str, Any]:
    """A way through the course that the same person has come to the end of alone."""
    ended = began - timedelta(days=30)
    begun = ended - timedelta(days=70)
    return {
        "id": new_id(), "person": run.person, "course": run.course, "edition": run.edition, "pace": "weekly",
        "started_at": begun, "finished_at": ended, "begun_at": begun, "listed_as": "",
    }  # fmt: skip


def _completions(
    course: Course, runs: Sequence[Run], before: Sequence[dict[str, Any]], began: datetime
) -> Iterator[dict[str, Any]]:
    """Every step of the earlier run, and the weeks so far of this one."""
    steps = [step.id for week in course.weeks for step in week.steps]
    for place, (run, old) in enumerate(zip(runs, before, strict=True)):
        so_far = [step.id for week in course.weeks[: 3 + place % 4] for step in week.steps]
        for of, done, since in ((str(old["id"]), steps, old["started_at"]), (run.id, so_far, began)):
            for number, step in enumerate(done):
                at = since + timedelta(hours=6 * number)
                yield {
                    "run": of, "step": step, "how": "done", "at": at, "first_how": "done", "first_at": at,
                    "edition": run.edition,
                }  # fmt: skip


def _marks(course: Course, runs: Sequence[Run], began: datetime) -> Iterator[dict[str, Any]]:
    """The weeks that are done are written down, as they are when a week comes to its end."""
    for place, run in enumerate(runs):
        for week in course.weeks[: 3 + place % 4]:
            at = began + timedelta(days=7 * week.number)
            yield {
                "run": run.id, "week": week.id, "opened_at": at, "seen_at": at,
                "finished_at": at + timedelta(days=5),
            }  # fmt: skip


def _attendance(cohort: Cohort, runs: Sequence[Run], began: datetime) -> Iterator[dict[str, Any]]:
    for place, run in enumerate(runs):
        for number in range(1, 6):
            present = _WAYS[0] if place % 7 else _WAYS[(place + number) % len(_WAYS)]
            yield {
                "cohort": cohort.id, "person": run.person, "number": number, "present": present, "at": began,
            }  # fmt: skip


def _talk(site: Site, cohort: Cohort, leader: Person) -> None:
    """Requests for contact and messages, as they gather in a few weeks."""
    inside = cohorts.roster(cohort)[:REQUESTS]
    for place, person in enumerate(stored_people.those([id for id, _name, _run in inside])):
        contacts.ask(site.engine, person, cohort, "Could we talk?", site.now - timedelta(days=place % 20))
    for number in range(MESSAGES):
        messages.write(site.engine, cohort, f"Week {number}", "See you soon.", leader, site.now)


def _insert(model: type[t.Table], rows: Any) -> None:
    left = iter(rows)
    while some := list(islice(left, _AT_ONCE)):
        model.insert_many(some).execute()
