"""Dov runs the site: people, installation, outbox, jobs, audit, retention; nothing private is on any page."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask

from course_engine.crypto import new_id
from course_engine.domain.cohorts import RequestState
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.domain.retention import BOUNDS
from course_engine.domain.work import Letter
from course_engine.engine import Engine
from course_engine.jobs.tasks import HANDLERS
from course_engine.services import (
    cohorts,
    contacts,
    installation,
    jobs,
    letters,
    messages,
    new_passwords,
    people,
    retention,
    writings,
)
from course_engine.storage import audit, outbox
from course_engine.web.admin.jobs import kinds
from tests.cast import BREAD, PASSWORD, ZONE, Browser, Clock

As = Callable[[Person], Browser]
PAGES = (
    "/admin/people", "/admin/people/new", "/admin/settings", "/admin/outbox", "/admin/outbox?show=sent",
    "/admin/jobs", "/admin/jobs?show=ended", "/admin/audit", "/admin/audit.csv", "/admin/retention",
    "/admin/help-lines",
)  # fmt: skip
CANARY = "canary-in-a-private-place"


def text(browser: Browser, path: str) -> str:
    """What a page says."""
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return unescape(answer.text)


def test_dov_finds_his_way_from_the_first_page(dov: Person, as_: As) -> None:
    browser = as_(dov)
    assert browser.get("/admin").headers["Location"] == "/admin/people"
    page = text(browser, "/admin/people")
    for place in ("people", "courses", "help-lines", "settings", "outbox", "jobs", "audit", "retention"):
        assert f'href="/admin/{place}"' in page
    assert 'href="/admin/people" aria-current="page"' in page


def test_dov_finds_adds_and_opens_a_person(engine: Engine, dov: Person, ada: Person, as_: As) -> None:
    browser = as_(dov)
    assert "2 people have an account here." in text(browser, "/admin/people")
    found = text(browser, "/admin/people?find=ADA&role=learner")
    assert "1 person is found." in found
    assert f'href="/admin/people/{ada.id}"' in found
    assert "Nobody is found." in text(browser, "/admin/people?find=ada&role=admin")

    sent = browser.fill(
        "/admin/people/new", name="Eve", email="eve@example.org", roles=["learner", "facilitator"]
    )
    page = text(browser, sent.headers["Location"])
    assert (sent.status_code, "a letter with a link is on its way" in page) == (303, True)
    assert "has not chosen a password yet" in page
    assert outbox.waiting() == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "Eve", "email": "ada@example.org", "roles": "learner"}, "There is an account"),
        ({"name": "Eve", "email": "eve@example.org"}, "Choose at least one role"),
        ({"name": "Eve", "email": "eve@example.org", "roles": "owner"}, "Choose from the roles there are"),
        ({"name": " ", "email": "eve@example.org", "roles": "learner"}, "Write the name"),
        ({"name": "Eve", "email": "e", "roles": "learner"}, "Write an e-mail address"),
        ({"name": "Eve", "email": "eve@example.org", "roles": "learner", "password": "x"}, "no field called"),
    ],
)  # fmt: skip
def test_somebody_who_cannot_be_added_is_named_with_what_to_do(
    dov: Person, ada: Person, as_: As, fields: dict[str, str], words: str
) -> None:
    answer = as_(dov).fill("/admin/people/new", **fields)
    assert answer.status_code == 422
    assert words in unescape(answer.text)
    assert people.page().total == 2


def test_a_link_that_is_handed_over_shows_once_and_asks_for_the_name(
    engine: Engine, dov: Person, as_: As, clock: Clock
) -> None:
    eve = people.add(engine, "Eve", "eve.eve", PASSWORD, clock())
    browser = as_(dov)
    assert browser.fill(f"/admin/people/{eve.id}/reset").status_code == 422
    assert browser.fill(f"/admin/people/{eve.id}/reset", name="Ada").status_code == 422

    shown = browser.fill(f"/admin/people/{eve.id}/reset", name=" eve ")

    assert shown.status_code == 200
    link = unescape(shown.text).partition(engine.config.base_url)[2].partition("<")[0]
    assert link.startswith("/reset/")
    assert browser.application.test_client().get(link).status_code == 200
    assert link not in text(browser, f"/admin/people/{eve.id}")
    assert link.rpartition("/")[2] not in text(browser, "/admin/audit")


def test_a_lock_holds_with_the_next_request_and_comes_off(
    dov: Person, ada: Person, run: Run, as_: As, client: Browser
) -> None:
    hers, browser = as_(ada), as_(dov)
    assert hers.get("/today").status_code == 200

    browser.fill(f"/admin/people/{ada.id}/lock", act="lock")

    assert hers.get("/today").status_code == 401
    assert "Locked" in text(browser, "/admin/people")
    client.take_token()
    closed = client.fill("/sign-in", email="ada@example.org", password=PASSWORD)
    wrong = client.fill("/sign-in", email="ada@example.org", password="nothing of the kind")
    assert closed.status_code == wrong.status_code == 422
    assert browser.fill(f"/admin/people/{dov.id}/lock", act="lock").status_code == 409

    browser.fill(f"/admin/people/{ada.id}/lock", act="unlock")
    assert client.fill("/sign-in", email="ada@example.org", password=PASSWORD).status_code == 303


def test_a_role_that_is_given_is_there_at_once(dov: Person, ada: Person, as_: As) -> None:
    hers = as_(ada)
    assert hers.get("/cohorts").status_code == 404
    as_(dov).fill(f"/admin/people/{ada.id}/roles", roles=["learner", "facilitator"])
    assert hers.get("/cohorts").status_code == 200


def test_dov_is_told_that_a_new_role_before_the_first_sign_in_asks_for_a_new_link(
    dov: Person, as_: As
) -> None:
    browser = as_(dov)
    sent = browser.fill("/admin/people/new", name="Eve", email="eve@example.org", roles="learner")
    page = str(sent.headers["Location"])
    no_link, told = "No link that was made for them works", "The link that Eve had does not work any more"
    assert no_link not in text(browser, page)

    browser.fill(f"{page}/roles", roles=["learner", "facilitator"])
    shown = text(browser, page)
    assert (no_link in shown, told in shown) == (True, True)
    browser.fill(f"{page}/roles", roles=["learner", "facilitator", "admin"])
    assert told not in text(browser, page), "there was no link any more to stop"

    browser.fill(f"{page}/reset")
    assert no_link not in text(browser, page)
    browser.fill(f"{page}/roles", roles="learner")
    assert no_link not in text(browser, page), "fewer rights leave a link as it is"


def test_the_account_of_ben_names_what_he_leads_and_why_the_role_stays(
    engine: Engine, dov: Person, ben: Person, as_: As, clock: Clock
) -> None:
    cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())
    browser = as_(dov)
    refused = browser.fill(f"/admin/people/{ben.id}/roles", roles="learner")
    assert refused.status_code == 409
    assert "Ben leads “Mondays” alone" in unescape(refused.text)
    assert browser.fill(f"/admin/people/{dov.id}/roles", roles="learner").status_code == 409


def test_the_new_name_of_the_site_is_on_every_page_and_in_every_letter(
    engine: Engine, dov: Person, ada: Person, as_: As, client: Browser, clock: Clock
) -> None:
    engine.config = replace(engine.config, given=frozenset())
    browser = as_(dov)
    before = client.get("/steady").text
    assert "Stillwater" in before

    sent = browser.fill("/admin/settings", site_name="Quiet <Bay>", zone="Asia/Tokyo", paper="letter")

    assert sent.status_code == 303
    for page in (client.get("/steady").text, browser.get("/admin/people").text):
        assert "Stillwater" not in page
        assert "Quiet &lt;Bay&gt;" in page
    letter = new_passwords.ask_link(engine, "ada@example.org", clock())
    assert letter is not None
    assert letter.subject.startswith("Quiet <Bay>")
    assert browser.fill("/admin/settings", site_name="").status_code == 422


def test_a_setting_that_another_admin_has_changed_stays_when_dov_keeps_an_older_page(
    engine: Engine, dov: Person, as_: As
) -> None:
    engine.config = replace(engine.config, given=frozenset())
    browser = as_(dov)
    old = re.search(r'name="shown" value="([^"]*)"', browser.get("/admin/settings").text)
    assert old
    was = {name: getattr(engine.config, name) for name in ("site_name", "zone", "paper")}
    browser.fill("/admin/settings", **{**was, "site_name": "Quiet Bay"})
    browser.fill("/admin/settings", **{**was, "paper": "letter"}, shown=unescape(old[1]))
    assert (engine.config.site_name, engine.config.paper) == ("Quiet Bay", "letter")


@pytest.mark.parametrize("shown", ["[" * 50_000, "no", '["zone"]', ""])
def test_a_form_that_does_not_say_what_it_showed_is_read_as_it_was_sent(
    engine: Engine, dov: Person, as_: As, shown: str
) -> None:
    engine.config = replace(engine.config, given=frozenset())
    sent = {"site_name": "Quiet Bay", "zone": engine.config.zone, "paper": engine.config.paper}
    assert as_(dov).fill("/admin/settings", **sent, shown=shown).status_code == 303
    assert engine.config.site_name == "Quiet Bay"


def test_what_the_installer_has_set_is_shown_and_not_asked(dov: Person, as_: As) -> None:
    browser = as_(dov)
    page = text(browser, "/admin/settings")
    assert "Set by whoever installed this site." in page
    assert 'name="zone"' not in page
    assert browser.fill("/admin/settings", zone="Asia/Tokyo").status_code == 409


def test_following_costs_no_request_a_statement(engine: Engine, dov: Person, as_: As) -> None:
    browser = as_(dov)
    browser.get("/steady")
    with engine.database.count_queries() as asked:
        browser.get("/steady")
    assert not [one for one in asked.statements if "site" in one.lower().split()]


def test_the_outbox_shortens_addresses_but_ones_own(
    engine: Engine, dov: Person, as_: As, clock: Clock
) -> None:
    for to in ("ada@example.org", "dov@example.org"):
        letters.post(engine, Letter(new_id(), to, CANARY, CANARY, clock()))
    browser = as_(dov)
    page = text(browser, "/admin/outbox")

    assert "a…@example.org" in page
    assert "ada@example.org" not in page
    assert "dov@example.org" in page
    assert CANARY not in page
    (first, _second) = outbox.listed(sent=False, after="", limit=2)
    assert browser.fill(f"/admin/outbox/{first.id}", act="drop").status_code == 303
    assert browser.fill(f"/admin/outbox/{first.id}", act="drop").status_code == 404
    assert browser.fill(f"/admin/outbox/{first.id}", act="read").status_code == 422


def test_a_job_is_shown_by_its_kind_and_can_be_cancelled(
    engine: Engine, dov: Person, ada: Person, as_: As, clock: Clock
) -> None:
    job = jobs.ask(engine, "print", ada, {"title": CANARY}, 4, clock())
    browser = as_(dov)
    page = text(browser, "/admin/jobs")
    assert "Printing" in page
    assert "for Ada" in page
    assert browser.fill(f"/admin/jobs/{job.id}", act="cancel").status_code == 303
    assert "Cancelled" in text(browser, "/admin/jobs?show=ended")
    assert browser.fill(f"/admin/jobs/{job.id}", act="again").status_code == 303
    assert "Waits" in text(browser, "/admin/jobs")


def test_every_kind_of_job_has_a_name(app: Flask) -> None:
    with app.test_request_context():
        assert set(HANDLERS) == set(kinds())


def test_the_audit_is_filtered_paged_and_says_when_there_is_nothing(
    engine: Engine, dov: Person, ada: Person, as_: As, clock: Clock
) -> None:
    with engine.database.transaction():
        for _number in range(60):
            audit.add(clock(), dov.id, "person.lock", ada.id)
    browser = as_(dov)
    page = text(browser, "/admin/audit?kind=accounts")
    assert "A table holds 50,000 lines at most" in page
    assert page.count("Dov locked the account of Ada.") == 50
    older = page.partition('rel="next" href="')[2].partition('"')[0]
    assert text(browser, older).count("Dov locked the account of Ada.") == 10

    empty = text(browser, "/admin/audit?since=2020-01-01&until=2020-02-01")
    assert "Nothing recorded in these dates." in empty
    assert "Clear filters" in empty
    for wrong in ("since=soon", "person=nobody@example.org", "since=2026-03-02&until=2026-03-01"):
        answer = browser.get(f"/admin/audit?{wrong}")
        assert answer.status_code == 422
        assert "There is a problem" in answer.text
    assert browser.get("/admin/audit?before=99999999999999999999&kind=zz").status_code == 200


def test_the_audit_as_a_table_is_text_for_every_spreadsheet(
    engine: Engine, dov: Person, ada: Person, as_: As, clock: Clock
) -> None:
    people.change_name(engine, ada, "=HYPERLINK(1)")
    with engine.database.transaction():
        audit.add(clock(), ada.id, "cohort.join", ada.id, {})
    answer = as_(dov).get("/admin/audit.csv")

    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0] == ["When", "Who", "Act", "Whom", "What"]
    joined = next(row for row in rows if row[2] == "cohort.join")
    assert joined[1] == "'=HYPERLINK(1)"
    assert joined[0].endswith("+00:00")
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert audit.newest(1)[0][2] == "audit.save"


def test_the_rules_of_keeping_are_changed_within_their_bounds(dov: Person, as_: As) -> None:
    numbers = {
        "run_months": "36", "contact_days": "90", "audit_months": "24", "letter_days": "30",
        "invited_months": "12",
    }  # fmt: skip
    browser = as_(dov)
    assert browser.fill("/admin/retention", **numbers).status_code == 303
    assert retention.rules().run_months == 36
    for wrong in ("0", "many", "", "999999999999999999999"):
        answer = browser.fill("/admin/retention", **{**numbers, "run_months": wrong})
        assert answer.status_code == 422
    assert retention.rules().run_months == 36


def test_a_rule_that_another_admin_has_changed_stays_when_dov_keeps_an_older_page(
    engine: Engine, dov: Person, as_: As
) -> None:
    browser = as_(dov)
    numbers = {name: getattr(retention.rules(), name) for name in BOUNDS}
    old = re.search(r'name="shown" value="([^"]*)"', browser.get("/admin/retention").text)
    assert old
    browser.fill("/admin/retention", **{**numbers, "run_months": 36})
    browser.fill("/admin/retention", **{**numbers, "letter_days": 60}, shown=unescape(old[1]))
    rules = retention.rules()
    assert (rules.run_months, rules.letter_days) == (36, 60)


def test_every_rule_that_cannot_be_is_told_at_once_by_its_name(dov: Person, as_: As) -> None:
    typed = {"run_months": "soon", "contact_days": "90", "audit_months": "1", "letter_days": "7.5",
             "invited_months": ""}  # fmt: skip
    page = as_(dov).fill("/admin/retention", **typed).text
    for words in (
        "Courses that nobody comes back to: write a whole number from 6 to 120.",
        "People who were invited and never came: write a whole number from 6 to 60.",
        "Lines of the audit: write a whole number from 6 to 120.",
        "Letters: write a whole number from 7 to 365.",
    ):
        assert page.count(words) == 2, "above the form and at its field"
    assert "Requests for contact: write" not in page


def test_no_private_word_is_on_any_page_of_the_administration(
    engine: Engine, dov: Person, ben: Person, ada: Person, app: Flask, as_: As, clock: Clock
) -> None:
    group = cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())
    run = cohorts.add_member(engine, group, ada, clock())
    hers = as_(ada)
    writings.write_entry(engine, ada, run, f"{CANARY} journal", clock())
    for path, fields in (
        ("/worksheets/my-kitchen", {"warm-place": f"{CANARY} worksheet"}),
        ("/steps/what-lives/moment", {"moment": "overwhelmed", "note": f"{CANARY} note"}),
    ):
        assert hers.fill(path, **fields).status_code == 303, path
    asked = contacts.ask(engine, ada, group, f"{CANARY} contact", clock())
    contacts.move(engine, group, asked.id, RequestState.SEEN, f"{CANARY} about her", ben, clock())
    draft = messages.write(engine, group, f"{CANARY} subject", f"{CANARY} text", ben, clock())
    messages.send(engine, draft, group, clock(), ben, clock())
    messages.send_due(engine, clock.move(hours=24))
    jobs.ask(engine, "print", ada, {"note": CANARY}, 1, clock())
    cohorts.end(engine, group, ben, clock())
    retention.tend(engine, clock.move(days=70))
    installation.send_test(engine, dov, clock())
    letters.send_waiting(replace(engine, mailer=Nowhere()), clock)
    browser = as_(dov)

    for path in (*PAGES, *(f"/admin/people/{one.id}" for one in (ada, ben, dov))):
        answer = browser.get(path)
        assert answer.status_code == 200, path
        assert CANARY not in answer.text, path
        assert "overwhelmed" not in answer.text, path
    assert CANARY not in repr(audit.newest(500))


def test_every_page_asks_as_often_however_many_there_are(
    engine: Engine, dov: Person, ada: Person, as_: As, clock: Clock
) -> None:
    browser = as_(dov)
    counts: dict[str, list[int]] = {}
    for round in range(2):
        for number in range(1 + 29 * round):
            eve = people.add(engine, "Eve", f"eve-{round}-{number}@example.org", PASSWORD, clock())
            jobs.ask(engine, "print", eve, {}, 1, clock() - timedelta(minutes=number))
            letters.post(engine, Letter(new_id(), f"{eve.email}", "x", "y", clock()))
            with engine.database.transaction():
                audit.add(clock(), eve.id, "person.lock", ada.id)
        for path in PAGES:
            if path != "/admin/audit.csv":
                browser.get(path)
                with engine.database.count_queries() as asked:
                    browser.get(path)
                counts.setdefault(path, []).append(asked.count)

    assert {path: found for path, found in counts.items() if found[0] != found[1]} == {}
    assert max(found[0] for found in counts.values()) <= 30


class Nowhere:
    """A mail server that takes everything."""

    def send(self, _letter: Letter) -> None:
        pass
