"""A whole course folder as it was read, before anything spans its files."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from marshmallow import Schema

from course_engine.content import evidence, words
from course_engine.content.coverage import Met
from course_engine.content.evidence import EvidenceSchema
from course_engine.content.faults import Faults, Spot
from course_engine.content.folder import Files, read_folder
from course_engine.content.helplines import HelpSchema
from course_engine.content.measures import MeasureSchema
from course_engine.content.pages import PageDraft, read_page
from course_engine.content.plans import PlanSchema
from course_engine.content.reading import Document, read_yaml
from course_engine.content.schemas import (
    CourseSchema,
    HomeSchema,
    ModuleSchema,
    PracticeSchema,
    StepSchema,
    WeekSchema,
    WorksheetSchema,
    load,
)
from course_engine.content.week_text import Section, WeekText, split_week
from course_engine.i18n import gettext as _
from course_engine.i18n import is_language

_LANGUAGE = r"(?:\.(?P<language>[a-z]{2,3}(?:_[A-Z]{2})?))?"
_COURSE = re.compile(rf"course{_LANGUAGE}\.yaml")
_EVIDENCE = re.compile(rf"evidence{_LANGUAGE}\.yaml")
_TOP = re.compile(rf"(?P<kind>help|page|measure)(?:-(?P<name>[a-z0-9-]+))?{_LANGUAGE}\.(?P<ending>yaml|md)")
_MODULE = re.compile(
    r"(?P<folder>[0-9]+-[a-z0-9-]+)/(?P<stem>module|week-(?P<week>0|[1-9][0-9]?)"
    rf"|(?P<kind>worksheet|practice|plan)-(?P<name>[a-z0-9-]+)){_LANGUAGE}\.(?P<ending>yaml|md)"
)
_LIKE_ONE_OF_OURS = re.compile(
    r"(.*/)?(course|module|week|worksheet|practice|plan|page|measure|help|evidence|words)[^/]*\.(ya?ml|md)"
)


@dataclass(slots=True)
class Leaf:
    """One YAML text and what it says; `data` is None when it does not fit its shape."""

    document: Document
    data: dict[str, Any] | None

    @property
    def file(self) -> str:
        return self.document.file

    @property
    def known(self) -> dict[str, Any]:
        """The data, or nothing of it."""
        return self.data or {}


@dataclass(slots=True)
class StepDraft:
    """One section of a week that is a step."""

    section: Section
    data: dict[str, Any] | None

    @property
    def spot(self) -> Spot:
        return Spot(self.section.line)


@dataclass(slots=True)
class WeekDraft:
    """One week file; `text` is None when it cannot be read."""

    file: str
    number: int
    front: Leaf | None = None
    text: WeekText | None = None
    steps: list[StepDraft] = field(default_factory=list)
    home: Section | None = None


@dataclass(slots=True)
class ModuleDraft:
    """One module folder; practices, worksheets and plans by the NAME of their file."""

    folder: str
    leaf: Leaf | None = None
    weeks: list[WeekDraft] = field(default_factory=list)
    practice: dict[str, Leaf] = field(default_factory=dict)
    worksheet: dict[str, Leaf] = field(default_factory=dict)
    plan: dict[str, Leaf] = field(default_factory=dict)


@dataclass(slots=True)
class Draft:
    """A course folder; `translations` holds, by language and original path, the path of the translation.

    Pages stand in the order of their files, measures by the NAME of theirs. `met` is what the translations
    hold, once they are read.
    """

    files: Files
    course: Leaf | None = None
    evidence: Leaf | None = None
    words: Leaf | None = None
    help: Leaf | None = None
    pages: list[PageDraft] = field(default_factory=list)
    measures: dict[str, Leaf] = field(default_factory=dict)
    modules: list[ModuleDraft] = field(default_factory=list)
    translations: dict[str, dict[str, str]] = field(default_factory=dict)
    met: dict[str, list[Met]] = field(default_factory=dict)

    @property
    def language(self) -> str:
        return str(self.course.known.get("language", "en")) if self.course else "en"

    @property
    def evidence_ids(self) -> set[str] | None:
        """The rows a claim may link to; None where the file has faults and they cannot be known."""
        if self.evidence is None:
            return set()
        return None if self.evidence.data is None else evidence.ids(self.evidence.data)

    @property
    def weeks(self) -> Iterator[WeekDraft]:
        return (week for module in self.modules for week in module.weeks)


def read_draft(folder: Path, faults: Faults) -> Draft:
    """Everything that lies in the folder, each file in its shape or with its faults."""
    draft = Draft(read_folder(folder, faults))
    modules: dict[str, ModuleDraft] = {}
    for path, text in draft.files.texts.items():
        if found := _COURSE.fullmatch(path):
            if not _translates(draft, path, found["language"], faults):
                draft.course = _leaf(CourseSchema, path, text, faults)
        elif found := _EVIDENCE.fullmatch(path):
            if not _translates(draft, path, found["language"], faults):
                draft.evidence = _leaf(EvidenceSchema, path, text, faults)
        elif path == words.FILE:
            draft.words = _leaf(words.WordsSchema, path, text, faults)
        elif (found := _TOP.fullmatch(path)) and _is_top(found):
            if not _translates(draft, path, found["language"], faults):
                _place_on_top(draft, found, path, text, faults)
        elif (found := _MODULE.fullmatch(path)) and (found["ending"] == "md") == bool(found["week"]):
            module = modules.setdefault(found["folder"], ModuleDraft(found["folder"]))
            if not _translates(draft, path, found["language"], faults):
                _place(module, found, path, text, faults)
        elif _LIKE_ONE_OF_OURS.fullmatch(path) or _in_module(path):
            faults.add(path, Spot(), _out_of_place())
    draft.modules = sorted(
        modules.values(), key=lambda module: (int(module.folder.split("-")[0]), module.folder)
    )
    for module in draft.modules:
        module.weeks.sort(key=lambda week: week.number)
    return draft


def _translates(draft: Draft, path: str, language: str | None, faults: Faults) -> bool:
    if not language:
        return False
    if is_language(language):
        original = path.replace(f".{language}.", ".")
        draft.translations.setdefault(language, {})[original] = path
    else:
        faults.add(path, Spot(), _no_language(language))
    return True


def _is_top(found: re.Match[str]) -> bool:
    """Pages are Markdown; help lines are one file, in no other language; the rest has a name."""
    if found["kind"] == "help":
        return not found["name"] and not found["language"] and found["ending"] == "yaml"
    return bool(found["name"]) and (found["ending"] == "md") == (found["kind"] == "page")


def _place_on_top(draft: Draft, found: re.Match[str], path: str, text: str, faults: Faults) -> None:
    if found["kind"] == "help":
        draft.help = _leaf(HelpSchema, path, text, faults)
    elif found["kind"] == "measure":
        draft.measures[found["name"]] = _leaf(MeasureSchema, path, text, faults)
    elif page := read_page(path, text, faults):
        draft.pages.append(page)


def _place(module: ModuleDraft, found: re.Match[str], path: str, text: str, faults: Faults) -> None:
    if found["week"]:
        module.weeks.append(_week(path, int(found["week"]), text, faults))
    elif found["kind"] == "practice":
        module.practice[found["name"]] = _leaf(PracticeSchema, path, text, faults)
    elif found["kind"] == "plan":
        module.plan[found["name"]] = _leaf(PlanSchema, path, text, faults)
    elif found["kind"]:
        module.worksheet[found["name"]] = _leaf(WorksheetSchema, path, text, faults)
    else:
        module.leaf = _leaf(ModuleSchema, path, text, faults)


def _leaf(shape: type[Schema], path: str, text: str, faults: Faults) -> Leaf:
    document = read_yaml(path, text, faults)
    return Leaf(document, load(shape, document, faults)) if document else Leaf(Document(path), None)


def _week(path: str, number: int, text: str, faults: Faults) -> WeekDraft:
    week = WeekDraft(path, number, text=split_week(path, text, faults))
    if week.text is None:
        return week
    week.front = Leaf(week.text.front, load(WeekSchema, week.text.front, faults))
    for section in week.text.sections:
        if not section.home:
            week.steps.append(StepDraft(section, _step(path, section, faults)))
        elif week.home:
            faults.add(path, Spot(section.line), _("The week has a home plan already; keep one `{.home}`."))
        else:
            week.home = section
            load(HomeSchema, _braces(path, section), faults)
    return week


def _step(path: str, section: Section, faults: Faults) -> dict[str, Any] | None:
    if not section.clear:
        return None
    lacking = {
        "id": _("A step has an id in its braces, such as `#my-step`."),
        "kind": _("A step has a kind in its braces, such as `.lesson`."),
    }
    sentences = [sentence for key, sentence in lacking.items() if key not in section.attributes]
    for sentence in sentences:
        faults.add(path, Spot(section.line), sentence)
    return None if sentences else load(StepSchema, _braces(path, section), faults)


def _braces(path: str, section: Section) -> Document:
    return Document(path, section.attributes, {(): Spot(section.line)})


def _in_module(path: str) -> bool:
    return bool(re.fullmatch(r"[0-9]+-[a-z0-9-]+/(?!README\.md)[^/]+", path))


def _no_language(code: str) -> str:
    return _(
        "There is no language `%(code)s`. The file of a translation has the code of its language in its "
        "name, such as `es` or `pt_BR`.",
        code=code,
    )


def _out_of_place() -> str:
    return _(
        "No part of the course reaches this file. A module is a folder such as `01-beginnings` and holds "
        "`module.yaml`, `week-N.md`, `worksheet-NAME.yaml`, `practice-NAME.yaml` and `plan-NAME.yaml`."
    )
