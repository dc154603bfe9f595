"""A program of Ben's reads the board of his group a page at a time, while people come and go."""

import base64
from datetime import timedelta

import pytest

from course_engine.domain.cohorts import Cohort
from course_engine.domain.pace import PaceKind
from course_engine.domain.people import Person, Scope
from course_engine.engine import Engine
from course_engine.services import boards, cohorts, joining, people, tokens
from course_engine.services.boards import Sort, Wanted
from course_engine.storage import tables as t
from tests.cast import BREAD, PASSWORD, ZONE, Browser, Clock

NAMES = ("Ana", "Émile", "Kim", "Kim", "Ono", "Ruth", "Zoë", "Ömer")


@pytest.fixture
def cohort(engine: Engine, ben: Person, clock: Clock) -> Cohort:
    """Eight people: two of one name, some never here, in different weeks."""
    cohort = cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())
    for number, name in enumerate(NAMES):
        person = people.add(engine, name, f"p{number}@example.org", PASSWORD, clock(), zone=ZONE)
        run = cohorts.add_member(engine, cohort, person, clock())
        seen = clock() + timedelta(hours=number // 2) if number % 3 else None
        with engine.database.transaction():
            t.Run.update(seen_at=seen, reached=number % 2).where(t.Run.id == run.id).execute()
    return cohort


@pytest.fixture
def key(engine: Engine, ben: Person, clock: Clock) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens.make(engine, ben, 'A sheet', Scope.READ, clock())[1]}"}


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boards, "PAGE", 3)


@pytest.mark.parametrize("sort", Sort)
def test_everybody_stands_on_one_of_the_pages_in_the_order_of_the_board(
    engine: Engine, client: Browser, cohort: Cohort, key: dict[str, str], clock: Clock, sort: Sort
) -> None:
    told = _pages(client, f"/api/v1/cohorts/{cohort.id}/board?sort={sort.value}", key)

    shown = boards.everyone(engine, cohort, Wanted(sort=sort), "en", clock())
    assert [len(page) for page in told] == [3, 3, 2]
    assert [person for page in told for person in page] == [row.person for row in shown]


@pytest.mark.parametrize("place", [0, 2])
@pytest.mark.parametrize("sort", Sort)
def test_nobody_is_passed_over_when_somebody_of_the_page_before_leaves(
    engine: Engine, ben: Person, client: Browser, cohort: Cohort, key: dict[str, str], clock: Clock,
    sort: Sort, place: int,
) -> None:  # fmt: skip
    address = f"/api/v1/cohorts/{cohort.id}/board?sort={sort.value}"
    everybody = [row.person for row in boards.everyone(engine, cohort, Wanted(sort=sort), "en", clock())]
    first = client.get(address, headers=key).get_json()
    gone = next(one for one in _members() if one.id == first["rows"][place]["person"])
    _leaves(engine, cohort, gone, ben, clock)

    rest = _pages(client, f"{address}&cursor={first['next_cursor']}", key)
    assert [person for page in rest for person in page] == everybody[3:]


def test_no_name_goes_round_in_an_address(client: Browser, cohort: Cohort, key: dict[str, str]) -> None:
    page = client.get(f"/api/v1/cohorts/{cohort.id}/board", headers=key).get_json()
    cursor = page["next_cursor"]
    opened = b"".join(base64.urlsafe_b64decode(part + "===") for part in cursor.split("."))

    for row in page["rows"]:
        assert row["name"].lower().encode() not in opened.lower()


def test_after_the_last_there_is_nobody(
    engine: Engine, ben: Person, client: Browser, cohort: Cohort, key: dict[str, str], clock: Clock
) -> None:
    address = f"/api/v1/cohorts/{cohort.id}/board"
    first = client.get(address, headers=key).get_json()
    for row in boards.everyone(engine, cohort, Wanted(), "en", clock()):
        gone = next(one for one in _members() if one.id == row.person)
        _leaves(engine, cohort, gone, ben, clock)

    told = client.get(f"{address}?cursor={first['next_cursor']}", headers=key).get_json()
    assert (told["rows"], told["next_cursor"], told["total"]) == ([], None, 0)


def test_a_cursor_is_sent_as_it_was_given(client: Browser, cohort: Cohort, key: dict[str, str]) -> None:
    address = f"/api/v1/cohorts/{cohort.id}/board"
    cursor = client.get(address, headers=key).get_json()["next_cursor"]
    for sent in ("99999", "", f"{cursor}x", cursor[1:], f"{cursor}&sort=week", "%C3%A9", "x" * 5000):
        answer = client.get(f"{address}?cursor={sent}", headers=key)
        assert answer.status_code == 422, sent
        assert answer.get_json()["faults"] == {"cursor": "Send the cursor as it was given."}


def test_a_program_reads_all_groups_a_page_at_a_time(
    engine: Engine, ben: Person, client: Browser, cohort: Cohort, key: dict[str, str], clock: Clock
) -> None:
    others = [
        cohorts.add(engine, ben, BREAD, f"Evening {n}", clock() + n * timedelta(hours=3), ZONE, 90, clock())
        for n in range(1, 7)
    ]
    cohorts.end(engine, others[0], ben, clock())
    wanted = [*others[1:], cohort, others[0]]
    address = "/api/v1/cohorts"
    told = [client.get(address, headers=key).get_json()]
    while cursor := told[-1]["next_cursor"]:
        told.append(client.get(f"{address}?cursor={cursor}", headers=key).get_json())
    assert [len(page["cohorts"]) for page in told] == [3, 3, 1]
    assert [one["id"] for page in told for one in page["cohorts"]] == [one.id for one in wanted]

    cohorts.end(engine, others[3], ben, clock())
    after = client.get(f"{address}?cursor={told[0]['next_cursor']}", headers=key).get_json()
    assert [one["id"] for one in after["cohorts"]] == [one.id for one in (*others[4:], cohort)]
    board = client.get(f"{address}/{cohort.id}/board", headers=key).get_json()["next_cursor"]
    answer = client.get(f"{address}?cursor={board}", headers=key)
    assert answer.get_json()["faults"] == {"cursor": "Send the cursor as it was given."}


def _leaves(engine: Engine, cohort: Cohort, person: Person, ben: Person, clock: Clock) -> None:
    run = joining.member_run(cohort, person)
    assert run is not None
    cohorts.leave(engine, cohort, run, PaceKind.FREE, ben, clock())


def _members() -> list[Person]:
    return [people.get(f"p{number}@example.org") for number in range(len(NAMES))]


def _pages(client: Browser, address: str, key: dict[str, str]) -> list[list[str]]:
    beginning = address.partition("&cursor")[0]
    told = client.get(address, headers=key).get_json()
    pages = [[row["person"] for row in told["rows"]]]
    while told["next_cursor"]:
        told = client.get(f"{beginning}&cursor={told['next_cursor']}", headers=key).get_json()
        pages.append([row["person"] for row in told["rows"]])
    return pages
