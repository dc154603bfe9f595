"""Questions with what a person filled in, kept earlier or just typed, as templates show them again."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, request
from werkzeug.datastructures import MultiDict

from course_engine.domain import answers as answered
from course_engine.domain.course import Field, Step, StepKind, Worksheet
from course_engine.domain.progress import How
from course_engine.i18n import gettext as _
from course_engine.services import writings
from course_engine.services.marks import Came
from course_engine.services.runs import Position
from course_engine.web import here, questions

OTHER = "other"


@dataclass(frozen=True, slots=True)
class Filled:
    """One question, as it is to be drawn, and its answer: a text or number, a list of texts, or table rows.

    `other` is what stands beside the word "other" where a question allows an answer of one's own; `former`
    are answers that were chosen while an earlier edition had them, `rows` and `columns` labels of such rows
    and columns of a table, and `earlier` words that were written while the question was another one.
    """

    field: Field
    value: object = None
    other: str = ""
    former: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    earlier: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The questions of a step, filled in; `made_from` is the mark of what was kept when this form was made.

    `others` are the questions to which another answer is kept by now than was just typed, with that answer;
    `gone` are words of questions that are asked no more, each with the question's id.
    """

    filled: Mapping[str, Filled]
    made_from: str = ""
    others: tuple[tuple[Field, tuple[str, ...]], ...] = ()
    gone: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Keeping:
    """Keeps what came along with the button that completes a step; `came` is what came of the answers."""

    how: How
    came: Came | None = None

    def __call__(self, at: Position, step: Step) -> None:
        """Keep it. Raises BadInput, ChangedMeanwhile."""
        self.came = keep(self.how, at, step)


def of(at: Position, step: Step, *, typed: bool, changed: bool = False) -> Sheet:
    """The questions of a step with what was just typed, or else with what was kept.

    Where what is kept was `changed` since the form was made, with both.
    """
    fields = step.worksheet.fields if step.worksheet else step.fields
    if typed and not changed:
        made_from = request.form.get("made_from", "")
        return Sheet(from_form(fields, request.form), made_from, gone=tuple(questions.gone(fields).items()))
    if not fields:
        return Sheet({})
    kind, item = place(step)
    found = writings.opened(here.engine(), here.person(), at.run, kind, item)
    if found is None:
        flash(_("What you kept here cannot be opened any more. You can fill it in anew."), "note")
        found = {}
    made_from = writings.mark_of(here.engine(), at.run, kind, item, found)
    gone = answered.gone(fields, found)
    if changed:
        gone |= questions.gone(fields)
        others = _others(fields, found)
        return Sheet(from_form(fields, request.form), made_from, others, tuple(gone.items()))
    return Sheet(kept(fields, found), made_from, gone=tuple(gone.items()))


def place(step: Step) -> tuple[writings.Kind, str]:
    """Where the answers to a step are kept: their kind, and the item they belong to."""
    return ("worksheet", step.worksheet.id) if step.worksheet else ("check-in", step.id)


def keep(how: How, at: Position, step: Step) -> Came | None:
    """Keep what came along with the button that completes a step; gives what came of answers.

    Raises BadInput, ChangedMeanwhile.
    """
    came = None
    asked = step.kind is StepKind.CHECK_IN
    if asked and (how is How.DONE or questions.read(step.fields) or questions.gone(step.fields)):
        came = _keep_answers(at, "check-in", step.id, step.fields)
    if step.worksheet is not None and _sent(step.worksheet.fields):
        came = keep_worksheet(at, step.worksheet)
    if step.kind is StepKind.JOURNAL and request.form.get("text", "").strip():
        press = request.form.get("press", "")
        text = request.form["text"]
        writings.write_entry(here.engine(), here.person(), at.run, text, here.now(), step.id, press=press)
    return came


def keep_worksheet(at: Position, worksheet: Worksheet) -> Came:
    """Keep what was filled in on a worksheet; gives what came of it. Raises BadInput, ChangedMeanwhile."""
    return _keep_answers(at, "worksheet", worksheet.id, worksheet.fields)


def others_stand() -> str:
    """What is said where a form was sent as it had been opened, and other words were kept since."""
    return _("Nothing was changed here. What stands now was kept later.")


