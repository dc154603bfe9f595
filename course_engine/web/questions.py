"""The questions of a step, a worksheet or a measure: what a form says somebody filled in.

What stands beside an answer has the question's id, a colon and a word as its name: no id has a colon.
"""

from flask import request

from course_engine.domain import answers
from course_engine.domain.course import Field
from course_engine.domain.errors import BadInput
from course_engine.i18n import gettext as _
from course_engine.web.forms import LONGEST_ANSWER

_MOST_FORMER = 100
_EARLIER = ":earlier"


def read(of: tuple[Field, ...]) -> dict[str, object]:
    """What was filled in of these questions, with what stood there earlier. Raises BadInput.

    One left empty is left out.
    """
    given: dict[str, object] = {}
    faults: dict[str, str] = {}
    for field in of:
        try:
            value = _answer(field)
        except ValueError as error:
            faults[field.id] = str(error)
            continue
        if value not in ("", [], None):
            given[field.id] = value
        if words := earlier(field.id):
            given[answers.earlier_id(field.id)] = words
    if faults:
        raise BadInput(faults)
    return given


def earlier(question: str) -> str | None:
    """What was written while the question was another one, as it is now; None if the form had none of it."""
    text = request.form.get(question + _EARLIER)
    return None if text is None else _trimmed(text)


def gone(of: tuple[Field, ...]) -> dict[str, str]:
    """Words that the form had of questions which are asked no more, as they are now, by the question's id."""
    asked = {field.id for field in of}
    sent = [name.removesuffix(_EARLIER) for name in request.form if name.endswith(_EARLIER)]
    return {id: earlier(id) or "" for id in sent if id not in asked and ":" not in id}


def labels(field: Field) -> answers.Labels:
    """The labels of a table as the form had it: its own, then those of an earlier edition."""
    rows, columns = answers.labels(field)
    sent = (request.form.getlist(f"{field.id}:former-{part}") for part in ("row", "column"))
    more_rows, more_columns = (one[:_MOST_FORMER] for one in sent)
    return (*rows, *more_rows), (*columns, *more_columns)


def cells(field: Field) -> list[list[str]]:
    """What stands in the rows of a table."""
    rows, columns = (range(1, len(part) + 1) for part in labels(field))
    return [[request.form.get(f"{field.id}-{row}-{column}", "") for column in columns] for row in rows]


def _answer(field: Field) -> object:
    match field.kind:
        case "note":
            return None
        case "scale":
            return _number(field)
        case "choice":
            return _one(field)
        case "choices":
            return _many(field)
        case "table":
            return _table(field)
        case _:
            return _words(request.form.get(field.id, ""))


def _number(field: Field) -> int | None:
    text = request.form.get(field.id, "").strip()
    if not text:
        return None
    if len(text) > 9 or not text.isdecimal() or not field.least <= int(text) <= field.most:
        raise ValueError(
            _("Choose a number from %(least)s to %(most)s, or leave it.", least=field.least, most=field.most)
        )
    return int(text)


def _one(field: Field) -> str:
    """The answer that was chosen, or words of one's own: those count too where nothing is chosen."""
    text, own = request.form.get(field.id, ""), _own(field)
    if not text or (text == "other" and field.other):
        return own
    chosen = _chosen(field, text)
    if own:
        raise ValueError(
            _(
                "You chose an answer and wrote one of your own. Choose “Something else” to keep your words, "
                "or take them out."
            )
        )
    return chosen


def _own(field: Field) -> str:
    return _words(request.form.get(f"{field.id}:other", "")) if field.other else ""


def _chosen(field: Field, text: str) -> str:
    if text and text not in (*field.options, *request.form.getlist(f"{field.id}:former")):
        raise ValueError(_("Choose one of the answers, or leave it."))
    return answers.chosen(field, _words(text))


def _many(field: Field) -> list[str]:
    chosen = [_chosen(field, text) for text in request.form.getlist(field.id) if text != "other"]
    own = _own(field)
    return [*chosen, own] if own else chosen


def _table(field: Field) -> dict[str, object] | None:
    rows = [[_words(text) for text in row] for row in cells(field)]
    return answers.table(labels(field), rows) if any(map(any, rows)) else None


def _words(text: str) -> str:
    if len(text) > LONGEST_ANSWER:
        raise ValueError(
            _(
                "This is longer than one page can hold. It has %(count)s characters, and there is room for "
                "%(most)s.",
                count=len(text),
                most=LONGEST_ANSWER,
            )
        )
    return _trimmed(text)


def _trimmed(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
