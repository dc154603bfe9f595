"""Ben looks at his group in numbers: from five people up, without a name, drawn and as a table alike."""

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from course_engine.domain.cohorts import Cohort, Present
from course_engine.domain.people import Person
from course_engine.engine import Engine
from course_engine.services import attendance, cohorts, contacts, members, people, writings
from course_engine.storage import cohorts as stored_cohorts
from course_engine.storage import runs as stored_runs
from tests.cast import BREAD, PASSWORD, ZONE, Browser, Clock, do
from tests.web.doors import WEEK_1

As = Callable[[Person], Browser]
SECRET = "canary-in-figures"
NAMES = ("Amy", "Bo", "Cy", "Di", "Eli", "Flo")


@pytest.fixture
def cohort(engine: Engine, ben: Person, clock: Clock) -> Cohort:
    return cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())


def _join(engine: Engine, cohort: Cohort, name: str, clock: Clock, *, started: bool = True) -> Person:
    person = people.add(engine, name, f"{name.lower()}@example.org", PASSWORD, clock(), zone=ZONE)
    cohorts.add_member(engine, cohort, person, clock(), started=started)
    return person


@pytest.fixture
def group(engine: Engine, ben: Person, cohort: Cohort, clock: Clock) -> list[Person]:
    """Six people: three have done week 1, four were at the first session; a seventh was invited only."""
    made = [_join(engine, cohort, name, clock) for name in NAMES]
    _join(engine, cohort, "Gus", clock, started=False)
    clock.move(hours=3)
    for person in made[:3]:
        run = next(run for who, run, _at in stored_cohorts.members(cohort.id) if who == person.id)
        found = stored_runs.get(run)
        assert found is not None
        do(engine, person, found, clock(), *WEEK_1)
    ways = (Present.PRESENT, Present.PRESENT, Present.ONLINE, Present.MADE_UP)
    attendance.attend_all(
        engine, cohort, 1, {one.id: way for one, way in zip(made, ways, strict=False)}, ben, clock()
    )
    return made


def _table(page: str, id: str) -> list[list[str]]:
    part = page.partition(f'id="{id}"')[2].partition("</section>")[0].partition("<tbody>")[2]
    rows = part.partition("</tbody>")[0].split("<tr>")[1:]
    return [
        [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
        for row in rows
    ]


def test_the_same_numbers_are_drawn_told_and_in_the_file(
    ben: Person, cohort: Cohort, group: list[Person], as_: As, clock: Clock
) -> None:
    # Before the second session, on the day on which week 2 opens.
    clock.move(days=6, hours=20)
    browser = as_(ben)
    assert f'href="/cohorts/{cohort.id}/figures"' in browser.get(f"/cohorts/{cohort.id}").text
    page = browser.get(f"/cohorts/{cohort.id}/figures").text
    assert "6 people have begun." in page

    reached = [int(row[-1]) for row in _table(page, "weeks")]
    assert reached == [6, 3, 0, 0]
    assert [row[1:] for row in _table(page, "sessions")] == [["2", "1", "1", "0", "0", "2"]]
    drawn = page.partition('id="weeks"')[2].partition("</svg>")[0]
    assert [int(number) for number in re.findall(r"<text[^>]*>(\d+)</text>", drawn)] == reached
    assert 'role="img"' in drawn
    assert 'fill="url(#parts-dots)"' in page, "who made it up at home is told from the empty rest of a bar"

    rows = list(
        csv.reader(io.StringIO(browser.get(f"/cohorts/{cohort.id}/figures.csv").text.lstrip("\ufeff")))
    )
    assert [int(row[4]) for row in rows if row[0] == "Weeks reached"] == reached
    assert [int(row[4]) for row in rows if row[0] == "Sessions"] == [2, 1, 1, 0, 0, 2]


def test_nobody_has_come_to_a_week_that_waits_for_its_day(
    ben: Person, cohort: Cohort, group: list[Person], as_: As, clock: Clock
) -> None:
    reached = []
    for _day in range(2):
        page = as_(ben).get(f"/cohorts/{cohort.id}/figures").text
        reached.append([int(row[-1]) for row in _table(page, "weeks")])
        clock.move(days=7)
    assert reached == [[6, 0, 0, 0], [6, 3, 0, 0]]


def test_nobodys_name_or_word_is_in_any_figure(
    engine: Engine, ben: Person, cohort: Cohort, group: list[Person], as_: As, clock: Clock
) -> None:
    for person in group:
        (run,) = stored_runs.of(person.id)
        writings.write_entry(engine, person, run, SECRET, clock())
        writings.save_answers(engine, person, run, "check-in", "check-in-1", {"word": SECRET}, clock())
        contacts.ask(engine, person, cohort, SECRET, clock())
    browser = as_(ben)
    for path in ("figures", "figures.csv"):
        text = browser.get(f"/cohorts/{cohort.id}/{path}").text
        main = text.partition("<main")[2] or text
        assert SECRET not in main
        assert not [name for name in (*NAMES, "Gus") if re.search(rf"\b{name}\b", main)]


def test_of_four_people_there_are_no_numbers_and_a_reason(
    engine: Engine, ben: Person, cohort: Cohort, as_: As, clock: Clock
) -> None:
    for name in NAMES[:4]:
        _join(engine, cohort, name, clock)
    _join(engine, cohort, "Gus", clock, started=False)
    browser = as_(ben)
    page = browser.get(f"/cohorts/{cohort.id}/figures").text
    assert "Figures begin with 5 people" in page
    assert "<table" not in page
    told = browser.get(f"/cohorts/{cohort.id}/figures.csv").text
    assert ("Figures begin with 5 people" in told, "Weeks reached" in told) == (True, False)


def test_whoever_left_is_not_counted_any_more(
    engine: Engine, ben: Person, cohort: Cohort, group: list[Person], as_: As, clock: Clock
) -> None:
    members.remove(engine, cohort, group[0].id, ben, clock())
    page = as_(ben).get(f"/cohorts/{cohort.id}/figures").text
    assert "5 people have begun." in page
    assert [row[1:] for row in _table(page, "sessions")] == [["1", "1", "1", "0", "0", "2"]]


def test_figures_ask_a_handful_of_questions_however_many_people_there_are(
    engine: Engine, ben: Person, cohort: Cohort, group: list[Person], as_: As, clock: Clock
) -> None:
    browser = as_(ben)
    counts = []
    for more in range(2):
        browser.get(f"/cohorts/{cohort.id}/figures")
        with engine.database.count_queries() as asked:
            browser.get(f"/cohorts/{cohort.id}/figures")
        counts.append(asked.count)
        for number in range(4):
            _join(engine, cohort, f"More{more}{number}", clock)
    assert counts[0] == counts[1] <= 6


def test_a_group_that_is_still_to_meet_says_so(engine: Engine, ben: Person, as_: As, clock: Clock) -> None:
    later = cohorts.add(engine, ben, BREAD, "Soon", clock() + timedelta(days=30), ZONE, 90, clock())
    for name in NAMES:
        _join(engine, later, name, clock)
    assert "still to come" in as_(ben).get(f"/cohorts/{later.id}/figures").text
