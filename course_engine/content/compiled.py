"""A draft without faults as plain data: words as they stand, Markdown as ready HTML.

Every value is written out, defaults too, so that an edition means the same for ever.
"""

from typing import Any

from course_engine.content.draft import Draft, Leaf, ModuleDraft, StepDraft, WeekDraft
from course_engine.content.evidence import compiled_evidence
from course_engine.content.faults import Faults
from course_engine.content.helplines import help_plain
from course_engine.content.markdown import render
from course_engine.content.measures import measure_plain
from course_engine.content.pages import page_plain
from course_engine.content.plans import whole_plan
from course_engine.content.proofs import Desk
from course_engine.content.reading import Document, Trail
from course_engine.content.week_text import Section

FORMAT = 1
STEP_HEADINGS = 2
HOME_HEADINGS = 3
_FIELD = {
    "hint": "", "lines": 3, "least": 0, "most": 10, "low": "", "high": "", "options": [], "other": False,
    "columns": [], "rows": [], "widths": [], "html": "", "example": "", "label": "",
}  # fmt: skip
_COURSE = {"notice": "", "pace": "weekly", "words_a_minute": 100, "safety": []}

Plain = dict[str, Any]


class Press:
    """Turns the parts of one file into plain data, in one language."""

    def __init__(self, draft: Draft, document: Document, faults: Faults, language: str = "") -> None:
        self.document = document
        self.desk = Desk(
            document.file, language or draft.language, faults, draft.files.pictures, draft.evidence_ids
        )

    def html(self, data: Plain, key: str, trail: Trail = ()) -> str:
        """The Markdown under a key as HTML; no headings."""
        return render(self.document.passage(data[key], *trail, key), self.desk)

    def section(self, section: Section) -> str:
        return render(section.text, self.desk, STEP_HEADINGS)

    def home(self, section: Section | None) -> Plain:
        """The home plan: it has no page of its own, so its headings stand below that of a card."""
        if section is None:
            return {}
        return {"home_title": section.title, "home_html": render(section.text, self.desk, HOME_HEADINGS)}

    def field(self, data: Plain, trail: Trail) -> Plain:
        """A field; only what the file says."""
        plain = {key: value for key, value in data.items() if key != "text"}
        if "text" in data:
            plain["html"] = self.html(data, "text", trail)
        return plain

    def practice(self, data: Plain) -> Plain:
        """A practice; only what the file says."""
        plain = {key: data[key] for key in _AS_IT_IS & data.keys()}
        for key in ("cautions", "ordinary", "stopping"):
            if key in data:
                plain[f"{key}_html"] = self.html(data, key)
        if "gentler" in data:
            gentler = data["gentler"]
            plain["gentler"] = {key: gentler[key] for key in {"title"} & gentler.keys()}
            if "text" in gentler:
                plain["gentler"]["html"] = self.html(gentler, "text", ("gentler",))
        return plain


_AS_IT_IS = {"id", "title", "summary", "type", "intensity", "anchors", "postures"}


def compiled(draft: Draft, faults: Faults) -> Plain:
    """The whole course; what has a fault may be left out, so use it only when there are none."""
    course = draft.course.known if draft.course else {}
    certificate = {"design": "classic", "attended": 0, **course.get("certificate", {})}
    return {
        "format": FORMAT,
        "course": {**_COURSE, **course, "certificate": certificate},
        "modules": [_module(draft, module, faults) for module in draft.modules],
        "pages": [page_plain(Press(draft, page.document, faults), page) for page in draft.pages],
        "evidence": compiled_evidence(draft.evidence.data) if draft.evidence and draft.evidence.data else {},
        "help": help_plain(draft.help.data) if draft.help and draft.help.data else [],
    }


def _module(draft: Draft, module: ModuleDraft, faults: Faults) -> Plain:
    files = {
        "practice": {name: _practice(draft, leaf, faults) for name, leaf in module.practice.items()},
        "worksheet": {name: _worksheet(draft, leaf, faults) for name, leaf in module.worksheet.items()},
        "plan": {name: _plan(draft, leaf, faults) for name, leaf in module.plan.items()},
        "check-in": {name: measure_plain(leaf.data) for name, leaf in draft.measures.items() if leaf.data},
    }
    weeks = [_week(draft, week, files, faults) for week in module.weeks]
    return {**(module.leaf.known if module.leaf else {}), "weeks": weeks}


def _week(draft: Draft, week: WeekDraft, files: Plain, faults: Faults) -> Plain:
    if week.text is None or week.front is None:
        return {}
    press = Press(draft, week.text.front, faults)
    front = week.front.known
    rows = enumerate(front.get("check_in", []))
    questions = [{**_FIELD, **press.field(row, ("check_in", at))} for at, row in rows]
    return {
        "care": "",
        "teaches": [],
        **{key: value for key, value in front.items() if key not in ("check_in", "review", "reviewed")},
        "number": week.number,
        "welcome_html": render(week.text.welcome, press.desk, STEP_HEADINGS),
        **press.home(week.home),
        "home_id": week.home.attributes.get("id", "") if week.home else "",
        "plans": [plan for name in front.get("plans", []) if (plan := files["plan"].get(name))],
        "steps": [_step(press, step, questions, files) for step in week.steps],
    }


def _step(press: Press, step: StepDraft, questions: list[Plain], files: Plain) -> Plain:
    data = step.data or {}
    kind = data.get("kind")
    file = files.get(str(kind), {}).get(data.get("file")) or {}
    own_minutes = file.get("full", file).get("minutes")
    return {
        "id": data.get("id", ""),
        "kind": kind,
        "title": step.section.title,
        "minutes": own_minutes or data.get("minutes", 0),
        "required": data.get("required", False),
        "one_of": data.get("one_of", ""),
        "always_open": data.get("always_open", False),
        "html": press.section(step.section),
        "fields": questions if kind == "check-in" and "file" not in data else [],
        "practice": file if kind == "practice" else None,
        "worksheet": file if kind == "worksheet" else None,
        "measure": (file or None) if kind == "check-in" else None,
    }


def _practice(draft: Draft, leaf: Leaf, faults: Faults) -> Plain | None:
    if leaf.data is None:
        return None
    plain = Press(draft, leaf.document, faults).practice(leaf.data)
    return {**plain, "full": _script(leaf.data["full"]), "short": _script(leaf.data["short"])}


def _script(data: Plain) -> Plain:
    parts = [
        {"title": part["part"], "lines": [_line(line) for line in part["lines"]]} for part in data["script"]
    ]
    return {"minutes": data["minutes"], "parts": parts}


def _line(line: Plain) -> Plain:
    words = line.get("say") or line["write"]
    return {"say": words, "pause": line.get("pause", 0), "write": "write" in line}


def _plan(draft: Draft, leaf: Leaf, faults: Faults) -> Plain | None:
    return whole_plan(Press(draft, leaf.document, faults), leaf.data) if leaf.data else None


def _worksheet(draft: Draft, leaf: Leaf, faults: Faults) -> Plain | None:
    if leaf.data is None:
        return None
    press = Press(draft, leaf.document, faults)
    rows = [{**_FIELD, **press.field(row, ("fields", at))} for at, row in enumerate(leaf.data["fields_"])]
    plain = {key: value for key, value in leaf.data.items() if key != "fields_"}
    return {"pages": 1, "large_pages": plain.get("pages", 1), **plain, "fields": rows}
