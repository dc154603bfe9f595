"""The shipped course as people read it, in English and in Spanish."""

import pytest

from course_engine.content import loader
from course_engine.domain.course import Course


@pytest.fixture(scope="session")
def course(compiled_self_compassion: loader.Compiled) -> Course:
    """The course in its own language."""
    assert [str(fault) for fault in compiled_self_compassion.faults] == []
    return loader.course_of(compiled_self_compassion.data)


@pytest.fixture(scope="session")
def spanish(compiled_self_compassion: loader.Compiled) -> Course:
    """The course in Spanish, as far as it is translated."""
    return loader.course_of(compiled_self_compassion.data, "es")
