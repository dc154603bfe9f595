"""Learners on their way: what is locked says why and writes nothing, what is theirs is theirs, once."""

from collections.abc import Callable
from threading import Thread

import pytest
from flask import Flask

from course_engine.domain.pace import PaceKind
from course_engine.domain.people import Person
from course_engine.domain.progress import How, Run
from course_engine.engine import Engine
from course_engine.services import devices, runs, writings
from course_engine.storage import certificates, database, tables
from course_engine.storage.progress import completions
from tests.cast import Browser, Clock, do
from tests.web.doors import WEEK_1, WEEK_2, WEEK_3

As = Callable[[Person], Browser]

pytestmark = pytest.mark.usefixtures("no_printing")


@pytest.mark.parametrize("prefix", ["", "/runs/{run}"])
def test_a_locked_page_says_why_and_leads_to_what_can_be_done_now(
    ada: Person, run: Run, as_: As, prefix: str
) -> None:
    browser, root = as_(ada), prefix.format(run=run.id)
    for path in ("/weeks/2", "/steps/four-signs", "/weeks/3", "/weeks/2.pdf", "/steps/four-signs/moment"):
        answer = browser.get(root + path)
        assert answer.status_code == 403, path
        assert "Opens" in answer.text or "opens" in answer.text, path
        assert f'href="{root}/steps/what-lives"' in answer.text, path


