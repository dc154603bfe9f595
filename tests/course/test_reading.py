"""The course is easy to read and to hear: by the measures that writers use, and by ear."""

import pytest

from course_engine.content import loader
from course_engine.domain.course import Course
from tests.course.texts import Passage, lessons, of_page, prose, scripts
from tests.tools.readability import english_syllables, fernandez_huerta, grade, spanish_syllables

HIGHEST_GRADE = 8
LEAST_EASE = 60


def test_no_lesson_script_or_page_is_harder_than_the_eighth_grade(course: Course) -> None:
    pages = [of_page(page) for page in course.pages]
    hard = _too_hard([*lessons(course), *scripts(course), *pages])

    assert hard == []


def test_what_a_facilitator_says_is_no_harder_than_the_eighth_grade(course: Course) -> None:
    said = [
        Passage(plan.id, tuple(line for part in plan.parts for line in prose(part.say_html)))
        for plan in course.plan_of.values()
    ]

    assert len(said) == 10
    assert _too_hard(said) == []


def test_every_lesson_and_script_in_spanish_is_easy_to_read(
    course: Course, spanish: Course, compiled_self_compassion: loader.Compiled
) -> None:
    own = {one.place: one.text for one in [*lessons(course), *scripts(course)]}
    translated = [one for one in [*lessons(spanish), *scripts(spanish)] if one.text != own[one.place]]
    ease = {one.place: round(fernandez_huerta(one.text)) for one in translated}

    assert len(translated) >= 2 * 3 + 2 * 6
    assert {place: found for place, found in ease.items() if found < LEAST_EASE} == {}
    assert "es" in compiled_self_compassion.data["translations"]


@pytest.mark.parametrize(
    ("word", "count"), [("kind", 1), ("compassion", 3), ("breathe", 1), ("don't", 1), ("everybody's", 4)]
)
def test_syllables_of_english_words(word: str, count: int) -> None:
    assert english_syllables(word) == count


@pytest.mark.parametrize(
    ("word", "count"), [("sol", 1), ("día", 2), ("cuidado", 3), ("ahora", 3), ("muy", 1), ("aéreo", 4)]
)
def test_syllables_of_spanish_words(word: str, count: int) -> None:
    assert spanish_syllables(word) == count


def test_the_ruler_tells_easy_words_from_hard_ones() -> None:
    hard = "Psychoeducational methodologies facilitate individual differentiation of physiological arousal."
    complicado = "La psicoeducación individualizada posibilita la autorregulación psicofisiológica."

    assert grade("The cat sat on the mat. It was warm.") < 2
    assert grade(hard) > 20
    assert fernandez_huerta("El gato duerme. Hace sol.") > 90
    assert fernandez_huerta(complicado) < 20


def _too_hard(passages: list[Passage]) -> list[str]:
    grades = {one.place: grade(one.text) for one in passages}
    return [f"{place}: {found:.1f}" for place, found in grades.items() if found > HIGHEST_GRADE]
