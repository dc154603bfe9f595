"""Doors into Ben's group as people knock at them: codes, links, waiting, the roster, and wrong turns."""

import io
import re
from base64 import b64decode
from collections.abc import Callable
from datetime import timedelta
from threading import Event

import pytest

from course_engine.crypto import new_code
from course_engine.domain.cohorts import Cohort
from course_engine.domain.people import Person
from course_engine.domain.roles import Role
from course_engine.engine import Engine
from course_engine.jobs.tasks import HANDLERS, do_jobs
from course_engine.services import cohorts, invitations, joining, members, people, runs, waiting, ways_in
from course_engine.storage import tables
from tests.cast import BREAD, PASSWORD, ZONE, Browser, Clock

As = Callable[[Person], Browser]


@pytest.fixture
def cohort(engine: Engine, ben: Person, clock: Clock) -> Cohort:
    made = cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())
    cohorts.change(
        engine, made, ben, clock(), place="The old bakery", link="https://meet.example.org/mondays"
    )
    return cohorts.led(ben, made.id)


@pytest.fixture
def code(engine: Engine, ben: Person, cohort: Cohort, clock: Clock) -> str:
    return invitations.make(engine, cohort, Role.LEARNER, ben, clock()).code


def test_the_page_of_a_code_names_the_group_and_keeps_its_online_room_to_itself(
    client: Browser, code: str
) -> None:
    page = client.get(f"/join/{code[:4]}-{code[4:]}".lower()).text

    for words in ("Mondays", "Monday 2 March 2026, 18:30 (Lisbon)", "The old bakery", "Ben", "Slow bread"):
        assert words in page
    assert "meet.example.org" not in page


def test_whoever_has_no_account_makes_one_and_comes_back_to_the_code(client: Browser, code: str) -> None:
    client.take_token()
    link = f"/sign-up?next=/join/{code}"
    assert link in client.get(f"/join/{code}").text
    assert f"/sign-up/name?next=/join/{code}" in client.get(link).text
    sent = {"name": "Ada", "email": "ada.l", "password": PASSWORD, "next": f"/join/{code}"}

    noted = client.fill("/sign-up/name", **sent)

    assert f'href="/join/{code}"' in noted.text
    assert "Join this group" in client.get(f"/join/{code}").text


def test_the_link_in_a_letter_leads_back_to_the_code_too(client: Browser, code: str) -> None:
    client.take_token()
    client.fill("/sign-up", email="ada@example.org", next=f"/join/{code}")
    (text,) = (row.text for row in tables.Outbox.select())
    address = re.search(r"/sign-up/link/\S+", text)
    assert address is not None
    made = client.fill(address[0], name="Ada", password=PASSWORD)
    assert made.location == f"/join/{code}"


def test_nobody_is_led_to_another_site(client: Browser) -> None:
    assert "evil.example" not in client.get("/sign-up?next=https://evil.example.org/").text
    assert "evil.example" not in client.get("/sign-up/name?next=//evil.example.org/").text


def test_joining_asks_for_the_tick_and_then_begins(ada: Person, as_: As, code: str) -> None:
    browser = as_(ada)
    missed = browser.fill(f"/join/{code}")
    assert missed.status_code == 422
    assert "Tick this box" in missed.text
    assert browser.fill(f"/join/{code}", agree="yes").location == "/today"
    assert browser.get(f"/join/{code}").location == "/today"
    assert "Mondays" in browser.get("/today").text


def test_a_double_click_on_the_last_place_of_a_code_leads_to_the_course(
    engine: Engine, ada: Person, cleo: Person, ben: Person, cohort: Cohort, as_: As, code: str, clock: Clock
) -> None:
    invitations.limit(engine, cohort, Role.LEARNER, ben, clock(), None, 1)
    browser = as_(ada)
    assert [browser.fill(f"/join/{code}", agree="yes").location for _click in range(2)] == ["/today"] * 2
    assert browser.get(f"/join/{code}").location == "/today"
    assert as_(cleo).get(f"/join/{code}").status_code == 410


