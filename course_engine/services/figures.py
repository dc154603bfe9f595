"""The figures of a group: weeks and sessions in numbers. What people write or answer is never in them."""

from datetime import datetime

from course_engine.domain.cohorts import Cohort
from course_engine.domain.course import Course
from course_engine.domain.figures import Figures, figures
from course_engine.engine import Engine
from course_engine.storage import cohorts
from course_engine.storage import figures as stored


def of(engine: Engine, cohort: Cohort, language: str, now: datetime) -> tuple[Course, Figures]:
    """The course of a cohort, and its figures. Three queries, however many people there are."""
    course = engine.shelf.course(cohort.edition, language)
    sessions = cohorts.sessions(cohort.id)
    behind, noted = stored.weeks_behind(cohort.id, now), stored.taking_part(cohort.id, now)
    return course, figures(course.weeks, sessions, behind, noted, now)
