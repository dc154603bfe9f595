"""Ben and Dov press a button twice before the first answer is there: it is done once, and nothing is lost."""

import re
from collections.abc import Callable
from html import unescape

import pytest

from course_engine.domain.cohorts import Cohort
from course_engine.domain.people import Person
from course_engine.domain.roles import Role
from course_engine.engine import Engine
from course_engine.services import (
    claims,
    cohorts,
    contacts,
    invitations,
    inviting,
    members,
    messages,
    new_passwords,
    roster_uploads,
    rosters,
    waiting,
)
from course_engine.storage import audit, tables
from course_engine.storage import cohorts as stored
from tests.cast import BREAD, ZONE, Browser, Clock

As = Callable[[Person], Browser]
PRESS = re.compile(r'name="press" value="([^"]+)"')


@pytest.fixture
def cohort(engine: Engine, ben: Person, clock: Clock) -> Cohort:
    made = cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())
    return cohorts.led(ben, made.id)


def _press(browser: Browser, path: str) -> str:
    """The random word in the form of a page as it is shown now."""
    found = PRESS.search(browser.get(path).text)
    assert found is not None, path
    return found[1]


def _acts(act: str) -> int:
    return sum(told[2] == act for told in audit.newest(50))


@pytest.mark.parametrize("act", ["remove", "own-pace"])
def test_whoever_goes_from_a_group_by_two_presses_can_be_taken_back(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, as_: As, clock: Clock, act: str
) -> None:
    cohorts.add_member(engine, cohort, ada, clock())
    browser, path = as_(ben), f"/cohorts/{cohort.id}/people"
    form = browser.get(path).text.partition(f"{path}/{ada.id}/{act}")[2].partition("</form>")[0]
    (token,) = re.findall(r'name="undo" value="([^"]+)"', form)
    fields = {"undo": unescape(token), "pace": "free"}
    first, second = (browser.fill(f"{path}/{ada.id}/{act}", **fields) for _press in range(2))

    assert first.status_code == second.status_code == 303
    assert "Ada is not in this group any more" in browser.get(second.location).text
    browser.fill(f"{path}/back", undo=second.location.partition("undo=")[2])
    assert [one.id for one in members.of(cohort)] == [ada.id]


def test_an_invited_person_goes_by_two_presses_and_nobody_else_with_them(
    engine: Engine, ada: Person, ben: Person, cleo: Person, cohort: Cohort, as_: As, clock: Clock
) -> None:
    cohorts.add_member(engine, cohort, ada, clock(), started=False)
    browser, path = as_(ben), f"/cohorts/{cohort.id}/people"
    (token,) = re.findall(r'name="undo" value="([^"]+)"', browser.get(path).text)
    for _press in range(2):
        gone = browser.fill(f"{path}/{ada.id}/remove", undo=unescape(token))
        assert "ada@example.org is not in this group any more" in browser.get(gone.location).text

    assert browser.fill(f"{path}/{cleo.id}/remove", undo=unescape(token)).status_code == 404
    assert browser.fill(f"{path}/{cleo.id}/remove").status_code == 404
    assert _acts("cohort.remove") == 1


def test_whoever_waits_is_let_in_once_and_taken_off_the_list_once(
    engine: Engine, ada: Person, ben: Person, cleo: Person, cohort: Cohort, as_: As, clock: Clock
) -> None:
    for person in (ada, cleo):
        waiting.join(engine, cohort, person, clock())
    browser, path = as_(ben), f"/cohorts/{cohort.id}/waiting"
    for _press in range(2):
        assert browser.fill(f"{path}/{ada.id}", act="take").status_code == 303
        assert browser.fill(f"{path}/{cleo.id}", act="drop").status_code == 303
        waiting.take(engine, cohort, ada, clock())

    assert [one.id for one in members.of(cohort)] == [ada.id]
    assert (_acts("cohort.seat"), tables.Outbox.select().count()) == (1, 1)
    assert browser.fill(f"{path}/{cleo.id}", act="take").status_code == 404


def test_a_new_code_made_by_two_presses_is_the_one_that_was_shown_first(
    ben: Person, cohort: Cohort, as_: As, engine: Engine, clock: Clock
) -> None:
    browser, path = as_(ben), f"/cohorts/{cohort.id}/people"
    word = _press(browser, path)
    codes = []
    for _again in range(2):
        browser.fill(f"{path}/code", act="new", press=word)
        codes.append(invitations.of(cohort))
    assert codes[0] == codes[1]
    assert "The one before lets nobody in" not in browser.get(path).text
    assert _acts("invitation.make") == 1

    browser.fill(f"{path}/code", act="new", press=_press(browser, path))
    other = invitations.of(cohort)
    assert other != codes[0]
    invitations.revoke(engine, cohort, Role.LEARNER, ben, clock())
    browser.fill(f"{path}/code", act="new", press=word)
    assert invitations.of(cohort) not in (None, codes[0], other), "a code that was withdrawn stays so"