def test_whoever_was_invited_to_a_group_that_is_full_now_agrees_at_its_door_too(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, as_: As, code: str, clock: Clock
) -> None:
    cohorts.change(engine, cohort, ben, clock(), seats=1)
    cohorts.add_member(engine, cohort, ada, clock(), started=False)
    browser = as_(ada)
    assert "waiting list" not in browser.get(f"/join/{code}").text
    assert browser.fill(f"/join/{code}").status_code == 422
    assert browser.fill(f"/join/{code}", agree="yes").location == "/today"


def test_each_wrong_turn_has_a_sentence_of_its_own(
    engine: Engine, client: Browser, ben: Person, cohort: Cohort, code: str, clock: Clock
) -> None:
    client.take_token()
    assert "Write the code" in client.fill("/join").text
    unknown = client.get("/join/00000000")
    assert (unknown.status_code, "do not know this code" in unknown.text) == (404, True)
    invitations.limit(engine, cohort, Role.LEARNER, ben, clock(), clock() + timedelta(days=1), None)
    clock.move(days=2)
    over = client.get(f"/join/{code}")
    assert (over.status_code, "time to join" in over.text) == (410, True)
    invitations.revoke(engine, cohort, Role.LEARNER, ben, clock())
    assert "not in use any more" in client.get(f"/join/{code}").text


def test_trying_codes_comes_to_a_stop_and_nobody_learns_how_near_they_were(
    client: Browser, code: str
) -> None:
    near = code[:-1] + ("0" if code[-1] != "0" else "1")
    told = {client.get(f"/join/{wrong}").text.replace(wrong, "") for wrong in (near, "ZZZZZZZZ")}
    assert len({re.sub(r'(nonce|value)="[^"]*"', "", page) for page in told}) == 1
    answers = [client.get(f"/join/{new_code(8)}").status_code for _try in range(200)]

    assert answers[-1] == 429
    assert answers.count(404) <= 120
    stopped = client.get(f"/join/{code}")
    assert (stopped.status_code, "Wait a little" in stopped.text) == (429, True)
    assert client.get("/join").status_code == 200


def test_a_full_group_offers_its_waiting_list_and_today_tells_of_it(
    engine: Engine, ada: Person, ben: Person, cleo: Person, cohort: Cohort, code: str, as_: As, clock: Clock
) -> None:
    cohorts.change(engine, cohort, ben, clock(), seats=1)
    as_(ada).fill(f"/join/{code}", agree="yes")
    browser = as_(cleo)
    assert "waiting list" in browser.get(f"/join/{code}").text
    assert browser.fill(f"/join/{code}").location == "/join/waiting"
    assert browser.get("/today").location == "/join/waiting"
    assert "number 1 in line" in browser.get("/join/waiting").text

    form = {"name": "Mondays", "seats": "2"}
    assert as_(ben).fill(f"/cohorts/{cohort.id}/settings", **form).status_code == 303

    assert "There is a place for you" in browser.get("/today").text
    (asked,) = joining.invited(engine, cleo)
    assert browser.fill(f"/join/invited/{asked.run.id}", agree="yes").location == "/today"
    assert waiting.of_person(cleo) == []


def test_an_invitation_stands_on_today_beside_what_someone_is_doing_already(
    engine: Engine, ada: Person, run: object, cohort: Cohort, as_: As, clock: Clock
) -> None:
    cohorts.add_member(engine, cohort, ada, clock.move(hours=1), started=False)
    page = as_(ada).get("/today").text

    assert "There is a place for you in" in page
    assert "/join/invited/" in page
    assert runs.current(engine, ada).cohort is None


