"""Answers beside the questions of an edition, where they may have been given to an earlier one.

An answer is a text (`lines`, `box`, `choice`), a whole number (`scale`), some texts (`choices`) or a table:
its cells with the labels of their rows and columns. Labels, and answers that were chosen, are kept in the
course's own language. Tables kept before labels were are rows of cells alone, and read by position. What fits
its question no more is neither put in another place nor dropped: it stays as rows and columns of its own, or
as words that were written earlier.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from course_engine.domain.course import Field

_EARLIER = ":earlier"
_NO_LABEL = "…"

Label = tuple[str, int]
Labels = tuple[Sequence[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Beside:
    """A question as it is to be drawn, with what fits it.

    `rows` and `columns` are labels of those that the question had in an earlier edition and where words
    stand; `earlier` is what was written while the question was another one.
    """

    field: Field
    value: object = None
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    earlier: str = ""


@dataclass(frozen=True, slots=True)
class _Table:
    """Cells with words, each by the labels of its row and column; a label is met for the n-th time."""

    rows: tuple[Label, ...]
    columns: tuple[Label, ...]
    cells: Mapping[tuple[Label, Label], str]

    def stands(self, row: Label) -> bool:
        """Whether words stand in this row, or in a later one of the same label."""
        return any(one[0] == row[0] and one[1] >= row[1] for one, _column in self.cells)

    def holds(self, column: Label) -> bool:
        """The same of a column."""
        return any(one[0] == column[0] and one[1] >= column[1] for _row, one in self.cells)


def earlier_id(field: str) -> str:
    """The name under which words are kept that were written while this question was another one."""
    return field + _EARLIER


def labels(field: Field) -> Labels:
    """The labels of a table's rows and columns by which its cells are kept; lines to write on have none."""
    return field.own_rows or field.rows or ("",) * field.lines, field.own_columns or field.columns


def chosen(field: Field, option: str) -> str:
    """An answer to choose from as it is kept."""
    return dict(zip(field.options, field.own_options, strict=False)).get(option, option)


def table(found: Labels, cells: Sequence[Sequence[str]]) -> dict[str, object]:
    """A table as it is kept."""
    rows, columns = found
    return {"rows": list(rows), "columns": list(columns), "cells": [list(row) for row in cells]}


def beside(field: Field, kept: Mapping[str, object], *, whole: bool = False) -> Beside:
    """A question with what was kept of it; a `whole` table has its empty earlier rows and columns too."""
    answer, earlier = kept.get(field.id), in_words(kept.get(earlier_id(field.id)))
    if answer in ("", [], {}, None):
        return Beside(field, earlier=earlier)
    found = _table_of(field, answer)
    if found is not None:
        return _laid(field, found, earlier, whole)
    value = _fitting(field, answer)
    if value is None:
        return Beside(field, earlier="\n\n".join(one for one in (earlier, in_words(answer)) if one))
    return Beside(field, value, earlier=earlier)


def gone(fields: Iterable[Field], kept: Mapping[str, object]) -> dict[str, str]:
    """The words that are kept of questions which are asked no more, by the question's id."""
    asked = {field.id for field in fields}
    ids = dict.fromkeys(question for id in kept if (question := _question(id)) not in asked)
    both = {id: (in_words(kept.get(earlier_id(id))), in_words(kept.get(id))) for id in ids}
    return {id: "\n\n".join(filter(None, words)).strip() for id, words in both.items() if any(words)}


def carried(
    fields: Iterable[Field],
    kept: Mapping[str, object],
    given: Mapping[str, object],
    shown: Mapping[str, Labels],
    told: Collection[str],
) -> dict[str, object]:
    """What is to be kept once `given` was filled in: with it goes whatever the form did not show.

    `shown` are the labels that each table had on the form; `told` the questions whose earlier words stood
    there, those that are asked no more among them. What the form did show is as it was given, and gone if it
    was emptied.
    """
    asked = {field.id: field for field in fields}
    old_words = gone(asked.values(), kept)
    same = {id for id in old_words if id not in told or given.get(earlier_id(id), "") == old_words[id]}
    unasked = {id: one for id, one in kept.items() if _question(id) not in asked}
    result = {id: one for id, one in unasked.items() if _question(id) in same or not in_words(one)}
    result |= {id: one for id, one in given.items() if _question(id) not in same}
    for field in asked.values():
        words = beside(field, kept).earlier
        if words and field.id not in told:
            result[earlier_id(field.id)] = words
        old = _table_of(field, kept.get(field.id))
        if old is not None:
            result |= _with_unseen(field, old, given.get(field.id), shown[field.id])
    return result


def in_words(answer: object) -> str:
    """An answer of any kind as text: a table has a line for each row that holds words."""
    if isinstance(answer, Mapping):
        found = _read_table(answer)
        return _rows_in_words(found) if found else "\n".join(filter(None, map(in_words, answer.values())))
    if isinstance(answer, list | tuple):
        if answer and all(isinstance(row, list | tuple) for row in answer):
            return "\n".join(filter(None, ("; ".join(filter(None, map(in_words, row))) for row in answer)))
        return "\n".join(filter(None, map(in_words, answer)))
    return "" if answer is None else str(answer)


