"""A step on paper, in a week or in a book: the plain values that `print/steps.html` draws."""

from dataclasses import asdict

from course_engine.domain.course import Practice, Step
from course_engine.rendering.passages import Target, nowhere, passage
from course_engine.rendering.worksheets import field_values


def step_values(step: Step, target: Target = nowhere) -> dict[str, object]:
    """Everything of a step; `target` says where its links lead in this document."""
    return {
        "id": step.id,
        "kind": step.kind.value,
        "title": step.title,
        "minutes": step.minutes,
        "optional": not step.counts,
        "html": passage(step.html, target),
        "summary": step.summary,
        "fields": field_values(step.fields, target),
        "practice": _practice(step.practice, target) if step.practice else None,
        "worksheet": _worksheet(step, target),
    }


def _worksheet(step: Step, target: Target) -> dict[str, object] | None:
    sheet = step.worksheet
    if sheet is None:
        return None
    return {"id": sheet.id, "purpose": sheet.purpose, "fields": field_values(sheet.fields, target)}


def _practice(practice: Practice, target: Target) -> dict[str, object]:
    texts = {
        name: passage(getattr(practice, name), target, 0)
        for name in ("cautions_html", "ordinary_html", "stopping_html")
    }
    gentler = {"title": practice.gentler.title, "html": passage(practice.gentler.html, target, 0)}
    return {**asdict(practice), "intensity": practice.intensity.value, **texts, "gentler": gentler}
