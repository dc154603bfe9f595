"""Ben at his board: what he sees and changes, what he never sees, and what Ada reads of it."""

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from course_engine.domain.cohorts import Cohort
from course_engine.domain.pace import By, Override, OverrideKind
from course_engine.domain.people import Person
from course_engine.domain.progress import How, Run
from course_engine.engine import Engine
from course_engine.services import boards, cohorts, contacts, members, overrides, people, runs, writings
from course_engine.services.boards import Show, Sort, Wanted
from tests.cast import BREAD, PASSWORD, ZONE, Browser, Clock, do
from tests.web.doors import WEEK_1

As = Callable[[Person], Browser]
SECRET = "the-heron-is-mine"


@pytest.fixture
def cohort(engine: Engine, ben: Person, clock: Clock) -> Cohort:
    """Mondays at half past six, from tonight on."""
    return cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())


@pytest.fixture
def run(engine: Engine, ada: Person, cohort: Cohort, clock: Clock) -> Run:
    """Ada's way in Ben's group."""
    return cohorts.add_member(engine, cohort, ada, clock())


def _kept(browser: Browser, cohort: Cohort, **fields: object) -> str:
    """Keep a change as it was previewed; gives its batch."""
    seen = "|".join(
        [str(fields[name]) if name in fields else "" for name in ("what", "week", "from", "until")]
    )
    steps = fields.get("steps", [])
    seen = "|".join([seen, *sorted(steps)]) if steps else seen  # type: ignore[call-overload]
    answer = browser.fill(f"/cohorts/{cohort.id}/change", act="keep", seen=seen, **fields)
    assert answer.status_code == 303, answer.text
    return str(answer.location).rpartition("=")[2]


def test_who_leads_one_group_begins_at_its_board_and_others_at_the_list(
    engine: Engine, ben: Person, cohort: Cohort, as_: As, clock: Clock
) -> None:
    browser = as_(ben)
    assert browser.get("/", follow_redirects=True).request.path == f"/cohorts/{cohort.id}"
    cohorts.add(engine, ben, BREAD, "Fridays", clock() + timedelta(days=4), ZONE, 90, clock())
    assert browser.get("/", follow_redirects=True).request.path == "/cohorts"

    clock.move(days=16)
    fridays = next(one.cohort for one in cohorts.led_by(ben, clock()) if one.cohort.name == "Fridays")
    later = as_(ben).get("/", follow_redirects=True)
    assert later.request.path == f"/cohorts/{fridays.id}", "Mondays have had their last session"


def test_a_group_without_people_says_how_to_bring_them_in(ben: Person, cohort: Cohort, as_: As) -> None:
    page = as_(ben).get(f"/cohorts/{cohort.id}").text

    assert "Nobody is in this group yet" in page
    assert "Tonight, 18:30 to 20:00, Lisbon time" in page
    assert "Everyone has what they need for now." not in page


def test_the_same_numbers_stand_on_the_page_in_the_file_and_in_the_api(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, run: Run, as_: As, clock: Clock
) -> None:
    do(engine, ada, run, clock(), *WEEK_1[:2])
    kim = people.add(engine, "Kim", "kim@example.org", PASSWORD, clock(), zone=ZONE)
    cohorts.add_member(engine, cohort, kim, clock(), started=False)
    browser = as_(ben)
    page = browser.get(f"/cohorts/{cohort.id}").text
    table = browser.get(f"/cohorts/{cohort.id}/board.csv")
    told = browser.get(f"/api/v1/cohorts/{cohort.id}/board").get_json()
    rows = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))))

    assert [row["Name"] for row in rows] == ["Ada", "kim@example.org"]
    assert [row["State"] for row in rows] == ["On their way", "Not started"]
    ours = boards.board(engine, cohort, Wanted(), "en", clock()).rows
    for shown, row, one in zip(ours, rows, told["rows"], strict=True):
        assert str(shown.done) == row["Done in it"] == str(one["done"])
        assert str(shown.asked) == row["Asked in it"] == str(one["asked"])
        assert str(shown.attended) == row["Sessions attended"] == str(one["attended"])
        assert [state.value for state in shown.weeks] == [week["state"] for week in one["weeks"]]
        if shown.here:
            assert f"{shown.done} of {shown.asked}" in page
    assert told["total"] == 2
    assert browser.get("/api/v1/cohorts").get_json()["cohorts"][0]["people"] == 2