def test_a_code_of_a_session_made_by_two_presses_is_the_one_that_was_shown_first(
    ben: Person, ada: Person, engine: Engine, cohort: Cohort, as_: As, clock: Clock
) -> None:
    cohorts.add_member(engine, cohort, ada, clock())
    browser, path = as_(ben), f"/cohorts/{cohort.id}/sessions/1/code"
    codes = []
    for word in (_press(browser, f"/cohorts/{cohort.id}/attendance"),) * 2:
        browser.fill(path, press=word)
        codes.append(stored.sessions(cohort.id)[0].code)
    assert codes[0] == codes[1]

    browser.fill(path, press=_press(browser, f"/cohorts/{cohort.id}/attendance"))
    assert stored.sessions(cohort.id)[0].code != codes[0]


def test_a_note_about_a_request_is_written_down_once(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, as_: As, clock: Clock
) -> None:
    cohorts.add_member(engine, cohort, ada, clock())
    asked = contacts.ask(engine, ada, cohort, "Could we talk?", clock())
    browser, path = as_(ben), f"/cohorts/{cohort.id}/contact"
    for word in (_press(browser, path),) * 2:
        browser.fill(f"{path}/{asked.id}", state="seen", note="Ring on Friday", press=word)
    assert browser.get(path).text.count("Ring on Friday") == 1

    browser.fill(f"{path}/{asked.id}", state="seen", note="Ring on Friday", press=_press(browser, path))
    assert browser.get(path).text.count("Ring on Friday") == 2


def test_a_message_is_drafted_once(ben: Person, cohort: Cohort, as_: As) -> None:
    browser, path = as_(ben), f"/cohorts/{cohort.id}/messages"
    word = _press(browser, path)
    sent = [browser.fill(path, subject="Soon", text="See you.", press=word).location for _press in range(2)]
    assert sent[0] == sent[1]
    assert len(messages.of_cohort(cohort)) == 1

    browser.fill(path, subject="Soon", text="See you then.", press=word)
    assert len(messages.of_cohort(cohort)) == 2, "other words are another message"


def test_a_link_for_a_new_password_goes_out_once_and_stays_good(
    ada: Person, dov: Person, as_: As, clock: Clock
) -> None:
    browser, path = as_(dov), f"/admin/people/{ada.id}"
    for word in (_press(browser, path),) * 2:
        assert browser.fill(f"{path}/reset", press=word).status_code == 303

    (letter,) = tables.Outbox.select()
    link = re.findall(r"/reset/(\S+)", letter.text)[0]
    assert new_passwords.link_works(link, clock())
    browser.fill(f"{path}/reset", press=_press(browser, path))
    assert not new_passwords.link_works(link, clock()), "pressed anew, it is a new one"


def test_an_invitation_to_an_account_goes_out_once_and_stays_good(dov: Person, as_: As, clock: Clock) -> None:
    browser = as_(dov)
    made = browser.fill("/admin/people/new", name="Fay", email="fay@example.org", roles="facilitator")
    for word in (_press(browser, made.location),) * 2:
        browser.fill(f"{made.location}/reset", press=word)

    _first, letter = tables.Outbox.select().order_by(
        tables.Outbox.created_at, tables.Outbox.dedupe.is_null(False)
    )
    assert claims.look(re.findall(r"/join/claim/(\w+)", letter.text)[0], clock()).open


def test_a_table_of_people_is_taken_in_once(
    engine: Engine, ben: Person, cohort: Cohort, as_: As, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = roster_uploads.keep(engine, cohort, ben, b"name,email\nZoe,zoe@example.org\nPiet,\n", clock())
    known = roster_uploads.plan(engine, cohort, ben, upload)
    browser, path = as_(ben), f"/cohorts/{cohort.id}/people/roster/{upload}"
    browser.fill(path)
    # The second press has read what the file does before the first has done it.
    monkeypatch.setattr(roster_uploads, "plan", lambda *_asked: known)

    assert browser.fill(path).status_code == 303
    assert sorted(one.called for one in members.of(cohort)) == ["Piet", "Zoe"]


def test_whoever_two_leaders_invite_at_once_has_one_place_and_one_letter(
    engine: Engine, ben: Person, cohort: Cohort, as_: As, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    zoe = inviting.read(cohort, "zoe@example.org")
    hold = engine.database.one_at_a_time
    waited: list[str] = []

    def wait(what: str) -> None:
        hold(what)
        if not waited:
            waited.append(what)
            rosters.invite(engine, cohort, zoe, ben, clock())

    browser = as_(ben)
    monkeypatch.setattr(engine.database, "one_at_a_time", wait)
    page = browser.fill(f"/cohorts/{cohort.id}/people/invite", addresses="zoe@example.org", act="send")

    assert waited == [f"cohort {cohort.id}"]
    assert "has a place here already" in page.text
    assert [one.email for one in members.of(cohort)] == ["zoe@example.org"]
    assert tables.Outbox.select().count() == 1
