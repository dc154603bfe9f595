"""The demo: twelve made-up people in the places that are promised, made by the real services."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from course_engine.domain.certificates import CertificateState
from course_engine.domain.cohorts import RequestState
from course_engine.domain.progress import How
from course_engine.domain.roles import Role
from course_engine.domain.standing import Status
from course_engine.engine import Engine
from course_engine.services import certificates, cohorts, contacts, demo, devices, people, runs
from course_engine.services.runs import Position
from course_engine.storage import contacts as stored_contacts
from course_engine.storage import people as stored
from tests.cast import Clock


@pytest.fixture
def seeded(engine: Engine, self_compassion: str, clock: Clock) -> Engine:
    demo.seed(engine, clock())
    return engine


def test_the_three_accounts_sign_in_with_the_password_that_is_printed(seeded: Engine, clock: Clock) -> None:
    for address, role in (
        (demo.LEARNER, Role.LEARNER), (demo.FACILITATOR, Role.FACILITATOR), (demo.ADMIN, Role.ADMIN)
    ):  # fmt: skip
        found = devices.sign_in(seeded, address, demo.PASSWORD, "x", clock())
        assert found.person.roles == {role}


def test_twelve_learners_are_in_their_promised_places(seeded: Engine, clock: Clock) -> None:
    (led,) = cohorts.led_by(people.get(demo.FACILITATOR), clock())
    cohort, count = led.cohort, led.people
    assert count == 12
    at = _positions(seeded, clock)
    assert len(at) == 12
    statuses = [one.access.status for one in at.values()]
    assert statuses.count(Status.NOT_STARTED) == 1
    assert statuses.count(Status.ON_HOLD) == 1
    assert statuses.count(Status.FINISHED) == 2
    assert statuses.count(Status.ACTIVE) == 8
    places = {one.access.here for one in at.values()}
    assert len(places) >= 6
    hows = {done.how for one in at.values() for done in one.history.completions.values()}
    assert hows == set(How)
    (asked,) = stored_contacts.of_cohort(cohort.id)
    assert asked.state is RequestState.NEW
    assert contacts.read(seeded, asked).endswith("?")


def test_those_who_finished_hold_certificates_that_can_be_verified(seeded: Engine, clock: Clock) -> None:
    made = [found for one in _positions(seeded, clock).values() if (found := certificates.of_run(one.run))]
    assert len(made) == 2
    for one in made:
        assert certificates.verify(one.code).state is CertificateState.VALID
        group = one.frozen["cohort"]
        assert isinstance(group, dict)
        assert (group["sessions"], group["attended"]) == (8, 8)


def test_nothing_lies_in_the_future_and_nobody_did_what_was_not_open(seeded: Engine, clock: Clock) -> None:
    for at in _positions(seeded, clock).values():
        for step, done in at.history.completions.items():
            assert done.first_at <= done.at <= clock()
            opened = at.access.weeks[at.course.week_of[step].id].opened_at
            assert opened is not None
            assert opened <= done.first_at, step


def test_its_sessions_are_on_thursdays_and_all_are_over(seeded: Engine, clock: Clock) -> None:
    (led,) = cohorts.led_by(people.get(demo.FACILITATOR), clock())
    cohort = led.cohort
    assert cohort.name == "Thursday evenings"
    starts = [one.starts_at.astimezone(ZoneInfo(demo.ZONE)) for one in cohorts.sessions(cohort)]
    assert {one.strftime("%A %H:%M") for one in starts} == {"Thursday 18:30"}
    assert timedelta(days=3) <= clock() - starts[-1] <= timedelta(days=10)


def test_a_demo_is_seeded_once(seeded: Engine, clock: Clock) -> None:
    assert demo.is_seeded()
    assert stored.count() == 14


def _positions(engine: Engine, clock: Clock) -> dict[str, Position]:
    everybody = people.page().people
    learners = [one for one in everybody if one.roles == {Role.LEARNER}]
    return {one.name: runs.position(engine, one, runs.current(engine, one), clock()) for one in learners}


@pytest.mark.parametrize("days", range(0, 210, 30))
def test_the_group_meets_on_thursdays_at_half_past_six_as_its_name_says(days: int, clock: Clock) -> None:
    first = demo._first_session(clock.move(days=days)).astimezone(ZoneInfo(demo.ZONE))
    assert (first.strftime("%A"), first.hour, first.minute) == ("Thursday", 18, 30)
    assert clock() - first >= timedelta(days=52)
