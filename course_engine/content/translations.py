"""The words of a course in its other languages, by kind and id of what they belong to.

A translation has the shape of the file beside it. Only words are taken; what it leaves out
keeps the words of the original, so every part may be there or not.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from marshmallow import Schema

from course_engine.content.compiled import Plain, Press
from course_engine.content.coverage import Met, mark_of_file, mark_of_section
from course_engine.content.draft import Draft, Leaf, WeekDraft
from course_engine.content.evidence import EvidenceSchema, translated_evidence
from course_engine.content.faults import Faults, Spot
from course_engine.content.markdown import render
from course_engine.content.measures import MeasureSchema
from course_engine.content.pages import PageDraft, page_plain, read_page
from course_engine.content.plans import PlanSchema, plan_plain
from course_engine.content.reading import Document, Trail, read_yaml, shortened
from course_engine.content.schemas import (
    CourseSchema,
    ModuleSchema,
    PracticeSchema,
    WeekSchema,
    WorksheetSchema,
    load,
)
from course_engine.content.texts import Unit
from course_engine.content.units import leaf_unit, page_unit, section_unit, week_unit
from course_engine.content.week_text import Section, split_week
from course_engine.i18n import gettext as _

_COURSE_WORDS = ("title", "summary", "notice", "licence", "words_a_minute")
_PRACTICE_WORDS = (
    "title",
    "summary",
    "anchors",
    "postures",
    "gentler",
    "cautions_html",
    "ordinary_html",
    "stopping_html",
)
_PLAN_WORDS = ("title", "purpose", "materials", "before_html", "online_html", "after_html")
_PLAN_PART_WORDS = ("title", "purpose", "say_html", "ask", "watch_html", "online")
_MEASURE_WORDS = ("title", "summary", "licence", "low", "high", "higher")
_FIELD_WORDS = ("label", "hint", "low", "high", "example", "html", "options", "columns", "rows")


def translated(draft: Draft, faults: Faults) -> dict[str, Plain]:
    """For each language the words it has: `course`, and by id `modules`, `weeks`, `steps`, …"""
    found: dict[str, Plain] = {}
    for language, files in sorted(draft.translations.items()):
        if language == draft.language:
            for path in files.values():
                faults.add(
                    path, Spot(), _("This is the course's own language; take the language out of the name.")
                )
            continue
        found[language] = _Translation(draft, language, faults).words(files)
    return found


class _Translation:
    """One language."""

    def __init__(self, draft: Draft, language: str, faults: Faults) -> None:
        self.draft, self.language, self.faults = draft, language, faults
        self.found: Plain = {"course": {}}

    def words(self, files: dict[str, str]) -> Plain:
        originals = dict(_originals(self.draft))
        for original, path in files.items():
            if original not in originals:
                sentence = _(
                    "There is no `%(file)s` beside this translation.", file=original.rpartition("/")[2]
                )
                self.faults.add(path, Spot(), sentence)
                continue
            kind, item = originals[original]
            if isinstance(item, WeekDraft):
                self._week(path, item)
            elif isinstance(item, PageDraft):
                self._page(path, item)
            elif item.data is not None:
                self._leaf(kind, path, item, item.data)
        return self.found

    def _leaf(self, kind: str, path: str, original: Leaf, old: Plain) -> None:
        document = read_yaml(path, self.draft.files.texts[path], self.faults)
        data = load(_SHAPES[kind], document, self.faults, partial=True) if document else None
        if document is None or data is None or not self._same_id(document, data, old):
            return
        self._meet(leaf_unit(_SHAPES[kind], document, data, self.language, original.file), document)
        press = self._press(document)
        if kind == "course":
            self.found["course"] = _only(data, _COURSE_WORDS)
        elif kind == "modules":
            self._put(kind, old["id"], _only(data, ("title", "summary")))
        elif kind == "worksheets":
            words = _only(data, ("title", "purpose"))
            if "fields_" in data:
                words["fields"] = self._fields(press, ("fields",), old["fields_"], data["fields_"])
            self._put(kind, old["id"], words)
        elif kind == "evidence":
            self.found[kind] = translated_evidence(document, old, data, self.faults)
        elif kind == "plans":
            self._put(kind, old["id"], self._plan(press, old, data))
        elif kind == "measures":
            self._put(kind, old["id"], self._measure(document, old, data))
        else:
            self._put(kind, old["id"], self._practice(press, old, data))

    def _page(self, path: str, original: PageDraft) -> None:
        page = read_page(path, self.draft.files.texts[path], self.faults, partial=True)
        if page is None or page.data is None or original.data is None:
            return
        if self._same_id(page.document, page.data, original.data):
            words = _only(page_plain(self._press(page.document), page), ("title", "summary", "html"))
            self._put("pages", original.data["id"], words)
            self._meet(page_unit(page, page.data, self.language, original.file), page.document)

    def _plan(self, press: Press, old: Plain, new: Plain) -> Plain:
        """Words of a plan and of its parts by their place; times stay the original's."""
        plain = plan_plain(press, new)
        words = _only(plain, _PLAN_WORDS)
        self._same_length(press.document, ("materials",), old["materials"], new.get("materials"))
        parts = plain.get("parts")
        if parts is None or not self._same_length(press.document, ("parts",), old["parts"], parts):
            return words
        for at, (before, after) in enumerate(zip(old["parts"], parts, strict=True)):
            self._same_length(press.document, ("parts", at, "ask"), before.get("ask", []), after.get("ask"))
        return {**words, "parts": [_only(part, _PLAN_PART_WORDS) for part in parts]}

    def _measure(self, document: Document, old: Plain, new: Plain) -> Plain:
        words = _only(new, _MEASURE_WORDS)
        places = {item["id"]: at for at, item in enumerate(old["items"])}
        items: list[Plain] = [{} for _item in old["items"]]
        for at, item in enumerate(new.get("items", [])):
            place = places.get(item.get("id"))
            if place is None:
                name = shortened(item.get("id", ""))
                sentence = _("The original has no question with the id `%(id)s`.", id=name)
                self.faults.add(document.file, document.at("items", at), sentence)
            else:
                items[place] = _only(item, ("text",))
        bands = new.get("bands")
        if bands and self._same_length(document, ("bands",), old.get("bands", []), bands):
            words["bands"] = [_only(band, ("words",)) for band in bands]
        return {**words, "items": items}

    def _practice(self, press: Press, old: Plain, new: Plain) -> Plain:
        document = press.document
        words = _only(press.practice(new), _PRACTICE_WORDS)
        for key in ("anchors", "postures"):
            self._same_length(document, (key,), old[key], new.get(key))
        for key in ("full", "short"):
            if "script" in new.get(key, {}):
                words[key] = {"parts": self._script(document, key, old[key]["script"], new[key]["script"])}
        return words

    def _script(
        self, document: Document, key: str, old: Sequence[Plain], new: Sequence[Plain]
    ) -> list[Plain]:
        """Titles and lines by their place; lengths and pauses stay the original's."""
        if not self._same_length(document, (key, "script"), old, new):
            return []
        parts: list[Plain] = []
        for at, (before, after) in enumerate(zip(old, new, strict=True)):
            part = {"title": after["part"]} if "part" in after else {}
            lines = after.get("lines")
            if lines and self._same_length(document, (key, "script", at, "lines"), before["lines"], lines):
                said = [line.get("say") or line.get("write") for line in lines]
                part["lines"] = [{"say": words} if words else {} for words in said]
            parts.append(part)
        return parts

    def _week(self, path: str, week: WeekDraft) -> None:
        text = split_week(path, self.draft.files.texts[path], self.faults)
        if text is None or week.front is None or week.front.data is None:
            return
        old = week.front.data
        data = load(WeekSchema, text.front, self.faults, partial=True)
        if data is None or not self._same_id(text.front, data, old):
            return
        self._meet(week_unit(text, data, self.language, week.file), text.front)
        press = self._press(text.front)
        words = _only(data, ("title", "aim", "care"))
        if text.welcome.text.strip():
            words["welcome_html"] = render(text.welcome, press.desk, 2)
        questions = self._fields(press, ("check_in",), old.get("check_in", []), data.get("check_in", []))
        for section in text.sections:
            mark, spot = mark_of_section(path, section, self.faults)
            unit = section_unit(path, section, self.language, week.file)
            self.draft.met.setdefault(self.language, []).append(Met(unit, mark, spot))
            if section.home:
                words.update(press.home(section))
            else:
                self._step(press, section, week, questions)
        self._put("weeks", old["id"], words)

    def _step(self, press: Press, section: Section, week: WeekDraft, questions: list[Plain]) -> None:
        item = section.attributes.get("id")
        step = next((step for step in week.steps if step.data and step.data["id"] == item), None)
        if step is None or step.data is None:
            sentence = _("The week in its own language has no step `#%(id)s`.", id=shortened(item or ""))
            self.faults.add(press.document.file, Spot(section.line), sentence)
            return
        words: Plain = {"title": section.title}
        if section.text.text.strip():
            words["html"] = press.section(section)
        if step.data["kind"] == "check-in" and "file" not in step.data and questions:
            words["fields"] = questions
        self._put("steps", step.data["id"], words)

    def _fields(self, press: Press, trail: Trail, old: Sequence[Plain], new: Sequence[Plain]) -> list[Plain]:
        """One entry for each field of the original, empty where there are no words for it."""
        places = {field["id"]: at for at, field in enumerate(old)}
        words: list[Plain] = [{} for _field in old]
        for at, field in enumerate(new):
            here = (*trail, at)
            place = places.get(field.get("id"))
            if place is None:
                sentence = _(
                    "The original has no field with the id `%(id)s`.", id=shortened(field.get("id", ""))
                )
                self.faults.add(press.document.file, press.document.at(*here, "id"), sentence)
                continue
            for key in ("options", "columns", "rows"):
                self._same_length(press.document, (*here, key), old[place].get(key, []), field.get(key))
            words[place] = _only(press.field(field, here), _FIELD_WORDS)
        return words

    def _meet(self, unit: Unit, document: Document) -> None:
        mark, spot = mark_of_file(document, self.draft.files.texts[document.file], self.faults)
        self.draft.met.setdefault(self.language, []).append(Met(unit, mark, spot))

    def _press(self, document: Document) -> Press:
        return Press(self.draft, document, self.faults, self.language)

    def _put(self, kind: str, item: str, words: Plain) -> None:
        self.found.setdefault(kind, {})[item] = words

    def _same_id(self, document: Document, new: Plain, old: Plain) -> bool:
        if new.get("id", old.get("id")) == old.get("id"):
            return True
        sentence = _("The file beside this one has the id `%(id)s`; a translation keeps it.", id=old["id"])
        self.faults.add(document.file, document.at("id"), sentence)
        return False

    def _same_length(
        self, document: Document, trail: Trail, old: Sequence[Any], new: Sequence[Any] | None
    ) -> bool:
        if new is None or len(old) == len(new):
            return True
        sentence = _(
            "The original has %(old)s here and the translation %(new)s; they go in pairs.",
            old=len(old),
            new=len(new),
        )
        self.faults.add(document.file, document.at(*trail), sentence)
        return False


