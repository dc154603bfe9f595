"""Every week has what a week needs: an echo, readings, a choice of practices, prompts, days at home."""

import re

import pytest

from course_engine.domain.course import Course, Step, StepKind, Week
from tests.course.texts import prose

WEEKS = range(9)
ONSCREEN = {0: (30, 45)} | dict.fromkeys(range(1, 9), (45, 60))
WORDS_A_MINUTE = (90, 200)


@pytest.fixture(params=WEEKS)
def week(request: pytest.FixtureRequest, course: Course) -> Week:
    found = course.week(request.param)
    assert found is not None
    return found


def test_the_welcome_of_a_week_echoes_the_one_before(week: Week) -> None:
    welcome = " ".join(prose(week.welcome_html))

    assert len(welcome.split()) >= 60
    assert welcome.startswith("Welcome")
    if week.number:
        assert "An echo." in welcome
        assert re.search(r"[Ll]ast week|week before", welcome)


def test_a_week_has_two_or_three_lessons_of_five_to_eight_minutes(week: Week) -> None:
    lessons = _of(week, StepKind.LESSON)

    assert 2 <= len(lessons) <= 3
    for lesson in lessons:
        words = sum(len(line.split()) for line in prose(lesson.html))
        least, most = WORDS_A_MINUTE
        assert 5 <= lesson.minutes <= 8
        assert least * lesson.minutes <= words <= most * lesson.minutes, f"{lesson.id}: {words} words"


def test_a_lesson_has_an_example_from_life_something_to_try_and_what_is_not_known(week: Week) -> None:
    for lesson in _of(week, StepKind.LESSON):
        headings = re.findall(r"<h2>(.*?)</h2>", lesson.html)
        assert 'class="box box-try"' in lesson.html, lesson.id
        assert 'class="box box-unknown"' in lesson.html, lesson.id
        assert any(_tells(heading) for heading in headings) or lesson.id in WITH_PEOPLE, headings
        assert len(headings) >= 3, lesson.id


def test_a_week_has_a_choice_of_practices_and_one_of_them_is_enough(week: Week) -> None:
    practices = _of(week, StepKind.PRACTICE)

    assert len(practices) >= (2 if week.number else 1)
    assert {step.one_of for step in practices} == {"practice"}


def test_a_week_asks_only_its_lessons_one_practice_and_its_check_in(week: Week) -> None:
    required = [step for step in week.steps if step.required]

    assert {step.kind for step in required} == {StepKind.LESSON, StepKind.CHECK_IN}
    assert len([step for step in required if step.kind is StepKind.CHECK_IN]) == 1
    assert len(week.asks) == len(required) + 1


def test_a_week_has_journal_prompts_a_worksheet_days_at_home_and_a_check_in(week: Week) -> None:
    (journal,) = _of(week, StepKind.JOURNAL)
    prompts = re.findall(r"<li>(.*?)</li>", journal.html, re.S)
    check_in = week.steps[-1]

    assert 2 <= len(prompts) <= 5
    assert _of(week, StepKind.WORKSHEET)
    assert week.home_title
    assert len(prose(week.home_html)) >= 4
    assert check_in.kind is StepKind.CHECK_IN
    assert 2 <= len(check_in.fields) <= 3
    assert check_in.fields[-1].kind == "lines"


def test_the_minutes_of_a_week_are_what_someone_takes_who_does_one_of_each(week: Week) -> None:
    least, most = ONSCREEN[week.number]
    once = sum(step.minutes for step in _of(week, StepKind.LESSON, StepKind.CHECK_IN, StepKind.JOURNAL))
    once += max(step.minutes for step in _of(week, StepKind.PRACTICE))
    sheets = sorted(step.minutes for step in _of(week, StepKind.WORKSHEET))

    assert least <= week.minutes <= most
    assert once + sheets[0] - 3 <= week.minutes <= once + sum(sheets) + 8, (once, sheets, week.minutes)


def test_a_week_says_how_to_go_gently(week: Week) -> None:
    assert len(week.care.split()) >= 15


WITH_PEOPLE = {
    "staying-steady": "Mina and the kettle, under “Choosing a time”.",
    "other-people": "Dele and his brother, in the section on boundaries.",
}


def _tells(heading: str) -> bool:
    """Whether a heading begins a story: it says so, or names somebody."""
    told = re.search(r"example|’s (?:record|letter)|\bthe same evening\b", heading)
    return bool(told) or bool(re.match(r"[A-Z][a-z]+(?:,| finds| and the)", heading))


def _of(week: Week, *kinds: StepKind) -> list[Step]:
    return [step for step in week.steps if step.kind in kinds]
