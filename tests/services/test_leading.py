"""Who leads Ben's group: facilitators who can sign in, and nobody whose role was taken or who is locked."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event

import pytest

from course_engine.domain.cohorts import Cohort, Safety
from course_engine.domain.errors import BadInput, NotFound, Refused
from course_engine.domain.messages import MessageState
from course_engine.domain.people import Person
from course_engine.domain.roles import Role
from course_engine.domain.work import JobState
from course_engine.engine import Engine
from course_engine.jobs.tasks import HANDLERS, do_jobs
from course_engine.services import (
    accounts,
    awarding,
    certificates,
    cohorts,
    contacts,
    invitations,
    jobs,
    joining,
    messages,
    people,
    registers,
)
from course_engine.storage import audit
from course_engine.storage import certificates as stored
from course_engine.storage import cohorts as stored_cohorts
from course_engine.storage import runs as stored_runs
from course_engine.storage import tables as t
from tests.cast import BREAD, PASSWORD, ZONE, Clock

LEARN, LEAD = frozenset({Role.LEARNER}), frozenset({Role.FACILITATOR})
Bar = Callable[[Engine, Person, Person, Clock], None]


@pytest.fixture
def cohort(engine: Engine, ben: Person, clock: Clock) -> Cohort:
    """Ben's Mondays."""
    return cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())


@pytest.fixture
def gus(engine: Engine, ben: Person, cohort: Cohort, clock: Clock) -> Person:
    """Gus leads them with Ben."""
    person = people.add(engine, "Gus", "gus@example.org", PASSWORD, clock(), LEAD, zone=ZONE)
    cohorts.share(engine, cohort, "gus@example.org", ben, clock())
    return person


def take_role(engine: Engine, dov: Person, whose: Person, clock: Clock) -> None:
    accounts.set_roles(engine, dov, whose.id, LEARN, clock())


def lock(engine: Engine, dov: Person, whose: Person, clock: Clock) -> None:
    accounts.lock(engine, dov, whose.id, clock())


either = pytest.mark.parametrize("bar", [take_role, lock])


@either
def test_gus_leads_no_more_and_again_once_it_is_taken_back(
    engine: Engine, ben: Person, gus: Person, dov: Person, cohort: Cohort, clock: Clock, bar: Bar
) -> None:
    bar(engine, dov, gus, clock)
    with pytest.raises(NotFound):
        cohorts.led(gus, cohort.id)
    assert cohorts.led_by(gus, clock()) == []
    ours = cohorts.led(ben, cohort.id)
    assert [one.name for one in cohorts.leaders(ours)] == ["Ben"]
    assert [one.name for one in cohorts.standing(ours)] == ["Ben", "Gus"]

    accounts.set_roles(engine, dov, gus.id, LEAD, clock())
    accounts.unlock(engine, dov, gus.id, clock())
    assert cohorts.led(gus, cohort.id).id == cohort.id


@either
def test_what_gus_asked_for_is_made_no_more(
    engine: Engine, gus: Person, dov: Person, cohort: Cohort, learner: Callable[..., Person], clock: Clock,
    bar: Bar,
) -> None:  # fmt: skip
    zoe = learner("Zoe")
    clock.move(days=20)
    job = awarding.ask(engine, cohort, [zoe.id], gus, clock(), "because")
    bar(engine, dov, gus, clock)
    do_jobs(engine, HANDLERS, "one", clock, Event())

    assert jobs.own(gus, job.id).state is JobState.STOPPED
    assert stored.of_person(zoe.id) == []


def test_a_job_names_nobody_to_gus_once_he_leads_no_longer(
    engine: Engine, ben: Person, gus: Person, cohort: Cohort, learner: Callable[..., Person], clock: Clock
) -> None:
    zoe = learner("Zoe")
    job = awarding.ask(engine, cohort, [zoe.id], gus, clock())
    with engine.database.transaction():
        t.Job.update(done=1).where(t.Job.id == job.id).execute()
    assert awarding.names_done(engine, jobs.own(gus, job.id)) == ["Zoe"]

    cohorts.stop_leading(engine, cohort, gus.id, ben, clock())
    assert awarding.names_done(engine, jobs.own(gus, job.id)) == []


@either
def test_ben_cannot_go_or_lose_his_role_while_only_gus_is_left_who_cannot_lead(
    engine: Engine, ben: Person, gus: Person, dov: Person, cohort: Cohort, clock: Clock, bar: Bar
) -> None:
    bar(engine, dov, gus, clock)
    with pytest.raises(Refused, match="Somebody has to lead"):
        cohorts.stop_leading(engine, cohort, ben.id, ben, clock())
    with pytest.raises(Refused, match="“Mondays” alone"):
        accounts.set_roles(engine, dov, ben.id, LEARN, clock())
    assert accounts.one(ben.id, clock()).alone == "“Mondays”"

    cohorts.stop_leading(engine, cohort, gus.id, ben, clock())
    assert stored_cohorts.standing(cohort.id) == [ben.id]


def test_a_locked_facilitator_is_not_asked_in_and_makes_no_group(
    engine: Engine, ben: Person, dov: Person, gus: Person, cohort: Cohort, clock: Clock
) -> None:
    cohorts.stop_leading(engine, cohort, gus.id, ben, clock())
    lock(engine, dov, gus, clock)
    with pytest.raises(BadInput, match="no facilitator"):
        cohorts.share(engine, cohort, "gus@example.org", ben, clock())
    with pytest.raises(Refused, match="no facilitator here, or cannot sign in"):
        registers.leader("gus@example.org")
    assert registers.leader(None) == ben