def test_filters_orders_and_names_are_in_the_address_and_odd_ones_are_passed_over(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, run: Run, as_: As
) -> None:
    browser = as_(ben)
    for query in ("?show=nonsense", "?sort=how", "?page=x", "?page=0", "?page=99999999999", "?find=%25"):
        assert browser.get(f"/cohorts/{cohort.id}{query}").status_code == 200, query
    for show in Show:
        for sort in Sort:
            page = browser.get(f"/cohorts/{cohort.id}?show={show.value}&sort={sort.value}")
            assert page.status_code == 200
            assert ("Ada</a>" in page.text) is (show is Show.EVERYONE), show
    assert 'aria-sort="descending"' in browser.get(f"/cohorts/{cohort.id}?sort=-seen").text
    assert browser.get(f"/api/v1/cohorts/{cohort.id}/board?sort=how").status_code == 422


def test_everybody_in_the_view_is_chosen_in_a_second_step(
    engine: Engine, ben: Person, cohort: Cohort, as_: As, clock: Clock
) -> None:
    for number in range(52):
        person = people.add(engine, f"L {number}", f"l-{number}@example.org", PASSWORD, clock(), zone=ZONE)
        cohorts.add_member(engine, cohort, person, clock())
    browser = as_(ben)
    page = browser.get(f"/cohorts/{cohort.id}?ticked=all").text
    assert page.count(" checked") == 50
    assert "Choose all 52 in this view" in page
    assert browser.get(f"/cohorts/{cohort.id}").text.count(" checked") == 0
    preview = browser.get(f"/cohorts/{cohort.id}/change?what=hold&all=yes").text
    assert "For 52 people" in preview
    assert "The course is on hold for 52 people" in preview
    batch = _kept(browser, cohort, what="hold", all="yes", reason="a break")
    assert "Put on hold for 52 people." in browser.get(f"/cohorts/{cohort.id}?changed={batch}").text
    assert len(boards.people(engine, cohort, Wanted(Show.ON_HOLD), clock())) == 52


