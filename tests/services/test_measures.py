"""Then and now: what Ada answered at a measure, next to what she answered before."""

from fractions import Fraction

import pytest

from course_engine.domain.course import Week
from course_engine.domain.measures import Change, Item, Measure, change
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.services import measures, runs, writings
from course_engine.services.measures import Compared, Taken
from tests.cast import Clock


@pytest.fixture
def answer(engine: Engine, ada: Person, run: Run, clock: Clock) -> "Answering":
    return Answering(engine, ada, run, clock)


class Answering:
    """Ada, answering at one step after another."""

    def __init__(self, engine: Engine, ada: Person, run: Run, clock: Clock) -> None:
        self.engine, self.ada, self.run, self.clock = engine, ada, run, clock

    def at(self, step: str, **answers: int) -> None:
        """Keep these answers."""
        given: dict[str, object] = dict(answers)
        writings.save_answers(self.engine, self.ada, self.run, "check-in", step, given, self.clock())

    def seen(self, step: str) -> Compared | None:
        """What the page of a step shows."""
        at = runs.position(self.engine, self.ada, self.run, self.clock())
        return measures.compared(self.engine, self.ada, at, at.course.steps[step])


def test_nothing_is_compared_before_something_was_answered(answer: Answering) -> None:
    assert answer.seen("oven-1") is None
    assert answer.seen("check-in-1") is None


def test_the_first_answers_stand_alone(answer: Answering) -> None:
    answer.at("oven-1", calm=5, worried=0, fun=5)
    found = answer.seen("oven-1")

    assert found is not None
    assert found.now.result == 60
    assert (found.change, found.earlier, found.care) == (None, (), False)
    assert found.band is not None
    assert found.band.words == "A week like many."


def test_later_answers_stand_beside_the_first_and_a_lower_result_is_met_with_care(answer: Answering) -> None:
    answer.at("oven-1", calm=5, worried=0, fun=5)
    answer.at("oven-3", calm=3, worried=1, fun=3)
    found, first = answer.seen("oven-3"), answer.seen("oven-1")

    assert found is not None
    assert first is not None
    assert [taken.result for taken in found.all] == [60, 40]
    assert (found.change, found.care) == (Change.LOWER, True)
    assert first.earlier == ()


def test_a_result_that_is_heavy_in_itself_is_met_with_care(answer: Answering) -> None:
    answer.at("oven-1", calm=0, worried=5, fun=0)
    answer.at("oven-3", calm=1, worried=4, fun=1)
    found = answer.seen("oven-3")

    assert found is not None
    assert (found.change, found.care, found.now.result) == (Change.HIGHER, True, Fraction(12))


def test_too_few_answers_have_no_number_and_are_compared_with_nothing(answer: Answering) -> None:
    answer.at("oven-1", calm=5)
    answer.at("oven-3", calm=3, fun=3)
    found = answer.seen("oven-3")

    assert found is not None
    assert [taken.result for taken in found.all] == [None, 36]
    assert found.change is None


def test_what_was_answered_is_sealed(answer: Answering) -> None:
    answer.at("oven-1", calm=5, worried=0, fun=5)
    rows = answer.engine.database.peewee.fetch("SELECT sealed FROM answer")

    assert len(rows) == 1
    assert b"calm" not in bytes(rows[0][0])


@pytest.mark.parametrize(("then", "now", "care"), [(8, 0, False), (0, 8, True), (4, 4, False)])
def test_where_lower_is_better_only_a_higher_result_is_met_with_care(then: int, now: int, care: bool) -> None:
    items = (Item("a", "I was tense."), Item("b", "I was worried."))
    tension = Measure("tense", "Tension", "", "", 0, 4, "no", "yes", items, "sum", 2, better="lower")
    moved = change(tension, Fraction(then), Fraction(now))
    week = Week("week-1", 1, "Flour", "", 0, ())
    found = Compared(tension, (), Taken(week, {}, Fraction(now)), moved, None)

    assert found.care is care
