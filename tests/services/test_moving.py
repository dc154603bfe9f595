"""Ben moves his group to a new edition: he sees what changes first, and nobody loses anything."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from course_engine.domain.calendar import local_day
from course_engine.domain.cohorts import Cohort, Present
from course_engine.domain.editions import Turn
from course_engine.domain.errors import NotFound, Refused
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.domain.standing import State
from course_engine.engine import Engine
from course_engine.services import attendance, boards, catalogue, cohorts, editions, moving, runs
from course_engine.services.boards import Wanted
from course_engine.storage import audit
from tests.cast import BREAD, ZONE, Clock, do, week_steps

Edit = Callable[..., str]
REST = """---
id: rest
title: "A week of rest"
aim: "Let the jar stand."
minutes: 5
---

## Nothing to do {#nothing-to-do .lesson .required minutes=5}

Leave the jar alone this week.
"""
STEP = "\n## A word of thanks {#thanks .lesson .required minutes=1}\n\nThank the jar.\n"


@pytest.fixture
def group(engine: Engine, ben: Person, clock: Clock) -> Cohort:
    return cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 60, clock())


@pytest.fixture
def inside(engine: Engine, group: Cohort, ada: Person, clock: Clock) -> Run:
    """Ada's run, with the first week done."""
    run = cohorts.add_member(engine, group, ada, clock())
    do(engine, ada, run, clock(), *week_steps(runs.position(engine, ada, run, clock()), 1))
    return run


def now_of(group: Cohort, ben: Person) -> Cohort:
    return cohorts.led(ben, group.id)


def test_a_group_on_the_newest_edition_has_nowhere_to_go(engine: Engine, group: Cohort, clock: Clock) -> None:
    assert moving.choices(group) == []
    with pytest.raises(NotFound):
        moving.plan(engine, group, group.edition, clock())


def test_what_would_change_is_shown_and_nothing_is_done_yet(
    engine: Engine, group: Cohort, inside: Run, ada: Person, edit: Edit, clock: Clock
) -> None:
    newest = edit(("01-starter/week-1.md", "What lives in the jar", "Who lives in the jar"))
    found = moving.plan(engine, group, newest, clock())

    assert [one.digest for one in moving.choices(group)] == [newest]
    assert [(one.turn, one.id) for one in found.comparison.differences] == [(Turn.RETITLED, "what-lives")]
    assert (found.people, found.added, found.dropped, found.stops) == (1, (), (), "")
    assert runs.own(engine, ada, inside.id).edition == group.edition


def test_ben_moves_his_group_and_what_was_open_or_done_stays(
    engine: Engine, group: Cohort, inside: Run, ada: Person, ben: Person, edit: Edit, clock: Clock
) -> None:
    clock.move(days=7)
    before = runs.position(engine, ada, runs.own(engine, ada, inside.id), clock())
    assert before.access.weeks["week-2"].state is State.NEXT
    newest = edit(("01-starter/week-1.md", "\n## In the notebook", STEP + "\n## In the notebook"))
    moving.move(engine, group, newest, ben, clock())

    after = runs.position(engine, ada, runs.own(engine, ada, inside.id), clock())
    assert after.run.edition == newest == now_of(group, ben).edition
    assert after.access.weeks["week-1"].state is State.DONE
    assert after.access.steps["thanks"].new
    assert after.access.weeks["week-2"].readable
    assert set(before.history.done) <= set(after.history.done)
    assert [
        (act, detail["edition"]) for _at, who, act, _whom, detail in audit.newest(1) if who == ben.id
    ] == [("cohort.edition", newest)]
    (row,) = boards.board(engine, now_of(group, ben), Wanted(), "en", clock()).rows
    assert row.weeks_done == 1


def test_a_week_that_is_gone_stays_done_for_who_did_it_and_its_coming_session_goes(
    engine: Engine, group: Cohort, inside: Run, ada: Person, ben: Person, bread: Path, clock: Clock
) -> None:
    first = group.edition
    shutil.rmtree(bread / "02-loaf")
    (bread / "words.yaml").unlink()
    text = (bread / "course.yaml").read_text("utf-8")
    text = text.replace("safety: [hot-things, heat-and-hands]", "safety: [hot-things]")
    (bread / "course.yaml").write_text(text, "utf-8")
    shorter = editions.publish(engine, bread, clock.move(minutes=1))
    found = moving.plan(engine, group, shorter, clock())
    gone = [one.number for one in found.dropped]
    assert gone
    moving.move(engine, group, shorter, ben, clock())

    kept = cohorts.sessions(group)
    assert not {one.number for one in kept} & set(gone)
    assert runs.position(engine, ada, runs.own(engine, ada, inside.id), clock()).access.reached >= 1

    moving.move(engine, now_of(group, ben), first, ben, clock())
    back = cohorts.sessions(group)
    assert [one.number for one in back] == [1, 2, 3]
    assert back[-1].starts_at - kept[-1].starts_at >= timedelta(days=6)
    assert now_of(group, ben).edition == first


