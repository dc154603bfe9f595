"""A meeting on the clock, in its full and its shorter form."""

from course_engine.domain.plans import PlanPart, SessionPlan


def plan(*parts: tuple[str, int, int]) -> SessionPlan:
    made = tuple(PlanPart(title, minutes, shorter, "", "") for title, minutes, shorter in parts)
    minutes, shorter = sum(part[1] for part in parts), sum(part[2] for part in parts)
    return SessionPlan("evening", "An evening", "", minutes, shorter, (), "", made, "", "")


EVENING = plan(("arrive", 15, 10), ("talk", 50, 40), ("rest", 10, 0), ("close", 45, 40))


def test_the_clock_runs_through_the_evening() -> None:
    assert [(timed.clock, timed.part.title) for timed in EVENING.running()] == [
        ("0:00", "arrive"), ("0:15", "talk"), ("1:05", "rest"), ("1:15", "close"),
    ]  # fmt: skip
    assert EVENING.end() == "2:00"


def test_the_shorter_form_leaves_out_what_takes_no_time() -> None:
    assert [(timed.clock, timed.part.title, timed.minutes) for timed in EVENING.running(short=True)] == [
        ("0:00", "arrive", 10), ("0:10", "talk", 40), ("0:50", "close", 40),
    ]  # fmt: skip
    assert EVENING.end(short=True) == "1:30"
    assert EVENING.has_short_form
    assert not plan(("all", 60, 60)).has_short_form
