"""Questions with what a person filled in, kept earlier or just typed, as templates show them again."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request
from werkzeug.datastructures import MultiDict

from course_engine.domain.course import Field, Step, StepKind, Worksheet
from course_engine.domain.progress import How
from course_engine.services import writings
from course_engine.services.runs import Position
from course_engine.web import forms, here

OTHER = "other"


@dataclass(frozen=True, slots=True)
class Filled:
    """One question's answer: a text or number, a list of texts, or the rows of a table.

    `other` is what stands beside the word "other" where a question allows an answer of one's own; `former`
    are answers that were chosen while an earlier edition had them.
    """

    value: object = None
    other: str = ""
    former: tuple[str, ...] = ()


def of(at: Position, step: Step, *, typed: bool) -> dict[str, Filled]:
    """The questions of a step with what was just typed, or else with what was kept."""
    fields = step.worksheet.fields if step.worksheet else step.fields
    if typed:
        return from_form(fields, request.form)
    if not fields:
        return {}
    engine, person = here.engine(), here.person()
    if step.worksheet is not None:
        return kept(fields, writings.answers(engine, person, at.run, "worksheet", step.worksheet.id))
    return kept(fields, writings.answers(engine, person, at.run, "check-in", step.id))


def keep(how: How, at: Position, step: Step) -> None:
    """Keep what came along with the button that completes a step. Raises BadInput."""
    if step.kind is StepKind.CHECK_IN and (forms.answers(step.fields) or how is How.DONE):
        _keep_answers(at, "check-in", step.id, step.fields)
    if step.worksheet is not None and _sent(step.worksheet.fields):
        keep_worksheet(at, step.worksheet)
    if step.kind is StepKind.JOURNAL and request.form.get("text", "").strip():
        press = request.form.get("press", "")
        text = request.form["text"]
        writings.write_entry(here.engine(), here.person(), at.run, text, here.now(), step.id, press=press)


def keep_worksheet(at: Position, worksheet: Worksheet) -> None:
    """Keep what was filled in on a worksheet. Raises BadInput."""
    _keep_answers(at, "worksheet", worksheet.id, worksheet.fields)


def has_words(step: Step) -> bool:
    """Whether something was filled in or written with the button that completed the step."""
    if step.kind is StepKind.JOURNAL:
        return bool(request.form.get("text", "").strip())
    return bool(forms.answers(step.worksheet.fields if step.worksheet else step.fields))


def kept(fields: tuple[Field, ...], answers: Mapping[str, object]) -> dict[str, Filled]:
    """Answers as they were kept; one without an answer is empty."""
    return {field.id: _kept(field, answers.get(field.id)) for field in fields}


def from_form(fields: tuple[Field, ...], form: MultiDict[str, str]) -> dict[str, Filled]:
    """Answers as they were just typed, faulty ones too."""
    return {field.id: _typed(field, form) for field in fields}


def _keep_answers(at: Position, kind: writings.Kind, item: str, fields: tuple[Field, ...]) -> None:
    engine, person = here.engine(), here.person()
    given = forms.answers(fields)
    if given:
        # A question that a newer edition asks no more takes nothing with it.
        given = writings.former(engine, person, at.run, kind, item, {one.id for one in fields}) | given
    writings.save_answers(engine, person, at.run, kind, item, given, here.now())


def _sent(fields: tuple[Field, ...]) -> bool:
    """Whether the questions came along, if only with empty answers."""
    return any(name == one.id or name.startswith(f"{one.id}-") for one in fields for name in request.form)


def _kept(field: Field, answer: object) -> Filled:
    if field.kind == "choice" and isinstance(answer, str) and answer not in field.options:
        return Filled(OTHER, answer) if field.other else Filled(answer, former=(answer,))
    if field.kind == "choices" and isinstance(answer, list):
        own = [str(one) for one in answer if one not in field.options]
        if not field.other:
            return Filled(answer, former=tuple(own))
        return Filled([one for one in answer if one in field.options], ", ".join(own))
    return Filled(answer)


def _typed(field: Field, form: MultiDict[str, str]) -> Filled:
    other, former = form.get(f"{field.id}-other", ""), tuple(form.getlist(f"{field.id}-former"))
    if field.kind == "choices":
        return Filled(form.getlist(field.id), other, former)
    if field.kind == "table":
        rows = range(1, (len(field.rows) or field.lines) + 1)
        columns = range(1, len(field.columns) + 1)
        return Filled([[form.get(f"{field.id}-{row}-{column}", "") for column in columns] for row in rows])
    return Filled(form.get(field.id), other, former)
