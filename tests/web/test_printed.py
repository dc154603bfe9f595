"""Ben tells what he has printed apart by what it is, and not by the names of files."""

import pytest

from course_engine.domain.people import Person
from course_engine.domain.work import Job, JobState
from course_engine.engine import Engine
from course_engine.services import editions
from course_engine.web import printed
from tests.cast import BREAD, Clock


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (
            "?what=handouts&week=2&for=chosen&people=a&people=b&booklet=yes&ink=saver",
            "Week 2 handouts, booklet, ink saver, 2 people",
        ),
        ("?what=plan&week=3&for=all", "Plan of session 3"),
        ("?what=week&week=1&for=expected&size=large", "The whole of week 1, large print, everybody expected"),
        ("?what=certificates&for=all&size=large&ink=saver", "Certificates already made, everybody"),
        ("?what=script&script=nothing&for=me", "A script, one copy"),
        ("?what=nonsense", "handouts-5.pdf"),
        ("", "handouts-5.pdf"),
    ],
)
def test_a_document_is_named_by_what_was_chosen(
    engine: Engine, ben: Person, clock: Clock, query: str, said: str
) -> None:
    course = editions.offer(engine, BREAD, "en")
    subject = {"name": "handouts-5.pdf", "back": f"/cohorts/x/print{query}"}
    job = Job("j", "print", ben.id, subject, JobState.DONE, 1, 1, 1, {}, "", clock())

    assert printed.words(job, course) == said


@pytest.mark.parametrize(
    ("whom", "people", "said"),
    [
        ("all", 12, "everybody (12 people)"),
        ("expected", 1, "everybody expected (1 person)"),
        ("chosen", 3, "3 people"),
    ],
)
def test_a_document_for_everybody_says_for_how_many_that_was(
    engine: Engine, ben: Person, clock: Clock, whom: str, people: int, said: str
) -> None:
    course = editions.offer(engine, BREAD, "en")
    subject = {"name": "week.pdf", "back": f"/cohorts/x/print?what=week&week=1&for={whom}", "people": people}
    job = Job("j", "print", ben.id, subject, JobState.DONE, 1, 1, 1, {}, "", clock())

    assert printed.words(job, course) == f"The whole of week 1, {said}"
