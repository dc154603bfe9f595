"""The admin's pages of courses: what there is, bringing one in, and looking at it before others do."""

from course_engine.web.courses import bring, editions, seen
from course_engine.web.courses.blueprint import blueprint

__all__ = ["blueprint", "bring", "editions", "seen"]
