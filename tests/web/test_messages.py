"""Ben writes to his group: looked at first, one letter each, never at night, and kept on a page."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from course_engine.domain.cohorts import Cohort
from course_engine.domain.messages import MessageState
from course_engine.domain.pace import PaceKind
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.services import cohorts, joining, members, messages
from course_engine.storage import tables
from tests.cast import BREAD, ZONE, Browser, Clock, add_person

As = Callable[[Person], Browser]
NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)


@pytest.fixture
def cohort(engine: Engine, ben: Person, clock: Clock) -> Cohort:
    return cohorts.add(engine, ben, BREAD, "Tuesdays", clock() + timedelta(days=8), ZONE, 90, clock())


@pytest.fixture
def run(engine: Engine, ada: Person, cohort: Cohort, clock: Clock) -> Run:
    clock.now = NOON
    return cohorts.add_member(engine, cohort, ada, clock())


def _recipients() -> list[str]:
    return sorted(row.recipient for row in tables.Outbox.select())


def _draft(browser: Browser, cohort: Cohort, **fields: str) -> str:
    answer = browser.fill(f"/cohorts/{cohort.id}/messages", subject="Soon", text="See you soon.", **fields)
    return answer.headers["Location"]


def test_nothing_goes_out_before_ben_has_looked_at_it(
    engine: Engine, ben: Person, ada: Person, run: Run, cohort: Cohort, as_: As
) -> None:
    browser = as_(ben)
    path = _draft(browser, cohort)
    assert "See you soon." in browser.get(path).text
    assert "See you soon." not in as_(ada).get("/messages").text
    assert _recipients() == []

    browser.fill(path, act="send")
    assert "See you soon." in as_(ada).get("/messages").text
    assert _recipients() == ["ada@example.org"]


def test_every_letter_has_one_address(
    engine: Engine, ben: Person, ada: Person, run: Run, cohort: Cohort, as_: As, clock: Clock
) -> None:
    cohorts.add_member(engine, cohort, add_person(engine, "Cleo", clock()), clock())
    browser = as_(ben)
    browser.fill(_draft(browser, cohort), act="send")
    letters = list(tables.Outbox.select())
    assert _recipients() == ["ada@example.org", "cleo@example.org"]
    assert not any("cleo" in row.text for row in letters if row.recipient.startswith("ada"))


def test_at_night_it_waits_for_the_morning(
    engine: Engine, ben: Person, run: Run, cohort: Cohort, as_: As, clock: Clock
) -> None:
    clock.now = NOON.replace(hour=22)
    browser = as_(ben)
    browser.fill(_draft(browser, cohort), act="send")
    assert _recipients() == []
    assert messages.send_due(engine, NOON.replace(day=4, hour=7, minute=59)) == 0
    assert messages.send_due(engine, NOON.replace(day=4, hour=8)) == 1
    assert messages.send_due(engine, NOON.replace(day=4, hour=9)) == 0
    assert _recipients() == ["ada@example.org"]


def test_a_message_for_later_can_be_taken_back_until_its_hour(
    engine: Engine, ben: Person, run: Run, cohort: Cohort, as_: As, clock: Clock
) -> None:
    browser = as_(ben)
    path = _draft(browser, cohort)
    browser.fill(path, act="send", day="2026-03-05", hour="10:00")
    browser.fill(path, act="cancel")
    assert messages.send_due(engine, NOON + timedelta(days=5)) == 0
    (kept,) = messages.of_cohort(cohort)
    assert kept.state is MessageState.CANCELLED

    sent = _draft(browser, cohort)
    browser.fill(sent, act="send")
    assert browser.fill(sent, act="cancel").status_code == 409


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"day": "2026-03-03", "hour": "10:00"}, "This hour is over"),
        ({"day": "0001-01-01", "hour": "00:00"}, "This day is over"),
        ({"day": "9999-12-31", "hour": "23:00"}, "within the next five years"),
        ({"day": "2026-03-05", "hour": ""}, "leave both empty"),
        ({"day": "soon", "hour": "10:00"}, "leave both empty"),
    ],
)
def test_an_hour_that_cannot_be_is_told_and_nothing_goes_out(
    ben: Person, run: Run, cohort: Cohort, as_: As, fields: dict[str, str], told: str
) -> None:
    browser = as_(ben)
    answer = browser.fill(_draft(browser, cohort), act="send", **fields)
    assert answer.status_code == 422
    assert told in answer.text
    assert _recipients() == []


def test_words_to_one_person_reach_nobody_else(
    engine: Engine, ben: Person, ada: Person, run: Run, cohort: Cohort, as_: As, clock: Clock
) -> None:
    cleo = add_person(engine, "Cleo", clock())
    cohorts.add_member(engine, cohort, cleo, clock())
    browser = as_(ben)
    assert "Your place is kept" in browser.get(f"/cohorts/{cohort.id}/messages?to={ada.id}").text
    browser.fill(_draft(browser, cohort, to=ada.id), act="send")
    assert "See you soon." in as_(ada).get("/messages").text
    assert "See you soon." not in as_(cleo).get("/messages").text
    assert _recipients() == ["ada@example.org"]


def test_whoever_was_invited_reads_and_gets_nothing_before_they_have_joined(
    engine: Engine, ben: Person, run: Run, cohort: Cohort, as_: As, clock: Clock
) -> None:
    cleo = add_person(engine, "Cleo", clock())
    asked = cohorts.add_member(engine, cohort, cleo, clock(), started=False)
    browser = as_(ben)
    browser.fill(_draft(browser, cohort), act="send")
    assert _recipients() == ["ada@example.org"]
    assert as_(cleo).get("/messages").status_code == 404
    assert "/messages" not in as_(cleo).get("/today").text
    alone = browser.fill(f"/cohorts/{cohort.id}/messages", subject="Soon", text="Come!", to=cleo.id)
    assert (alone.status_code, "have not joined yet" in alone.text) == (422, True)

    joining.begin(engine, cleo, asked, clock())
    assert "See you soon." in as_(cleo).get("/messages").text
    browser.fill(_draft(browser, cohort, to=cleo.id), act="send")
    assert _recipients()[-1] == "cleo@example.org"


def test_what_was_written_while_ada_was_away_stays_with_those_who_were_there(
    engine: Engine, ada: Person, ben: Person, run: Run, cohort: Cohort, as_: As, clock: Clock
) -> None:
    def say(words: str) -> None:
        made = messages.write(engine, cohort, words, words, ben, clock.move(hours=1))
        messages.send(engine, made, cohort, clock(), ben, clock())

    say("Before.")
    members.own_pace(engine, cohort, ada.id, PaceKind.FREE, ben, clock.move(minutes=1))
    say("Away.")
    members.back(engine, cohort, ada.id, run.id, ben, clock.move(minutes=1))
    say("Back.")
    members.own_pace(engine, cohort, ada.id, PaceKind.FREE, ben, clock.move(minutes=1))
    say("Away again.")
    members.back(engine, cohort, ada.id, run.id, ben, clock.move(minutes=1))

    page = as_(ada).get("/messages").text
    assert ("Before." in page, "Back." in page, "Away" in page) == (True, True, False)


def test_empty_words_keep_what_was_typed(ben: Person, cohort: Cohort, as_: As) -> None:
    answer = as_(ben).fill(f"/cohorts/{cohort.id}/messages", subject="  ", text="Come as you are.")
    assert answer.status_code == 422
    assert "Write a heading" in answer.text
    assert "Come as you are." in answer.text


def test_what_waits_is_taken_back_once_the_group_has_ended(
    engine: Engine, ben: Person, run: Run, cohort: Cohort, as_: As
) -> None:
    browser = as_(ben)
    browser.fill(_draft(browser, cohort), act="send", day="2026-03-05", hour="10:00")
    cohorts.end(engine, cohort, ben, NOON)

    assert messages.send_due(engine, NOON + timedelta(days=5)) == 0
    assert _recipients() == []
    (kept,) = messages.of_cohort(cohort)
    assert kept.state is MessageState.CANCELLED


def test_ben_reads_who_gets_no_letter_before_he_sends_one(
    engine: Engine, ben: Person, run: Run, cohort: Cohort, as_: As, clock: Clock
) -> None:
    cohorts.add_member(engine, cohort, add_person(engine, "Cleo", clock()), clock(), started=False)
    ida = members.add_on_paper(engine, cohort, "Ida", ben, clock(), agreed=True)
    browser = as_(ben)
    path = _draft(browser, cohort)
    page = browser.get(path).text
    assert "To 1 person, each by a letter of their own." in page
    assert "1 person has no e-mail address and gets no letter, so tell them yourself." in page
    assert "1 person has not joined yet and gets nothing." in page
    browser.fill(path, act="send")
    assert _recipients() == ["ada@example.org"]

    alone = browser.get(_draft(browser, cohort, to=ida.id)).text
    assert "Nobody gets a letter of this." in alone
    assert "not joined" not in alone
