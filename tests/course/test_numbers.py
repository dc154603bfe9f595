"""How much of everything there is; `pytest -s tests/course/test_numbers.py` prints the counts."""

from collections.abc import Iterable

from course_engine.domain.course import Course
from tests.course.texts import Passage, everything, of_page, of_plan, of_week, practices

WEEKS, SHEETS, PRACTICES, ROWS = 9, 20, 22, 25
LEARNERS_WORDS = (25_000, 40_000)


def test_the_course_has_its_weeks_sheets_practices_plans_and_rows(course: Course) -> None:
    minutes = [week.plans[0].minutes for week in course.weeks]
    extra = [plan for week in course.weeks for plan in week.plans[1:]]

    assert len(course.weeks) == WEEKS
    assert len(course.worksheets) == SHEETS
    assert len(practices(course)) == len({one.id for one in practices(course)}) >= PRACTICES
    assert minutes == [70] + [120] * 8
    assert [plan.id for plan in extra] == ["session-half-day"]
    assert course.evidence is not None
    assert len(course.evidence.claims) >= ROWS


def test_every_plan_adds_up_in_its_full_and_its_short_form(course: Course) -> None:
    for plan in course.plan_of.values():
        assert sum(part.minutes for part in plan.parts) == plan.minutes
        assert sum(part.shorter for part in plan.parts) == plan.shorter
        assert plan.shorter < plan.minutes
    assert {plan.shorter for plan in course.plan_of.values() if plan.minutes == 120} == {90}


def test_every_part_of_a_plan_has_a_purpose_and_something_to_say(course: Course) -> None:
    for plan in course.plan_of.values():
        assert plan.before_html, plan.id
        assert plan.online_html, plan.id
        assert plan.after_html, plan.id
        assert len(plan.materials) >= 4, plan.id
        assert sum(bool(part.watch_html) for part in plan.parts) >= 4, plan.id
        assert sum(bool(part.online) for part in plan.parts) >= 5, plan.id
        assert sum(bool(part.ask) for part in plan.parts) >= 2, plan.id
        assert all(part.purpose and part.say_html for part in plan.parts), plan.id


def test_a_learner_reads_a_book_and_no_library(course: Course) -> None:
    counts = {
        "weeks, practices, worksheets": sum(_words(of_week(week)) for week in course.weeks),
        "pages": sum(_words([of_page(page)]) for page in course.pages),
        "plans": sum(_words([of_plan(plan)]) for plan in course.plan_of.values()),
        "all": _words(everything(course)),
    }
    print(f"\n{len(practices(course))} practices, {len(course.worksheets)} worksheets, words: {counts}")

    least, most = LEARNERS_WORDS
    assert least <= counts["weeks, practices, worksheets"] <= most
    assert counts["all"] < 75_000


def _words(passages: Iterable[Passage]) -> int:
    return sum(len(one.text.split()) for one in passages)
