"""Every fault of a course folder, for those who write it."""

from pathlib import Path

from course_engine.content.faults import Fault
from course_engine.content.loader import compile_course

__all__ = ["Fault", "check", "notes"]


def check(folder: Path) -> list[Fault]:
    """All faults at once, by file, line and column; none means the course can be used."""
    return list(compile_course(folder).faults)


def notes(folder: Path) -> list[Fault]:
    """What is not wrong but waits for somebody: weeks to be read before they are used."""
    return list(compile_course(folder).notes)
