"""Measures: what somebody answered at one step of a run, next to what they answered before.

Nothing of it is seen by anyone else: the answers are sealed like all others, and results are never kept.
"""

from dataclasses import dataclass
from fractions import Fraction

from course_engine.domain.course import Step, Week
from course_engine.domain.measures import Band, Change, Measure, band, change, score
from course_engine.domain.people import Person
from course_engine.engine import Engine
from course_engine.services import writings
from course_engine.services.runs import Position
from course_engine.services.writings import Answers


@dataclass(frozen=True, slots=True)
class Taken:
    """The answers given at one step, and their result if enough were given."""

    week: Week
    answers: Answers
    result: Fraction | None


@dataclass(frozen=True, slots=True)
class Compared:
    """What was answered at a step, after what was answered at earlier steps of the same measure.

    `change` compares this result with the first one; without two results there is none.
    """

    measure: Measure
    earlier: tuple[Taken, ...]
    now: Taken
    change: Change | None
    band: Band | None

    @property
    def all(self) -> tuple[Taken, ...]:
        return (*self.earlier, self.now)

    @property
    def care(self) -> bool:
        """Whether a caring word and the way to help belong beside the result."""
        worse = Change.LOWER if self.measure.better == "higher" else Change.HIGHER
        return self.change is worse or (self.band is not None and self.band.help)


def compared(engine: Engine, person: Person, at: Position, step: Step) -> Compared | None:
    """What was answered here, with what came before it in the course; None while nothing was."""
    measure = step.measure
    if measure is None:
        return None
    kept = writings.answers_of_kind(engine, person, at.run, "check-in")
    if not kept.get(step.id):
        return None
    places = [one for one in at.course.steps.values() if one.measure and one.measure.id == measure.id]
    before = places[: places.index(step)]
    earlier = tuple(_taken(at, measure, one, kept[one.id]) for one in before if kept.get(one.id))
    now = _taken(at, measure, step, kept[step.id])
    first = next((one.result for one in earlier if one.result is not None), None)
    moved = change(measure, first, now.result) if first is not None and now.result is not None else None
    said = band(measure, now.result) if now.result is not None else None
    return Compared(measure, earlier, now, moved, said)


def _taken(at: Position, measure: Measure, step: Step, answers: Answers) -> Taken:
    return Taken(at.course.week_of[step.id], answers, score(measure, answers))
