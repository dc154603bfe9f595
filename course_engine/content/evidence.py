"""`evidence.yaml`: its shape, what may be wrong between its parts, and its plain data."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from course_engine.content.faults import Fault, Faults, Spot
from course_engine.content.kinds import Group, Id, Line, Listing, OneOf, Quoted, Shape, Words
from course_engine.content.reading import Document, Trail, shortened
from course_engine.i18n import gettext as _

FILE = "evidence.yaml"
CERTAINTIES = ("strong", "moderate", "early", "not known")
READ = ("full", "summary", "second-hand")
MOST_ROWS = 200
CLAIM_WORDS = ("claim", "source", "design", "size", "figure", "limits")

Plain = dict[str, Any]


class ClaimSchema(Shape):
    id = Id(required=True)
    claim = Words(required=True)
    source = Words(required=True, metadata={"stays": True})
    design = Words(required=True)
    size = Words(required=True)
    figure = Words(metadata={"stays": True})
    certainty = OneOf(CERTAINTIES, required=True)
    limits = Words(required=True)
    read = OneOf(READ, required=True)


class TableRowSchema(Shape):
    cells = Listing(Words(), required=True, most=8)
    certainty = OneOf(CERTAINTIES, required=True)
    evidence = Listing(Id(), least=0)


class TableSchema(Shape):
    id = Id(required=True)
    title = Line(required=True)
    intro = Words()
    columns = Listing(Line(), required=True, most=8)
    rows = Listing(Group(TableRowSchema), required=True)


class OverstatedSchema(Shape):
    said = Quoted(required=True)
    fair = Words(required=True)
    evidence = Listing(Id(), least=0)


class EvidenceSchema(Shape):
    rows = Listing(Group(ClaimSchema), required=True, most=MOST_ROWS)
    tables = Listing(Group(TableSchema), least=0)
    overstated = Listing(Group(OverstatedSchema), least=0)
    not_known = Listing(Words(), least=0)


def ids(data: Plain) -> set[str]:
    """What a claim in a text may link to."""
    return {row["id"] for row in data["rows"]}


def check(document: Document, data: Plain, faults: Faults) -> None:
    """Ids that stand twice, links within the file that lead nowhere, and rows of the wrong width."""
    seen: set[str] = set()
    for trail, item in _named(data):
        if item in seen:
            sentence = _("Another row or table here has the id `%(id)s`; give each its own.", id=item)
            faults.add(document.file, document.at(*trail, "id"), sentence)
        seen.add(item)
    known = ids(data)
    for trail, item in _links(data):
        if item not in known:
            sentence = _(
                "`evidence.yaml` has no row `%(id)s`; link to one that is there, or add it.",
                id=shortened(item),
            )
            faults.add(document.file, document.at(*trail), sentence)
    for at, table in enumerate(data.get("tables", [])):
        for place, row in enumerate(table["rows"]):
            if len(row["cells"]) != len(table["columns"]):
                sentence = _(
                    "This row has %(cells)s cells and the table %(columns)s columns; they go in pairs.",
                    cells=len(row["cells"]),
                    columns=len(table["columns"]),
                )
                faults.add(document.file, document.at("tables", at, "rows", place, "cells"), sentence)


def unlinked(document: Document, data: Plain, linked: Collection[str]) -> Iterator[Fault]:
    """Notes: rows that no text and no table of the course leads to."""
    used = {*linked, *(item for _trail, item in _links(data))}
    for at, row in enumerate(data["rows"]):
        if row["id"] not in used:
            spot: Spot = document.at("rows", at, "id")
            sentence = _("No text links to this row: `[words](evidence:%(id)s)`.", id=row["id"])
            yield Fault(document.file, spot.line, spot.column, sentence)


def compiled_evidence(data: Plain) -> Plain:
    """The plain data of an edition, defaults written out."""
    return {
        "claims": [{"figure": "", **row} for row in data["rows"]],
        "tables": [
            {"intro": "", **table, "rows": [{"evidence": [], **row} for row in table["rows"]]}
            for table in data.get("tables", [])
        ],
        "overstated": [{"evidence": [], **one} for one in data.get("overstated", [])],
        "not_known": data.get("not_known", []),
    }


def translated_evidence(document: Document, old: Plain, new: Plain, faults: Faults) -> Plain:
    """The words of a translation, each list as long as the original's."""
    words: Plain = {
        "claims": _by_id(document, ("rows",), old["rows"], new.get("rows", []), faults, CLAIM_WORDS)
    }
    tables = _by_id(
        document, ("tables",), old.get("tables", []), new.get("tables", []), faults, ("title", "intro")
    )
    for place, at, table in _pairs(old.get("tables", []), new.get("tables", [])):
        tables[place].update(_table(document, ("tables", at), old["tables"][place], table, faults))
    words["tables"] = tables
    said = new.get("overstated")
    if said and _same_length(document, ("overstated",), old.get("overstated", []), said, faults):
        words["overstated"] = [_only(one, ("said", "fair")) for one in said]
    lines = new.get("not_known")
    if lines and _same_length(document, ("not_known",), old.get("not_known", []), lines, faults):
        words["not_known"] = lines
    return words


