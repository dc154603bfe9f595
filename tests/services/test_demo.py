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
from course_engine.services import (
    boards,
    candidates,
    certificates,
    cohorts,
    contacts,
    demo,
    devices,
    messages,
    people,
    runs,
    verifying,
)
from course_engine.services.runs import Position
from course_engine.storage import contacts as stored_contacts
from course_engine.storage import people as stored
from course_engine.storage.progress import completions
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
    led = cohorts.led_by(people.get(demo.FACILITATOR), clock())[0]
    cohort, count = led.cohort, led.people
    assert count == 12
    at = _positions(seeded, clock)
    assert len(at) == 12
    statuses = [one.access.status for one in at.values()]
    assert statuses.count(Status.NOT_STARTED) == 1
    assert statuses.count(Status.ON_HOLD) == 1
    assert statuses.count(Status.FINISHED) == 2
    assert statuses.count(Status.ACTIVE) == 8
    assert all(one.cohort is not None and one.cohort.id == cohort.id for one in at.values())
    places = {one.access.here for one in at.values()}
    assert len(places) >= 6
    hows = {done.how for one in at.values() for done in completions(one.run.id).values()}
    assert hows == set(How)
    (asked,) = stored_contacts.of_cohort(cohort.id)
    assert asked.state is RequestState.NEW
    assert contacts.read(seeded, asked).endswith("?")


def test_those_who_went_through_it_alone_before_hold_certificates_that_can_be_verified(
    seeded: Engine, clock: Clock
) -> None:
    made = [found for one in _positions(seeded, clock).values() if (found := certificates.of_run(one.run))]
    assert len(made) == 2
    for one in made:
        assert verifying.verify(one.code).state is CertificateState.VALID
        assert "cohort" not in one.frozen
        assert one.awarded_at < clock() - timedelta(days=28)


# Thursday at five, and just before and after the end of the session: the edges of the week of that day.
@pytest.mark.parametrize("hours", [58.5, 73.9, 74.1])
def test_nothing_lies_in_the_future_and_nobody_did_what_was_not_open(
    engine: Engine, self_compassion: str, clock: Clock, hours: float
) -> None:
    clock.move(hours=hours)
    demo.seed(engine, clock())
    for at in _positions(engine, clock, (*demo.GROUP, *demo.BEFORE)).values():
        for step, done in completions(at.run.id).items():
            assert done.first_at <= done.at <= clock()
            opened = at.access.weeks[at.course.week_of[step].id].opened_at
            assert opened is not None
            assert opened <= done.first_at, step


def test_a_small_group_has_had_its_last_session_and_two_are_ready_for_certificates(
    seeded: Engine, clock: Clock
) -> None:
    before = cohorts.led_by(people.get(demo.FACILITATOR), clock())[1].cohort
    assert before.name == "Tuesday mornings"
    assert timedelta() < clock() - cohorts.sessions(before)[-1].ends_at < timedelta(days=8)
    ready = candidates.table(seeded, before, candidates.Show.READY, "", 1, "en", clock())
    assert [row.name for row in ready.rows] == ["Elif Aydın", "Hugo Silva"]
    assert all(row.needed.whole for row in ready.rows)


def test_its_sessions_are_on_thursdays_and_the_fifth_is_the_next(seeded: Engine, clock: Clock) -> None:
    led = cohorts.led_by(people.get(demo.FACILITATOR), clock())[0]
    cohort = led.cohort
    assert cohort.name == "Thursday evenings"
    sessions = cohorts.sessions(cohort)
    starts = [one.starts_at.astimezone(ZoneInfo(demo.ZONE)) for one in sessions]
    assert {one.strftime("%A %H:%M") for one in starts} == {"Thursday 18:30"}
    coming = [one for one in sessions if one.ends_at > clock()]
    assert [one.number for one in coming] == [5, 6, 7, 8]
    assert coming[0].starts_at - clock() < timedelta(days=7)
    assert led.next == coming[0]


def test_the_group_has_a_place_somebody_to_turn_to_and_a_message(seeded: Engine, clock: Clock) -> None:
    cohort = cohorts.led_by(people.get(demo.FACILITATOR), clock())[0].cohort
    assert cohort.place
    assert cohort.safety.name == "Ana Ribeiro"
    assert cohort.safety.reach
    (message,) = messages.to_person(cohort, people.get(demo.LEARNER))
    assert message.sent_at is not None
    assert message.sent_at < clock()


def test_whoever_finished_before_the_group_began_is_said_to_have(seeded: Engine, clock: Clock) -> None:
    cohort = cohorts.led_by(people.get(demo.FACILITATOR), clock())[0].cohort
    rows = boards.board(seeded, cohort, boards.Wanted(), "en", clock()).rows
    assert [row.name for row in rows if row.before] == ["Ines Duarte", "Tomás Reis"]


def test_a_demo_is_seeded_once(seeded: Engine, clock: Clock) -> None:
    assert demo.is_seeded()
    assert stored.count() == 17


def _positions(engine: Engine, clock: Clock, of: tuple[demo.Made, ...] = demo.GROUP) -> dict[str, Position]:
    """How the people of a group stand."""
    group = {made.name for made in of}
    learners = [one for one in people.page().people if one.name in group]
    return {one.name: runs.position(engine, one, runs.current(engine, one), clock()) for one in learners}


@pytest.mark.parametrize("days", [*range(8), *range(30, 210, 30)])
@pytest.mark.parametrize("hours", [0, 2, 5])
def test_the_group_meets_on_thursdays_at_half_past_six_as_its_name_says(
    days: int, hours: int, clock: Clock
) -> None:
    now = clock.move(days=days, hours=hours)
    first = demo._first_session(now).astimezone(ZoneInfo(demo.ZONE))
    assert (first.strftime("%A"), first.hour, first.minute) == ("Thursday", 18, 30)
    fifth = first + timedelta(weeks=demo.PAST)
    assert fifth - timedelta(days=7) <= now < fifth + timedelta(minutes=demo.MINUTES)
