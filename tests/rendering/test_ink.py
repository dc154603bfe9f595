"""The ink saver: never more ink than the other print, never a colour, and the same pages."""

from collections.abc import Iterator, Mapping

import pytest

from course_engine.content import edition, loader
from course_engine.domain.course import Course
from course_engine.domain.errors import Refused
from course_engine.rendering import pdf
from course_engine.rendering.logs import log_values
from course_engine.rendering.paper import Paper
from course_engine.rendering.plans import plan_values
from course_engine.rendering.posters import poster_values
from course_engine.rendering.signing import sign_in_values
from course_engine.rendering.weeks import week_values
from course_engine.rendering.worksheets import worksheet_values
from tests.tools.ink import ink

ADDRESS = "https://still.example/runs/0123456789abcdef/worksheets/a-sheet"
PEOPLE = ("Ada", "Bruno", "K. L.", "Olga", "Wilhelmina")


@pytest.fixture(scope="module")
def shipped(compiled_self_compassion: loader.Compiled) -> Course:
    return edition.course_of(compiled_self_compassion.data, "en")


@pytest.mark.parametrize("size", ["normal", "large"])
def test_every_worksheet_takes_less_ink_and_as_many_pages(shipped: Course, size: str) -> None:
    for id in shipped.worksheets:
        plenty, little = (
            pdf.printed("worksheet", worksheet_values(shipped, id, site="S", paper=on, address=ADDRESS), "en")
            for on in (Paper("a4", size), Paper("a4", size, "saver"))
        )
        assert little.pages == plenty.pages, id
        assert little.warnings == (), id
        assert ink(little.pdf).black < ink(plenty.pdf).black, id
        assert ink(little.pdf).colour == 0, id


def test_every_other_document_takes_less_ink_and_no_colour(shipped: Course) -> None:
    documents = zip(
        _documents(shipped, Paper("letter")), _documents(shipped, Paper("letter", ink="saver")), strict=True
    )
    for (kind, plenty), (_kind, little) in documents:
        saved = ink(pdf.render(kind, little, "en"))
        assert 0 < saved.black < ink(pdf.render(kind, plenty, "en")).black, kind
        assert saved.colour == 0, kind


def test_answers_are_black_too_and_what_was_chosen_can_be_told(shipped: Course) -> None:
    id, step = next(
        (id, step)
        for id, step in shipped.worksheets.items()
        if step.worksheet and {"scale", "choices"} <= {field.kind for field in step.worksheet.fields}
    )
    assert step.worksheet is not None
    answers: dict[str, object] = {
        field.id: 4 if field.kind == "scale" else list(field.options[:1])
        for field in step.worksheet.fields
        if field.kind in ("scale", "choices")
    }
    on = Paper(ink="saver")
    blank, filled = (
        ink(pdf.render("worksheet", worksheet_values(shipped, id, site="S", paper=on, answers=given), "en"))
        for given in ({}, answers)
    )
    assert filled.colour == 0
    assert filled.black > blank.black


def test_an_ink_that_there_is_not_gets_a_sentence() -> None:
    with pytest.raises(Refused, match="Choose normal or saver"):
        Paper(ink="golden")


def _documents(course: Course, paper: Paper) -> Iterator[tuple[str, Mapping[str, object]]]:
    week = course.weeks[1]
    yield "week", week_values(course, week, site="S", paper=paper, address=ADDRESS)
    for id in list(course.plan_of)[:2]:
        yield "plan", plan_values(course, id, site="S", paper=paper)
    yield "log", log_values(course, week, site="S", paper=paper)
    yield (
        "sign-in",
        sign_in_values(
            course, site="S", cohort="Tuesdays", number=1, when="17 March", people=PEOPLE, code="K4NA",
            paper=paper,
        ),
    )  # fmt: skip
    yield (
        "poster",
        poster_values(
            course, site="S", cohort="Tuesdays", when="17 March", where="Room 4", leaders="Ben",
            code="K4NA-8C0Q", address=ADDRESS, paper=paper,
        ),
    )  # fmt: skip
