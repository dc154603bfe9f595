"""Ada joins the course by herself, once, however often she presses."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from course_engine.domain.errors import BadInput, NotFound, Refused
from course_engine.domain.pace import PaceKind
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.domain.standing import Status
from course_engine.engine import Engine
from course_engine.services import people, runs
from course_engine.storage import people as stored
from tests.cast import BREAD, PASSWORD, Clock, do, week_steps


def test_joining_twice_gives_one_run(engine: Engine, ada: Person, clock: Clock) -> None:
    first = runs.join_alone(engine, ada, BREAD, PaceKind.WEEKLY, clock())
    clock.move(hours=1)
    again = runs.join_alone(engine, ada, BREAD, PaceKind.GENTLE, clock())
    assert again == first
    assert [run.id for run, _title in runs.of_person(engine, ada)] == [first.id]


def test_joining_in_eight_tabs_gives_one_run(engine: Engine, ada: Person, clock: Clock) -> None:
    def press(_tab: int) -> str:
        return runs.join_alone(engine, ada, BREAD, PaceKind.WEEKLY, clock()).id

    with ThreadPoolExecutor(8) as tabs:
        assert len(set(tabs.map(press, range(16)))) == 1
    assert len(runs.of_person(engine, ada)) == 1


def test_two_people_who_want_the_same_address_at_once_get_one_account(engine: Engine, clock: Clock) -> None:
    def sign_up(number: int) -> str:
        try:
            return people.add(engine, f"Eve {number}", "eve@example.org", PASSWORD, clock()).name
        except Refused:
            return ""

    with ThreadPoolExecutor(8) as tabs:
        names = [name for name in tabs.map(sign_up, range(16)) if name]
    assert len(names) == 1
    assert people.get("eve@example.org").name == names[0]


def test_what_was_agreed_to_is_kept_with_its_version(engine: Engine, ada: Person, clock: Clock) -> None:
    runs.join_alone(engine, ada, BREAD, PaceKind.WEEKLY, clock())
    consent = stored.consent(ada.id, BREAD)
    assert consent is not None
    assert (consent.version, consent.at) == (runs.CONSENT_VERSION, clock())


def test_a_group_cannot_be_joined_without_its_code_nor_a_course_that_is_not_there(
    engine: Engine, ada: Person, clock: Clock
) -> None:
    with pytest.raises(BadInput, match="its code"):
        runs.join_alone(engine, ada, BREAD, PaceKind.COHORT, clock())
    with pytest.raises(NotFound):
        runs.join_alone(engine, ada, "fast-bread", PaceKind.WEEKLY, clock())
    with pytest.raises(NotFound):
        runs.current(engine, ada)


def test_whoever_has_finished_may_begin_again_and_the_old_way_stays(
    engine: Engine, ada: Person, clock: Clock
) -> None:
    first = runs.join_alone(engine, ada, BREAD, PaceKind.FREE, clock())
    at = runs.position(engine, ada, first, clock())
    for number in (1, 2, 3):
        do(engine, ada, first, clock.move(hours=1), *week_steps(at, number))
    second = runs.join_alone(engine, ada, BREAD, PaceKind.FREE, clock.move(hours=1))
    assert second.id != first.id
    assert runs.current(engine, ada).id == second.id
    old = runs.position(engine, ada, runs.own(engine, ada, first.id), clock())
    assert old.access.status is Status.FINISHED
    runs.choose(engine, ada, first.id, clock.move(hours=1))
    assert runs.current(engine, ada).id == first.id


def test_cleo_cannot_choose_or_read_adas_run(engine: Engine, cleo: Person, run: Run, clock: Clock) -> None:
    with pytest.raises(NotFound):
        runs.own(engine, cleo, run.id)
    with pytest.raises(NotFound):
        runs.choose(engine, cleo, run.id, clock())
