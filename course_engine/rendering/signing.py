"""The sheet on which those who come to a meeting sign in: the plain values of the kind `sign-in`."""

from collections.abc import Sequence

from course_engine.domain.course import Course
from course_engine.domain.errors import NotFound
from course_engine.i18n import gettext as _
from course_engine.rendering.paper import A4, Paper
from course_engine.rendering.weeks import eyebrow
from course_engine.rendering.worksheets import scene, sheet_values

GUESTS = 3


def sign_in_values(
    course: Course,
    *,
    site: str,
    cohort: str,
    number: int,
    when: str,
    where: str = "",
    people: Sequence[str] = (),
    guests: int = GUESTS,
    code: str = "",
    address: str = "",
    paper: Paper = A4,
) -> dict[str, object]:
    """The values of the sheet for the session of week `number`.

    `people` are names or codes as they are to be read by all who sign, `guests` empty rows after them,
    `code` and `address` what to type, and where, to note oneself as present. The last of the empty rows are
    left out rather than begin a page that has nobody's name. Raises NotFound for a week
    that is not in the course.
    """
    week = course.week(number)
    if week is None:
        raise NotFound(_("%(course)s has no week %(number)s.", course=course.title, number=number))
    return {
        **sheet_values(course, site, paper, "sign-in"),
        "title": cohort,
        "purpose": week.title,
        "eyebrow": eyebrow(course, week),
        "scene": scene(course, week),
        "meeting": week.title,
        "when": when,
        "where": where,
        "people": list(people),
        "guests": guests,
        "spare": min(guests, GUESTS),
        "code": code,
        "typed": address.removeprefix("https://").removeprefix("http://"),
        "address": "",
    }
