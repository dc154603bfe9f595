"""Builders: whole things with everything that a test does not care about filled in."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from course_engine.domain.course import Course, Module, Step, StepKind, Week
from course_engine.domain.progress import History

MONDAY = datetime(2026, 3, 2, 18, 30, tzinfo=UTC)


def at(days: float = 0, hours: float = 0) -> datetime:
    """An instant so long after the Monday evening on which every story begins."""
    return MONDAY + timedelta(days=days, hours=hours)


def step(id: str, kind: StepKind = StepKind.LESSON, **more: object) -> Step:
    """A required lesson unless said otherwise."""
    values: dict[str, object] = {"title": id.title(), "minutes": 5, "required": True, **more}
    return Step(id=id, kind=kind, **values)  # type: ignore[arg-type]


def week(number: int, *steps: Step, id: str = "") -> Week:
    """A week with a lesson, a choice of two practices, an optional journal step and a check-in."""
    own = steps or (
        step(f"lesson-{number}"),
        step(f"breathe-{number}", StepKind.PRACTICE, required=False, one_of="practice"),
        step(f"walk-{number}", StepKind.PRACTICE, required=False, one_of="practice"),
        step(f"journal-{number}", StepKind.JOURNAL, required=False),
        step(f"check-in-{number}", StepKind.CHECK_IN),
    )
    return Week(id or f"week-{number}", number, f"Week {number}", "An aim.", 30, own)


def course(*weeks: Week, split: int = 2) -> Course:
    """A course of these weeks (0 to 4 unless said), two weeks a module."""
    own = weeks or tuple(week(number) for number in range(5))
    modules = tuple(
        Module(f"module-{start // split}", f"Module {start // split}", "", own[start : start + split])
        for start in range(0, len(own), split)
    )
    return Course("tiny", "A tiny course", "", "en", ("Ada",), "CC BY 4.0", "1", modules)


def required(number: int) -> list[str]:
    """The steps that complete a week of `week()`."""
    return [f"lesson-{number}", f"breathe-{number}", f"check-in-{number}"]


def history(
    done: Mapping[str, datetime] | None = None, started_at: datetime | None = MONDAY, **more: object
) -> History:
    """A history with these steps done at these instants."""
    return History(started_at=started_at, done=dict(done or {}), **more)  # type: ignore[arg-type]


def through(*weeks: int, each: float = 7) -> dict[str, datetime]:
    """Every required step of these weeks, done an hour after it could be at one week each."""
    return {id: at(each * number, hours=1) for number in weeks for id in required(number)}
