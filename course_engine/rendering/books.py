"""A whole course as one book: the plain values that the kind `book` is drawn from."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict

from course_engine.domain.course import Course, Step, StepKind, Week
from course_engine.domain.pages import Page, Readers
from course_engine.i18n import gettext as _
from course_engine.i18n import mark, week_name
from course_engine.rendering.paper import A4, Paper
from course_engine.rendering.passages import Target, evidence_id, passage
from course_engine.rendering.steps import step_values
from course_engine.rendering.weeks import eyebrow, opening_values
from course_engine.rendering.worksheets import scene, sheet_values

LOG_DAYS = 7
CERTAINTY = {
    "strong": mark("strong"),
    "moderate": mark("moderate"),
    "early": mark("early"),
    "not known": mark("not known"),
}
READ = {
    "full": mark("we read the whole source"),
    "summary": mark("we read its summary"),
    "second-hand": mark("we know it through others"),
}


def book_values(
    course: Course,
    *,
    site: str,
    paper: Paper = A4,
    address: str = "",
    help: str = "",
    only: Collection[str] | None = None,
    later: Sequence[tuple[Week, str]] = (),
) -> dict[str, object]:
    """The values of the book: cover, how to use it, contents, every week, pages, evidence, licence.

    `only` keeps the steps with these ids (those open to a learner); `later` are the weeks that are not
    open, each with a sentence that says when it opens.
    """
    kept = {step for step in course.steps if only is None or step in only}
    closed = {week.id for week, _why in later}
    weeks = [week for week in course.weeks if week.id not in closed]
    apart = [step for week, _why in later for step in week.steps if step.id in kept]
    pages = _pages(course)
    target = _targets(course, kept, weeks, pages)
    return {
        **sheet_values(course, site, paper, course.id),
        "title": course.title,
        "purpose": course.summary,
        "weeks": [_week(course, week, kept, target) for week in weeks],
        "apart": [step_values(step, target) for step in apart],
        "later": [{"name": eyebrow(course, week), "title": week.title, "why": why} for week, why in later],
        "pages": [_page(page, target) for page in pages],
        "evidence": _evidence(course),
        "measures": _measures(course, kept),
        "days": LOG_DAYS,
        "address": address,
        "help": help,
    }


def _pages(course: Course) -> list[Page]:
    """The pages for everyone, those that keep people safe first."""
    first = {id: place for place, id in enumerate(course.safety)}
    pages = [page for page in course.pages if page.readers is Readers.EVERYONE]
    return sorted(pages, key=lambda page: first.get(page.id, len(first)))


def _targets(course: Course, kept: Collection[str], weeks: Sequence[Week], pages: Sequence[Page]) -> Target:
    """Where in the book an address of the site is found."""
    places = {f"/steps/{step}": step for step in kept}
    places |= {
        f"/worksheets/{sheet}": step.id for sheet, step in course.worksheets.items() if step.id in kept
    }
    places |= {f"/weeks/{week.number}": week.id for week in weeks}
    places |= {f"/pages/{page.id}": f"page-{page.id}" for page in pages}
    known = course.evidence.by_id if course.evidence else {}
    if known:
        places["/evidence"] = "evidence"

    def target(address: str) -> str:
        claim = evidence_id(address)
        return f"claim-{claim}" if claim in known else places.get(address, "")

    return target


def _week(course: Course, week: Week, kept: Collection[str], target: Target) -> dict[str, object]:
    steps = [step for step in week.steps if step.id in kept]
    # The questions that look back on the week stand after its days at home.
    last = next(
        (at for at, step in enumerate(reversed(steps)) if step.kind is not StepKind.CHECK_IN), len(steps)
    )
    before = len(steps) - last
    return {
        **opening_values(week, target),
        "eyebrow": eyebrow(course, week),
        "scene": scene(course, week),
        "steps": [step_values(step, target) for step in steps[:before]],
        "looking_back": [step_values(step, target) for step in steps[before:]],
    }


def _page(page: Page, target: Target) -> dict[str, object]:
    return {
        "id": f"page-{page.id}",
        "title": page.title,
        "summary": page.summary,
        "html": passage(page.html, target, 0),
    }


def _evidence(course: Course) -> dict[str, object] | None:
    known = course.evidence
    if known is None:
        return None
    numbers = {claim.id: number for number, claim in enumerate(known.claims, 1)}
    return {
        "claims": [
            {
                **asdict(claim),
                "number": numbers[claim.id],
                "certainty": _(CERTAINTY[claim.certainty]),
                "read": _(READ[claim.read]),
            }
            for claim in known.claims
        ],
        "tables": [
            {
                "title": table.title,
                "intro": table.intro,
                "columns": table.columns,
                "rows": [
                    {
                        "cells": row.cells,
                        "certainty": _(CERTAINTY[row.certainty]),
                        "sources": _sources(row.evidence, numbers),
                    }
                    for row in table.rows
                ],
            }
            for table in known.tables
        ],
        "overstated": [
            {"said": one.said, "fair": one.fair, "sources": _sources(one.evidence, numbers)}
            for one in known.overstated
        ],
        "not_known": known.not_known,
    }


def _sources(claims: Sequence[str], numbers: Mapping[str, int]) -> list[dict[str, object]]:
    return [{"id": f"claim-{claim}", "number": numbers[claim]} for claim in claims if claim in numbers]


def _measures(course: Course, kept: Collection[str]) -> list[dict[str, object]]:
    """Each measure once, with the weeks in which it is asked."""
    asked: dict[str, list[Step]] = {}
    for step in course.steps.values():
        if step.measure is not None and step.id in kept:
            asked.setdefault(step.measure.id, []).append(step)
    return [_measure(course, steps) for steps in asked.values()]


def _measure(course: Course, steps: Sequence[Step]) -> dict[str, object]:
    measure = steps[0].measure
    assert measure is not None  # noqa: S101 - only steps with a measure come here
    weeks = [course.week_of[step.id] for step in steps]
    times = [week_name(week.number) for week in weeks]
    return {
        "id": f"measure-{measure.id}",
        "title": measure.title,
        "licence": measure.licence,
        "least": measure.least,
        "most": measure.most,
        "low": measure.low,
        "high": measure.high,
        "items": [item.text for item in measure.items],
        "times": [*times, _("Later")],
    }