def test_for_many_people_what_comes_of_it_is_looked_at_when_ben_asks(
    engine: Engine, ada: Person, cleo: Person, ben: Person, cohort: Cohort, run: Run, as_: As, clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("course_engine.web.cohorts.changing.AT_A_GLANCE", 1)
    cohorts.add_member(engine, cohort, cleo, clock())
    browser, address = as_(ben), f"/cohorts/{cohort.id}/change"
    first = browser.get(f"{address}?what=hold&all=yes").text
    assert "For 2 people" in first
    assert "See what comes of it" in first
    assert 'value="keep"' not in first

    seen = browser.fill(address, what="hold", all="yes", act="preview").text
    assert "The course is on hold for 2 people" in seen
    assert 'value="keep"' in seen


def test_nothing_is_kept_before_it_was_seen(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, run: Run, as_: As, clock: Clock
) -> None:
    browser = as_(ben)
    address = f"/cohorts/{cohort.id}/change"
    preview = browser.get(f"{address}?what=open&who={ada.id}&week=2").text
    assert "Week 2 opens now for 1 person." in preview
    other = browser.fill(address, what="open", who=ada.id, week="3", act="keep", seen="open|2||")
    assert other.status_code == 200
    assert "Week 3 opens now for 1 person." in other.text
    access = runs.position(engine, ada, run, clock()).access
    assert not any(access.weeks[week].readable for week in ("week-2", "week-3"))
    _kept(browser, cohort, what="open", who=ada.id, week="3")

    assert runs.position(engine, ada, run, clock()).access.weeks["week-3"].readable


def test_one_press_takes_a_change_back_for_ten_minutes_on_the_board_and_later_on_her_page(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, run: Run, as_: As, clock: Clock
) -> None:
    browser = as_(ben)
    batch = _kept(browser, cohort, what="open", who=ada.id, week="2", reason="she asked", note="Look in.")
    page = browser.get(f"/cohorts/{cohort.id}?changed={batch}").text
    assert "Week 2: opened early for 1 person." in page
    assert 'action="/cohorts/' + cohort.id + '/undo"' in page
    clock.move(minutes=11)
    assert "opened early" not in browser.get(f"/cohorts/{cohort.id}?changed={batch}").text
    hers = browser.get(f"/cohorts/{cohort.id}/people/{ada.id}").text
    for words in ("Week 2 opened early", "Ben", "she asked", "Look in.", f'value="{batch}"'):
        assert words in hers
    answer = browser.fill(f"/cohorts/{cohort.id}/undo", batch=batch, person=ada.id)
    assert answer.location == f"/cohorts/{cohort.id}/people/{ada.id}"
    assert "Nothing was changed." in browser.get(answer.location).text
    assert not runs.position(engine, ada, run, clock()).access.weeks["week-2"].readable
    assert browser.fill(f"/cohorts/{cohort.id}/undo", batch=batch).status_code == 404


def test_those_for_whom_nothing_changes_are_named(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, run: Run, as_: As, clock: Clock
) -> None:
    kim = people.add(engine, "Kim", "kim@example.org", PASSWORD, clock(), zone=ZONE)
    cohorts.add_member(engine, cohort, kim, clock(), started=False)
    browser = as_(ben)
    batch = _kept(browser, cohort, what="hold", who=[ada.id, kim.id], until="2026-03-10")
    page = browser.get(f"/cohorts/{cohort.id}?changed={batch}").text

    assert "These stay as they are: kim@example.org." in page
    assert "Put on hold for 1 person." in page
    assert "Back on 10 March" in page


def test_faulty_days_and_fields_are_named_and_nothing_is_written(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, run: Run, as_: As, clock: Clock
) -> None:
    browser = as_(ben)
    address = f"/cohorts/{cohort.id}/change"
    before = runs.position(engine, ada, run, clock())
    for field, value in (("from", "2020-01-01"), ("until", "2020-01-01"), ("from", "soon"), ("week", "99")):
        page = browser.fill(address, what="hold", who=ada.id, **{field: value})
        assert f'href="#{field}"' in page.text, (field, value)
    assert browser.fill(address, what="hold", who=ada.id, surprise="yes").status_code == 422
    assert "Nobody is ticked" in browser.get(f"{address}?what=open").text
    assert runs.position(engine, ada, run, clock()) == before


def test_steps_done_on_paper_are_marked_for_several_at_once(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, run: Run, as_: As, clock: Clock
) -> None:
    browser = as_(ben)
    batch = _kept(browser, cohort, what="paper", who=ada.id, week="1", steps=list(WEEK_1))
    assert (
        "Steps are marked as done for 1 person." in browser.get(f"/cohorts/{cohort.id}?changed={batch}").text
    )
    assert runs.position(engine, ada, run, clock()).access.weeks["week-1"].done_at == clock()
    assert "4 steps done on paper" in browser.get(f"/cohorts/{cohort.id}/people/{ada.id}").text


def test_ada_reads_the_words_that_came_with_a_change(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, run: Run, as_: As, clock: Clock
) -> None:
    _kept(as_(ben), cohort, what="open", who=ada.id, week="2", note="Have a first look, if you like.")
    hers = as_(ada)
    assert "Have a first look, if you like." in hers.get("/today").text
    assert "Have a first look, if you like." in hers.get("/weeks/2").text
    assert "Have a first look" not in hers.get("/weeks/1").text
    clock.move(days=15)
    assert "Have a first look" not in hers.get("/today").text


def test_ada_comes_back_from_a_hold_of_her_own_and_only_from_that(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, run: Run, as_: As, clock: Clock
) -> None:
    hold = Override(OverrideKind.HOLD, clock(), by=By.LEARNER)
    overrides.add(engine, run, hold, ada, "", clock())
    browser = as_(ada)
    assert "Come back now" in browser.get("/today").text
    answer = browser.fill("/hold/end")
    assert (answer.status_code, answer.location) == (303, "/today")
    page = browser.get("/today").text
    assert "Welcome back" in page
    assert "On hold" not in page
    _kept(as_(ben), cohort, what="hold", who=ada.id, note="Rest well.")
    held = browser.get("/today").text
    assert "Come back now" not in held
    assert "Rest well." in held
    assert browser.fill("/hold/end").status_code == 409
    _kept(as_(ben), cohort, what="return", who=ada.id, week="")
    assert "On hold" not in browser.get("/today").text


def test_a_visit_is_noted_twice_a_day_at_most_and_shown_as_a_day(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, run: Run, as_: As, clock: Clock
) -> None:
    assert boards.board(engine, cohort, Wanted(), "en", clock()).rows[0].last_here is None
    browser = as_(ada)
    browser.get("/today")
    first = runs.current(engine, ada).seen_at
    assert first == clock()
    clock.move(hours=11)
    browser.get("/course")
    assert runs.current(engine, ada).seen_at == first
    clock.move(hours=2)
    browser.get("/weeks/1")
    assert runs.current(engine, ada).seen_at == clock()
    clock.move(days=2)
    assert "Tuesday" in as_(ben).get(f"/cohorts/{cohort.id}").text


def test_no_private_word_is_on_any_page_of_a_board(
    engine: Engine, ada: Person, ben: Person, dov: Person, cohort: Cohort, run: Run, as_: As, clock: Clock
) -> None:
    """Ada writes the same word wherever she can; Ben looks everywhere he can."""
    do(engine, ada, run, clock(), "what-lives", "stir-and-look", how=How.NOT_TODAY)
    do(engine, ada, run, clock(), "day-four", how=How.GENTLER)
    writings.write_entry(engine, ada, run, SECRET, clock())
    writings.write_entry(engine, ada, run, SECRET, clock(), "journal-1")
    written: tuple[tuple[writings.Kind, str], ...] = (
        ("worksheet", "my-kitchen"), ("check-in", "check-in-1"), ("moment", "stir-and-look"), ("note", "x")
    )  # fmt: skip
    for kind, item in written:
        writings.save_answers(engine, ada, run, kind, item, {"words": SECRET}, clock())
    contacts.ask(engine, ada, cohort, SECRET, clock())
    browser = as_(ben)
    root = f"/cohorts/{cohort.id}"
    pages = [
        browser.get(path).text
        for path in (
            root, f"{root}?show=contact", f"{root}/board.csv", f"{root}/people/{ada.id}",
            f"{root}/change?what=open&who={ada.id}", f"{root}/change?what=paper&all=yes",
            f"/api/v1{root}/board", "/api/v1/cohorts",
        )
    ]  # fmt: skip

    for page in pages:
        assert SECRET not in page
        assert not re.search(r"gentler|not.today|stopped", page, re.IGNORECASE)
    assert as_(dov).get(root).status_code == 404


def test_the_page_of_one_person_counts_like_the_board(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, run: Run, as_: As, clock: Clock
) -> None:
    do(engine, ada, run, clock(), "what-lives")
    browser = as_(ben)
    row = boards.board(engine, cohort, Wanted(), "en", clock()).rows[0]
    counted = f"{row.done} of {row.asked}"
    assert counted in browser.get(f"/cohorts/{cohort.id}").text
    assert f": {counted} done" in browser.get(f"/cohorts/{cohort.id}/people/{ada.id}").text


def test_ben_writes_to_whoever_was_away_from_the_board_and_from_their_page(
    ada: Person, ben: Person, cohort: Cohort, run: Run, as_: As, clock: Clock
) -> None:
    clock.move(days=11)
    browser, root = as_(ben), f"/cohorts/{cohort.id}"
    way = f'href="{root}/messages?to={ada.id}"'
    assert f"<a {way}>Write<" in browser.get(root).text
    page = browser.get(f"{root}/people/{ada.id}").text
    assert f'button-primary button-small" {way}' in page
    assert "Write to Ada" in page
    assert f'value="{ada.id}" selected' in browser.get(f"{root}/messages?to={ada.id}").text


def test_whoever_has_not_come_yet_is_sent_their_link_from_their_page(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, as_: As, clock: Clock
) -> None:
    cohorts.add_member(engine, cohort, ada, clock(), started=False)
    piet = members.add_on_paper(engine, cohort, "Piet", ben, clock(), agreed=True)
    clock.move(days=11)
    browser, root = as_(ben), f"/cohorts/{cohort.id}"
    board = browser.get(root).text
    for one in (ada, piet):
        assert f'<a href="{root}/people/{one.id}">Look<' in board, "no message reaches them"
        assert "/messages?to=" not in browser.get(f"{root}/people/{one.id}").text
    page = browser.get(f"{root}/people/{ada.id}").text
    assert "Send their link again" in page
    assert f'action="{root}/people/{ada.id}/link"' in page


def test_the_page_of_one_person_names_only_what_completes_a_week(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, run: Run, as_: As, clock: Clock
) -> None:
    do(engine, ada, run, clock(), "what-lives", "journal-1")
    page = as_(ben).get(f"/cohorts/{cohort.id}/people/{ada.id}").text

    assert "What lives in the jar" in page
    assert "Why it seems to stop on day four" in page
    for hint in ("In the notebook", "My kitchen and my flour", "not done"):
        assert hint not in page


def test_the_last_button_says_what_it_does_and_for_how_many(
    ada: Person, ben: Person, cohort: Cohort, run: Run, as_: As
) -> None:
    browser = as_(ben)
    address = f"/cohorts/{cohort.id}/change?who={ada.id}&what="
    for what, words in (
        ("open&week=2", "Open week 2 for 1 person"),
        ("hold", "Put 1 person on hold"),
        ("hold&week=2", "Put week 2 on hold for 1 person"),
    ):
        assert f"<span>{words}</span>" in browser.get(address + what).text
    board = browser.get(f"/cohorts/{cohort.id}").text
    for words in ("Open a week", "Stay longer", "Put on hold"):
        assert f"<span>{words}</span>" in board
        assert f"<span>{words}</span>" in browser.get(address + "open").text


@pytest.mark.parametrize("find", ["%00", "a%00b", "%01", "%F0%9F%8D%9E", "%ED%A0%80", "!%25_", "x" * 500])
def test_whatever_is_looked_for_the_board_answers(
    ben: Person, cohort: Cohort, run: Run, as_: As, find: str
) -> None:
    root, browser = f"/cohorts/{cohort.id}", as_(ben)
    for path in (root, f"{root}/board.csv", f"{root}/change"):
        assert browser.get(f"{path}?find={find}&what=open&all=yes").status_code in (200, 422)
    assert browser.get(f"/api/v1{root}/board?find={find}").status_code in (200, 400, 422)


def test_coming_back_for_somebody_can_be_undone_from_the_board(
    ada: Person, ben: Person, cohort: Cohort, run: Run, as_: As
) -> None:
    browser = as_(ben)
    _kept(browser, cohort, what="hold", who=ada.id)
    batch = _kept(browser, cohort, what="return", who=ada.id, week="")
    page = browser.get(f"/cohorts/{cohort.id}?changed={batch}").text
    assert ("1 person is back." in page, "Undo" in page) == (True, True)
    assert "On hold" not in as_(ada).get("/today").text
    browser.fill(f"/cohorts/{cohort.id}/undo", batch=batch)
    assert "On hold" in as_(ada).get("/today").text


def test_the_board_asks_at_most_ten_questions(
    engine: Engine, ben: Person, cohort: Cohort, run: Run, as_: As, clock: Clock
) -> None:
    browser = as_(ben)
    batch = _kept(browser, cohort, what="hold", all="yes")
    counts = {}
    for query in ("", "?sort=week", "?show=quiet&find=a", f"?changed={batch}", "?show=on-hold&sort=-seen"):
        browser.get(f"/cohorts/{cohort.id}{query}")
        with engine.database.count_queries() as asked:
            assert browser.get(f"/cohorts/{cohort.id}{query}").status_code == 200
        counts[query] = asked.count

    assert max(counts.values()) <= 10, counts
