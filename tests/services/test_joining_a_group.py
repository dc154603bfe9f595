"""People come into Ben's group: with its code, as invited ones, and from the waiting list."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from course_engine.domain.cohorts import Cohort, Present
from course_engine.domain.errors import BadInput, NotFound, Refused
from course_engine.domain.members import Entry
from course_engine.domain.pace import PaceKind
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.domain.roles import Role
from course_engine.domain.standing import State, Status
from course_engine.engine import Engine
from course_engine.jobs import schedule
from course_engine.services import (
    attendance,
    cohorts,
    invitations,
    joining,
    members,
    people,
    roster_files,
    roster_rows,
    rosters,
    runs,
    waiting,
)
from course_engine.storage import audit, outbox
from course_engine.storage import cohorts as stored_cohorts
from course_engine.storage import invitations as stored_invitations
from course_engine.storage import people as stored_people
from course_engine.storage import runs as stored_runs
from tests.cast import BREAD, PASSWORD, ZONE, Clock, do, week_steps


@pytest.fixture
def cohort(engine: Engine, ben: Person, clock: Clock) -> Cohort:
    """Ben's Mondays, with the cohort as he leads it."""
    made = cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())
    return cohorts.led(ben, made.id)


@pytest.fixture
def code(engine: Engine, ben: Person, cohort: Cohort, clock: Clock) -> str:
    return invitations.make(engine, cohort, Role.LEARNER, ben, clock()).code


def _seats(engine: Engine, cohort: Cohort, ben: Person, seats: int, clock: Clock) -> Cohort:
    cohorts.change(engine, cohort, ben, clock(), seats=seats)
    return cohorts.led(ben, cohort.id)


def test_ada_joins_with_the_code_however_she_types_it_and_has_agreed(
    engine: Engine, ada: Person, cohort: Cohort, code: str, clock: Clock
) -> None:
    joined = joining.join(engine, ada, f" {code[:4].lower()} - {code[4:].lower()} ", clock())

    assert joined.run is not None
    at = runs.position(engine, ada, joined.run, clock())
    assert at.access.status is Status.ACTIVE
    assert at.cohort is not None
    assert at.cohort.id == cohort.id
    consent = stored_people.consent(ada.id, BREAD)
    assert consent is not None
    assert consent.version == runs.CONSENT_VERSION
    assert [one.entry for one in members.of(cohort)] == [Entry.JOINED]


def test_joining_twice_changes_nothing_and_counts_once(
    engine: Engine, ada: Person, cohort: Cohort, code: str, clock: Clock
) -> None:
    first = joining.join(engine, ada, code, clock())
    second = joining.join(engine, ada, code, clock.move(hours=1))

    assert first == second
    found = invitations.of(cohort)
    assert found is not None
    assert found.used == 1


def test_an_unfinished_course_alone_comes_along_with_all_that_was_done(
    engine: Engine, ada: Person, run: Run, cohort: Cohort, code: str, clock: Clock
) -> None:
    do(engine, ada, run, clock(), *week_steps(runs.position(engine, ada, run, clock()), 1))
    alone = joining.alone(engine, ada, BREAD, clock())
    assert alone == run

    joined = joining.join(engine, ada, code, clock.move(hours=1), bring=alone)

    assert joined.run is not None
    assert joined.run.id == run.id
    at = runs.position(engine, ada, joined.run, clock())
    assert at.access.weeks["week-1"].state is State.DONE
    assert at.cohort is not None


def test_whoever_was_invited_can_bring_their_own_course_along_too(
    engine: Engine, ada: Person, run: Run, cohort: Cohort, clock: Clock
) -> None:
    cohorts.add_member(engine, cohort, ada, clock.move(hours=1), started=False)
    assert runs.current(engine, ada) == run, "an invitation pushes nothing aside"
    (asked,) = joining.invited(engine, ada)

    begun = joining.begin(engine, ada, asked.run, clock.move(hours=1), bring=run)

    assert begun.id == run.id
    assert joining.invited(engine, ada) == []
    assert [one.run for one in members.of(cohort)] == [run.id]


