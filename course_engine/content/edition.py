"""Compiled editions: plain data to bytes and back, and to a course. Reads no YAML and no Markdown."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from course_engine.domain.course import (
    CertificateRule,
    Course,
    Field,
    Gentler,
    Intensity,
    Line,
    Module,
    Part,
    Practice,
    Script,
    Step,
    StepKind,
    Week,
    Worksheet,
)
from course_engine.domain.evidence import Certainty, Claim, Evidence, Overstated, Read, Table, TableRow
from course_engine.domain.help_lines import HelpLine
from course_engine.domain.measures import Band, Item, Measure
from course_engine.domain.pages import Page, Readers
from course_engine.domain.plans import PlanPart, SessionPlan

_Plain = Mapping[str, Any]


def encode(data: _Plain) -> bytes:
    """The one way to write this data: equal data, equal bytes."""
    return json.dumps(
        data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def decode(raw: bytes) -> dict[str, Any]:
    """What `encode` wrote."""
    data: dict[str, Any] = json.loads(raw)
    return data


def digest_of(data: _Plain) -> str:
    """The name of an edition: SHA-256 of its bytes, in hexadecimal."""
    return sha256(encode(data)).hexdigest()


def languages_of(data: _Plain) -> tuple[str, ...]:
    """The course's own language, then those it is translated into."""
    return (data["course"]["language"], *sorted(data["translations"]))


def course_of(data: _Plain, language: str | None = None) -> Course:
    """The course in this language, word by word in its own where a translation leaves something out."""
    own = data["course"]["language"]
    spoken = _spoken(data, language)
    words = _Overlay(data["translations"].get(spoken, {}))
    course = words.over("course", "", data["course"])
    return Course(
        id=course["id"],
        title=course["title"],
        summary=course["summary"],
        language=spoken or own,
        authors=tuple(course["authors"]),
        licence=course["licence"],
        edition=course["edition"],
        modules=tuple(_module(module, words) for module in data["modules"]),
        pace=course["pace"],
        words_a_minute=course["words_a_minute"],
        certificate=CertificateRule(**course["certificate"]),
        notice=course["notice"],
        safety=tuple(course.get("safety", ())),
        pages=tuple(_page(page, words) for page in data.get("pages", ())),
        evidence=_evidence(words.over("evidence", "", data["evidence"])) if data.get("evidence") else None,
        help_lines=tuple(_help_line(line) for line in data.get("help", ())),
    )


class _Overlay:
    """The words of one language, laid over the original by kind and id."""

    def __init__(self, words: _Plain) -> None:
        self.words = words

    def over(self, kind: str, item: str, original: _Plain) -> dict[str, Any]:
        kinds = self.words.get(kind, {})
        merged: dict[str, Any] = _merged(original, kinds.get(item, {}) if item else kinds)
        return merged


def _spoken(data: _Plain, language: str | None) -> str:
    wanted = (language or "", (language or "").split("_")[0])
    return next((choice for choice in wanted if choice in data["translations"]), "")


def _merged(original: Any, words: Any) -> Any:
    if isinstance(original, Mapping) and isinstance(words, Mapping):
        return {**original, **{key: _merged(original.get(key), value) for key, value in words.items()}}
    if isinstance(original, list) and isinstance(words, list) and words and isinstance(words[0], Mapping):
        return [_merged(old, new) for old, new in zip(original, words, strict=True)]
    return words


def _module(data: _Plain, words: _Overlay) -> Module:
    data = words.over("modules", data["id"], data)
    weeks = tuple(_week(week, words) for week in data["weeks"])
    return Module(data["id"], data["title"], data["summary"], weeks)


def _week(data: _Plain, words: _Overlay) -> Week:
    data = words.over("weeks", data["id"], data)
    steps = tuple(_step(step, words) for step in data["steps"])
    plans = tuple(_plan(plan, words) for plan in data.get("plans", ()))
    return Week(**{**data, "steps": steps, "teaches": tuple(data["teaches"]), "plans": plans})


