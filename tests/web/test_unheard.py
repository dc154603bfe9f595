"""Ada asks for a word where no letter reaches Ben: somebody hears of it, or she is told that nobody does."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from course_engine.domain.cohorts import Cohort, Safety
from course_engine.domain.people import Person
from course_engine.domain.roles import Role
from course_engine.engine import Engine
from course_engine.services import accounts, cohorts, contacts, installation, people
from course_engine.storage import contacts as stored
from course_engine.storage import tables
from tests.cast import BREAD, PASSWORD, ZONE, Browser, Clock

As = Callable[[Person], Browser]
WORDS = "Could we talk about the heron for ten minutes?"
PHONE = Safety("Rosa", "912 000 000", hours="9 to 21")


def _group(engine: Engine, leader: Person, ada: Person, clock: Clock, safety: Safety) -> Cohort:
    first = clock() + timedelta(days=1)
    made = cohorts.add(engine, leader, BREAD, "Tuesdays", first, ZONE, 90, clock(), safety=safety)
    cohorts.add_member(engine, made, ada, clock())
    return made


def _locked(engine: Engine, ben: Person, clock: Clock) -> None:
    with engine.database.transaction():
        tables.Person.update(locked_at=clock()).where(tables.Person.id == ben.id).execute()


@pytest.fixture
def without_address(engine: Engine, clock: Clock) -> Person:
    leads = frozenset({Role.FACILITATOR})
    return people.add(engine, "Fay", "fay.leads", PASSWORD, clock(), leads, zone=ZONE)


def _letters() -> list[tuple[str, str]]:
    return sorted((row.recipient, f"{row.subject} {row.text}") for row in tables.Outbox.select())


def test_where_nobody_can_lead_and_rosa_has_a_telephone_only_dov_hears_of_it(
    engine: Engine, ada: Person, ben: Person, dov: Person, clock: Clock, as_: As
) -> None:
    cohort = _group(engine, ben, ada, clock, PHONE)
    accounts.lock(engine, dov, ben.id, clock())
    browser = as_(ada)
    for shown in (browser.get("/contact"), browser.fill("/contact", text=WORDS, act="preview")):
        assert "Nobody leads your group just now" in shown.text
        assert "Those who run this site are told" in shown.text
        assert "nobody can be told" not in shown.text
        assert "Rosa, 912 000 000, 9 to 21" in shown.text

    browser.fill("/contact", text=WORDS, act="send")
    sent = browser.get("/today").text
    assert "Nobody leads your group just now. Those who run this site are told." in sent
    assert "Rosa, 912 000 000, 9 to 21" in sent
    assert "On your Today page you see" not in sent
    ((to, letter),) = _letters()
    assert to == "dov@example.org"
    assert "/admin/people" in letter
    assert f"/cohorts/{cohort.id}" not in letter
    assert not any(word in letter for word in ("Ada", "heron"))

    contacts.remind(engine, clock.move(days=1))
    assert [one for one, _letter in _letters()] == ["dov@example.org"] * 2


def test_where_nobody_at_all_can_be_told_ada_reads_it_kindly_and_whom_she_can_ring(
    engine: Engine, ada: Person, ben: Person, clock: Clock, as_: As
) -> None:
    cohort = _group(engine, ben, ada, clock, PHONE)
    _locked(engine, ben, clock)
    browser = as_(ada)
    for shown in (browser.get("/contact"), browser.fill("/contact", text=WORDS, act="preview")):
        assert "Nobody leads your group just now" in shown.text
        assert "Rosa, 912 000 000, 9 to 21" in shown.text

    browser.fill("/contact", text=WORDS, act="send")
    told = browser.get("/today").text
    assert "Your words are kept for whoever leads your group next." in told
    assert "Rosa, 912 000 000, 9 to 21" in told
    assert "On your Today page you see" not in told
    assert _letters() == []
    assert len(stored.of_cohort(cohort.id)) == 1


def test_where_ben_leads_ada_reads_nothing_about_nobody_leading(
    engine: Engine, ada: Person, ben: Person, dov: Person, clock: Clock, as_: As
) -> None:
    _group(engine, ben, ada, clock, PHONE)
    assert "Nobody leads" not in as_(ada).get("/contact").text


def test_where_nobody_leads_dov_is_told_as_ada_reads_though_rosa_has_an_address(
    engine: Engine, ada: Person, ben: Person, dov: Person, clock: Clock, as_: As
) -> None:
    _group(engine, ben, ada, clock, Safety("Rosa", "rosa@example.org"))
    accounts.lock(engine, dov, ben.id, clock())
    browser = as_(ada)
    browser.fill("/contact", text=WORDS, act="send")
    assert "Those who run this site are told." in browser.get("/today").text
    assert [one for one, _letter in _letters()] == ["dov@example.org", "rosa@example.org"]


def test_rosa_hears_at_once_where_fay_who_leads_has_no_address(
    engine: Engine, ada: Person, dov: Person, without_address: Person, clock: Clock
) -> None:
    cohort = _group(engine, without_address, ada, clock, Safety("Rosa", "rosa@example.org"))
    contacts.ask(engine, ada, cohort, WORDS, clock())
    assert [one for one, _letter in _letters()] == ["rosa@example.org"]


def test_dov_hears_where_neither_fay_nor_rosa_has_an_address_and_ada_reads_that_it_is_sent(
    engine: Engine, ada: Person, dov: Person, without_address: Person, clock: Clock, as_: As
) -> None:
    _group(engine, without_address, ada, clock, PHONE)
    browser = as_(ada)
    browser.fill("/contact", text=WORDS, act="send")
    assert [one for one, _letter in _letters()] == ["dov@example.org"]
    assert "It is sent. On your Today page" in browser.get("/today").text


def test_dov_reads_which_group_waits_for_somebody_to_lead_it_until_ben_can_again(
    engine: Engine, ada: Person, ben: Person, dov: Person, clock: Clock
) -> None:
    def told() -> list[str]:
        return [one for one in installation.findings(engine, clock()) if "asked for a word" in one]

    cohort = _group(engine, ben, ada, clock, PHONE)
    contacts.ask(engine, ada, cohort, WORDS, clock())
    assert told() == []
    accounts.lock(engine, dov, ben.id, clock())
    (sentence,) = told()
    assert "“Tuesdays”" in sentence
    assert "Ada" not in sentence
    accounts.unlock(engine, dov, ben.id, clock())
    assert told() == []
