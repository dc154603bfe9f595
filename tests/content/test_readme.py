"""The key tables of the authors' README name every key of the schemas, and no other."""

import re

import pytest
from marshmallow import Schema

from course_engine.content.evidence import (
    ClaimSchema,
    EvidenceSchema,
    OverstatedSchema,
    TableRowSchema,
    TableSchema,
)
from course_engine.content.helplines import HelpLineSchema, HelpSchema
from course_engine.content.measures import BandSchema, ItemSchema, MeasureSchema
from course_engine.content.pages import PageSchema
from course_engine.content.plans import PlanPartSchema, PlanSchema
from course_engine.content.schemas import (
    FIELD_KEYS,
    PRACTICE_TYPES,
    CertificateSchema,
    CourseSchema,
    FieldSchema,
    GentlerSchema,
    LineSchema,
    ModuleSchema,
    PartSchema,
    PracticeSchema,
    ScriptSchema,
    StepSchema,
    WeekSchema,
    WorksheetSchema,
    keys_of,
)
from course_engine.content.week_text import STEP_KINDS
from course_engine.content.words import ExceptionSchema, WordsSchema
from course_engine.paths import MODULES

README = (MODULES / "README.md").read_text("utf-8")


def tables(heading: str) -> list[list[tuple[str, str]]]:
    """The tables under a heading, each as rows of its first two cells."""
    plain = re.sub(r"```.*?```", "", README, flags=re.DOTALL)
    section = re.split(r"^## ", plain.split(f"\n## {heading}\n")[1], maxsplit=1, flags=re.MULTILINE)[0]
    found: list[list[tuple[str, str]]] = [[]]
    for line in section.split("\n"):
        if line.startswith("|"):
            first, second = line.strip("|").split("|")[:2]
            found[-1].append((first, second))
        elif found[-1]:
            found.append([])
    return [rows[2:] for rows in found if rows]


def named(rows: list[tuple[str, str]]) -> set[str]:
    return {word for first, _second in rows for word in re.findall(r"`([^`]+)`", first)}


def keys(*shapes: type[Schema]) -> set[str]:
    return {key for shape in shapes for key in keys_of(shape())}


@pytest.mark.parametrize(
    ("heading", "number", "expected"),
    [
        ("module.yaml", 0, keys(ModuleSchema)),
        ("week-N.md", 0, keys(WeekSchema)),
        ("worksheet-NAME.yaml", 0, keys(WorksheetSchema)),
        ("worksheet-NAME.yaml", 1, keys(FieldSchema)),
        ("practice-NAME.yaml", 0, keys(PracticeSchema)),
        ("practice-NAME.yaml", 1, keys(ScriptSchema, PartSchema, LineSchema)),
        ("plan-NAME.yaml", 0, keys(PlanSchema)),
        ("plan-NAME.yaml", 1, keys(PlanPartSchema)),
        ("page-NAME.md", 0, keys(PageSchema)),
        ("measure-NAME.yaml", 0, keys(MeasureSchema)),
        ("measure-NAME.yaml", 1, keys(ItemSchema, BandSchema)),
        ("help.yaml", 0, keys(HelpSchema, HelpLineSchema)),
        ("evidence.yaml", 0, keys(EvidenceSchema)),
        ("evidence.yaml", 1, keys(ClaimSchema)),
        ("evidence.yaml", 2, keys(TableSchema, TableRowSchema)),
        ("evidence.yaml", 3, keys(OverstatedSchema)),
        ("words.yaml", 0, keys(WordsSchema)),
        ("words.yaml", 1, keys(ExceptionSchema)),
        (
            "course.yaml",
            0,
            keys(CourseSchema) - {"certificate"} | {f"certificate.{key}" for key in keys(CertificateSchema)},
        ),
    ],
)
def test_a_table_names_every_key_and_no_other(heading: str, number: int, expected: set[str]) -> None:
    assert named(tables(heading)[number]) == expected


def test_the_braces_of_a_step_are_named_in_full() -> None:
    words = named(tables("week-N.md")[1])

    assert {word.lstrip(".") for word in words if word.lstrip(".") in STEP_KINDS} == set(STEP_KINDS)
    rest = {
        re.sub(r"[#.]|=.*", "", word).replace("-", "_")
        for word in words
        if word.lstrip(".") not in STEP_KINDS
    }
    assert rest == keys(StepSchema) - {"id", "kind"} | {"three_parts"}


def test_the_words_a_key_takes_are_named_in_full() -> None:
    practice = {first.strip(): second for first, second in tables("practice-NAME.yaml")[0]}
    field = {first.strip(): second for first, second in tables("worksheet-NAME.yaml")[1]}

    assert set(re.findall(r"`(\w+)`", practice["`type`"])) == set(PRACTICE_TYPES)
    assert set(re.findall(r"`(\w+)`", field["`kind`"])) == set(FIELD_KEYS)
    assert set(re.findall(r"`(\w+)`", practice["`gentler`"])) == keys(GentlerSchema)


@pytest.mark.parametrize(
    ("heading", "shape"),
    [
        ("week-N.md", WeekSchema),
        ("evidence.yaml", EvidenceSchema),
        ("words.yaml", WordsSchema),
        ("worksheet-NAME.yaml", WorksheetSchema),
        ("practice-NAME.yaml", PracticeSchema),
        ("plan-NAME.yaml", PlanSchema),
        ("page-NAME.md", PageSchema),
        ("measure-NAME.yaml", MeasureSchema),
    ],
)
def test_what_may_be_left_out_says_so(heading: str, shape: type[Schema]) -> None:
    optional = {field.data_key or name for name, field in shape().fields.items() if not field.required}
    rows = tables(heading)[0]

    assert named([row for row in rows if " may " in row[1]]) == optional