_SHAPES: dict[str, type[Schema]] = {
    "course": CourseSchema,
    "modules": ModuleSchema,
    "practices": PracticeSchema,
    "worksheets": WorksheetSchema,
    "plans": PlanSchema,
    "measures": MeasureSchema,
    "evidence": EvidenceSchema,
}


def _originals(draft: Draft) -> Iterator[tuple[str, tuple[str, Leaf | WeekDraft | PageDraft]]]:
    if draft.course:
        yield "course.yaml", ("course", draft.course)
    if draft.evidence:
        yield draft.evidence.file, ("evidence", draft.evidence)
    for module in draft.modules:
        if module.leaf:
            yield module.leaf.file, ("modules", module.leaf)
        yield from ((week.file, ("weeks", week)) for week in module.weeks)
        yield from ((leaf.file, ("practices", leaf)) for leaf in module.practice.values())
        yield from ((leaf.file, ("worksheets", leaf)) for leaf in module.worksheet.values())
        yield from ((leaf.file, ("plans", leaf)) for leaf in module.plan.values())
    yield from ((page.file, ("pages", page)) for page in draft.pages)
    yield from ((leaf.file, ("measures", leaf)) for leaf in draft.measures.values())


def _only(data: Plain, keys: Sequence[str]) -> Plain:
    return {key: data[key] for key in keys if key in data}
