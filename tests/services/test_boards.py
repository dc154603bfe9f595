"""Ben's board: the same states that his learners see, found by stored facts, however many they are."""

from datetime import timedelta

import pytest

from course_engine.domain.cohorts import Cohort, Present, RequestState
from course_engine.domain.pace import By, Override, OverrideKind
from course_engine.domain.people import Person
from course_engine.domain.standing import State, Status
from course_engine.engine import Engine
from course_engine.services import (
    attendance,
    boards,
    calendars,
    cohorts,
    contacts,
    demo,
    overrides,
    people,
    runs,
)
from course_engine.services.boards import Board, Row, Show, Sort, Wanted
from course_engine.storage import contacts as stored_contacts
from course_engine.storage import runs as stored_runs
from tests.cast import BREAD, PASSWORD, ZONE, Clock, do
from tests.web.doors import WEEK_1, WEEK_2, WEEK_3

NAMES = ("Zoë", "Émile", "amira", "Żaneta", "Ben-Ami", "100% Ola")


@pytest.fixture
def cohort(engine: Engine, ben: Person, clock: Clock) -> Cohort:
    return cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())


@pytest.fixture
def learners(engine: Engine, cohort: Cohort, clock: Clock) -> dict[str, Person]:
    """Six learners of the group, who have begun today."""
    made = {}
    for place, name in enumerate(NAMES):
        person = people.add(engine, name, f"one-{place}@example.org", PASSWORD, clock(), zone=ZONE)
        cohorts.add_member(engine, cohort, person, clock())
        made[name] = person
    return made


def _board(engine: Engine, cohort: Cohort, clock: Clock, **wanted: object) -> Board:
    return boards.board(engine, cohort, Wanted(**wanted), "en", clock())  # type: ignore[arg-type]


def _names(found: Board) -> list[str]:
    return [row.name for row in found.rows]


def test_everybody_is_listed_by_name_without_regard_to_accents_or_capitals(
    engine: Engine, cohort: Cohort, learners: dict[str, Person], clock: Clock
) -> None:
    in_order = ["100% Ola", "amira", "Ben-Ami", "Émile", "Żaneta", "Zoë"]
    assert _names(_board(engine, cohort, clock)) == in_order
    assert _names(_board(engine, cohort, clock, sort=Sort.NAME_BACK)) == in_order[::-1]


@pytest.mark.parametrize(
    ("typed", "found"),
    [("emile", ["Émile"]), ("ZAN", ["Żaneta"]), ("%", ["100% Ola"]), ("_", []), ("nobody", [])],
)
def test_a_name_is_found_as_it_is_typed_on_any_keyboard(
    engine: Engine, cohort: Cohort, learners: dict[str, Person], clock: Clock, typed: str, found: list[str]
) -> None:
    assert _names(_board(engine, cohort, clock, find=typed)) == found


def test_a_changed_name_is_found_at_once(
    engine: Engine, cohort: Cohort, learners: dict[str, Person], clock: Clock
) -> None:
    people.change_name(engine, learners["amira"], "Yasmin")

    assert _names(_board(engine, cohort, clock, find="yas")) == ["Yasmin"]


def test_the_board_shows_what_each_learner_sees(
    engine: Engine, ben: Person, cohort: Cohort, learners: dict[str, Person], clock: Clock
) -> None:
    _live(engine, ben, cohort, learners, clock)
    for row in _board(engine, cohort, clock).rows:
        person = next(one for one in learners.values() if one.id == row.person)
        at = runs.position(engine, person, runs.current(engine, person), clock())
        assert row.weeks == tuple(week.state for week in at.access.weeks.values()), row.name
        assert row.status is at.access.status
        assert (row.here.id if row.here else None) == at.access.here
        assert row.attended == len(at.history.attended)


def test_every_part_of_the_board_holds_exactly_those_whose_rows_say_so(
    engine: Engine, ben: Person, cohort: Cohort, learners: dict[str, Person], clock: Clock
) -> None:
    _live(engine, ben, cohort, learners, clock)
    for days in (0, 0.5, 3, 4, 10, 30):
        clock.move(days=days)
        everyone = list(boards.everyone(engine, cohort, Wanted(), "en", clock()))
        assert len(everyone) == len(NAMES) + 1
        for show in Show:
            shown = {row.name for row in boards.everyone(engine, cohort, Wanted(show), "en", clock())}
            assert shown == {row.name for row in everyone if _belongs(show, row, clock)}, (show, days)
            assert len(boards.people(engine, cohort, Wanted(show), clock())) == len(shown)


