"""What Ben reads of people who have not agreed yet or come from another group, and what he sends twice."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from course_engine.domain.changes import Change, Deed
from course_engine.domain.cohorts import Cohort, Present
from course_engine.domain.pace import PaceKind
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.domain.roles import Role
from course_engine.engine import Engine
from course_engine.services import (
    attendance,
    boards,
    calendars,
    changes,
    cohorts,
    invitations,
    joining,
    members,
    people,
    roster_files,
    rosters,
    runs,
)
from course_engine.services.boards import Sort, Wanted
from tests.cast import BREAD, PASSWORD, ZONE, Browser, Clock

As = Callable[[Person], Browser]


@pytest.fixture
def cohort(engine: Engine, ben: Person, clock: Clock) -> Cohort:
    return cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())


@pytest.fixture
def run(engine: Engine, ada: Person, cohort: Cohort, clock: Clock) -> Run:
    return cohorts.add_member(engine, cohort, ada, clock())


def _press(browser: Browser, address: str) -> str:
    """The random word in the form that stands on a page."""
    found = re.search(r'name="press" value="([^"]+)"', browser.get(address).text)
    assert found is not None
    return found[1]


def test_nobody_reads_the_name_of_an_account_before_she_has_begun(
    engine: Engine, ada: Person, cleo: Person, ben: Person, cohort: Cohort, run: Run, as_: As, clock: Clock
) -> None:
    people.change_name(engine, cleo, "Aaa Secretname")
    people.change_language(engine, cleo, "es")
    hers = cohorts.add_member(engine, cohort, cleo, clock(), started=False)
    people.change_name(engine, cleo, "Aab Secretname")
    browser, root = as_(ben), f"/cohorts/{cohort.id}"
    for page in (
        "", "/board.csv", "/people", "/people.csv", "/attendance?session=1", "/messages",
        f"/people/{cleo.id}", f"/change?what=hold&who={cleo.id}",
    ):  # fmt: skip
        answer = browser.get(root + page)
        assert answer.status_code == 200, page
        assert "Secretname" not in answer.text, page
    assert "Secretname" not in browser.get(f"/api/v1{root}/board").text
    assert f"{cleo.id},,cleo@example.org,," in browser.get(f"{root}/people.csv").text
    assert boards.board(engine, cohort, Wanted(find="secret"), "en", clock()).total == 0
    by_name = boards.board(engine, cohort, Wanted(sort=Sort.NAME), "en", clock()).rows
    assert [row.name for row in by_name] == ["Ada", "cleo@example.org"]

    joining.begin(engine, cleo, runs.own(engine, cleo, hers.id), clock())
    assert boards.board(engine, cohort, Wanted(find="secret"), "en", clock()).total == 1
    assert "Aab Secretname" in browser.get(root).text


def test_a_table_does_not_tell_who_has_an_account(ben: Person, cleo: Person, cohort: Cohort, as_: As) -> None:
    browser = as_(ben)
    pages = []
    for who in ("cleo", "nobody"):
        rows = roster_files.read(f"name,email\r\nX,{who}@example.org\r\n".encode())
        (planned,) = rosters.plan(cohort, rows, "1").changes
        pages.append(planned.name)
    assert pages == ["X", "X"]
    made = browser.fill(f"/cohorts/{cohort.id}/people/invite", addresses="cleo@example.org", act="send")
    assert "account" not in made.text.partition("<main")[2].partition("</main")[0]


def test_what_was_noted_in_one_group_is_not_read_in_the_next(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, run: Run, as_: As, clock: Clock
) -> None:
    clock.move(days=1)
    stay = Change(Deed.STAY, clock(), "week-1", note="Take your time.")
    changes.make(engine, cohort, [ada.id], stay, ben, "a hard Tuesday", clock())
    assert "a hard Tuesday" in as_(ben).get(f"/cohorts/{cohort.id}/people/{ada.id}").text
    members.own_pace(engine, cohort, ada.id, PaceKind.FREE, ben, clock())
    roles = frozenset({Role.FACILITATOR})
    ema = people.add(engine, "Ema", "ema@example.org", PASSWORD, clock(), roles, zone=ZONE)
    other = cohorts.add(engine, ema, BREAD, "Fridays", clock() + timedelta(days=4), ZONE, 90, clock())
    code = invitations.make(engine, other, Role.LEARNER, ema, clock()).code
    clock.move(hours=1)
    joining.join(engine, ada, code, clock(), bring=runs.own(engine, ada, run.id))

    page = as_(ema).get(f"/cohorts/{other.id}/people/{ada.id}").text
    for words in ("a hard Tuesday", "Take your time.", ", Ben"):
        assert words not in page


def test_a_form_sent_twice_is_done_once(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, run: Run, as_: As, clock: Clock
) -> None:
    clock.move(days=1)
    browser, root = as_(ben), f"/cohorts/{cohort.id}"
    press = _press(browser, f"{root}/people")
    for _time in range(2):
        assert browser.fill(f"{root}/people/paper", name="Olga", agreed="yes", press=press).status_code == 303
    assert [one.name for one in members.of(cohort)] == ["Ada", "Olga"]
    press = _press(browser, f"{root}/change?what=stay&who={ada.id}&week=1")
    sent = {"what": "stay", "who": ada.id, "week": "1", "seen": "stay|1||", "act": "keep", "press": press}
    first, second = (browser.fill(f"{root}/change", **sent).location for _time in range(2))

    assert first == second
    at = runs.position(engine, ada, runs.own(engine, ada, run.id), clock())
    assert len(at.overrides) == 1


def test_who_was_at_a_session_that_is_cancelled_now_is_not_counted(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, run: Run, clock: Clock
) -> None:
    clock.move(hours=1)
    attendance.attend(engine, cohort, 1, ada.id, Present.PRESENT, ben, clock())
    off = [replace(one, cancelled=True) for one in cohorts.sessions(cohort)]
    calendars.reschedule(engine, cohort, off, ben, clock())

    board = boards.board(engine, cohort, Wanted(), "en", clock())
    assert (board.rows[0].attended, board.meetings) == (0, 0)


def test_a_name_with_a_wide_sign_is_no_formula_in_the_file_of_the_board(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, run: Run, as_: As
) -> None:
    people.change_name(engine, ada, "\uff1dAda")
    assert "\n'\uff1dAda," in as_(ben).get(f"/cohorts/{cohort.id}/board.csv").text