def _question(id: str) -> str:
    return id.removesuffix(_EARLIER)


def _fitting(field: Field, answer: object) -> object:
    """The answer in the shape of its question; None if it has another."""
    match field.kind:
        case "lines" | "box":
            return in_words(answer)
        case "scale":
            whole = isinstance(answer, int) and not isinstance(answer, bool)
            return answer if whole and answer in range(field.least, field.most + 1) else None
        case "choice":
            one = answer[0] if isinstance(answer, list) and len(answer) == 1 else answer
            return _shown(field, [str(one)])[0] if _one_line(one) else None
        case "choices":
            many = [answer] if isinstance(answer, str) else answer
            return _shown(field, many) if isinstance(many, list) and all(map(_one_line, many)) else None
    return None


def _shown(field: Field, kept: Sequence[str]) -> list[str]:
    """Answers that were chosen, in the language of the question."""
    told = dict(zip(field.own_options, field.options, strict=False))
    return [told.get(one, one) for one in kept]


def _one_line(answer: object) -> bool:
    return isinstance(answer, str) and "\n" not in answer


def _laid(field: Field, found: _Table, earlier: str, whole: bool) -> Beside:
    """A table with its answers, each in its own row and column."""
    own_rows, own_columns = map(_counted, labels(field))
    rows = [row for row in found.rows if row not in own_rows and (whole or found.stands(row))]
    columns = [one for one in found.columns if one not in own_columns and (whole or found.holds(one))]
    value = [
        [found.cells.get((row, column), "") for column in (*own_columns, *columns)]
        for row in (*own_rows, *rows)
    ]
    more, wider = tuple(label for label, _n in rows), tuple(label for label, _n in columns)
    return Beside(_drawn(field, more, wider), value, more, wider, earlier)


def _drawn(field: Field, rows: tuple[str, ...], columns: tuple[str, ...]) -> Field:
    """The question with more rows and columns; where some rows have names, the others have numbers."""
    if not rows and not columns:
        return field
    names = (*(field.rows or ("",) * field.lines), *rows)
    numbered = tuple(name or str(n) for n, name in enumerate(names, 1)) if any(names) else ()
    share = -(-sum(field.widths) // len(field.widths)) if field.widths else 1
    return replace(
        field,
        rows=numbered,
        lines=len(names),
        columns=(*field.columns, *(label or _NO_LABEL for label in columns)),
        widths=(*field.widths, *(share for _one in columns)) if field.widths else (),
    )


def _with_unseen(field: Field, old: _Table, given: object, shown: Labels) -> dict[str, object]:
    """The table that was given, with the words of rows and columns that the form did not have."""
    rows, columns = map(_counted, shown)
    new = _table_of(field, given)
    cells = {
        place: text for place, text in old.cells.items() if place[0] not in rows or place[1] not in columns
    }
    if not cells:
        return {}
    both = _Table(old.rows, old.columns, cells)
    rows = (*rows, *(row for row in old.rows if row not in rows and both.stands(row)))
    columns = (*columns, *(one for one in old.columns if one not in columns and both.holds(one)))
    cells |= new.cells if new else {}
    plain = ([label for label, _n in rows], [label for label, _n in columns])
    return {field.id: table(plain, [[cells.get((row, one), "") for one in columns] for row in rows])}


def _table_of(field: Field, answer: object) -> _Table | None:
    """The answer as a table of this question, if it is one."""
    if field.kind != "table":
        return None
    if isinstance(answer, Mapping):
        return _read_table(answer)
    if not isinstance(answer, list) or not answer or not all(isinstance(row, list) for row in answer):
        return None
    rows, columns = labels(field)
    widest = max(map(len, answer))
    return _placed(
        (*rows, *("" for _row in answer[len(rows) :])),
        (*columns, *("" for _column in range(len(columns), widest))),
        answer,
    )


def _read_table(answer: Mapping[str, object]) -> _Table | None:
    rows, columns, cells = (answer.get(part) for part in ("rows", "columns", "cells"))
    if not (isinstance(rows, list) and isinstance(columns, list) and isinstance(cells, list)):
        return None
    return _placed(list(map(str, rows)), list(map(str, columns)), [r for r in cells if isinstance(r, list)])


def _placed(rows: Sequence[str], columns: Sequence[str], cells: Sequence[Sequence[object]]) -> _Table:
    down, across = _counted(rows), _counted(columns)
    found = {
        (row, column): words
        for row, given in zip(down, cells, strict=False)
        for column, cell in zip(across, given, strict=False)
        if (words := in_words(cell))
    }
    return _Table(down, across, found)


def _counted(found: Sequence[str]) -> tuple[Label, ...]:
    """Each label with how often it stood before."""
    met: dict[str, int] = {}
    counted = []
    for label in found:
        counted.append((label, met.get(label, 0)))
        met[label] = met.get(label, 0) + 1
    return tuple(counted)


def _rows_in_words(found: _Table) -> str:
    lines = []
    for row in found.rows:
        said = [_said(one[0], found.cells[row, one]) for one in found.columns if (row, one) in found.cells]
        if said:
            lines.append(_said(row[0], "; ".join(said)))
    return "\n".join(lines)


def _said(label: str, words: str) -> str:
    return f"{label}: {words}" if label else words