def _longer(bread: Path, engine: Engine, clock: Clock) -> str:
    (bread / "02-loaf/week-4.md").write_text(REST, "utf-8")
    return editions.publish(engine, bread, clock())


def test_a_week_that_comes_anew_after_the_last_session_gets_one_that_is_still_to_come(
    engine: Engine, group: Cohort, ben: Person, bread: Path, clock: Clock
) -> None:
    hour = cohorts.sessions(group)[0].starts_at
    clock.move(days=120)
    (added,) = moving.move(engine, group, _longer(bread, engine, clock), ben, clock()).added

    assert clock() < added.starts_at <= clock() + timedelta(days=7)
    assert local_day(added.starts_at, ZONE).weekday() == local_day(hour, ZONE).weekday()


def test_a_group_that_has_ended_gets_no_further_session(
    engine: Engine, group: Cohort, ben: Person, bread: Path, clock: Clock
) -> None:
    clock.move(days=30)
    cohorts.end(engine, group, ben, clock())
    found = moving.move(engine, now_of(group, ben), _longer(bread, engine, clock), ben, clock())

    assert found.added == ()
    assert [one.number for one in cohorts.sessions(group)] == [1, 2, 3]


def test_moving_back_is_possible_to_an_edition_that_was_withdrawn_meanwhile(
    engine: Engine, group: Cohort, inside: Run, ben: Person, dov: Person, edit: Edit, clock: Clock
) -> None:
    first = group.edition
    newest = edit(("course.yaml", "Slow bread, week by week", "Slower bread"))
    moving.move(engine, group, newest, ben, clock())
    catalogue.withdraw(engine, first, dov, clock())

    assert [one.digest for one in moving.choices(now_of(group, ben))] == [first]
    moving.move(engine, now_of(group, ben), first, ben, clock())
    assert now_of(group, ben).edition == first


def test_a_withdrawn_edition_that_the_group_never_had_is_not_to_be_had(
    engine: Engine, group: Cohort, ben: Person, dov: Person, edit: Edit, clock: Clock
) -> None:
    newest = edit(("course.yaml", "Slow bread, week by week", "Slower bread"))
    catalogue.withdraw(engine, newest, dov, clock())
    with pytest.raises(NotFound, match="withdrawn"):
        moving.move(engine, group, newest, ben, clock())
    assert now_of(group, ben).edition == group.edition


def test_attendance_never_slips_to_another_week(
    engine: Engine, group: Cohort, inside: Run, ada: Person, ben: Person, bread: Path, clock: Clock
) -> None:
    attendance.attend(engine, group, 1, ada.id, Present.PRESENT, ben, clock.move(hours=1))
    for path in (bread / "01-starter").glob("week-1*.md"):
        text = path.read_text("utf-8")
        path.write_text(text.replace("id: week-1\n", "id: first-week\n", 1), "utf-8")
    turned = editions.publish(engine, bread, clock.move(minutes=1))

    assert "another week" in moving.plan(engine, group, turned, clock()).stops
    with pytest.raises(Refused, match="another week"):
        moving.move(engine, group, turned, ben, clock())
    assert now_of(group, ben).edition == group.edition


def test_a_week_that_was_open_stays_open_though_another_comes_before_it(
    engine: Engine, group: Cohort, inside: Run, ada: Person, ben: Person, bread: Path, clock: Clock
) -> None:
    (bread / "02-loaf/week-3.md").rename(bread / "02-loaf/week-4.md")
    (bread / "01-starter/week-2.md").rename(bread / "01-starter/week-3.md")
    (bread / "01-starter/week-2.md").write_text(REST, "utf-8")
    longer = editions.publish(engine, bread, clock())
    # On the morning of the second session.
    clock.move(days=6, hours=16)
    before = runs.position(engine, ada, runs.own(engine, ada, inside.id), clock())
    assert before.access.weeks["week-2"].readable
    found = moving.move(engine, group, longer, ben, clock())

    assert [one.number for one in found.added] == [4]
    assert [one.number for one in cohorts.sessions(group)] == [1, 2, 3, 4]
    after = runs.position(engine, ada, runs.own(engine, ada, inside.id), clock())
    assert after.access.weeks["rest"].readable
    assert after.access.weeks["week-2"].readable
    assert not after.access.weeks["week-3"].readable
