"""An evening of Ben's group: the plan at hand, everybody noted in a minute, and Ada notes it herself."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from course_engine.domain.cohorts import Cohort, Present
from course_engine.domain.pace import By, Override, OverrideKind
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.domain.standing import State
from course_engine.engine import Engine
from course_engine.services import attendance, cohorts, members, overrides, people, runs
from course_engine.storage import cohorts as stored
from tests.cast import BREAD, PASSWORD, ZONE, Browser, Clock, add_person

As = Callable[[Person], Browser]
EVENING = datetime(2026, 3, 10, 18, 30, tzinfo=UTC)


@pytest.fixture
def cohort(engine: Engine, ben: Person, clock: Clock) -> Cohort:
    return cohorts.add(engine, ben, BREAD, "Tuesdays", EVENING, ZONE, 90, clock())


@pytest.fixture
def run(engine: Engine, ada: Person, cohort: Cohort, clock: Clock) -> Run:
    return cohorts.add_member(engine, cohort, ada, clock())


def _code(cohort: Cohort) -> str:
    code = stored.sessions(cohort.id)[0].code
    assert code
    return code


def test_the_sheet_waits_until_half_an_hour_before_the_session(
    ben: Person, ada: Person, run: Run, cohort: Cohort, as_: As, clock: Clock
) -> None:
    browser, path = as_(ben), f"/cohorts/{cohort.id}/attendance"
    early = browser.get(path).text
    assert "still to come" in early
    assert "18:00" in early
    assert browser.fill(path, session=1, **{f"present-{ada.id}": "present"}).status_code == 422

    clock.now = EVENING - timedelta(minutes=30)
    assert "Ada" in browser.get(path).text


def test_ben_notes_everybody_and_this_settles_the_lessons_of_the_week(
    engine: Engine, ben: Person, ada: Person, run: Run, cohort: Cohort, as_: As, clock: Clock
) -> None:
    clock.now = EVENING + timedelta(minutes=5)
    browser, path = as_(ben), f"/cohorts/{cohort.id}/attendance"
    browser.fill(path, session=1, **{f"present-{ada.id}": "online"})

    assert stored.attendance_of(cohort.id) == {(ada.id, 1): Present.ONLINE}
    lesson = runs.position(engine, ada, run, clock()).access.steps["what-lives"]
    assert lesson.state is State.DONE
    assert "1 was there" in browser.get(f"/cohorts/{cohort.id}/sessions").text


def test_the_next_session_is_on_top_and_those_that_are_over_come_after(
    ben: Person, cohort: Cohort, as_: As, clock: Clock
) -> None:
    clock.now = EVENING + timedelta(days=1)
    page = as_(ben).get(f"/cohorts/{cohort.id}/sessions").text.partition("</nav>")[2]

    assert [int(n) for n in re.findall(r"<h2><a [^>]+>Session (\d)</a>", page)] == [2, 3, 1]
    first, _, rest = page.partition("</li>\n<li")
    assert "<span>Next</span>" in first
    assert "<span>Next</span>" not in rest
    assert "1 session that is over" in page


def test_a_row_sent_alone_leaves_the_others_as_they_are(
    engine: Engine, ben: Person, ada: Person, run: Run, cohort: Cohort, as_: As, clock: Clock
) -> None:
    cleo = add_person(engine, "Cleo", clock())
    cohorts.add_member(engine, cohort, cleo, clock())
    clock.now = EVENING
    browser, path = as_(ben), f"/cohorts/{cohort.id}/attendance"
    browser.fill(path, session=1, **{f"present-{ada.id}": "present"})
    answer = browser.post(
        path,
        data={"csrf_token": browser.token, "session": 1, f"present-{cleo.id}": "excused"},
        headers={"Accept": "application/json"},
    )
    assert answer.json == {"kept": 1}
    assert stored.attendance_of(cohort.id) == {
        (ada.id, 1): Present.PRESENT, (cleo.id, 1): Present.EXCUSED
    }  # fmt: skip


def test_ben_notes_everybody_else_as_here_in_one_tap(
    engine: Engine, ben: Person, ada: Person, run: Run, cohort: Cohort, as_: As, clock: Clock
) -> None:
    cleo = add_person(engine, "Cleo", clock())
    ema = people.add(engine, "Ema", "ema@example.org", PASSWORD, clock(), zone=ZONE)
    for one in (cleo, ema):
        cohorts.add_member(engine, cohort, one, clock())
    clock.now = EVENING
    browser, path = as_(ben), f"/cohorts/{cohort.id}/attendance"
    assert "Note everybody as here" in browser.get(path).text
    browser.fill(path, session=1, **{f"present-{ada.id}": "excused"})
    page = browser.get(path).text
    assert "1 of 3 noted" in page
    assert "Note the others as here" in page

    browser.fill(path, session=1, others="present", **{f"present-{cleo.id}": "online"})
    noted = stored.attendance_of(cohort.id)
    assert noted == {
        (ada.id, 1): Present.EXCUSED, (cleo.id, 1): Present.ONLINE, (ema.id, 1): Present.PRESENT
    }  # fmt: skip
    page = browser.get(path).text
    assert "3 of 3 noted" in page
    assert "as here</span>" not in page


def test_noting_the_others_leaves_out_whom_nobody_expects(
    engine: Engine, ben: Person, cleo: Person, run: Run, cohort: Cohort, ada: Person, as_: As, clock: Clock
) -> None:
    away = cohorts.add_member(engine, cohort, cleo, clock())
    hold = Override(OverrideKind.HOLD, start=clock(), by=By.FACILITATOR)
    overrides.add(engine, away, hold, ben, "", clock())
    clock.now = EVENING
    as_(ben).fill(f"/cohorts/{cohort.id}/attendance", session=1, others="present")

    assert stored.attendance_of(cohort.id) == {(ada.id, 1): Present.PRESENT}


def test_ben_reads_who_is_noted_with_the_others_and_who_is_left_out(
    engine: Engine, ben: Person, cleo: Person, run: Run, cohort: Cohort, as_: As, clock: Clock
) -> None:
    away = cohorts.add_member(engine, cohort, cleo, clock())
    hold = Override(OverrideKind.HOLD, start=clock(), by=By.FACILITATOR)
    overrides.add(engine, away, hold, ben, "", clock())
    for number in range(1, 8):
        person = people.add(engine, f"Bea {number}", f"b{number}@example.org", PASSWORD, clock(), zone=ZONE)
        cohorts.add_member(engine, cohort, person, clock())
    clock.now = EVENING
    browser, path = as_(ben), f"/cohorts/{cohort.id}/attendance"
    page = browser.get(path).text
    assert ">Ada, Bea 1, Bea 2, Bea 3, Bea 4, Bea 5 and 2 more</span>" in page
    assert "so you note them one by one: Cleo." in page
    assert "Note everybody" not in page

    browser.fill(path, session=1, others="present")
    page = browser.get(path).text
    assert "Kept for 8 people: Ada, Bea 1, Bea 2, Bea 3, Bea 4, Bea 5 and 2 more." in page
    assert 'name="others"' not in page, "nobody is left whom the button would note"


def test_nothing_is_kept_of_a_sheet_that_cannot_be(
    ben: Person, ada: Person, run: Run, cohort: Cohort, as_: As, clock: Clock
) -> None:
    clock.now = EVENING
    answer = as_(ben).fill(f"/cohorts/{cohort.id}/attendance", session=1, **{f"present-{ada.id}": "perhaps"})
    assert answer.status_code == 422
    assert stored.attendance_of(cohort.id) == {}


def test_who_left_since_the_sheet_was_shown_is_named_and_keeps_nobody_else_back(
    engine: Engine, ben: Person, ada: Person, cleo: Person, run: Run, cohort: Cohort, as_: As, clock: Clock
) -> None:
    cohorts.add_member(engine, cohort, cleo, clock())
    eve = people.add(engine, "Evelyn", "eve@example.org", PASSWORD, clock(), zone=ZONE)
    cohorts.add_member(engine, cohort, eve, clock(), started=False)
    clock.now = EVENING
    for gone in (cleo, eve):
        members.remove(engine, cohort, gone.id, ben, clock())
    browser, path = as_(ben), f"/cohorts/{cohort.id}/attendance"
    answer = browser.fill(path, session=1, **{f"present-{one.id}": "present" for one in (ada, cleo, eve)})

    assert answer.status_code == 303
    assert stored.attendance_of(cohort.id) == {(ada.id, 1): Present.PRESENT}
    page = browser.get(path).text
    assert "Kept for 1 person: Ada." in page
    assert "nothing was kept for them: somebody who was invited, Cleo." in page
    assert "Evelyn" not in page, "she had not agreed to be here"
    row = {"csrf_token": browser.token, "session": 1, f"present-{cleo.id}": "present"}
    assert browser.post(path, data=row, headers={"Accept": "application/json"}).status_code == 409


def test_ada_notes_herself_with_the_code_while_the_session_is_on(
    engine: Engine, ben: Person, ada: Person, run: Run, cohort: Cohort, as_: As, clock: Clock
) -> None:
    browser = as_(ada)
    as_(ben).fill(f"/cohorts/{cohort.id}/sessions/1/code")
    code = _code(cohort)
    assert "Your group meets now" not in browser.get("/today").text
    browser.fill("/present", code=code)
    assert stored.attendance_of(cohort.id) == {}

    clock.now = EVENING + timedelta(minutes=10)
    assert "Your group meets now" in browser.get("/today").text
    browser.fill("/present", code="0000")
    assert "not the code of this session" in browser.get("/today").text
    browser.fill("/present", code=code.lower(), online="yes")
    assert stored.attendance_of(cohort.id) == {(ada.id, 1): Present.ONLINE}


def test_guessing_the_code_comes_to_a_stop(
    engine: Engine, ben: Person, ada: Person, run: Run, cohort: Cohort, as_: As, clock: Clock
) -> None:
    as_(ben).fill(f"/cohorts/{cohort.id}/sessions/1/code")
    clock.now = EVENING
    browser = as_(ada)
    for _guess in range(10):
        browser.fill("/present", code="0000")
    browser.fill("/present", code=_code(cohort))
    assert "Wait 15 minutes" in browser.get("/today").text
    assert stored.attendance_of(cohort.id) == {}


def test_the_plan_stands_on_the_real_clock_and_takes_the_form_that_fits(
    engine: Engine, ben: Person, self_compassion: str, as_: As, clock: Clock
) -> None:
    short = cohorts.add(engine, ben, self_compassion, "Short evenings", EVENING, ZONE, 90, clock())
    browser, path = as_(ben), f"/cohorts/{short.id}/sessions/1"
    fitting = browser.get(path).text
    assert "18:30" in fitting
    assert 'form=shorter" aria-current="true"' in fitting
    assert "has 90" in browser.get(f"{path}?form=full").text
    led = browser.get(f"{path}/lead").text
    assert "Leading session 1" in led
    assert f'data-begins="{EVENING.isoformat()}"' in led


def test_thirty_people_are_noted_with_few_queries(
    engine: Engine, ben: Person, cohort: Cohort, as_: As, clock: Clock
) -> None:
    clock.now = EVENING
    browser = as_(ben)
    with engine.database.count_queries() as few:
        browser.get(f"/cohorts/{cohort.id}/attendance")
    for number in range(30):
        person = people.add(engine, f"Person {number}", f"p{number}@example.org", PASSWORD, clock())
        cohorts.add_member(engine, cohort, person, clock())
    with engine.database.count_queries() as many:
        page = browser.get(f"/cohorts/{cohort.id}/attendance").text
    assert many.count == few.count
    assert page.count("<fieldset") == 30
    assert len(attendance.sheet(cohort, 1)) == 30


def test_a_large_group_is_noted_page_by_page(
    engine: Engine, ben: Person, cohort: Cohort, as_: As, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("course_engine.web.cohorts.evening.ROWS", 2)
    inside = [
        people.add(engine, name, f"{name.lower()}@example.org", PASSWORD, clock(), zone=ZONE)
        for name in ("Amalia", "Bogdan", "Cyprian")
    ]
    for person in inside:
        cohorts.add_member(engine, cohort, person, clock())
    clock.now = EVENING
    browser, path = as_(ben), f"/cohorts/{cohort.id}/attendance"
    shown = {page: browser.get(f"{path}?session=1&page={page}").text for page in ("1", "2", "99", "x")}
    assert ("Amalia" in shown["1"], "Cyprian" in shown["1"], "Page 2 of 2" in shown["1"]) == (
        True,
        False,
        True,
    )
    assert ("Amalia" in shown["2"], "Cyprian" in shown["2"], "Cyprian" in shown["99"]) == (False, True, True)
    assert "Amalia" in shown["x"]

    sent = browser.fill(path, session=1, page=2, **{f"present-{inside[2].id}": "present"})
    assert sent.location == f"{path}?session=1&page=2"
    assert stored.attendance_of(cohort.id) == {(inside[2].id, 1): Present.PRESENT}


def test_a_sheet_from_before_leaves_what_somebody_else_has_noted_since(
    engine: Engine, ben: Person, ada: Person, cleo: Person, run: Run, cohort: Cohort, as_: As, clock: Clock
) -> None:
    cohorts.add_member(engine, cohort, cleo, clock())
    clock.now = EVENING
    browser, path = as_(ben), f"/cohorts/{cohort.id}/attendance"
    browser.fill(path, session=1, **{f"present-{ada.id}": "present"})
    found = re.search(r'name="shown" value="([^"]*)"', browser.get(path).text)
    assert found
    browser.fill(path, session=1, **{f"present-{ada.id}": "excused"})

    old = {f"present-{ada.id}": "present", f"present-{cleo.id}": "online"}
    browser.fill(path, session=1, shown=found[1], **old)
    assert stored.attendance_of(cohort.id) == {(ada.id, 1): Present.EXCUSED, (cleo.id, 1): Present.ONLINE}


def test_nobody_is_noted_at_a_session_that_is_cancelled(
    engine: Engine, ben: Person, run: Run, cohort: Cohort, as_: As, clock: Clock
) -> None:
    first, *others = stored.sessions(cohort.id)
    stored.set_sessions(cohort.id, [replace(first, cancelled=True), *others])
    browser, path = as_(ben), f"/cohorts/{cohort.id}"
    for moment in (EVENING - timedelta(days=1), EVENING + timedelta(hours=1)):
        clock.now = moment
        page = browser.get(f"{path}/attendance?session=1").text
        assert "This session is cancelled." in page
        assert "still to come" not in page
        assert "Keep the attendance" not in page
    assert f"{path}/attendance?session=1" not in browser.get(f"{path}/sessions/1").text
