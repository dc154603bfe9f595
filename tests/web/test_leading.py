"""Gus leads with Ben until his role is taken or his account is locked: what pages and files show then."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest

from course_engine.domain.cohorts import Cohort
from course_engine.domain.people import Person
from course_engine.domain.roles import Role
from course_engine.engine import Engine
from course_engine.rendering import pdf
from course_engine.services import accounts, cohorts, invitations, members, messages, people
from course_engine.storage import tables as t
from tests.cast import BREAD, PASSWORD, ZONE, Browser, Clock

As = Callable[[Person], Browser]
LEARN, LEAD = frozenset({Role.LEARNER}), frozenset({Role.FACILITATOR})


@pytest.fixture
def cohort(engine: Engine, ben: Person, clock: Clock) -> Cohort:
    return cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())


@pytest.fixture
def gus(engine: Engine, ben: Person, cohort: Cohort, clock: Clock) -> Person:
    person = people.add(engine, "Gus", "gus@example.org", PASSWORD, clock(), LEAD, zone=ZONE)
    cohorts.share(engine, cohort, "gus@example.org", ben, clock())
    return person


def test_what_was_printed_for_the_group_is_closed_to_gus_with_its_pages(
    engine: Engine, ben: Person, gus: Person, dov: Person, cohort: Cohort, as_: As, clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(pdf, "render", lambda *_given, **_more: b"%PDF-1.7 of a test")
    invitations.make(engine, cohort, Role.LEARNER, ben, clock())
    browser = as_(gus)
    assert browser.get(f"/cohorts/{cohort.id}/people/poster.pdf").status_code == 200
    file = f"/files/{t.File.get(t.File.name == 'poster.pdf').id}"
    assert browser.get(file).status_code == 200

    accounts.set_roles(engine, dov, gus.id, LEARN, clock())
    assert browser.get(f"/cohorts/{cohort.id}").status_code == 404
    assert browser.get(file).status_code == 404
    assert as_(ben).get(file).status_code == 200


def test_gus_comes_in_by_the_code_as_a_learner_once_he_is_one(
    engine: Engine, ben: Person, gus: Person, dov: Person, cohort: Cohort, as_: As, clock: Clock
) -> None:
    code = invitations.make(engine, cohort, Role.LEARNER, ben, clock()).code
    browser = as_(gus)
    assert browser.get(f"/join/{code}").headers["Location"] == f"/cohorts/{cohort.id}"
    accounts.set_roles(engine, dov, gus.id, LEARN, clock())
    page = browser.get(f"/join/{code}")
    assert (page.status_code, "Mondays" in page.text) == (200, True)


def test_ben_sees_that_gus_cannot_lead_and_lets_him_go_for_good(
    engine: Engine, ben: Person, gus: Person, dov: Person, cohort: Cohort, as_: As, clock: Clock
) -> None:
    settings, browser = f"/cohorts/{cohort.id}/settings", as_(ben)
    assert "cannot lead at the moment" not in browser.get(settings).text
    accounts.lock(engine, dov, gus.id, clock())
    page = browser.get(settings).text
    assert page.count("cannot lead at the moment") == 1
    assert f"/leaders/{gus.id}" in page
    assert f"/leaders/{ben.id}" not in page

    assert browser.fill(f"/cohorts/{cohort.id}/leaders/{gus.id}").status_code == 303
    assert re.search(r"\bGus\b", browser.get(settings).text) is None
    assert browser.fill(f"/cohorts/{cohort.id}/leaders/{gus.id}").status_code == 404


def test_dov_is_told_before_and_after_that_nobody_else_leads(
    engine: Engine, ben: Person, dov: Person, cohort: Cohort, as_: As, clock: Clock
) -> None:
    browser, page = as_(dov), f"/admin/people/{ben.id}"
    assert "Ben leads “Mondays” alone." in unescape(browser.get(page).text)
    asked = browser.fill(f"{page}/lock", act="lock")
    assert asked.status_code == 422
    assert "Nobody else leads “Mondays”. Tick that you have read this, then lock." in unescape(asked.text)
    assert accounts.one(ben.id, clock()).standing.locked_at is None

    assert browser.fill(f"{page}/lock", act="lock", read="yes").status_code == 303
    assert "Nobody can lead “Mondays” while this account is locked." in unescape(browser.get(page).text)


def test_words_to_ada_who_has_left_are_not_said_to_be_sent(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, as_: As, clock: Clock
) -> None:
    cohorts.add_member(engine, cohort, ada, clock())
    drafts = [messages.write(engine, cohort, "Soon", "Soon.", ben, clock(), ada.id) for _each in (1, 2)]
    messages.send(engine, drafts[0], cohort, clock() + timedelta(days=1), ben, clock())
    members.remove(engine, cohort, ada.id, ben, clock())
    before, browser = t.Outbox.select().count(), as_(ben)

    answer = browser.fill(f"/cohorts/{cohort.id}/messages/{drafts[1].id}", act="send")
    assert (answer.status_code, "not in the group any more" in answer.text) == (422, True)
    assert "It is sent." not in browser.get(f"/cohorts/{cohort.id}/messages").text
    messages.send_due(engine, clock.move(days=2))
    assert t.Outbox.select().count() == before
    page = browser.get(f"/cohorts/{cohort.id}/messages").text
    assert ("Taken back" in page, "Draft" in page) == (True, True)


def test_what_gus_chose_meanwhile_stays_when_ben_keeps_an_older_page(
    engine: Engine, ben: Person, gus: Person, cohort: Cohort, as_: As
) -> None:
    path, browser = f"/cohorts/{cohort.id}/settings", as_(ben)
    fields = {"name": "Mondays", "shown": _shown(browser.get(path).text)}
    theirs = {
        **fields,
        "safety_name": "Gus",
        "safety_reach": "555 0142",
        "seats": "9",
        "whole_workbook": "yes",
    }
    assert as_(gus).fill(path, **theirs).status_code == 303
    assert browser.fill(path, **fields, place="The blue room").status_code == 303

    kept = cohorts.led(ben, cohort.id)
    assert (kept.place, kept.safety.name, kept.safety.reach) == ("The blue room", "Gus", "555 0142")
    assert (kept.seats, kept.whole_workbook) == (9, True)
    fields["shown"] = _shown(browser.get(path).text)
    assert browser.fill(path, **fields).status_code == 303
    assert cohorts.led(ben, cohort.id).safety.name == "", "what Ben empties is empty"


def test_a_wrong_address_of_a_facilitator_leaves_the_settings_in_their_fields(
    ben: Person, cohort: Cohort, as_: As
) -> None:
    path, browser = f"/cohorts/{cohort.id}", as_(ben)
    browser.fill(f"{path}/settings", name="Mondays", place="The old mill", safety_name="Ana")
    page = browser.fill(f"{path}/leaders", address="nobody@example.org")

    assert page.status_code == 422
    for value in ("Mondays", "The old mill", "Ana", "nobody@example.org"):
        assert f'value="{value}"' in page.text


def _shown(page: str) -> str:
    found = re.search(r'name="shown" value="([^"]*)"', page)
    assert found
    return unescape(found[1])