def test_asking_somebody_in_keeps_the_place_of_one_who_cannot_lead_now(
    engine: Engine, ben: Person, dov: Person, gus: Person, cohort: Cohort, clock: Clock
) -> None:
    lock(engine, dov, gus, clock)
    for name in ("Ema", "Fay"):
        people.add(engine, name, f"{name.lower()}@example.org", PASSWORD, clock(), LEAD, zone=ZONE)
    cohorts.share(engine, cohort, "ema@example.org", ben, clock())
    code = invitations.make(engine, cohort, Role.FACILITATOR, ben, clock()).code
    joining.join(engine, people.get("fay@example.org"), code, clock())

    assert [one.name for one in cohorts.standing(cohort)] == ["Ben", "Ema", "Fay", "Gus"]
    assert [one.name for one in cohorts.leaders(cohorts.led(ben, cohort.id))] == ["Ben", "Ema", "Fay"]


def test_whose_role_was_taken_can_join_as_a_learner(
    engine: Engine, ben: Person, gus: Person, dov: Person, cohort: Cohort, clock: Clock
) -> None:
    code = invitations.make(engine, cohort, Role.LEARNER, ben, clock()).code
    with pytest.raises(Refused, match="You lead this group"):
        joining.join(engine, gus, code, clock())
    take_role(engine, dov, gus, clock)
    joined = joining.join(engine, people.get("gus@example.org"), code, clock())
    assert joined.run is not None
    assert joined.run.started_at is not None


def test_nobody_stops_leading_who_does_not_lead(
    engine: Engine, ben: Person, cleo: Person, cohort: Cohort, clock: Clock
) -> None:
    for stranger in (cleo.id, "nobody at all"):
        with pytest.raises(NotFound):
            cohorts.stop_leading(engine, cohort, stranger, ben, clock())
    assert "cohort.stop_leading" not in {act for _at, _who, act, _whom, _detail in audit.newest()}


def test_a_call_for_a_word_goes_to_those_only_who_lead(
    engine: Engine, ada: Person, ben: Person, gus: Person, dov: Person, cohort: Cohort, clock: Clock
) -> None:
    cohorts.add_member(engine, cohort, ada, clock())
    take_role(engine, dov, gus, clock)
    contacts.ask(engine, ada, cohorts.led(ben, cohort.id), "Could we talk?", clock())
    contacts.remind(engine, clock.move(days=2))
    assert {row.recipient for row in t.Outbox.select()} == {"ben@example.org"}


def test_where_nobody_can_lead_a_call_goes_to_who_stands_in_and_to_the_admin_who_can_help(
    engine: Engine, ada: Person, ben: Person, dov: Person, cohort: Cohort, clock: Clock
) -> None:
    cohorts.change(engine, cohort, ben, clock(), safety=Safety(reach="stand-in@example.org"))
    cohorts.add_member(engine, cohort, ada, clock())
    lock(engine, dov, ben, clock)
    known = stored_cohorts.get(cohort.id)
    assert known is not None
    contacts.ask(engine, ada, known, "Could we talk?", clock())
    assert {row.recipient for row in t.Outbox.select()} == {"stand-in@example.org", "dov@example.org"}
    with pytest.raises(Refused, match="Nobody can lead “Mondays”"):
        registers.leads(known)


@either
def test_a_message_that_gus_left_waiting_is_taken_back(
    engine: Engine, ada: Person, ben: Person, gus: Person, dov: Person, cohort: Cohort, clock: Clock, bar: Bar
) -> None:
    cohorts.add_member(engine, cohort, ada, clock())
    waiting = messages.write(engine, cohort, "Soon", "See you soon.", gus, clock())
    messages.send(engine, waiting, cohort, clock() + timedelta(days=2), gus, clock())
    taken_up = messages.write(engine, cohort, "Later", "See you later.", gus, clock())
    messages.send(engine, taken_up, cohort, clock() + timedelta(days=2), ben, clock())
    bar(engine, dov, gus, clock)

    assert messages.send_due(engine, clock.move(days=3)) == 1
    states = {one.subject: one.state for one in messages.of_cohort(cohort)}
    assert states == {"Soon": MessageState.CANCELLED, "Later": MessageState.SENT}


def test_a_group_ends_once(engine: Engine, ben: Person, cohort: Cohort, clock: Clock) -> None:
    cohorts.end(engine, cohort, ben, clock())
    ended = cohorts.led(ben, cohort.id).ended_at
    cohorts.end(engine, cohort, ben, clock.move(days=5))
    assert cohorts.led(ben, cohort.id).ended_at == ended
    assert [act for _at, _who, act, _whom, _detail in audit.newest()].count("cohort.end") == 1


def test_a_certificate_names_gus_who_led_all_along(
    engine: Engine, gus: Person, dov: Person, cohort: Cohort, learner: Callable[..., Person], clock: Clock
) -> None:
    zoe = learner("Zoe")
    lock(engine, dov, gus, clock)
    run = stored_runs.of(zoe.id)[0]
    made = certificates.award(engine, zoe, run, "Zoe", clock.move(days=20))
    assert sorted(str(made.frozen["facilitator"]).split(", ")) == ["Ben", "Gus"]
