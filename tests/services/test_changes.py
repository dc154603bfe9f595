"""What Ben changes for one, some or all: told before, made in one go, and taken back in one."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from course_engine.domain.access import Outline
from course_engine.domain.changes import Change, Deed, Outcome
from course_engine.domain.cohorts import Cohort
from course_engine.domain.errors import BadInput, NotFound, Refused
from course_engine.domain.pace import By, Override, OverrideKind
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.domain.roles import Role
from course_engine.domain.standing import State, Status
from course_engine.engine import Engine
from course_engine.services import (
    boards,
    certificates,
    changes,
    cohorts,
    members,
    overrides,
    people,
    progress,
    runs,
)
from course_engine.services import learners as learners_page
from course_engine.services.boards import Show, Wanted
from course_engine.storage import audit
from course_engine.storage import certificates as stored_certificates
from course_engine.storage import changes as stored
from tests.cast import BREAD, PASSWORD, ZONE, Clock, do
from tests.make import MONDAY
from tests.web.doors import WEEK_1, WEEK_2, WEEK_3

NAMES = ("Amy", "Bo", "Cy", "Di", "Eli")


@pytest.fixture
def cohort(engine: Engine, ben: Person, clock: Clock) -> Cohort:
    return cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())


@pytest.fixture
def learners(engine: Engine, cohort: Cohort, clock: Clock) -> dict[str, Person]:
    """Amy is in week 1, Bo has done it, Cy is on hold, Di has not begun, Eli has finished."""
    made = {}
    for name in NAMES:
        person = people.add(engine, name, f"{name.lower()}@example.org", PASSWORD, clock(), zone=ZONE)
        run = cohorts.add_member(engine, cohort, person, clock(), started=name != "Di")
        made[name] = person
        if name in ("Bo", "Cy", "Eli"):
            do(engine, person, run, clock(), *WEEK_1)
        if name == "Cy":
            hold = Override(OverrideKind.HOLD, clock(), by=By.LEARNER)
            overrides.add(engine, run, hold, person, "", clock())
        if name == "Eli":
            for week, steps in (("week-2", WEEK_2), ("week-3", WEEK_3)):
                early = Override(OverrideKind.OPEN_EARLY, clock(), week)
                overrides.add(engine, run, early, person, "", clock())
                do(engine, person, run, clock(), *steps)
    clock.move(hours=1)
    return made


def _stands(engine: Engine, learners: Mapping[str, Person], clock: Clock) -> dict[str, Outline]:
    found: dict[str, Outline] = {}
    for name, person in learners.items():
        found[name] = runs.position(engine, person, runs.current(engine, person), clock()).access
    return found


def _ids(learners: Mapping[str, Person]) -> list[str]:
    return [person.id for person in learners.values()]


def _run(engine: Engine, person: Person) -> Run:
    return runs.current(engine, person)


# What comes of it for Amy, Bo, Cy, Di and Eli.
ALL = {
    "open": (Change(Deed.OPEN, MONDAY, "week-2"), "changes changes on_hold not_started open_already"),
    "stay": (Change(Deed.STAY, MONDAY, "week-1"), "changes changes changes not_started finished"),
    "hold": (Change(Deed.HOLD, MONDAY), "changes changes held_already not_started finished"),
    "hold-week": (Change(Deed.HOLD, MONDAY, "week-2"), "changes changes changes not_started finished"),
    "return": (Change(Deed.RETURN, MONDAY), "not_held not_held changes not_started not_held"),
    "waive": (Change(Deed.WAIVE, MONDAY, "week-2"), "changes not_there_yet on_hold not_started open_already"),
    "paper": (
        Change(Deed.PAPER, MONDAY, "week-1", steps=("what-lives", "journal-1")),
        "changes changes changes not_started changes",
    ),
}


@pytest.mark.parametrize("kind", ALL)
def test_what_is_told_before_is_what_is_made_and_nobody_else_is_touched(
    engine: Engine, ben: Person, cohort: Cohort, learners: dict[str, Person], clock: Clock, kind: str
) -> None:
    asked, expected = ALL[kind]
    asked = Change(asked.deed, clock(), asked.week, asked.end, asked.steps)
    before = _stands(engine, learners, clock)
    told = changes.preview(engine, cohort, _ids(learners), asked, clock())
    assert [one.outcome.value for one in told] == expected.split()
    made = changes.make(engine, cohort, _ids(learners), asked, ben, "why not", clock())

    assert made.effects == told
    then = _stands(engine, learners, clock)
    name_of = {person.id: name for name, person in learners.items()}
    for one in told:
        if one.outcome is not Outcome.CHANGES:
            assert then[name_of[one.person]] == before[name_of[one.person]], one.name
    acts = [(act, detail["reasoned"]) for _at, _who, act, _whom, detail in audit.newest(made.changed)]
    assert acts == [(f"change.{asked.deed.value}", True)] * made.changed


@pytest.mark.parametrize("kind", ["open", "stay", "hold", "hold-week", "return", "paper"])
def test_one_press_takes_it_back_for_everybody(
    engine: Engine, ben: Person, cohort: Cohort, learners: dict[str, Person], clock: Clock, kind: str
) -> None:
    asked = ALL[kind][0]
    asked = Change(asked.deed, clock(), asked.week, clock() + timedelta(days=9), asked.steps)
    before = _stands(engine, learners, clock)
    facts = {show: boards.people(engine, cohort, Wanted(show), clock()) for show in Show}
    made = changes.make(engine, cohort, _ids(learners), asked, ben, "", clock())
    clock.move(minutes=3)
    found = changes.standing_batch(cohort, made.batch, clock())
    assert found is not None
    assert found.people == made.changed
    assert changes.undo(engine, cohort, made.batch, ben, clock()) == made.changed

    for name, stands in _stands(engine, learners, clock).items():
        assert stands.status == before[name].status
        assert {id: at.state for id, at in stands.weeks.items()} == {
            id: at.state for id, at in before[name].weeks.items()
        }, name
        assert stands.next_step == before[name].next_step
        assert stands.next_opening == before[name].next_opening
    assert {show: boards.people(engine, cohort, Wanted(show), clock()) for show in Show} == facts
    with pytest.raises(NotFound):
        changes.undo(engine, cohort, made.batch, ben, clock())
    assert changes.standing_batch(cohort, made.batch, clock()) is None


def test_a_hold_that_was_ended_by_mistake_lasts_as_long_as_it_was_to_last(
    engine: Engine, ben: Person, cohort: Cohort, learners: dict[str, Person], clock: Clock
) -> None:
    until = clock() + timedelta(days=9)
    changes.make(
        engine, cohort, [learners["Amy"].id], Change(Deed.HOLD, clock(), end=until), ben, "", clock()
    )
    back = changes.make(
        engine, cohort, _ids(learners), Change(Deed.RETURN, clock.move(hours=1)), ben, "", clock()
    )
    assert back.changed == 2
    changes.undo(engine, cohort, back.batch, ben, clock.move(minutes=1), learners["Amy"].id)
    held = boards.people(engine, cohort, Wanted(Show.ON_HOLD), clock())
    assert held == [learners["Amy"].id]
    assert boards.people(engine, cohort, Wanted(Show.ON_HOLD), until) == []


@pytest.mark.parametrize("deed", list(ALL))
def test_why_ben_did_it_is_kept_with_it(
    engine: Engine, ben: Person, cohort: Cohort, learners: Mapping[str, Person], clock: Clock, deed: str
) -> None:
    asked = ALL[deed][0]
    changes.make(engine, cohort, _ids(learners), asked, ben, "They asked for it.", clock())

    told = [
        made.reason
        for person in learners.values()
        for made in stored.of_run(_run(engine, person).id)
        if made.reason
    ]
    assert len(told) == ALL[deed][1].split().count("changes")
    assert set(told) == {"They asked for it."}


def test_it_is_taken_back_for_one_and_stands_for_the_others(
    engine: Engine, ben: Person, cohort: Cohort, learners: dict[str, Person], clock: Clock
) -> None:
    asked = Change(Deed.OPEN, clock(), "week-2", note="Have a look.")
    made = changes.make(engine, cohort, _ids(learners), asked, ben, "", clock())
    assert changes.undo(engine, cohort, made.batch, ben, clock.move(hours=2), learners["Amy"].id) == 1
    stands = _stands(engine, learners, clock)

    assert stands["Amy"].weeks["week-2"].state is State.LOCKED
    assert stands["Bo"].weeks["week-2"].readable


def test_a_week_that_bo_has_looked_at_stays_open_for_him_alone(
    engine: Engine, ben: Person, cohort: Cohort, learners: dict[str, Person], clock: Clock
) -> None:
    made = changes.make(
        engine, cohort, _ids(learners), Change(Deed.OPEN, clock(), "week-2"), ben, "", clock()
    )
    at = runs.position(engine, learners["Bo"], _run(engine, learners["Bo"]), clock())
    progress.see_week(engine, at, progress.readable_week(at, 2), clock())
    changes.undo(engine, cohort, made.batch, ben, clock.move(minutes=1))
    stands = _stands(engine, learners, clock)

    assert stands["Bo"].weeks["week-2"].readable
    assert not stands["Amy"].weeks["week-2"].readable


def test_steps_done_on_paper_finish_a_week_and_the_course_and_can_be_taken_back(
    engine: Engine, ben: Person, cohort: Cohort, learners: dict[str, Person], clock: Clock
) -> None:
    amy = learners["Amy"]
    clock.move(days=21)
    batches = []
    for week, steps in (("week-1", WEEK_1), ("week-2", WEEK_2), ("week-3", WEEK_3)):
        asked = Change(Deed.PAPER, clock(), week, steps=steps)
        batches.append(changes.make(engine, cohort, [amy.id], asked, ben, "", clock()).batch)
    assert _run(engine, amy).finished_at == clock()
    assert boards.people(engine, cohort, Wanted(Show.FINISHED), clock()).count(amy.id) == 1
    changes.undo(engine, cohort, batches[-1], ben, clock.move(minutes=5))

    assert _run(engine, amy).finished_at is None
    stands = _stands(engine, learners, clock)["Amy"]
    assert stands.status is Status.ACTIVE
    assert stands.weeks["week-3"].state is State.NEXT
    assert boards.people(engine, cohort, Wanted(Show.FINISHED), clock()).count(amy.id) == 0


def test_what_amy_did_herself_since_then_is_hers(
    engine: Engine, ben: Person, cohort: Cohort, learners: dict[str, Person], clock: Clock
) -> None:
    amy = learners["Amy"]
    asked = Change(Deed.PAPER, clock(), "week-1", steps=("what-lives", "day-four"))
    made = changes.make(engine, cohort, [amy.id], asked, ben, "", clock())
    do(engine, amy, _run(engine, amy), clock.move(hours=1), "what-lives")
    changes.undo(engine, cohort, made.batch, ben, clock())
    steps = runs.position(engine, amy, _run(engine, amy), clock()).access.steps

    assert steps["what-lives"].state is State.DONE
    assert steps["day-four"].state is not State.DONE


def test_steps_of_which_there_is_a_certificate_are_not_taken_back(
    engine: Engine, ben: Person, cohort: Cohort, learners: dict[str, Person], clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    amy = learners["Amy"]
    clock.move(days=21)
    for week, steps in (("week-1", WEEK_1), ("week-2", WEEK_2), ("week-3", WEEK_3)):
        asked = Change(Deed.PAPER, clock(), week, steps=steps)
        made = changes.make(engine, cohort, [amy.id], asked, ben, "", clock())
    monkeypatch.setattr("course_engine.services.certificates._refuse_unearned", lambda *_at, **_more: None)
    monkeypatch.setattr("course_engine.services.certificates._refuse_unprintable", lambda _name: None)
    certificates.award(engine, amy, _run(engine, amy), "Amy", clock())
    with pytest.raises(Refused, match="certificate"):
        changes.undo(engine, cohort, made.batch, ben, clock())

    assert _stands(engine, learners, clock)["Amy"].status is Status.FINISHED
    (certificate,) = stored_certificates.of_person(amy.id)
    certificates.withdraw(engine, certificate.code, "A wrong date.", clock(), actor=ben)
    assert changes.undo(engine, cohort, made.batch, ben, clock()) == 1
    assert _stands(engine, learners, clock)["Amy"].status is Status.ACTIVE


def test_two_who_take_it_back_at_the_same_moment_take_it_back_once(
    engine: Engine, ben: Person, cohort: Cohort, learners: dict[str, Person], clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    amy = [learners["Amy"].id]
    made = changes.make(engine, cohort, amy, Change(Deed.HOLD, clock()), ben, "", clock())
    look, before = stored.of_batch, [stored.of_batch(cohort.id, made.batch)]
    changes.undo(engine, cohort, made.batch, ben, clock())
    monkeypatch.setattr(stored, "of_batch", lambda *batch: before.pop() if before else look(*batch))
    with pytest.raises(NotFound):
        changes.undo(engine, cohort, made.batch, ben, clock())
    assert [line[2] for line in audit.newest()].count("change.undo") == 1


def test_coming_back_is_not_taken_back_once_another_hold_has_begun(
    engine: Engine, ben: Person, cohort: Cohort, learners: dict[str, Person], clock: Clock
) -> None:
    amy = [learners["Amy"].id]
    changes.make(engine, cohort, amy, Change(Deed.HOLD, clock()), ben, "", clock())
    back = changes.make(engine, cohort, amy, Change(Deed.RETURN, clock.move(days=1)), ben, "", clock())
    again = Change(Deed.HOLD, clock.move(hours=1), end=clock() + timedelta(days=3))
    second = changes.make(engine, cohort, amy, again, ben, "", clock())
    with pytest.raises(Refused, match="Another hold has begun"):
        changes.undo(engine, cohort, back.batch, ben, clock())
    assert amy[0] not in boards.people(engine, cohort, Wanted(Show.ON_HOLD), clock() + timedelta(days=4))

    changes.undo(engine, cohort, second.batch, ben, clock.move(minutes=1))
    changes.undo(engine, cohort, back.batch, ben, clock())
    assert amy[0] in boards.people(engine, cohort, Wanted(Show.ON_HOLD), clock() + timedelta(days=4))


@pytest.mark.parametrize("kind", ["open", "stay", "hold", "waive", "paper"])
def test_a_large_group_is_changed_and_changed_back_with_as_many_statements(
    engine: Engine, ben: Person, cohort: Cohort, learners: dict[str, Person], clock: Clock, kind: str
) -> None:
    amy = learners["Amy"]
    made = changes.make(engine, cohort, [amy.id], ALL[kind][0], ben, "They asked.", clock())
    changes.undo(engine, cohort, made.batch, ben, clock())
    with engine.database.count_queries() as few:
        made = changes.make(engine, cohort, [amy.id], ALL[kind][0], ben, "They asked.", clock())
        changes.undo(engine, cohort, made.batch, ben, clock())
    many = [
        people.add(engine, f"Person {number}", f"p{number}@example.org", PASSWORD, clock(), zone=ZONE)
        for number in range(20)
    ]
    for one in many:
        cohorts.add_member(engine, cohort, one, clock())
    with engine.database.count_queries() as more:
        made = changes.make(engine, cohort, [one.id for one in many], ALL[kind][0], ben, "Them too.", clock())
        changes.undo(engine, cohort, made.batch, ben, clock())
    assert made.changed == 20
    assert more.count <= few.count + 2


def test_why_a_hold_was_planned_is_told_to_nobody_who_leads_another_group_later(
    engine: Engine, ben: Person, cohort: Cohort, learners: dict[str, Person], clock: Clock
) -> None:
    amy, run = learners["Amy"], _run(engine, learners["Amy"])
    gus = people.add(
        engine, "Gus", "gus@example.org", PASSWORD, clock(), frozenset({Role.FACILITATOR}), zone=ZONE
    )
    planned = Change(
        Deed.HOLD, clock() + timedelta(days=10), end=clock() + timedelta(days=20), note="Rest well."
    )
    changes.make(engine, cohort, [amy.id], planned, ben, "She told me why.", clock())
    later = cohorts.add(engine, gus, BREAD, "Fridays", clock() + timedelta(days=30), ZONE, 90, clock())
    members.remove(engine, cohort, amy.id, ben, clock.move(days=1))
    cohorts.take_in(engine, later, runs.own(engine, amy, run.id), gus, clock.move(days=1))

    (hold,) = learners_page.learner(engine, later, amy.id, "en", clock()).made
    assert (hold.kind, hold.reason, hold.actor, hold.note) == ("hold", "", "", "")


def test_people_of_another_group_are_nobody_here(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, learners: dict[str, Person], clock: Clock
) -> None:
    other = cohorts.add(engine, ben, BREAD, "Tuesdays", clock() + timedelta(days=1), ZONE, 60, clock())
    cohorts.add_member(engine, other, ada, clock())
    asked = Change(Deed.HOLD, clock())
    assert changes.preview(engine, cohort, [ada.id], asked, clock()) == []
    made = changes.make(engine, other, [ada.id, *_ids(learners)], asked, ben, "", clock())
    assert made.changed == 1
    with pytest.raises(NotFound):
        changes.undo(engine, cohort, made.batch, ben, clock())


@pytest.mark.parametrize(
    ("deed", "more", "field"),
    [
        (Deed.OPEN, {}, "week"),
        (Deed.OPEN, {"week": "week-99"}, "week"),
        (Deed.PAPER, {"week": "week-1"}, "steps"),
        (Deed.HOLD, {"end": "before"}, "until"),
    ],
)
def test_a_change_that_cannot_be_says_which_field_and_writes_nothing(
    engine: Engine, ben: Person, cohort: Cohort, learners: dict[str, Person], clock: Clock,
    deed: Deed, more: dict[str, str], field: str,
) -> None:  # fmt: skip
    end = clock() - timedelta(days=1) if "end" in more else None
    week = more.get("week")
    with pytest.raises(BadInput) as refused:
        changes.make(engine, cohort, _ids(learners), Change(deed, clock(), week, end), ben, "", clock())

    assert set(refused.value.faults) == {field}


def test_a_change_from_a_later_day_on_waits_for_it(
    engine: Engine, ben: Person, cohort: Cohort, learners: dict[str, Person], clock: Clock
) -> None:
    asked = Change(Deed.OPEN, clock() + timedelta(days=2), "week-3")
    made = changes.make(engine, cohort, [learners["Amy"].id], asked, ben, "", clock())
    assert made.changed == 1
    assert not _stands(engine, learners, clock)["Amy"].weeks["week-3"].readable
    clock.move(days=2, minutes=1)
    assert _stands(engine, learners, clock)["Amy"].weeks["week-3"].readable
