"""Ben gives certificates to his group: by the rule, by decision, many at once, and nobody gets two."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Event

import pytest

from course_engine.domain.awards import Left, Stage
from course_engine.domain.certificates import CertificateState
from course_engine.domain.cohorts import Cohort, Present
from course_engine.domain.errors import BadInput, NotFound, Refused
from course_engine.domain.pace import By, Override, OverrideKind, PaceKind
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.domain.work import Job, JobState
from course_engine.engine import Engine
from course_engine.jobs.tasks import HANDLERS, do_jobs
from course_engine.services import (
    awarding,
    candidates,
    certificates,
    cohorts,
    jobs,
    members,
    overrides,
    paper,
    people,
    runs,
    verifying,
)
from course_engine.services.candidates import Show
from course_engine.storage import audit
from course_engine.storage import certificates as stored
from course_engine.storage import cohorts as stored_cohorts
from course_engine.storage import runs as stored_runs
from tests.cast import BREAD, PASSWORD, ZONE, Clock

Add = Callable[..., Person]


@pytest.fixture
def cohort(engine: Engine, ben: Person, clock: Clock) -> Cohort:
    """Mondays: three sessions, of which the certificate asks for two."""
    made = cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())
    return cohorts.led(ben, made.id)


def _work(engine: Engine, clock: Clock, worker: str = "one") -> None:
    do_jobs(engine, HANDLERS, worker, clock, Event())


def _rows(
    engine: Engine, cohort: Cohort, clock: Clock, show: Show = Show.EVERYONE
) -> dict[str, candidates.Row]:
    found = candidates.table(engine, cohort, show, "", 1, "en", clock())
    return {row.name: row for row in found.rows}


def _run(cohort: Cohort, person: Person) -> Run:
    run = stored_runs.get(members.one(cohort, person.id).run)
    assert run is not None
    return run


def test_the_table_tells_who_is_ready_who_has_one_and_what_is_missing(
    engine: Engine, ben: Person, cohort: Cohort, learner: Add, clock: Clock
) -> None:
    ada, kim, lou = learner("Ada"), learner("Kim", weeks=1, sessions=1), learner("Lou", sessions=1)
    mia = learner("Mia")
    clock.move(days=20)
    certificates.award(engine, mia, _run(cohort, mia), "Mia", clock())
    rows = _rows(engine, cohort, clock)

    assert {name: row.stage for name, row in rows.items()} == {
        "Ada": Stage.READY, "Kim": Stage.NOT_YET, "Lou": Stage.NOT_YET, "Mia": Stage.MADE,
    }  # fmt: skip
    assert rows["Kim"].needed.weeks == ("week-2", "week-3")
    assert (rows["Kim"].needed.sessions, rows["Lou"].needed.sessions) == (1, 1)
    for person in (ada, kim, lou):
        at = runs.position(engine, person, _run(cohort, person), clock())
        assert certificates.still_needed(at) == rows[person.name].needed
    assert [*_rows(engine, cohort, clock, Show.READY)] == ["Ada"]
    assert [*_rows(engine, cohort, clock, Show.MADE)] == ["Mia"]
    assert [*_rows(engine, cohort, clock, Show.NOT_YET)] == ["Kim", "Lou"]
    found = candidates.table(engine, cohort, Show.EVERYONE, "", 1, "en", clock())
    assert (found.people, found.made, found.ready, found.meetings) == (4, 1, 1, 3)


def test_all_who_are_ready_get_theirs_in_one_job_and_ben_stands_in_the_audit(
    engine: Engine, ben: Person, cohort: Cohort, learner: Add, clock: Clock
) -> None:
    for name in ("Ada", "Kim", "Lou"):
        learner(name)
    late = learner("Zoe", weeks=2)
    clock.move(days=20)
    job = awarding.ask(engine, cohort, candidates.ready(engine, cohort, clock()), ben, clock())
    _work(engine, clock)

    found = jobs.own(ben, job.id)
    assert (found.state, found.done, found.total) == (JobState.DONE, 3, 3)
    assert found.result["page"] == f"/cohorts/{cohort.id}/certificates?job={job.id}"
    came = awarding.outcome(engine, cohort, ben, job.id)
    assert [name for _id, name in came.made] == ["Ada", "Kim", "Lou"]
    assert (came.had, came.left, came.waiting) == ([], [], [])
    assert candidates.ready(engine, cohort, clock()) == []
    assert stored.of_person(late.id) == []
    acts = [(actor, act) for _at, actor, act, _whom, _detail in audit.newest(20) if "certificate" in act]
    assert acts == [(ben.id, "certificate.award")] * 3


def test_somebody_on_paper_gets_one_in_the_name_of_the_roster(
    engine: Engine, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    olga = members.add_on_paper(engine, cohort, "Olga Sørensen", ben, clock(), agreed=True)
    run = _run(cohort, olga)
    for number in (1, 2, 3):
        clock.now = cohorts.sessions(cohort)[number - 1].starts_at
        code = paper.code(engine, run, f"week-{number}")
        (sheet,), _unknown = paper.sheets(engine, cohort, code, clock())
        steps = {step.id for step, _done in sheet.steps}
        paper.enter(engine, cohort, code, steps, Present.PRESENT, ben, clock())
    job = awarding.ask(engine, cohort, candidates.ready(engine, cohort, clock()), ben, clock())
    _work(engine, clock)

    (made,) = stored.of_person(olga.id)
    assert made.frozen["name"] == "Olga Sørensen"
    assert awarding.outcome(engine, cohort, ben, job.id).made == [(olga.id, "Olga Sørensen")]


def test_a_decision_needs_a_reason_and_claims_nothing_that_was_not(
    engine: Engine, ben: Person, cohort: Cohort, learner: Add, clock: Clock
) -> None:
    kim = learner("Kim", weeks=2, sessions=1)
    clock.move(days=20)
    run = _run(cohort, kim)
    with pytest.raises(BadInput):
        certificates.decide(engine, kim, run, "Kim", "  ", ben, clock())
    with pytest.raises(Refused):
        certificates.award(engine, kim, run, "Kim", clock(), ben)
    awarding.ask(engine, cohort, [kim.id], ben, clock(), "she moved to Porto")
    _work(engine, clock)

    (made,) = stored.of_person(kim.id)
    assert made.decided
    said = made.frozen
    weeks = [week["number"] for module in said["modules"] for week in module["weeks"]]  # type: ignore[attr-defined]
    assert 3 not in weeks
    assert {1, 2} <= set(weeks)
    assert said["cohort"] == {"name": "Mondays", "sessions": 3, "attended": 1, "hours": 1.5}
    assert said["finished"] == cohorts.sessions(cohort)[1].starts_at.date().isoformat()
    assert "Porto" not in json.dumps(dict(said))
    assert "Porto" not in str(verifying.verify(made.code))
    act = next(row for row in audit.newest(20) if row[2] == "certificate.decide")
    assert (act[1], act[3], act[4]["reasoned"]) == (ben.id, kim.id, True)
    assert "Porto" not in str(act)
    assert made.reason == "she moved to Porto"


def test_whoever_has_earned_it_needs_no_decision_and_none_is_written_down(
    engine: Engine, ben: Person, cohort: Cohort, learner: Add, clock: Clock
) -> None:
    ada = learner("Ada")
    made = certificates.decide(engine, ada, _run(cohort, ada), "Ada", "I like her", ben, clock.move(days=20))
    assert (made.reason, made.decided) == ("", False)
    assert "certificate.decide" not in {row[2] for row in audit.newest(20)}


def test_those_for_whom_none_can_be_made_are_told_apart(
    engine: Engine, ben: Person, cohort: Cohort, learner: Add, clock: Clock
) -> None:
    gone, empty, letters, gone_before = (
        learner("Gus"), learner("Eli", weeks=0, sessions=0), learner("Lin"), learner("Wim"),
    )  # fmt: skip
    invited = people.add(engine, "Ines", "ines@example.org", PASSWORD, clock(), zone=ZONE)
    cohorts.add_member(engine, cohort, invited, clock(), started=False)
    people.change_name(engine, letters, "李小")
    certificates.award(engine, gone_before, _run(cohort, gone_before), "Wim", clock.move(days=20))
    (withdrawn,) = stored.of_person(gone_before.id)
    certificates.withdraw(engine, withdrawn.code, "by mistake", clock())
    job = awarding.ask(
        engine,
        cohort,
        [gone.id, empty.id, letters.id, gone_before.id, invited.id],
        ben,
        clock(),
        "they asked",
    )
    members.own_pace(engine, cohort, gone.id, PaceKind.FREE, ben, clock())
    _work(engine, clock)

    came = awarding.outcome(engine, cohort, ben, job.id)
    assert {name: why for _id, name, why in came.left} == {
        "Gus": Left.GONE, "Eli": Left.NOTHING_DONE, "李小": Left.LETTERS, "Wim": Left.WITHDRAWN,
        "ines@example.org": Left.NOT_BEGUN,
    }  # fmt: skip
    assert came.made == []
    assert stored.of_person(invited.id) == []


def test_trying_again_goes_on_with_those_who_were_left_and_pressed_twice_is_one_job(
    engine: Engine, ben: Person, cohort: Cohort, learner: Add, clock: Clock
) -> None:
    ada, lin = learner("Ada"), learner("Lin")
    people.change_name(engine, lin, "李小")
    clock.move(days=20)
    first = awarding.ask(engine, cohort, [ada.id, lin.id], ben, clock(), press="a word")
    assert awarding.ask(engine, cohort, [ada.id, lin.id], ben, clock(), press="a word").id == first.id
    assert awarding.ask(engine, cohort, [ada.id], ben, clock(), press="a word").id != first.id
    _work(engine, clock)
    assert [name for _id, name, _why in awarding.outcome(engine, cohort, ben, first.id).left] == ["李小"]
    people.change_name(engine, lin, "Lin Xiao")
    second, third = (awarding.again(engine, cohort, first.id, ben, clock()) for _press in range(2))
    assert second.id == third.id
    _work(engine, clock)

    assert awarding.outcome(engine, cohort, ben, second.id).made == [(lin.id, "Lin Xiao")]


def test_pressed_again_after_it_was_cancelled_it_is_another_job(
    engine: Engine, ben: Person, cohort: Cohort, learner: Add, clock: Clock
) -> None:
    ada = learner("Ada")
    clock.move(days=20)
    first = awarding.ask(engine, cohort, [ada.id], ben, clock(), press="a word")
    jobs.cancel(engine, ben, first.id)
    second, third = (
        awarding.ask(engine, cohort, [ada.id], ben, clock(), press="a word") for _press in range(2)
    )
    assert second.id == third.id != first.id
    _work(engine, clock)
    assert [name for _id, name in awarding.outcome(engine, cohort, ben, second.id).made] == ["Ada"]


def test_nobody_ticked_and_people_of_another_group_are_no_job(
    engine: Engine, ben: Person, cleo: Person, cohort: Cohort, clock: Clock
) -> None:
    for chosen in ([], [cleo.id], ["nobody"]):
        with pytest.raises(BadInput, match="Tick at least one"):
            awarding.ask(engine, cohort, chosen, ben, clock())


def test_whoever_leads_the_group_no_longer_makes_no_more(
    engine: Engine, ben: Person, cohort: Cohort, learner: Add, clock: Clock
) -> None:
    ada = learner("Ada")
    clock.move(days=20)
    job = awarding.ask(engine, cohort, [ada.id], ben, clock())
    with engine.database.transaction():
        stored_cohorts.set_facilitators(cohort.id, [])
    _work(engine, clock)

    assert jobs.own(ben, job.id).state is JobState.STOPPED
    assert stored.of_person(ada.id) == []


def test_another_person_learns_nothing_of_a_job(
    engine: Engine, ben: Person, dov: Person, cohort: Cohort, learner: Add, clock: Clock
) -> None:
    job = awarding.ask(engine, cohort, [learner("Ada").id], ben, clock())
    with pytest.raises(NotFound):
        awarding.outcome(engine, cohort, dov, job.id)
    other = replace(cohort, id="another")
    with pytest.raises(NotFound):
        awarding.outcome(engine, other, ben, job.id)


def test_a_worker_killed_between_two_is_followed_by_one_that_makes_no_doubles(
    engine: Engine, ben: Person, cohort: Cohort, learner: Add, clock: Clock
) -> None:
    chosen = [learner(name).id for name in ("Ada", "Kim", "Lou", "Mia")]
    clock.move(days=20)
    job = awarding.ask(engine, cohort, chosen, ben, clock())

    class Killed(BaseException):
        pass

    def dies(engine: Engine, job: Job, progress: jobs.Progress, now: datetime) -> dict[str, object]:
        def half_way(done: int, total: int) -> None:
            progress(done, total)
            if done == 2:
                raise Killed

        return dict(awarding.make(engine, job, half_way, now))

    with pytest.raises(Killed):
        do_jobs(engine, {awarding.KIND: dies}, "killed", clock, Event())
    assert [len(stored.of_person(one)) for one in chosen] == [1, 1, 0, 0]
    _work(engine, clock)
    assert jobs.own(ben, job.id).state is JobState.RUNNING
    clock.move(minutes=2)
    _work(engine, clock, "two")

    assert jobs.own(ben, job.id).state is JobState.DONE
    assert [len(stored.of_person(one)) for one in chosen] == [1, 1, 1, 1]
    assert [id for id, _name in awarding.outcome(engine, cohort, ben, job.id).made] == chosen


def test_cancelled_in_the_middle_those_made_stay_and_going_on_makes_the_others(
    engine: Engine, ben: Person, cohort: Cohort, learner: Add, clock: Clock
) -> None:
    chosen = [learner(name).id for name in ("Ada", "Kim", "Lou")]
    clock.move(days=20)
    job = awarding.ask(engine, cohort, chosen, ben, clock())

    def interrupted(engine: Engine, job: Job, progress: jobs.Progress, now: datetime) -> dict[str, object]:
        def report(done: int, total: int) -> None:
            if done == 1:
                jobs.cancel(engine, ben, job.id)
            progress(done, total)

        return dict(awarding.make(engine, job, report, now))

    do_jobs(engine, {awarding.KIND: interrupted}, "one", clock, Event())
    assert jobs.own(ben, job.id).state is JobState.CANCELLED
    came = awarding.outcome(engine, cohort, ben, job.id)
    assert [name for _id, name in came.made] == ["Ada"]
    assert [name for _id, name in came.waiting] == ["Kim", "Lou"]
    again = awarding.again(engine, cohort, job.id, ben, clock())
    _work(engine, clock)
    assert len(awarding.outcome(engine, cohort, ben, again.id).made) == 2
    assert [len(stored.of_person(one)) for one in chosen] == [1, 1, 1]


def test_two_workers_and_ada_herself_at_once_make_one(
    engine: Engine, ben: Person, cohort: Cohort, learner: Add, clock: Clock
) -> None:
    ada = learner("Ada")
    clock.move(days=20)
    run = _run(cohort, ada)
    for number in range(4):
        awarding.ask(engine, cohort, [ada.id], ben, clock(), press=str(number))

    def press(number: int) -> None:
        if number < 6:
            certificates.award(engine, ada, run, f"Ada {number}", clock())
        else:
            _work(engine, clock, f"worker {number}")

    with ThreadPoolExecutor(12) as hands:
        list(hands.map(press, range(12)))
    assert len(stored.of_person(ada.id)) == 1


def test_a_session_that_is_cancelled_counts_for_nobody_who_was_there(
    engine: Engine, ben: Person, cohort: Cohort, learner: Add, clock: Clock
) -> None:
    ada = learner("Ada", sessions=2)
    clock.move(days=20)
    assert _rows(engine, cohort, clock)["Ada"].stage is Stage.READY
    off = [replace(one, cancelled=one.number == 2) for one in cohorts.sessions(cohort)]
    with engine.database.transaction():
        stored_cohorts.set_sessions(cohort.id, off)

    row = _rows(engine, cohort, clock)["Ada"]
    assert (row.stage, row.attended, row.needed.sessions) == (Stage.NOT_YET, 1, 1)
    assert candidates.ready(engine, cohort, clock()) == []
    with pytest.raises(Refused, match="asks for 1 more session, "):
        certificates.award(engine, ada, _run(cohort, ada), "Ada", clock())
    made = certificates.decide(engine, ada, _run(cohort, ada), "Ada", "the hall was closed", ben, clock())
    assert made.frozen["cohort"] == {"name": "Mondays", "sessions": 2, "attended": 1, "hours": 1.5}


def test_sessions_that_were_cancelled_are_not_asked_of_whoever_was_at_all_others(
    engine: Engine, ben: Person, cohort: Cohort, learner: Add, clock: Clock
) -> None:
    ada = learner("Ada", sessions=1)
    clock.move(days=20)
    off = [replace(one, cancelled=one.number != 1) for one in cohorts.sessions(cohort)]
    with engine.database.transaction():
        stored_cohorts.set_sessions(cohort.id, off)

    table = candidates.table(engine, cohort, Show.READY, "", 1, "en", clock())
    assert [(row.name, row.stage) for row in table.rows] == [("Ada", Stage.READY)]
    assert (table.asked, table.meetings, table.ready) == (1, 1, 1)
    made = certificates.award(engine, ada, _run(cohort, ada), "Ada", clock())
    assert made.frozen["cohort"] == {"name": "Mondays", "sessions": 1, "attended": 1, "hours": 1.5}


def test_a_certificate_made_midway_says_of_how_many_sessions_the_whole_group_has(
    engine: Engine, ben: Person, cohort: Cohort, learner: Add, clock: Clock
) -> None:
    kim = learner("Kim", weeks=1, sessions=1)
    made = certificates.decide(engine, kim, _run(cohort, kim), "Kim", "she moves", ben, clock.move(days=8))
    assert made.frozen["cohort"] == {"name": "Mondays", "sessions": 3, "attended": 1, "hours": 1.5}


def test_a_correction_keeps_that_it_was_decided_and_a_withdrawal_does_not(
    engine: Engine, ben: Person, dov: Person, cohort: Cohort, learner: Add, clock: Clock
) -> None:
    kim = learner("Kim", weeks=1)
    made = certificates.decide(engine, kim, _run(cohort, kim), "Kim", "she moves", ben, clock())
    new = certificates.correct(engine, made, "Kim Lee", kim, clock())
    assert new.decided
    certificates.withdraw(engine, new.code, "by mistake", clock(), dov)
    row = _rows(engine, cohort, clock)["Kim"]
    assert row.stage is Stage.WITHDRAWN
    assert row.made is not None
    assert row.made.state is CertificateState.WITHDRAWN
    assert not row.made.decided


def test_the_stored_facts_and_the_rule_find_the_same_people(
    engine: Engine, ben: Person, cohort: Cohort, learner: Add, clock: Clock
) -> None:
    for weeks in range(4):
        for sessions in range(4):
            learner(f"L{weeks}{sessions}", weeks, sessions)
    clock.move(days=20)
    found = []
    for cancelled in ((), (1,), (1, 3), (1, 2, 3)):
        off = [replace(one, cancelled=one.number in cancelled) for one in cohorts.sessions(cohort)]
        with engine.database.transaction():
            stored_cohorts.set_sessions(cohort.id, off)
        rows = _rows(engine, cohort, clock)
        by_rule = {name for name, row in rows.items() if row.needed.whole}
        assert by_rule == {*_rows(engine, cohort, clock, Show.READY)}
        assert {row.person for row in rows.values() if row.needed.whole} == {
            *candidates.ready(engine, cohort, clock())
        }
        found.append(sorted(by_rule))
    assert found == [["L32", "L33"], ["L33"], ["L32", "L33"], ["L30", "L31", "L32", "L33"]]


def test_the_stored_facts_and_the_rule_count_no_session_that_was_moved_ahead(
    engine: Engine, ben: Person, cohort: Cohort, learner: Add, clock: Clock
) -> None:
    for sessions in range(4):
        learner(f"L{sessions}", 3, sessions)
    clock.move(days=20)
    before = cohorts.sessions(cohort)
    found = []
    for moved in ((), (3,), (2, 3)):
        ahead = [
            replace(one, starts_at=one.starts_at + timedelta(weeks=9 * (one.number in moved)))
            for one in before
        ]
        with engine.database.transaction():
            stored_cohorts.set_sessions(cohort.id, ahead)
        rows = _rows(engine, cohort, clock)
        by_rule = {name for name, row in rows.items() if row.needed.whole}
        assert by_rule == {*_rows(engine, cohort, clock, Show.READY)}
        found.append(sorted(by_rule))
    assert found == [["L2", "L3"], ["L2", "L3"], []]


def test_a_group_that_has_ended_and_somebody_on_hold_still_get_theirs(
    engine: Engine, ben: Person, cohort: Cohort, learner: Add, clock: Clock
) -> None:
    ada, kim = learner("Ada"), learner("Kim", weeks=2)
    clock.move(days=20)
    hold = Override(OverrideKind.HOLD, clock(), by=By.LEARNER)
    overrides.add(engine, _run(cohort, kim), hold, kim, "", clock())
    cohorts.end(engine, cohort, ben, clock.move(days=1))
    ended = cohorts.led(ben, cohort.id)
    assert candidates.ready(engine, ended, clock()) == [ada.id]
    awarding.ask(engine, ended, [ada.id], ben, clock())
    awarding.ask(engine, ended, [kim.id], ben, clock(), "she is in hospital")
    _work(engine, clock)

    assert [len(stored.of_person(one.id)) for one in (ada, kim)] == [1, 1]


def test_why_it_was_decided_is_not_told_in_the_next_group(
    engine: Engine, ben: Person, cohort: Cohort, learner: Add, clock: Clock
) -> None:
    kim = learner("Kim", weeks=1)
    run = _run(cohort, kim)
    certificates.decide(engine, kim, run, "Kim", "a hard spring", ben, clock.move(days=8))
    here = candidates.one(engine, cohort, kim.id, "en", clock()).made
    assert here is not None
    assert here.reason == "a hard spring"
    members.own_pace(engine, cohort, kim.id, PaceKind.FREE, ben, clock())
    first = clock.move(days=1).replace(hour=12)
    other = cohorts.add(engine, ben, BREAD, "Fridays", first + timedelta(days=3), ZONE, 90, clock())
    cohorts.take_in(engine, other, _own(run), kim, clock())
    for name in ("Kim", "Kim Lee"):
        made = candidates.one(engine, other, kim.id, "en", clock()).made
        assert made is not None
        assert (made.frozen["name"], made.reason) == (name, "")
        certificates.correct(engine, stored.of_person(kim.id)[0], "Kim Lee", kim, clock.move(hours=1))


def _own(run: Run) -> Run:
    found = stored_runs.get(run.id)
    assert found is not None
    return found
