"""A position as the API tells it: every item with its state and the reason that the page shows."""

from collections.abc import Mapping
from typing import Any

from course_engine.domain.course import Module, Step, Week
from course_engine.domain.progress import How
from course_engine.domain.standing import Standing
from course_engine.services import wording
from course_engine.services.runs import Position

Way = Mapping[str, Any]


def way(at: Position, ways: Mapping[str, How]) -> Way:
    """The course of a run, module by module; `ways` tells how the steps that are done were done."""
    opening = at.access.next_opening
    return {
        "id": at.course.id,
        "title": at.course.title,
        "edition": at.run.edition,
        "run": at.run.id,
        "status": at.access.status,
        "pace": at.pace.kind,
        "zone": at.zone,
        "next_step": at.access.next_step,
        "next_opening": {"week": opening[0], "at": opening[1]} if opening else None,
        "modules": [_module(at, module, ways) for module in at.course.modules],
    }


def reason(at: Position, standing: Standing) -> Way | None:
    """Why an item is locked: the first thing in its way as a word, all of them in sentences."""
    if not standing.reasons:
        return None
    return {"code": standing.reasons[0].code, "sentence": wording.why(at.course, standing, at.zone)}


def _module(at: Position, module: Module, ways: Mapping[str, How]) -> Way:
    return {
        **_item(at, module, at.access.modules[module.id]),
        "weeks": [_week(at, week, ways) for week in module.weeks],
    }


def _week(at: Position, week: Week, ways: Mapping[str, How]) -> Way:
    return {
        **_item(at, week, at.access.weeks[week.id]),
        "number": week.number,
        "aim": week.aim,
        "steps": [_step(at, step, ways.get(step.id)) for step in week.steps],
    }


def _step(at: Position, step: Step, how: How | None) -> Way:
    standing = at.access.steps[step.id]
    return {
        **_item(at, step, standing),
        "kind": step.kind,
        "minutes": step.minutes,
        "required": step.required,
        "one_of": step.one_of or None,
        "how": how,
        "new": standing.new,
        "worksheet": step.worksheet.id if step.worksheet else None,
    }


def _item(at: Position, item: Step | Week | Module, standing: Standing) -> Way:
    return {
        "id": item.id,
        "title": item.title,
        "state": standing.state,
        "reason": reason(at, standing),
        "opens_at": standing.opens_at,
        "opened_at": standing.opened_at,
        "done_at": standing.done_at,
    }
