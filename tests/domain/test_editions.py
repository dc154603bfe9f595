"""What changed between two editions is told by its id: everything that did, and nothing that did not."""

from dataclasses import fields, replace

import pytest

from course_engine.domain.course import CertificateRule, Course, Module, Practice, Step, StepKind, Week
from course_engine.domain.editions import (
    _OF_PRACTICE,
    _OF_STEP,
    _OF_WEEK,
    Difference,
    Turn,
    What,
    differences,
    renumbered,
)
from tests.make import course, step, week


def changed(old: Course, number: int, **fields: object) -> Course:
    """The course with other fields in one week."""
    return over_weeks(
        old,
        [replace(one, **fields) if one.number == number else one for one in old.weeks],  # type: ignore[arg-type]
    )


def over_weeks(old: Course, weeks: list[Week]) -> Course:
    """The course with these weeks, two a module."""
    return course(*weeks)


def over_step(old: Course, id: str, **fields: object) -> Course:
    """The course with other fields in one step."""
    weeks = [
        replace(one, steps=tuple(replace(s, **fields) if s.id == id else s for s in one.steps))  # type: ignore[arg-type]
        for one in old.weeks
    ]
    return over_weeks(old, weeks)


def told(old: Course, new: Course) -> set[tuple[What, Turn, str]]:
    return {(one.what, one.turn, one.id) for one in differences(old, new)}


def test_a_course_does_not_differ_from_itself() -> None:
    assert differences(course(), course()) == ()


def test_a_step_that_came_and_one_that_has_gone() -> None:
    old = course()
    steps = old.weeks[2].steps
    new = changed(old, 2, steps=(step("thanks"), *steps[1:]))

    assert told(old, new) == {(What.STEP, Turn.ADDED, "thanks"), (What.STEP, Turn.REMOVED, "lesson-2")}
    assert {one.week for one in differences(old, new)} == {2}


def test_a_step_that_moved_to_another_week_is_not_new() -> None:
    old = course()
    first, *rest = old.weeks[1].steps
    new = changed(changed(old, 1, steps=tuple(rest)), 3, steps=(*old.weeks[3].steps, first))

    (one,) = differences(old, new)
    assert (one.what, one.turn, one.id) == (What.STEP, Turn.MOVED, "lesson-1")
    assert (one.before, one.after, one.week) == ("Week 1", "Week 3", 3)


def test_one_step_that_changed_its_place_is_told_once() -> None:
    old = course()
    first, *rest = old.weeks[1].steps
    new = changed(old, 1, steps=(*rest, first))

    assert told(old, new) == {(What.STEP, Turn.MOVED, "lesson-1")}


@pytest.mark.parametrize(
    ("fields", "turn", "before", "after"),
    [
        ({"title": "Another name"}, Turn.RETITLED, "Lesson-1", "Another name"),
        ({"required": False}, Turn.RULE, "required", "optional"),
        ({"required": False, "one_of": "reading"}, Turn.RULE, "required", "one_of reading"),
    ],
)
def test_a_name_or_a_rule_is_told_with_what_it_was(
    fields: dict[str, object], turn: Turn, before: str, after: str
) -> None:
    old = course()
    (one,) = differences(old, over_step(old, "lesson-1", **fields))

    assert (one.turn, one.before, one.after) == (turn, before, after)


@pytest.mark.parametrize(
    ("fields", "aspect"),
    [
        ({"html": "<p>Else.</p>"}, "text"),
        ({"minutes": 9}, "minutes"),
        ({"always_open": True}, "always_open"),
        ({"kind": StepKind.JOURNAL}, "kind"),
    ],
)
def test_what_changed_in_a_step_is_named(fields: dict[str, object], aspect: str) -> None:
    old = course()
    assert differences(old, over_step(old, "lesson-1", **fields)) == (
        Difference(What.STEP, Turn.CHANGED, "lesson-1", "Lesson-1", 1, aspects=(aspect,)),
    )


def test_a_week_put_between_gives_the_later_ones_another_number() -> None:
    old = course()
    weeks = [*old.weeks[:2], week(2, step("rest"), id="rest-week"),
             *(replace(one, number=one.number + 1) for one in old.weeks[2:])]  # fmt: skip
    found = told(old, course(*weeks, split=9))

    assert (What.WEEK, Turn.ADDED, "rest-week") in found
    assert {id for what, turn, id in found if turn is Turn.NUMBERED} == {"week-2", "week-3", "week-4"}
    assert renumbered(old, course(*weeks)) == {2, 3, 4}
    assert renumbered(old, course(*weeks[:2])) == set()


def test_the_rules_of_the_whole_course_are_told_with_their_values() -> None:
    old = course()
    new = replace(
        old, title="A small course", pace="free", certificate=CertificateRule("classic", 6), summary="More."
    )
    found = {(one.turn, one.aspects): (one.before, one.after) for one in differences(old, new)}

    assert found == {
        (Turn.RETITLED, ()): ("A tiny course", "A small course"),
        (Turn.SET, ("pace",)): ("weekly", "free"),
        (Turn.SET, ("attended",)): ("0", "6"),
        (Turn.CHANGED, ("summary",)): ("", ""),
    }


@pytest.mark.parametrize(
    ("kind", "told_by", "own"),
    [
        (Week, _OF_WEEK, {"id", "number", "title", "steps", "plans"}),
        (Step, _OF_STEP, {"id", "title", "required", "one_of", "practice"}),
        (Practice, _OF_PRACTICE, set()),
        (Module, {"summary": ""}, {"id", "title", "weeks"}),
        (
            Course,
            {"summary": "", "notice": "", "safety": ""},
            {"id", "title", "language", "authors", "licence", "edition", "modules", "pace", "words_a_minute",
             "certificate", "pages", "help_lines", "evidence"},
        ),
    ],
)  # fmt: skip
def test_no_field_of_a_course_is_forgotten(kind: type, told_by: dict[str, str], own: set[str]) -> None:
    """A field that is added to the course later is compared too, or named here on purpose."""
    assert {one.name for one in fields(kind)} == set(told_by) | own
