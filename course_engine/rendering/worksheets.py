"""Worksheets on paper: the plain values that the kind `worksheet` is drawn from."""

from collections.abc import Mapping
from dataclasses import asdict

from course_engine.domain.course import Course, Week
from course_engine.domain.errors import NotFound
from course_engine.i18n import gettext as _

SCENES = ("spring", "stones", "pool", "lake")


def worksheet_values(
    course: Course,
    id: str,
    *,
    site: str,
    paper: str = "a4",
    answers: Mapping[str, object] | None = None,
    person: str = "",
    address: str = "",
    help: str = "",
) -> dict[str, object]:
    """The values of one sheet, blank or with answers by field id.

    An answer is a string for `lines`, `box` and `choice`, a number for `scale`, a list of strings for
    `choices` (an own one among them is set on the line of its own), and a list of rows for `table`.
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
        "worksheet": asdict(step.worksheet),
        "answers": dict(answers or {}),
        "person": person,
        "address": address,
        "help": help,
    }


def sheet_values(course: Course, site: str, paper: str, id: str) -> dict[str, object]:
    """What every sheet of a course carries: its footer, paper and author."""
    return {
        "site": site,
        "paper": paper,
        "size": "normal",
        "ink": "normal",
        "id": id,
        "course": course.title,
        "edition": course.edition,
        "authors": ", ".join(course.authors),
        "licence": course.licence,
        "notice": course.notice,
    }


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