def test_the_stored_facts_are_those_that_are_told_anew(
    engine: Engine, ben: Person, cohort: Cohort, learners: dict[str, Person], clock: Clock
) -> None:
    _live(engine, ben, cohort, learners, clock)
    before = {show: _names(_board(engine, cohort, clock, show=show)) for show in Show}
    by_week = _names(_board(engine, cohort, clock, sort=Sort.WEEK))
    with engine.database.transaction():
        for person in learners.values():
            stored_runs.count({runs.current(engine, person).id: (0, None)})
    boards.recount_once(engine, clock())

    assert {show: _names(_board(engine, cohort, clock, show=show)) for show in Show} == before
    assert _names(_board(engine, cohort, clock, sort=Sort.WEEK)) == by_week


def test_by_week_those_who_have_done_least_come_first(
    engine: Engine, ben: Person, cohort: Cohort, learners: dict[str, Person], clock: Clock
) -> None:
    _live(engine, ben, cohort, learners, clock)
    found = [row.weeks_done for row in _board(engine, cohort, clock, sort=Sort.WEEK).rows]

    assert found == sorted(found)
    assert found[0] < found[-1]


def test_another_calendar_is_known_to_the_board_at_once(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    run = cohorts.add_member(engine, cohort, ada, clock())
    do(engine, ada, run, clock(), *WEEK_1)
    clock.move(days=8)
    assert _names(_board(engine, cohort, clock, show=Show.WAITING)) == []
    do(engine, ada, run, clock(), *WEEK_2)
    assert _names(_board(engine, cohort, clock, show=Show.WAITING)) == ["Ada"]
    later = calendars.later(cohorts.sessions(cohort), 3, ZONE)
    calendars.reschedule(engine, cohort, later, ben, clock())
    clock.move(days=8)
    assert _names(_board(engine, cohort, clock, show=Show.WAITING)) == ["Ada"]
    cohorts.end(engine, cohort, ben, clock())
    assert _names(_board(engine, cohort, clock, show=Show.WAITING)) == []


def test_the_strip_names_at_most_five_people_each_once_and_facts_only(
    engine: Engine, ben: Person, cohort: Cohort, learners: dict[str, Person], clock: Clock
) -> None:
    _live(engine, ben, cohort, learners, clock)
    found = {word.name: word.fact for word in _board(engine, cohort, clock).words}
    assert found == {"Émile": "contact", "amira": "returning", "gil@example.org": "not-started"}
    clock.move(days=11)
    later = _board(engine, cohort, clock).words
    assert len(later) == 5
    assert len({word.person for word in later}) == 5
    assert later[0].fact == "contact"
    cohorts.end(engine, cohort, ben, clock())
    ended = cohorts.led(ben, cohort.id)
    assert [word.fact for word in _board(engine, ended, clock).words] == ["contact"]


def test_whoever_was_asked_in_has_a_week_to_come_or_until_the_first_session_is_over(
    engine: Engine, ada: Person, ben: Person, cleo: Person, clock: Clock
) -> None:
    for days, seen in ((60, [False, True]), (3, [True, True])):
        first = clock() + timedelta(days=days)
        cohort = cohorts.add(engine, ben, BREAD, f"In {days}", first, ZONE, 90, clock())
        cohorts.add_member(engine, cohort, ada, clock(), started=False)
        assert not _board(engine, cohort, clock).words
        found = []
        for _wait in seen:
            clock.move(days=4)
            found.append(bool(_board(engine, cohort, clock).words))
        assert found == seen
        cohorts.add_member(engine, cohort, cleo, clock(), started=False)
        assert [word.person for word in _board(engine, cohort, clock).words] == [ada.id]


def test_someone_who_came_to_the_session_is_not_quiet(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    cohorts.add_member(engine, cohort, ada, clock())
    clock.move(days=14, hours=3)
    assert _names(_board(engine, cohort, clock, show=Show.QUIET)) == ["Ada"]
    attendance.attend(engine, cohort, 3, ada.id, Present.PRESENT, ben, clock())

    assert _names(_board(engine, cohort, clock, show=Show.QUIET)) == []
    assert str(_board(engine, cohort, clock).rows[0].last_here) == "2026-03-16"


def test_the_board_asks_few_questions_whatever_the_size(
    engine: Engine, ben: Person, cohort: Cohort, learners: dict[str, Person], clock: Clock
) -> None:
    few = _questions(engine, cohort, clock)
    for number in range(55):
        person = people.add(engine, f"Learner {number}", f"l-{number}@example.org", PASSWORD, clock())
        cohorts.add_member(engine, cohort, person, clock())
    many = _questions(engine, cohort, clock)

    assert max(few + many) <= 8


def test_more_than_fifty_people_are_turned_over_page_by_page(
    engine: Engine, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    for number in range(53):
        person = people.add(engine, f"L {number:02}", f"l-{number}@example.org", PASSWORD, clock())
        cohorts.add_member(engine, cohort, person, clock())
    first, second, beyond = (_board(engine, cohort, clock, page=page) for page in (1, 2, 99))

    assert (len(first.rows), len(second.rows), first.pages) == (50, 3, 2)
    assert _names(beyond) == _names(second) == ["L 50", "L 51", "L 52"]


def test_the_made_up_group_of_the_demonstration_fills_its_board(
    engine: Engine, self_compassion: str, clock: Clock
) -> None:
    demo.seed(engine, clock())
    led = cohorts.led_by(people.get(demo.FACILITATOR), clock())[0]
    found = boards.board(engine, led.cohort, Wanted(), "en", clock())

    assert len(found.rows) == 12
    assert {word.fact for word in found.words} == {"contact", "not-started", "quiet"}
    assert len({row.status for row in found.rows}) == 4
    assert sum(row.last_here is not None for row in found.rows) == 11


def _live(engine: Engine, ben: Person, cohort: Cohort, learners: dict[str, Person], clock: Clock) -> None:
    """Each of them in another place of the course, and Gil, who was invited only."""
    gil = people.add(engine, "Gil", "gil@example.org", PASSWORD, clock(), zone=ZONE)
    cohorts.add_member(engine, cohort, gil, clock(), started=False)
    learners["Gil"] = gil
    run = {name: runs.current(engine, person) for name, person in learners.items()}
    for name in ("Émile", "amira", "Żaneta", "Ben-Ami"):
        do(engine, learners[name], run[name], clock(), *WEEK_1)
    contacts.ask(engine, learners["Émile"], cohort, "Could we talk?", clock())
    clock.move(days=7)
    do(engine, learners["Żaneta"], run["Żaneta"], clock(), *WEEK_2)
    do(engine, learners["Ben-Ami"], run["Ben-Ami"], clock(), *WEEK_2)
    early = Override(OverrideKind.OPEN_EARLY, clock(), "week-3")
    overrides.add(engine, run["Ben-Ami"], early, ben, "", clock())
    do(engine, learners["Ben-Ami"], run["Ben-Ami"], clock(), *WEEK_3)
    ola = learners["100% Ola"]
    do(engine, ola, run["100% Ola"], clock(), *WEEK_1)
    do(engine, ola, run["100% Ola"], clock(), *WEEK_2)
    for_a_while = Override(OverrideKind.HOLD, clock(), end=clock() + timedelta(days=4))
    overrides.add(engine, run["100% Ola"], for_a_while, ben, "", clock())
    hold = Override(OverrideKind.HOLD, clock(), end=clock() + timedelta(days=2), by=By.LEARNER)
    overrides.add(engine, run["amira"], hold, learners["amira"], "", clock())
    with engine.database.transaction():
        for name, person in learners.items():
            if name != "Gil":
                stored_runs.seen(runs.current(engine, person).id, clock())


def _belongs(show: Show, row: Row, clock: Clock) -> bool:
    long_ago = row.last_here is None or clock().date() - row.last_here > timedelta(days=10)
    return {
        Show.EVERYONE: True,
        Show.CONTACT: row.asked_at is not None,
        Show.QUIET: row.status is Status.ACTIVE and long_ago,
        Show.WAITING: row.waiting,
        Show.NOT_STARTED: row.status is Status.NOT_STARTED,
        Show.ON_HOLD: row.status is Status.ON_HOLD,
        Show.FINISHED: all(state is State.DONE for state in row.weeks),
    }[show]


def _questions(engine: Engine, cohort: Cohort, clock: Clock) -> list[int]:
    counts = []
    for wanted in (Wanted(), Wanted(Show.ON_HOLD, Sort.WEEK), Wanted(find="l", page=2)):
        with engine.database.count_queries() as asked:
            boards.board(engine, cohort, wanted, "en", clock())
        counts.append(asked.count)
    return counts


def test_a_request_that_was_answered_leaves_the_board(
    engine: Engine, ada: Person, cohort: Cohort, clock: Clock
) -> None:
    cohorts.add_member(engine, cohort, ada, clock())
    asked = contacts.ask(engine, ada, cohort, "Could we talk?", clock())
    assert _names(_board(engine, cohort, clock, show=Show.CONTACT)) == ["Ada"]
    with engine.database.transaction():
        stored_contacts.set_state(asked.id, RequestState.CONTACTED, clock())

    assert _names(_board(engine, cohort, clock, show=Show.CONTACT)) == []
    assert _board(engine, cohort, clock).words == []