def _table(document: Document, trail: Trail, old: Plain, new: Plain, faults: Faults) -> Plain:
    words: Plain = {}
    columns, rows = new.get("columns"), new.get("rows")
    if columns and _same_length(document, (*trail, "columns"), old["columns"], columns, faults):
        words["columns"] = columns
    if rows and _same_length(document, (*trail, "rows"), old["rows"], rows, faults):
        fits = [
            "cells" not in row
            or _same_length(document, (*trail, "rows", at, "cells"), old["columns"], row["cells"], faults)
            for at, row in enumerate(rows)
        ]
        words["rows"] = [_only(row, ("cells",)) if fit else {} for fit, row in zip(fits, rows, strict=True)]
    return words


def _by_id(
    document: Document, trail: Trail, old: Sequence[Plain], new: Sequence[Plain], faults: Faults,
    keys: Sequence[str],
) -> list[Plain]:  # fmt: skip
    words: list[Plain] = [{} for _item in old]
    for place, _at, item in _pairs(old, new):
        words[place] = _only(item, keys)
    known = {item["id"] for item in old}
    for at, item in enumerate(new):
        if item.get("id") not in known:
            sentence = _("The original has nothing with the id `%(id)s`.", id=shortened(item.get("id", "")))
            faults.add(document.file, document.at(*trail, at, "id"), sentence)
    return words


def _pairs(old: Sequence[Plain], new: Sequence[Plain]) -> Iterator[tuple[int, int, Plain]]:
    """Each translated item with its place in the original and in the translation."""
    places = {item["id"]: at for at, item in enumerate(old)}
    for at, item in enumerate(new):
        if item.get("id") in places:
            yield places[item["id"]], at, item


def _same_length(
    document: Document, trail: Trail, old: Sequence[Any], new: Sequence[Any], faults: Faults
) -> bool:
    if len(old) == len(new):
        return True
    sentence = _(
        "The original has %(old)s here and the translation %(new)s; they go in pairs.",
        old=len(old),
        new=len(new),
    )
    faults.add(document.file, document.at(*trail), sentence)
    return False


def _only(data: Plain, keys: Sequence[str]) -> Plain:
    return {key: data[key] for key in keys if key in data}


def _named(data: Plain) -> Iterator[tuple[Trail, str]]:
    for kind in ("rows", "tables"):
        yield from (((kind, at), item["id"]) for at, item in enumerate(data.get(kind, [])))


def _links(data: Plain) -> Iterator[tuple[Trail, str]]:
    """Every id named in a table or beside an overstatement, and where."""
    for at, one in enumerate(data.get("overstated", [])):
        yield from ((("overstated", at, "evidence", n), id) for n, id in enumerate(one.get("evidence", [])))
    for at, table in enumerate(data.get("tables", [])):
        for place, row in enumerate(table["rows"]):
            trail = ("tables", at, "rows", place, "evidence")
            yield from (((*trail, n), id) for n, id in enumerate(row.get("evidence", [])))
