"""Ben writes down who was there: at sessions that have begun, and never in a circle with his co-leader."""

import pytest

from course_engine.domain.cohorts import Cohort, Present
from course_engine.domain.errors import BadInput
from course_engine.domain.people import Person
from course_engine.engine import Engine
from course_engine.services import attendance, cohorts, people
from course_engine.storage import cohorts as stored
from tests.cast import BREAD, PASSWORD, ZONE, Clock


@pytest.fixture
def cohort(engine: Engine, ben: Person, clock: Clock) -> Cohort:
    return cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())


def test_ada_cannot_have_been_at_a_session_that_is_still_to_come(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    cohorts.add_member(engine, cohort, ada, clock())
    _first, second, _third = cohorts.sessions(cohort)
    clock.now = attendance.begins(second)
    with pytest.raises(BadInput, match="not begun yet"):
        attendance.attend(engine, cohort, 2, ada.id, Present.PRESENT, ben, clock.move(minutes=-1))
    attendance.attend(engine, cohort, 2, ada.id, Present.PRESENT, ben, clock.move(minutes=1))

    assert attendance.counts(cohort) == {2: 1}


def test_two_who_change_the_same_people_at_once_take_them_in_the_same_order(
    engine: Engine, ben: Person, cohort: Cohort, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("Abe", "Bea", "Cid", "Dan", "Eli", "Fay"):
        person = people.add(engine, name, f"{name.lower()}@example.org", PASSWORD, clock(), zone=ZONE)
        cohorts.add_member(engine, cohort, person, clock())
    runs = {run: person for person, run, _joined in stored.members(cohort.id)}
    backwards = [runs[run] for run in sorted(runs, reverse=True)]
    held: list[str] = []
    monkeypatch.setattr(engine.database, "one_at_a_time", held.append)
    attendance.attend_all(engine, cohort, 1, dict.fromkeys(backwards, Present.PRESENT), ben, clock())

    assert held == [f"run {run}" for run in sorted(runs)]
