"""Worksheets on paper: the plain values that the kind `worksheet` is drawn from."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict

from course_engine.domain.answers import beside, gone
from course_engine.domain.course import Course, Field, Week
from course_engine.domain.errors import NotFound
from course_engine.i18n import gettext as _
from course_engine.rendering import letters
from course_engine.rendering.paper import A4, Paper
from course_engine.rendering.passages import Target, nowhere, passage

SCENES = ("spring", "stones", "pool", "lake")
_EMPTY_LINES = re.compile(r"\n(?:[^\S\n]*\n){3,}")


def worksheet_values(
    course: Course,
    id: str,
    *,
    site: str,
    paper: Paper = A4,
    answers: Mapping[str, object] | None = None,
    person: str = "",
    address: str = "",
    help: str = "",
) -> dict[str, object]:
    """The values of one sheet, blank or with answers by field id.

    An answer is a string for `lines`, `box` and `choice`, a number for `scale`, a list of strings for
    `choices` (an own one among them is set on the line of its own), and a table for `table`; what was
    given to a question of an earlier edition stands below it in words, and below all of them what was given
    to one that is asked no more.
    `address` is where the sheet stands on screen (printed as a QR code), `help` a sentence with help
    lines that the installation has confirmed. Raises NotFound for an unknown sheet.
    """
    step = course.worksheets.get(id)
    if step is None or step.worksheet is None:
        raise NotFound(_("There is no worksheet called “%(id)s” in this course.", id=id))
    week = course.week_of[step.id]
    return {
        **sheet_values(course, site, paper, id),
        "title": step.worksheet.title,
        "purpose": step.worksheet.purpose,
        "eyebrow": week_name(week),
        "scene": scene(course, week),
        **_filled(step.worksheet.fields, answers or {}),
        "person": person,
        "address": address,
        "help": help,
    }


def _filled(fields: Iterable[Field], answers: Mapping[str, object]) -> dict[str, object]:
    """The questions, the answers as they can be printed, and the sign for a letter that cannot."""
    asked = list(fields)
    found = [beside(field, answers) for field in asked]
    given: list[dict[str, object]] = [
        {one.field.id: one.value for one in found if one.value is not None},
        {**{one.field.id: one.earlier for one in found if one.earlier}, **gone(asked, answers)},
    ]
    ready = [{field: _ready(words) for field, words in part.items()} for part in given]
    sign = letters.SIGN if ready != given and letters.SIGN in str(ready) else ""
    return {
        "worksheet": {"fields": field_values(one.field for one in found)},
        "answers": ready[0],
        "earlier": ready[1],
        "sign": sign,
    }


def field_values(fields: Iterable[Field], target: Target = nowhere) -> list[dict[str, object]]:
    """The questions of a sheet or check-in."""
    return [{**asdict(field), "html": passage(field.html, target, 0)} for field in fields]


def sheet_values(course: Course, site: str, paper: Paper, id: str) -> dict[str, object]:
    """What every sheet of a course carries: its footer, paper and author."""
    return {
        "site": site,
        **paper.values,
        "id": id,
        "course": course.title,
        "edition": course.edition,
        "authors": ", ".join(course.authors),
        "licence": course.licence,
        "notice": course.notice,
    }


def _ready(answer: object) -> object:
    """An answer with a sign for each letter that our fonts lack, so that nothing becomes a hundred pages.

    It has at most three empty lines one after another: thousands of them are pages of nothing.
    """
    if isinstance(answer, str):
        return letters.signed(_EMPTY_LINES.sub("\n\n\n\n", answer))
    return [_ready(one) for one in answer] if isinstance(answer, list | tuple) else answer


def week_name(week: Week) -> str:
    """`Week 3, When kindness stings`; orientation has no number."""
    if week.number == 0:
        return week.title
    return _("Week %(number)s, %(title)s", number=week.number, title=week.title)


def scene(course: Course, week: Week) -> str:
    """The small picture of the week's module; orientation shares that of the first."""
    numbered = [module.id for module in course.modules if any(own.number for own in module.weeks)]
    module = course.module_of[week.id].id
    place = numbered.index(module) if module in numbered else 0
    return SCENES[place % len(SCENES)]
