"""The workbook says what the course says: every lesson, practice, sheet, page and source is in it."""

import re
from collections.abc import Iterator

from course_engine.domain.course import Course
from course_engine.domain.pages import Readers
from course_engine.rendering.pdf import Printed
from tests.course.texts import Passage, of_page, of_week
from tests.tools import pdf as paper

WORDS_TO_KNOW_IT_BY = 8
WORDS_OF_A_HEAD = 12


def test_the_book_has_the_words_of_every_unit_and_none_that_are_for_facilitators(
    course: Course, workbook: Printed
) -> None:
    assert course.evidence is not None
    said = _letters(paper.text(workbook.pdf))
    texts = [one for week in course.weeks for one in of_week(week)]
    texts += [of_page(page) for page in course.pages if page.readers is Readers.EVERYONE]
    absent = [
        f"{one.place}: {line}" for one in texts for line in _known_by(one) if _letters(line) not in said
    ]
    absent += [claim.id for claim in course.evidence.claims if _letters(claim.source) not in said]
    others = [of_page(page) for page in course.pages if page.readers is Readers.FACILITATORS]

    assert len(texts) > 150
    assert absent == []
    assert [one.place for one in others for line in _known_by(one) if _letters(line) in said] == []


def test_no_page_of_the_book_holds_only_the_other_ways_to_do_a_practice(workbook: Printed) -> None:
    pages = [
        page.split("Gentler: ")[0] for page in paper.text(workbook.pdf).split("\f") if "Gentler: " in page
    ]

    assert len(pages) >= 22
    assert [before for before in pages if len(before.split()) < WORDS_OF_A_HEAD] == []


def _known_by(one: Passage) -> Iterator[str]:
    """The beginnings of the second long line (the first may be a title) and of the last."""
    lines = [line for line in one.lines if len(line.split()) >= WORDS_TO_KNOW_IT_BY]
    for line in {*lines[1:2], *lines[-1:]}:
        yield " ".join(line.split()[:WORDS_TO_KNOW_IT_BY])


def _letters(text: str) -> str:
    """Only what a line break, a hyphen or a kind of quotes cannot change."""
    return re.sub(r"[\W_]+", "", text.lower())