def _step(data: _Plain, words: _Overlay) -> Step:
    own, data = data, words.over("steps", data["id"], data)
    practice = _practice(data["practice"], words) if data["practice"] else None
    worksheet = _worksheet(data["worksheet"], words) if data["worksheet"] else None
    measure = (
        measure_of(words.over("measures", data["measure"]["id"], data["measure"]))
        if data.get("measure")
        else None
    )
    summary = practice.summary if practice else worksheet.purpose if worksheet else ""
    return Step(
        **{
            **data,
            "kind": StepKind(data["kind"]),
            "fields": _scales(measure) if measure else _fields(data["fields"], own["fields"]),
            "practice": practice,
            "worksheet": worksheet,
            "measure": measure,
            "summary": summary,
        }
    )


def _practice(data: _Plain, words: _Overlay) -> Practice:
    data = words.over("practices", data["id"], data)
    return Practice(
        **{
            **data,
            "intensity": Intensity(data["intensity"]),
            "full": _script(data["full"]),
            "short": _script(data["short"]),
            "gentler": Gentler(**data["gentler"]),
            "anchors": tuple(data["anchors"]),
            "postures": tuple(data["postures"]),
        }
    )


def _script(data: _Plain) -> Script:
    parts = (Part(part["title"], tuple(Line(**line) for line in part["lines"])) for part in data["parts"])
    return Script(data["minutes"], tuple(parts))


def _worksheet(data: _Plain, words: _Overlay) -> Worksheet:
    own, data = data, words.over("worksheets", data["id"], data)
    return Worksheet(
        **{"large_pages": data["pages"], **data, "fields": _fields(data["fields"], own["fields"])}
    )


def measure_of(data: _Plain) -> Measure:
    """A measure from its plain data."""
    items = tuple(Item(**item) for item in data["items"])
    return Measure(**{**data, "items": items, "bands": tuple(Band(**band) for band in data["bands"])})


def _scales(measure: Measure) -> tuple[Field, ...]:
    """The questions of a measure as fields like any other."""
    ends = {"least": measure.least, "most": measure.most, "low": measure.low, "high": measure.high}
    return tuple(Field(item.id, "scale", item.text, **ends) for item in measure.items)  # type: ignore[arg-type]


def _page(data: _Plain, words: _Overlay) -> Page:
    data = words.over("pages", data["id"], data)
    return Page(**{**data, "readers": Readers(data["readers"])})


def _plan(data: _Plain, words: _Overlay) -> SessionPlan:
    data = words.over("plans", data["id"], data)
    parts = tuple(
        PlanPart(**{**part, "ask": tuple(part["ask"]), "uses": tuple(part["uses"])}) for part in data["parts"]
    )
    return SessionPlan(**{**data, "materials": tuple(data["materials"]), "parts": parts})


def _help_line(data: _Plain) -> HelpLine:
    checked = date.fromisoformat(data["checked"])
    return HelpLine(**{**data, "checked": checked, "languages": tuple(data["languages"])})


def _evidence(data: _Plain) -> Evidence:
    claims = (
        Claim(**{**row, "certainty": Certainty(row["certainty"]), "read": Read(row["read"])})
        for row in data["claims"]
    )
    said = (Overstated(one["said"], one["fair"], tuple(one["evidence"])) for one in data["overstated"])
    return Evidence(
        tuple(claims), tuple(_evidence_table(table) for table in data["tables"]), tuple(said),
        tuple(data["not_known"]),
    )  # fmt: skip


def _evidence_table(data: _Plain) -> Table:
    rows = (
        TableRow(tuple(row["cells"]), Certainty(row["certainty"]), tuple(row["evidence"]))
        for row in data["rows"]
    )
    return Table(**{**data, "columns": tuple(data["columns"]), "rows": tuple(rows)})


def _fields(rows: Iterable[_Plain], own: Iterable[_Plain]) -> tuple[Field, ...]:
    lists = ("options", "columns", "rows", "widths")
    return tuple(
        Field(**{**row, **{key: tuple(row.get(key, ())) for key in lists}, **_own_labels(row, first)})
        for row, first in zip(rows, own, strict=True)
    )


def _own_labels(row: _Plain, first: _Plain) -> dict[str, tuple[str, ...]]:
    """The labels of a translated table, or the answers there are, in the course's own language."""
    kinds = ("rows", "columns", "options")
    return {f"own_{key}": tuple(first[key]) for key in kinds if first.get(key) != row.get(key)}