def test_a_removal_is_taken_back_with_one_press_by_its_own_facilitator_only(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, code: str, as_: As, clock: Clock
) -> None:
    joining.join(engine, ada, code, clock())
    browser = as_(ben)
    gone = browser.fill(f"/cohorts/{cohort.id}/people/{ada.id}/remove")
    page = browser.get(gone.location).text
    assert "Ada is not in this group any more" in page
    token = re.search(r'name="undo" value="([^"]+)"', page)
    assert token is not None
    other = cohorts.add(engine, ben, BREAD, "Fridays", clock() + timedelta(days=4), ZONE, 60, clock())
    assert browser.fill(f"/cohorts/{other.id}/people/back", undo=token[1]).status_code == 404
    assert browser.fill(f"/cohorts/{cohort.id}/people/back", undo=token[1]).status_code == 303
    assert [one.id for one in members.of(cohort)] == [ada.id]


def test_no_name_stands_in_the_address_that_takes_a_removal_back(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, code: str, as_: As, clock: Clock
) -> None:
    joining.join(engine, ada, code, clock())
    gone = as_(ben).fill(f"/cohorts/{cohort.id}/people/{ada.id}/remove")
    token = gone.location.partition("undo=")[2]
    readable = b64decode(token.partition(".")[0] + "==", altchars=b"-_")
    assert re.search(rb"\bAda\b", readable) is None
    assert "Ada is not in this group any more" in as_(ben).get(gone.location).text


def test_a_link_looks_the_same_to_ben_whether_or_not_there_is_an_account(
    engine: Engine, ada: Person, ben: Person, client: Browser, cohort: Cohort, as_: As
) -> None:
    browser = as_(ben)
    browser.fill(
        f"/cohorts/{cohort.id}/people/invite", addresses="ada@example.org, zoe@example.org", act="send"
    )
    pages, paths = {}, []
    for one in members.of(cohort):
        shown = browser.fill(f"/cohorts/{cohort.id}/people/{one.id}/link").text
        paths += re.findall(r'"[^"]*(/join/claim/[0-9A-Z]{16})"', shown)
        page = client.get(paths[-1]).text.replace(paths[-1], "LINK").replace(str(one.email), "ADDRESS")
        pages[one.email] = re.sub(r'(nonce|value)="[^"]*"', "", page)
        row = browser.get(f"/cohorts/{cohort.id}/people").text.partition(f'id="person-{one.id}"')[2]
        assert "Show their link and code" in row.partition("</li>")[0]
    assert pages["ada@example.org"] == pages["zoe@example.org"]
    assert len(paths) == 2
    assert "/sign-in?next=/today" in client.get(paths[0]).text


def test_ada_is_led_from_her_link_to_her_place(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, as_: As
) -> None:
    page = as_(ben).fill(
        f"/cohorts/{cohort.id}/people/invite", addresses="ada@example.org", act="send"
    ).text  # fmt: skip
    link = re.search(r"/join/claim/[0-9A-Z]{16}", page)
    assert link is not None
    assert as_(ada).get(link[0]).location == "/today"
    assert "There is a place for you" in as_(ada).get("/today").text


def test_the_three_points_stand_beside_the_box_on_paper_only(ben: Person, cohort: Cohort, as_: As) -> None:
    page = as_(ben).get(f"/cohorts/{cohort.id}/people").text
    card = page.partition('id="on-paper"')[2].partition("</section></details>")[0]
    for words in ("to read out", "Confidentiality", "Privacy", "Not an emergency or monitoring service"):
        assert words in page.partition('id="on-paper"')[2], card


def test_a_roster_is_shown_before_it_is_taken_in_and_bad_rows_come_back(
    engine: Engine, ben: Person, cohort: Cohort, as_: As
) -> None:
    browser = as_(ben)
    table = "name;email\nZoë;zoe@example.org\n=1+1;\nBad;nowhere\n".encode("cp1252")
    sent = {"csrf_token": browser.token, "file": (io.BytesIO(table), "people.csv")}
    shown = browser.post(f"/cohorts/{cohort.id}/people/roster", data=sent)
    page = browser.get(shown.location).text
    assert "Add 2 people" in page
    assert "Download the 1 row we could not use" in page
    assert "Zoë" in page
    assert members.of(cohort) == []

    assert browser.fill(shown.location).status_code == 303
    assert browser.fill(shown.location).status_code == 303, "a second press changes nothing"

    assert {one.name for one in members.of(cohort)} == {"Zoë", "=1+1"}
    assert "reason" in browser.get(f"{shown.location}/faults.csv").text
    assert "'=1+1" in browser.get(f"/cohorts/{cohort.id}/people.csv").text