def has_words(step: Step) -> bool:
    """Whether something was filled in or written with the button that completed the step."""
    if step.kind is StepKind.JOURNAL:
        return bool(request.form.get("text", "").strip())
    fields = step.worksheet.fields if step.worksheet else step.fields
    return bool(questions.read(fields)) or any(questions.gone(fields).values())


def kept(fields: tuple[Field, ...], answers: Mapping[str, object]) -> dict[str, Filled]:
    """Answers as they were kept; one without an answer is empty."""
    return {field.id: _kept(answered.beside(field, answers)) for field in fields}


def from_form(fields: tuple[Field, ...], form: MultiDict[str, str]) -> dict[str, Filled]:
    """Answers as they were just typed, faulty ones too."""
    return {field.id: _typed(field, form) for field in fields}


def _keep_answers(at: Position, kind: writings.Kind, item: str, fields: tuple[Field, ...]) -> Came:
    engine, person = here.engine(), here.person()
    gone = questions.gone(fields)
    given = questions.read(fields) | {answered.earlier_id(id): words for id, words in gone.items() if words}
    # A question that a newer edition asks otherwise, or asks no more, takes nothing with it.
    known = writings.opened(engine, person, at.run, kind, item) or {}
    shown = {one.id: questions.labels(one) for one in fields if one.kind == "table"}
    told = {one.id for one in fields if questions.earlier(one.id) is not None} | gone.keys()
    given = answered.carried(fields, known, given, shown, told)
    mark = request.form.get("made_from", "")
    return writings.save_answers(engine, person, at.run, kind, item, given, here.now(), mark)


def _others(
    fields: tuple[Field, ...], known: Mapping[str, object]
) -> tuple[tuple[Field, tuple[str, ...]], ...]:
    given = questions.read(fields)
    pairs = [(answered.beside(field, known), answered.beside(field, given)) for field in fields]
    others = [
        (one.field, _said(one))
        for one, typed in pairs
        if (one.value, one.earlier) != (typed.value, typed.earlier)
    ]
    before, now = answered.gone(fields, known), questions.gone(fields)
    others += [
        (Field(answered.earlier_id(id), "box", ""), (words,) if (words := before.get(id, "")) else ())
        for id in now
        if now[id] != before.get(id, "")
    ]
    return tuple(others)


def _said(found: answered.Beside) -> tuple[str, ...]:
    """An answer in words; several that were chosen are several."""
    many = found.value if found.field.kind == "choices" and isinstance(found.value, list) else [found.value]
    return tuple(words for one in (*many, found.earlier) if (words := answered.in_words(one)))


def _sent(fields: tuple[Field, ...]) -> bool:
    """Whether the questions came along, if only with empty answers."""
    names = [(one.id, (f"{one.id}-", f"{one.id}:")) for one in fields]
    named = any(sent == id or sent.startswith(more) for id, more in names for sent in request.form)
    return named or bool(questions.gone(fields))


def _kept(found: answered.Beside) -> Filled:
    value, other, former = _chosen(found.field, found.value)
    return Filled(found.field, value, other, former, found.rows, found.columns, found.earlier or None)


def _chosen(field: Field, answer: object) -> tuple[object, str, tuple[str, ...]]:
    """What is ticked, the answer of one's own beside it, and the options of an earlier edition."""
    if field.kind == "choice" and isinstance(answer, str) and answer not in field.options:
        return (OTHER, answer, ()) if field.other else (answer, "", (answer,))
    if field.kind == "choices" and isinstance(answer, list):
        own = [str(one) for one in answer if one not in field.options]
        if not field.other:
            return answer, "", tuple(own)
        return [one for one in answer if one in field.options], ", ".join(own), ()
    return answer, "", ()


def _typed(field: Field, form: MultiDict[str, str]) -> Filled:
    other, former = form.get(f"{field.id}:other", ""), tuple(form.getlist(f"{field.id}:former"))
    earlier = questions.earlier(field.id)
    if field.kind == "choices":
        return Filled(field, form.getlist(field.id), other, former, earlier=earlier)
    if field.kind == "table":
        typed = answered.table(questions.labels(field), questions.cells(field))
        found = answered.beside(field, {field.id: typed}, whole=True)
        return Filled(found.field, found.value, rows=found.rows, columns=found.columns, earlier=earlier)
    return Filled(field, form.get(field.id), other, former, earlier=earlier)
