"""Pages ask the database a handful of questions, however long someone has been here."""

from collections.abc import Callable

from course_engine.domain.cohorts import Present
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.services import attendance, cohorts, runs, writings
from tests.cast import BREAD, ZONE, Browser, Clock, do
from tests.web.doors import WEEK_1, WEEK_2, WEEK_3

As = Callable[[Person], Browser]
PAGES = ("/today", "/course", "/weeks/1")
MOST = 6
MOST_TO_COMPLETE = 20


def test_pages_of_someone_alone_ask_six_questions_at_the_start_and_at_the_end(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    browser = as_(ada)
    start = _questions(engine, browser)
    _live(engine, ada, run, clock)

    end = _questions(engine, browser)

    assert max(start.values()) <= MOST, start
    assert max(end.values()) <= MOST, end


def test_pages_of_someone_in_a_cohort_ask_six_questions_too(
    engine: Engine, ada: Person, ben: Person, as_: As, clock: Clock
) -> None:
    group = cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())
    run = cohorts.add_member(engine, group, ada, clock())
    browser = as_(ada)
    start = _questions(engine, browser)
    for one in cohorts.sessions(group):
        attendance.attend(engine, group, one.number, ada.id, Present.PRESENT, ben, one.starts_at)
    _live(engine, ada, run, clock)

    end = _questions(engine, browser)

    assert max(start.values()) <= MOST, start
    assert max(end.values()) <= MOST, end


def test_completing_a_step_takes_few_statements(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    browser = as_(ada)
    browser.get("/today")
    with engine.database.count_queries() as asked:
        answer = browser.fill("/steps/what-lives/done", how="done")

    assert answer.status_code == 303
    assert asked.count <= MOST_TO_COMPLETE, asked.statements


def _questions(engine: Engine, browser: Browser) -> dict[str, int]:
    found = {}
    for path in PAGES:
        browser.get(path)
        with engine.database.count_queries() as asked:
            assert browser.get(path).status_code == 200
        found[path] = asked.count
    return found


def _live(engine: Engine, person: Person, run: Run, clock: Clock) -> None:
    for steps in (WEEK_1, WEEK_2, WEEK_3):
        do(engine, person, run, clock(), *steps)
        for number in range(10):
            writings.write_entry(engine, person, runs.own(engine, person, run.id), f"day {number}", clock())
        clock.move(days=8)
