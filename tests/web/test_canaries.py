"""What Ada wrote for herself is in no letter, on no sheet of paper and on no page of anybody else's."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask

from course_engine.domain.people import Person
from course_engine.domain.roles import Role
from course_engine.engine import Engine
from course_engine.jobs.schedule import DUE
from course_engine.rendering import pdf
from course_engine.rendering.paper import Paper
from course_engine.services import (
    contacts,
    invitations,
    inviting,
    messages,
    new_passwords,
    paper,
    people,
    rosters,
    runs,
    waiting,
    writings,
)
from course_engine.storage import runs as stored_runs
from course_engine.storage import tables
from course_engine.storage.database import fetch
from tests.cast import PASSWORD, Browser, Clock
from tests.web.doors import DOORS, Site, furnish

As = Callable[[Person], Browser]
# Which words stand on a page is the same for every database.
pytestmark = pytest.mark.parametrize("site_url", ["sqlite"], indirect=True)
CANARY = re.compile("canary-([a-z-]+)")
OWN: tuple[tuple[writings.Kind, str], ...] = (
    ("worksheet", "my-kitchen"), ("check-in", "check-in-1"), ("check-in", "oven-1"),
    ("moment", "stir-and-look"), ("measure", "oven-1"), ("note", "stir-and-look"),
)  # fmt: skip
# Those who lead a group read what was written to them, and what they wrote down about it, on one page alone.
MEANT_FOR_BEN = {"GET /cohorts/<id>/contact": {"contact", "contact-note"}}


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What every document was made of; none is really made."""
    made: list[str] = []

    def keep(*asked: object, **_limits: object) -> bytes:
        made.append(json.dumps(asked, default=str))
        return b"%PDF-1.7 of a test"

    monkeypatch.setattr(pdf, "render", keep)
    return made


@pytest.fixture
def site(engine: Engine, clock: Clock, printed: list[str]) -> Site:
    """Ada has written a word of its own in every place where she can."""
    made = furnish(engine, clock)
    run = runs.own(engine, made.ada, made.run.id)
    writings.write_entry(engine, made.ada, run, "canary-journal", clock())
    writings.write_entry(engine, made.ada, run, "canary-prompt", clock(), "journal-1")
    for kind, item in OWN:
        writings.save_answers(engine, made.ada, run, kind, item, {"words": f"canary-{kind}"}, clock())
    request = contacts.ask(engine, made.ada, made.cohort, "canary-contact", clock())
    contacts.move(engine, made.cohort, request.id, request.state, "canary-contact-note", made.ben, clock())
    return made


def _walk(site: Site, app: Flask, as_: As) -> Iterator[tuple[str, str]]:
    """All that Ben, Ema, Dov and Cleo can look at: each address with what it answers."""
    for actor in (site.ben, site.ema, site.dov, site.cleo):
        browser = as_(actor)
        for door in (door for door in DOORS if door.startswith("GET ")):
            answer = browser.get(site.path(door.removeprefix("GET "), actor))
            yield door, answer.data.decode("utf-8", "replace") + answer.headers.get("Location", "")


def test_nobody_else_meets_it_on_any_page_or_in_any_file(
    site: Site, app: Flask, as_: As, printed: list[str]
) -> None:
    looked = found = 0
    for door, page in _walk(site, app, as_):
        looked += 1
        met = set(CANARY.findall(page))
        assert met <= MEANT_FOR_BEN.get(door, set()), door
        found += len(met)
    assert looked > 300
    assert found == 2, "Ben reads what Ada wrote to him, so the canaries are awake"
    assert [one for one in printed if CANARY.search(one)] == []


def test_ben_meets_the_name_of_an_account_nowhere_before_its_owner_has_come_in(
    site: Site, as_: As, printed: list[str], clock: Clock
) -> None:
    hal = people.add(site.engine, "canary-invited", "hal@example.org", PASSWORD, clock())
    typed = inviting.read(site.cohort, "Hal of the mill <hal@example.org>")
    rosters.invite(site.engine, site.cohort, typed, site.ben, clock())
    browser, met = as_(site.ben), 0
    for door in (door for door in DOORS if door.startswith("GET ")):
        for path in {site.path(door.removeprefix("GET "), site.ben), _about(site, door, hal)}:
            page = browser.get(path).data.decode("utf-8", "replace")
            assert not {"invited"} & set(CANARY.findall(page)), path
            met += "Hal of the mill" in page
    assert met > 5
    assert not any("canary-invited" in one for one in printed)


def _about(site: Site, door: str, person: Person) -> str:
    """The same address about somebody else of the group."""
    asked = site.path(door.removeprefix("GET "), site.ben)
    return asked.replace(site.ada.id, person.id)


def test_ada_herself_reads_all_of_it(site: Site, as_: As) -> None:
    browser = as_(site.ada)
    journal = browser.get("/journal").text
    assert {"journal", "prompt"} <= set(CANARY.findall(journal))
    assert writings.answers(site.engine, site.ada, site.run, "worksheet", "my-kitchen")


def test_no_letter_carries_it_and_none_says_who_asked_for_a_word(site: Site, clock: Clock) -> None:
    engine, ben = site.engine, site.ben
    messages.send(engine, site.message, site.cohort, clock(), ben, clock())
    invited = "ada@example.org, cleo@example.org, zoe@example.org"
    found = [one for one in inviting.read(site.cohort, invited) if one.good]
    rosters.invite(engine, site.cohort, found, ben, clock())
    waiting.join(engine, site.cohort, site.gil, clock())
    waiting.take(engine, site.cohort, site.gil, clock())
    new_passwords.ask_link(engine, "ada@example.org", clock())
    for days in (1, 30, 200, 700, 800):
        clock.move(days=days)
        for due in DUE:
            due.do(engine, lambda _free: None, clock())

    letters = [f"{one.recipient} {one.subject} {one.text} {one.dedupe}" for one in tables.Outbox.select()]
    assert len(letters) > 5
    assert [one for one in letters if CANARY.search(one)] == []
    told = [one for one in letters if "has asked for contact" in one]
    assert told
    assert not any("Ada" in one for one in told)


def test_no_row_that_admins_read_carries_it(site: Site, as_: As, clock: Clock) -> None:
    invitations.make(site.engine, site.cohort, Role.LEARNER, site.ben, clock())
    as_(site.ben).get(f"/cohorts/{site.cohort.id}/contact")
    rows = fetch("SELECT act, detail FROM audit") + fetch("SELECT subject, result FROM job")
    assert rows
    assert [row for row in rows if CANARY.search(str(row))] == []


def test_the_sheets_of_one_person_hold_a_code_and_nothing_they_wrote(site: Site, clock: Clock) -> None:
    # Only people on paper have such sheets; she wrote what she wrote before.
    tables.Person.update(password_hash="").where(tables.Person.id == site.ada.id).execute()
    asked = paper.week_print(
        site.engine, site.cohort, site.ada.id, 1, Paper("a4", "normal"), clock() + timedelta(hours=1)
    )
    values = json.dumps(asked.values, default=str)
    (row,) = tables.PaperCode.select()
    assert row.code in values
    assert not CANARY.search(values)
    found = stored_runs.get(site.run.id)
    assert found is not None
    assert paper.code(site.engine, found, "week-1") == row.code != paper.code(site.engine, found, "week-2")