def test_an_invitation_can_be_declined_and_leaves_nothing(
    engine: Engine, ada: Person, cleo: Person, cohort: Cohort, clock: Clock
) -> None:
    run = cohorts.add_member(engine, cohort, ada, clock(), started=False)
    with pytest.raises(NotFound):
        joining.decline(engine, cleo, run, clock())
    joining.decline(engine, ada, run, clock())

    assert members.of(cohort) == []
    assert runs.of_person(engine, ada) == []


def test_whoever_has_begun_meanwhile_does_not_decline(
    engine: Engine, ada: Person, cohort: Cohort, clock: Clock
) -> None:
    as_shown = cohorts.add_member(engine, cohort, ada, clock(), started=False)
    joining.begin(engine, ada, as_shown, clock())
    with pytest.raises(Refused, match="begun with this group already"):
        joining.decline(engine, ada, as_shown, clock())

    assert [one.id for one in members.of(cohort)] == [ada.id]
    assert "cohort.decline" not in {told[2] for told in audit.newest()}


def test_an_invitation_that_was_taken_back_a_moment_ago_lets_nobody_begin(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    as_shown = cohorts.add_member(engine, cohort, ada, clock(), started=False)
    members.remove(engine, cohort, ada.id, ben, clock())
    with pytest.raises(NotFound):
        joining.begin(engine, ada, as_shown, clock())

    assert members.of(cohort) == []
    assert runs.of_person(engine, ada) == []


def test_whoever_begins_while_the_invitation_is_taken_back_is_wholly_in_or_out(
    engine: Engine, ada: Person, ben: Person, clock: Clock
) -> None:
    for hour in range(8):
        group = cohorts.add(engine, ben, BREAD, "Mondays", clock() + timedelta(hours=hour), ZONE, 30, clock())
        as_shown = cohorts.add_member(engine, group, ada, clock(), started=False)
        with ThreadPoolExecutor(2) as both:
            begun = both.submit(joining.begin, engine, ada, as_shown, clock())
            gone = both.submit(members.remove, engine, group, ada.id, ben, clock())
        gone.result()
        assert members.of(group) == [], "the removal comes last, or there was nothing to begin"
        assert begun.exception() is None or isinstance(begun.exception(), NotFound)


def test_a_new_code_makes_the_old_one_useless(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, code: str, clock: Clock
) -> None:
    new = invitations.make(engine, cohort, Role.LEARNER, ben, clock.move(hours=1))
    with pytest.raises(invitations.NoEntry, match="not in use any more"):
        joining.join(engine, ada, code, clock())
    assert joining.join(engine, ada, new.code, clock()).run is not None


def test_a_code_ends_on_its_day_and_after_so_many_people(
    engine: Engine, ada: Person, ben: Person, cleo: Person, cohort: Cohort, code: str, clock: Clock
) -> None:
    invitations.limit(engine, cohort, Role.LEARNER, ben, clock(), clock() + timedelta(days=1), 1)
    joining.join(engine, ada, code, clock())
    with pytest.raises(invitations.NoEntry, match="As many people"):
        joining.join(engine, cleo, code, clock())
    assert not stored_invitations.use(code, clock()), "of two at the same moment the second is counted out"
    invitations.limit(engine, cohort, Role.LEARNER, ben, clock(), clock() + timedelta(days=1), None)
    with pytest.raises(invitations.NoEntry, match="time to join"):
        joining.join(engine, cleo, code, clock.move(days=1))
    with pytest.raises(BadInput):
        invitations.limit(engine, cohort, Role.LEARNER, ben, clock(), clock(), None)


def test_whoever_is_in_stays_in_when_the_code_has_had_its_last_place_or_its_last_day(
    engine: Engine, ada: Person, ben: Person, cleo: Person, cohort: Cohort, code: str, clock: Clock
) -> None:
    invitations.limit(engine, cohort, Role.LEARNER, ben, clock(), clock() + timedelta(days=1), 1)
    first = joining.join(engine, ada, code, clock())

    assert joining.join(engine, ada, code, clock()) == first, "a double click on the last place"
    assert joining.join(engine, ada, code, clock.move(days=2)) == first
    invitations.revoke(engine, cohort, Role.LEARNER, ben, clock())
    assert joining.join(engine, ada, code, clock()) == first
    with pytest.raises(invitations.NoEntry):
        joining.join(engine, cleo, code, clock())


def test_whoever_took_the_last_place_to_lead_leads_after_a_second_click_too(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, code: str, clock: Clock
) -> None:
    leads = invitations.make(engine, cohort, Role.FACILITATOR, ben, clock(), most=1)
    both = frozenset({Role.FACILITATOR})
    ema = people.add(engine, "Ema", "ema@example.org", PASSWORD, clock(), both, zone=ZONE)

    assert joining.join(engine, ema, leads.code, clock()).leads
    assert joining.join(engine, ema, leads.code, clock()).leads
    joining.join(engine, ada, code, clock())
    with pytest.raises(invitations.NoEntry):
        joining.join(engine, ada, leads.code, clock())


def test_a_group_that_has_ended_takes_nobody_in(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, code: str, clock: Clock
) -> None:
    cohorts.end(engine, cohort, ben, clock())
    with pytest.raises(invitations.NoEntry, match="come to its end"):
        joining.join(engine, ada, code, clock())


def test_a_code_for_facilitators_makes_someone_lead_too_and_nobody_else(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    leads = invitations.make(engine, cohort, Role.FACILITATOR, ben, clock())
    ema = people.add(
        engine, "Ema", "ema@example.org", PASSWORD, clock(), frozenset({Role.FACILITATOR}), zone=ZONE
    )
    with pytest.raises(Refused, match="for facilitators"):
        joining.join(engine, ada, leads.code, clock())
    assert joining.join(engine, ema, leads.code, clock()).leads
    assert cohorts.led(ema, cohort.id).id == cohort.id
    with pytest.raises(Refused):
        joining.join(engine, ben, invitations.make(engine, cohort, Role.LEARNER, ben, clock()).code, clock())


def test_a_full_group_lets_people_wait_and_the_first_gets_the_free_seat_with_a_letter(
    engine: Engine,
    ada: Person,
    ben: Person,
    cleo: Person,
    dov: Person,
    cohort: Cohort,
    code: str,
    clock: Clock,
) -> None:
    cohort = _seats(engine, cohort, ben, 1, clock)
    joining.join(engine, ada, code, clock())
    first = joining.join(engine, cleo, code, clock.move(minutes=1)).wait
    second = joining.join(engine, dov, code, clock.move(minutes=1)).wait
    assert first is not None
    assert second is not None
    assert (first.place, second.place) == (1, 2)

    members.remove(engine, cohort, ada.id, ben, clock.move(hours=1))

    assert [one.id for one in members.of(cohort)] == [cleo.id]
    assert [wait.place for _cohort, wait in waiting.of_person(dov)] == [1]
    assert outbox.waiting() == 1
    (asked,) = joining.invited(engine, cleo)
    assert joining.begin(engine, cleo, asked.run, clock()).started_at == clock()


def test_nobody_who_comes_now_passes_those_who_wait_for_the_free_seat(
    engine: Engine,
    ada: Person,
    ben: Person,
    cleo: Person,
    dov: Person,
    cohort: Cohort,
    code: str,
    clock: Clock,
) -> None:
    cohort = _seats(engine, cohort, ben, 1, clock)
    joining.join(engine, ada, code, clock())
    joining.join(engine, cleo, code, clock.move(minutes=1))
    _seats(engine, cohort, ben, 2, clock)
    assert invitations.look(engine, code, clock()).full, "the free seat is Cleo's"
    assert not invitations.look(engine, code, clock(), visitor=cleo).full

    newcomer = joining.join(engine, dov, code, clock.move(minutes=1))

    assert newcomer.wait is not None
    assert newcomer.wait.place == 2
    waiting.fill_all(engine, clock())
    assert {one.id for one in members.of(cohort)} == {ada.id, cleo.id}
    assert [one.id for one, _wait in waiting.of_cohort(cohort)] == [dov.id]


def test_raising_the_seats_lets_those_in_who_wait_at_the_latest_within_a_minute(
    engine: Engine, ada: Person, ben: Person, cleo: Person, cohort: Cohort, code: str, clock: Clock
) -> None:
    cohort = _seats(engine, cohort, ben, 1, clock)
    joining.join(engine, ada, code, clock())
    joining.join(engine, cleo, code, clock())
    _seats(engine, cohort, ben, 2, clock)

    schedule.run_due(engine, lambda _jobs: None, clock.move(minutes=1))

    assert {one.id for one in members.of(cohort)} == {ada.id, cleo.id}
    assert waiting.of_cohort(cohort) == []


def test_a_removal_takes_nothing_back_and_can_be_undone(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, code: str, clock: Clock
) -> None:
    run = joining.join(engine, ada, code, clock()).run
    assert run is not None
    do(engine, ada, run, clock(), "what-lives")
    clock.move(days=1)

    gone = members.remove(engine, cohort, ada.id, ben, clock())
    alone = runs.position(engine, ada, runs.own(engine, ada, run.id), clock())
    assert alone.cohort is None
    assert alone.access.steps["what-lives"].state is State.DONE
    assert alone.access.weeks["week-1"].readable

    members.back(engine, cohort, ada.id, gone.run, ben, clock.move(minutes=1))
    assert [one.run for one in members.of(cohort)] == [run.id]
    again = runs.position(engine, ada, runs.own(engine, ada, run.id), clock())
    assert again.access.steps["what-lives"].state is State.DONE


def test_going_on_alone_is_at_the_chosen_pace(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, code: str, clock: Clock
) -> None:
    run = joining.join(engine, ada, code, clock()).run
    assert run is not None
    members.own_pace(engine, cohort, ada.id, PaceKind.GENTLE, ben, clock.move(hours=1))
    assert runs.own(engine, ada, run.id).pace == "gentle"
    with pytest.raises(NotFound):
        members.own_pace(engine, cohort, ada.id, PaceKind.GENTLE, ben, clock())


def _alone_after_one_session(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, code: str, clock: Clock
) -> Run:
    run = joining.join(engine, ada, code, clock()).run
    assert run is not None
    clock.move(hours=2)
    attendance.attend(engine, cohort, 1, ada.id, Present.PRESENT, ben, clock())
    members.own_pace(engine, cohort, ada.id, PaceKind.FREE, ben, clock())
    return runs.own(engine, ada, run.id)


def test_whoever_comes_back_goes_on_with_the_run_that_was_at_the_sessions(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, code: str, clock: Clock
) -> None:
    run = _alone_after_one_session(engine, ada, ben, cohort, code, clock)

    again = joining.join(engine, ada, code, clock.move(days=1)).run
    assert again is not None
    assert (again.id, again.cohort) == (run.id, cohort.id)
    assert set(runs.position(engine, ada, again, clock()).history.attended) == {1}
    assert len(runs.of_person(engine, ada)) == 1


def test_another_run_does_not_take_the_sessions_from_the_one_that_was_there(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, code: str, clock: Clock
) -> None:
    run = _alone_after_one_session(engine, ada, ben, cohort, code, clock)
    other = Run("other-run", ada.id, BREAD, run.edition, PaceKind.FREE.value, None, clock())
    stored_runs.add(other, clock())

    with pytest.raises(Refused, match="You were in this group before"):
        joining.join(engine, ada, code, clock(), bring=other)
    stored_cohorts.add_member(cohort.id, ada.id, other.id, clock())
    assert set(runs.position(engine, ada, run, clock()).history.attended) == {1}


def test_whoever_left_is_not_brought_back_by_an_invitation_but_by_the_code(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, code: str, clock: Clock
) -> None:
    run = _alone_after_one_session(engine, ada, ben, cohort, code, clock)
    (row,) = rosters.plan(cohort, [roster_files.Row(1, "", "Ada", "ada@example.org")], "b").changes

    assert row.deed is roster_rows.Deed.BAD
    assert "with the code of the group" in row.reason
    assert runs.own(engine, ada, run.id).cohort is None


def test_two_facilitators_asked_in_from_old_pages_both_stay(
    engine: Engine, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    both = frozenset({Role.FACILITATOR})
    for name in ("Ema", "Fay"):
        people.add(engine, name, f"{name.lower()}@example.org", PASSWORD, clock(), both, zone=ZONE)
        cohorts.share(engine, cohort, f"{name.lower()}@example.org", ben, clock())
    leaders = cohorts.leaders(cohorts.led(ben, cohort.id))
    assert [one.name for one in leaders] == ["Ben", "Ema", "Fay"]
