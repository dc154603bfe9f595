"""A course folder as units: every file's words, with those of one section of a week apart."""

from collections.abc import Iterator
from typing import Any

from marshmallow import Schema

from course_engine.content.draft import Draft, Leaf, WeekDraft
from course_engine.content.evidence import EvidenceSchema
from course_engine.content.faults import Spot
from course_engine.content.helplines import HelpSchema
from course_engine.content.measures import MeasureSchema
from course_engine.content.pages import PageDraft, PageSchema
from course_engine.content.plans import PlanSchema
from course_engine.content.reading import Document
from course_engine.content.schemas import (
    CourseSchema,
    ModuleSchema,
    PracticeSchema,
    WeekSchema,
    WorksheetSchema,
)
from course_engine.content.texts import Text, Unit, text_of, texts_of
from course_engine.content.week_text import Section, WeekText

_HASHES = len("## ")


def units(draft: Draft) -> Iterator[Unit]:
    """Every unit in the course's own language, in the order of the course; what has faults is left out."""
    language = draft.language
    yield from _leaf(CourseSchema, draft.course, language)
    for page in draft.pages:
        if page.data is not None:
            yield page_unit(page, page.data, language, page.file)
    for module in draft.modules:
        yield from _leaf(ModuleSchema, module.leaf, language)
        for week in module.weeks:
            yield from _week(week, language)
        for leaves, shape in (
            (module.practice, PracticeSchema),
            (module.worksheet, WorksheetSchema),
            (module.plan, PlanSchema),
        ):
            for leaf in leaves.values():
                yield from _leaf(shape, leaf, language)
    for leaf in draft.measures.values():
        yield from _leaf(MeasureSchema, leaf, language)
    yield from _leaf(EvidenceSchema, draft.evidence, language)


def never_translated(draft: Draft) -> Iterator[Unit]:
    """Help lines: their names stay what they are, but their words are the course's too."""
    yield from _leaf(HelpSchema, draft.help, draft.language)


def leaf_unit(
    shape: type[Schema], document: Document, data: dict[str, Any], language: str, name: str
) -> Unit:
    """A YAML file as a unit; `name` is the original's."""
    return Unit(name, document.file, Spot(), language, tuple(texts_of(shape, document, data)))


def page_unit(page: PageDraft, data: dict[str, Any], language: str, name: str) -> Unit:
    """A page as a unit: its keys and its text."""
    texts = (*texts_of(PageSchema, page.document, data), *text_of(page.text))
    return Unit(name, page.file, Spot(), language, texts)


def week_unit(text: WeekText, data: dict[str, Any], language: str, name: str) -> Unit:
    """The top of a week as a unit: its keys and its welcome."""
    texts = (*texts_of(WeekSchema, text.front, data), *text_of(text.welcome))
    return Unit(name, text.front.file, Spot(), language, texts)


def section_unit(file: str, section: Section, language: str, original: str) -> Unit:
    """A section of a week as a unit: its title and its text."""
    name = f"{original}#{section_name(section)}"
    title = Text(section.title, Spot(section.line, 1 + _HASHES))
    return Unit(name, file, Spot(section.line), language, (title, *text_of(section.text)))


def section_name(section: Section) -> str:
    """Its id; a home plan is the only one of its week and may have none."""
    return "home" if section.home else str(section.attributes.get("id", section.line))


def _leaf(shape: type[Schema], leaf: Leaf | None, language: str) -> Iterator[Unit]:
    if leaf is not None and leaf.data is not None:
        yield leaf_unit(shape, leaf.document, leaf.data, language, leaf.file)


def _week(week: WeekDraft, language: str) -> Iterator[Unit]:
    if week.text is None or week.front is None:
        return
    if week.front.data is not None:
        yield week_unit(week.text, week.front.data, language, week.file)
    for section in week.text.sections:
        yield section_unit(week.file, section, language, week.file)
