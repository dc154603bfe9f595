"""A few questions with numbers: what their answers come to, on an invented scale about bread."""

from fractions import Fraction

import pytest

from course_engine.content import loader
from course_engine.domain.measures import Band, Change, Item, Measure, band, change, score
from tests.cast import BREAD, COURSES


def measure(**more: object) -> Measure:
    """Four questions from 1 to 5, of which the second counts from the other end."""
    values: dict[str, object] = {
        "id": "crumb", "title": "The crumb", "summary": "", "licence": "", "least": 1, "most": 5, "low": "no",
        "high": "yes", "scoring": "mean", "answered": 4,
        "items": (Item("a", "A"), Item("b", "B", reversed=True), Item("c", "C"), Item("d", "D")), **more,
    }  # fmt: skip
    return Measure(**values)  # type: ignore[arg-type]


def test_a_mean_is_the_mean_and_a_reversed_answer_counts_from_the_other_end() -> None:
    assert score(measure(), {"a": 5, "b": 1, "c": 5, "d": 5}) == 5
    assert score(measure(), {"a": 2, "b": 5, "c": 3, "d": 4}) == Fraction(5, 2)


def test_a_sum_may_be_multiplied() -> None:
    summed = measure(scoring="sum", times=4)

    assert score(summed, {"a": 5, "b": 1, "c": 5, "d": 5}) == 80
    assert score(summed, {"a": 1, "b": 5, "c": 1, "d": 1}) == 16
    assert summed.ends == (Fraction(16), Fraction(80))


def test_too_few_answers_have_no_result_and_enough_stand_for_the_rest() -> None:
    asked = measure(answered=3, scoring="sum")

    assert score(asked, {"a": 4, "c": 4}) is None
    assert score(asked, {"a": 4, "b": 2, "c": 4}) == 16
    assert score(measure(answered=1), {}) is None


@pytest.mark.parametrize("answer", [None, "", "4", 4.0, True, 0, 6, [4]])
def test_what_is_no_answer_does_not_count(answer: object) -> None:
    assert score(measure(), {"a": answer, "b": 1, "c": 1, "d": 1}) is None


def test_a_result_on_the_edge_of_a_band_is_in_the_upper_one() -> None:
    banded = measure(answered=1, bands=(Band(1, "low", help=True), Band(2.6, "middle"), Band(4, "high")))

    assert [found.words for n in (1, 2, 3, 4, 5) if (found := band(banded, Fraction(n)))] == [
        "low", "low", "middle", "high", "high",
    ]  # fmt: skip
    edge = band(banded, Fraction(13, 5))
    assert edge is not None
    assert edge.words == "middle"
    assert band(measure(), Fraction(3)) is None


def test_a_difference_as_large_as_the_smallest_that_counts_is_told() -> None:
    asked = measure(change=0.4)

    assert change(asked, Fraction("2.6"), Fraction("3.0")) is Change.HIGHER
    assert change(asked, Fraction("3.0"), Fraction("2.6")) is Change.LOWER
    assert change(asked, Fraction("2.6"), Fraction("2.95")) is Change.SAME
    assert change(measure(), Fraction(3), Fraction(3)) is Change.SAME


def test_the_invented_scale_of_the_bread_course_is_scored_as_its_file_says() -> None:
    course = loader.course_of(loader.compile_course(COURSES / BREAD).data)
    asked = course.steps["oven-1"].measure
    assert asked is not None

    assert score(asked, {"calm": 5, "worried": 0, "fun": 5}) == 60
    assert score(asked, {"calm": 2, "worried": 5, "fun": 1}) == 12
    assert score(asked, {"calm": 2, "worried": 1}) == Fraction(36)
    assert score(asked, {"calm": 2}) is None
    heavy, fair = band(asked, Fraction(27)), band(asked, Fraction(28))
    assert heavy is not None
    assert fair is not None
    assert (heavy.help, fair.help) == (True, False)
    assert change(asked, Fraction(20), Fraction(27)) is Change.SAME
    assert change(asked, Fraction(20), Fraction(28)) is Change.HIGHER
