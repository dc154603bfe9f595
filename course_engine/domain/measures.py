"""Measures: a few questions with numbers, their result, and how it compares with an earlier one.

Results are exact fractions, so that a result on the edge of a band falls on the side it should.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Literal

Scoring = Literal["sum", "mean"]
Better = Literal["higher", "lower"]


@dataclass(frozen=True, slots=True)
class Item:
    """One question; a `reversed` one counts from the other end."""

    id: str
    text: str
    reversed: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """What is said of results from `at_least` up to the next band; `help` shows the way to help."""

    at_least: float
    words: str
    help: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """A few questions, each answered with a whole number from `least` to `most`.

    The result is the sum or the mean of the answers, times `times`. `answered` is how many answers a
    result needs; `change` is the smallest difference that is more than "about the same". `better`
    says which way is a change for the better.
    """

    id: str
    title: str
    summary: str
    licence: str
    least: int
    most: int
    low: str
    high: str
    items: tuple[Item, ...]
    scoring: Scoring
    answered: int
    times: int = 1
    higher: str = ""
    change: float = 0
    bands: tuple[Band, ...] = ()
    better: Better = "higher"

    @property
    def ends(self) -> tuple[Fraction, Fraction]:
        """The smallest and the largest result there can be."""
        factor = self.times * (len(self.items) if self.scoring == "sum" else 1)
        return Fraction(self.least * factor), Fraction(self.most * factor)


class Change(StrEnum):
    """How a later result stands to an earlier one."""

    HIGHER = "higher"
    SAME = "same"
    LOWER = "lower"


def score(measure: Measure, answers: Mapping[str, object]) -> Fraction | None:
    """The result of these answers by item id; None where too few were given.

    Where some may be left out, each of those counts like the mean of the others.
    """
    given = [value for item in measure.items if (value := _counted(measure, item, answers)) is not None]
    if not given or len(given) < measure.answered:
        return None
    mean = Fraction(sum(given), len(given))
    whole = mean * len(measure.items) if measure.scoring == "sum" else mean
    return whole * measure.times


def band(measure: Measure, result: Fraction) -> Band | None:
    """What is said of this result, if the measure says anything."""
    reached = [one for one in measure.bands if result >= exact(one.at_least)]
    return reached[-1] if reached else None


def change(measure: Measure, then: Fraction, now: Fraction) -> Change:
    """How a later result stands to an earlier one of the same measure."""
    difference = now - then
    if difference == 0 or abs(difference) < exact(measure.change):
        return Change.SAME
    return Change.HIGHER if difference > 0 else Change.LOWER


def exact(number: float) -> Fraction:
    """A number as it was written: 2.6 is 13/5, and not the nearest the machine can hold."""
    return Fraction(str(number))


def _counted(measure: Measure, item: Item, answers: Mapping[str, object]) -> int | None:
    value = answers.get(item.id)
    if isinstance(value, bool) or not isinstance(value, int) or not measure.least <= value <= measure.most:
        return None
    return measure.least + measure.most - value if item.reversed else value
