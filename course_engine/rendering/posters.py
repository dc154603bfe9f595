"""The poster of a group: its name, first day and code in big letters, and a square for phones to read."""

from course_engine.domain.course import Course
from course_engine.rendering.paper import A4, Paper


def poster_values(
    course: Course,
    *,
    site: str,
    cohort: str,
    when: str,
    where: str,
    leaders: str,
    code: str,
    address: str,
    until: str = "",
    paper: Paper = A4,
) -> dict[str, object]:
    """The values of a poster; `address` is the link in the square, `code` as it is typed."""
    return {
        "site": site,
        **paper.values,
        "authors": site,
        "purpose": course.title,
        "title": cohort,
        "course": course.title,
        "when": when,
        "where": where,
        "leaders": leaders,
        "code": code,
        "until": until,
        "address": address,
        "typed": address.rpartition("/")[0].removeprefix("https://").removeprefix("http://"),
    }