def test_a_file_that_is_no_table_changes_nothing(ben: Person, cohort: Cohort, as_: As) -> None:
    browser = as_(ben)
    for data, words in ((b"\x89PNG\0\0", "no table"), (b"", "empty"), (b"name\n", "nobody in it")):
        sent = {"csrf_token": browser.token, "file": (io.BytesIO(data), "people.csv")}
        answer = browser.post(f"/cohorts/{cohort.id}/people/roster", data=sent)
        assert answer.status_code == 422
        assert words in answer.text
    answer = browser.post(f"/cohorts/{cohort.id}/people/roster", data={"csrf_token": browser.token})
    assert "Choose a file first" in answer.text


def test_ben_chooses_the_week_of_somebody_on_paper_from_a_list(
    engine: Engine, ben: Person, cohort: Cohort, as_: As, clock: Clock
) -> None:
    members.add_on_paper(engine, cohort, "Piet", ben, clock(), agreed=True)
    page = as_(ben).get(f"/cohorts/{cohort.id}/people").text
    form = page[page.index("/sheets.pdf") :].partition("</form>")[0]
    offered = re.findall(r'<option value="(\d+)"', form)
    weeks = engine.shelf.course(cohort.edition, "en").weeks
    assert offered == [str(week.number) for week in weeks]
    assert 'name="week" inputmode' not in page


@pytest.mark.usefixtures("code")
def test_a_poster_and_sheets_with_a_code_are_for_those_who_lead_the_group(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, as_: As, clock: Clock
) -> None:
    piet = members.add_on_paper(engine, cohort, "Piet", ben, clock(), agreed=True)
    hugo = people.add(engine, "Hugo", "hugo@example.org", PASSWORD, clock(), frozenset({Role.FACILITATOR}))
    joining.join(engine, hugo, invitations.make(engine, cohort, Role.FACILITATOR, ben, clock()).code, clock())
    for path in (
        f"people/{piet.id}/sheets.pdf?week=1",
        f"print.pdf?what=worksheet&worksheet=my-kitchen&for=chosen&people={piet.id}&sides=1",
        "people/poster.pdf",
    ):
        tables.File.delete().execute()
        assert as_(ben).get(f"/cohorts/{cohort.id}/{path}").status_code in (200, 303), path
        do_jobs(engine, HANDLERS, "one", clock, Event())
        made = [one for one in tables.File.select() if not one.media_type.startswith("order")]
        (file,) = [one.id for one in made if one.media_type.endswith(f"={cohort.id}")]
        assert as_(ben).get(f"/files/{file}").status_code == 200, path
        assert as_(ada).get(f"/files/{file}").status_code == 404, path
    assert as_(hugo).get(f"/files/{file}").status_code == 200
    cohorts.stop_leading(engine, cohorts.led(ben, cohort.id), hugo.id, ben, clock())
    assert as_(hugo).get(f"/files/{file}").status_code == 404


def test_a_poster_needs_a_code_that_lets_people_in(ben: Person, cohort: Cohort, as_: As) -> None:
    answer = as_(ben).get(f"/cohorts/{cohort.id}/people/poster.pdf")
    assert answer.status_code == 409
    assert "Make one first" in answer.text


def test_hal_comes_to_his_groups_once_he_has_chosen_how_to_sign_in(
    engine: Engine, dov: Person, client: Browser, clock: Clock
) -> None:
    sent = ways_in.add(engine, dov, "Hal", "hal.wood", frozenset({Role.FACILITATOR}), clock())
    client.take_token()
    path = sent.link.removeprefix(engine.config.base_url)
    page = client.fill(path, name="Hal", email="hal.wood", password=PASSWORD)
    assert page.status_code == 200
    assert 'href="/cohorts/first"' in page.text