def test_a_week_that_waits_for_its_day_says_weekday_date_time_and_zone(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    do(engine, ada, run, clock(), *WEEK_1)
    answer = as_(ada).get("/weeks/2")

    # The first week is open since Monday 2 March, so the second opens six days later at four o'clock.
    assert answer.status_code == 403
    assert "Sunday 8 March" in answer.text
    assert "04:00" in answer.text
    assert "Lisbon" in answer.text


def test_nothing_opens_a_locked_step_and_nothing_is_written(ada: Person, run: Run, as_: As) -> None:
    browser = as_(ada)
    before = _rows()
    answers = [
        browser.fill("/steps/four-signs/done", how="done"),
        browser.fill("/steps/check-in-2/done", how="done", **{"one-thing-2": "a secret"}),
        browser.fill("/steps/fold-a-dough/moment", moment="warm"),
        browser.fill("/journal", text="words", step="journal-2"),
        browser.send("/api/v1/me/steps/four-signs/completion", {"how": "done"}),
        browser.head("/steps/four-signs"),
        browser.get("/steps/four-signs?how=done"),
    ]

    assert [answer.status_code for answer in answers] == [403] * len(answers)
    assert [
        browser.open("/steps/four-signs/done", method=m).status_code for m in ("PUT", "PATCH", "GET")
    ] == [405] * 3
    assert _rows() == before


def test_a_locked_worksheet_is_locked_on_paper_too(ada: Person, run: Run, as_: As, engine: Engine) -> None:
    # The one worksheet of the small course is in its first week, so a run that has not begun is looked at.
    with engine.database.transaction():
        tables.Run.update(started_at=None).where(tables.Run.id == run.id).execute()
    browser = as_(ada)
    answers = [
        browser.get("/worksheets/my-kitchen.pdf"),
        browser.get("/worksheets/my-kitchen"),
        browser.fill("/worksheets/my-kitchen", **{"warm-place": "here"}),
        browser.get("/api/v1/me/worksheets/my-kitchen.pdf"),
    ]

    assert [answer.status_code for answer in answers] == [403] * 4


def test_what_is_always_open_is_open(ada: Person, run: Run, as_: As) -> None:
    assert as_(ada).get("/steps/heat-and-hands").status_code == 200


def test_nobody_reads_or_changes_the_journal_of_another(
    engine: Engine, ada: Person, cleo: Person, dov: Person, run: Run, as_: As, clock: Clock
) -> None:
    id = writings.write_entry(engine, ada, run, "the heron is mine", clock())
    runs.join_alone(engine, cleo, run.course, PaceKind.FREE, clock())
    for person in (cleo, dov):
        browser = as_(person)
        assert "heron" not in browser.get("/journal").text
        assert browser.get(f"/runs/{run.id}/journal").status_code == 404
        assert browser.fill(f"/runs/{run.id}/journal", text="mine now").status_code == 404
        assert browser.fill("/journal", text="mine now", entry=id).status_code == 404
        assert browser.fill("/journal", text="mine now", entry="no-such-entry").status_code == 404

    assert [one.text for one in writings.entries(engine, ada)] == ["the heron is mine"]


def test_a_faulty_answer_keeps_everything_that_was_typed(ada: Person, run: Run, as_: As) -> None:
    browser = as_(ada)
    answer = browser.fill(
        "/worksheets/my-kitchen",
        **{"warm-place": "on top of the fridge", "warmth": "900", "signs-1-1": "two fingers"},
    )

    assert answer.status_code == 422
    assert "Choose a number from 15 to 25" in answer.text
    assert "on top of the fridge" in answer.text
    assert "two fingers" in answer.text
    assert "<title>Error:" in answer.text
    assert browser.fill("/steps/what-lives/done", how="perfectly").status_code == 422


def test_pressing_twice_is_the_same_as_pressing_once(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    browser = as_(ada)
    browser.fill("/steps/what-lives/done", how="not-today")
    clock.move(hours=1)
    answers = [browser.fill("/steps/what-lives/done", how="done").status_code for _press in range(2)]
    kept = completions(run.id)["what-lives"]

    assert answers == [303, 303]
    assert kept.how is How.DONE
    assert kept.first_how is How.NOT_TODAY


def test_twenty_presses_at_once_make_one_certificate(
    engine: Engine, ada: Person, run: Run, app: Flask, as_: As, clock: Clock
) -> None:
    for steps in (WEEK_1, WEEK_2, WEEK_3):
        do(engine, ada, run, clock(), *steps)
        clock.move(days=8)
    browsers = [as_(ada) for _press in range(20)]
    statuses: list[int] = []

    def press(number: int, browser: Browser) -> None:
        statuses.append(browser.fill("/certificate", name=f"Ada number {number}").status_code)

    presses = [Thread(target=press, args=pair) for pair in enumerate(browsers)]
    for thread in presses:
        thread.start()
    for thread in presses:
        thread.join()

    assert statuses == [303] * 20
    assert len(certificates.of_person(ada.id)) == 1


def test_a_certificate_asked_for_too_early_is_refused_and_none_is_made(
    ada: Person, run: Run, as_: As
) -> None:
    assert as_(ada).fill("/certificate", name="Ada").status_code == 409
    assert certificates.of_person(ada.id) == []


def test_overwhelmed_leads_to_steadying_and_nowhere_else(ada: Person, run: Run, as_: As) -> None:
    browser = as_(ada)
    practised = browser.fill("/steps/stir-and-look/done", how="gentler")

    assert practised.location == "/steps/stir-and-look/moment"
    assert browser.fill("/steps/stir-and-look/moment", moment="overwhelmed").location == "/steady"
    assert browser.fill("/steps/stir-and-look/moment", moment="").location == "/today"
    assert browser.fill("/steps/stir-and-look/moment", moment="7").status_code == 422


def test_each_device_of_ada_is_listed_for_her(engine: Engine, ada: Person, as_: As, clock: Clock) -> None:
    as_(ada)
    assert as_(ada).get("/me").text.count("Firefox, Linux") >= 2
    assert len(devices.of_person(ada, clock())) == 2


def test_a_certificate_of_one_day_is_checked_with_that_day_once(
    engine: Engine, cleo: Person, run: Run, as_: As, clock: Clock
) -> None:
    hers = runs.join_alone(engine, cleo, run.course, PaceKind.FREE, clock())
    do(engine, cleo, hers, clock(), *WEEK_1, *WEEK_2, *WEEK_3)
    browser = as_(cleo)
    browser.fill("/certificate", name="Cleo")
    (made,) = certificates.of_person(cleo.id)
    page = browser.get(f"/verify/{made.code}").text

    assert "<dt>Day</dt><dd>Monday 2 March 2026</dd>" in page
    assert "Dates" not in page


@pytest.mark.parametrize("typed", ["---", " . "])
def test_a_code_without_a_sign_leads_to_the_page_of_unknown_codes(ada: Person, as_: As, typed: str) -> None:
    browser = as_(ada)
    answer = browser.get(browser.fill("/verify", code=typed).location)

    assert answer.status_code == 404
    assert "<title>" in answer.text


def _rows() -> dict[str, int]:
    tables = ("completion", "journal", "answer", "week_mark")
    return {table: int(database.fetch(f"SELECT count(*) FROM {table}")[0][0]) for table in tables}
