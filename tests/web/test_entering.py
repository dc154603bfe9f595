"""Ben and Dov fill in forms: all that is wrong is told at once, in words of its own, and notes stay notes."""

import re
from collections.abc import Callable
from html import unescape

import pytest

from course_engine.domain.cohorts import Cohort
from course_engine.domain.people import Person
from course_engine.engine import Engine
from course_engine.services import (
    accounts,
    attendance,
    catalogue,
    cohorts,
    inviting,
    members,
    paper,
    people,
)
from course_engine.storage import runs as stored_runs
from tests.cast import BREAD, PASSWORD, ZONE, Browser, Clock

As = Callable[[Person], Browser]


@pytest.fixture
def cohort(engine: Engine, ben: Person, clock: Clock) -> Cohort:
    made = cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())
    return cohorts.led(ben, made.id)


def test_an_empty_form_of_a_new_group_tells_everything_at_once(ben: Person, as_: As) -> None:
    page = as_(ben).fill("/cohorts/new", course=BREAD, name="", first="", hour="", zone=ZONE, minutes="90")
    assert page.status_code == 422
    for words in ("Give the group a name", "Choose the day of the first session", "Choose the hour"):
        assert words in page.text


def test_settings_tell_everything_at_once_in_the_order_of_the_page(
    ben: Person, cohort: Cohort, as_: As
) -> None:
    page = as_(ben).fill(f"/cohorts/{cohort.id}/settings", name=" ", link="mill", seats="-1").text
    summary = page[page.index("error-summary") : page.index("<form", page.index("error-summary"))]
    assert re.findall('<a href="#([a-z]+)"', summary) == ["name", "link", "seats"]


def test_ben_reads_what_it_means_that_more_people_are_here_than_there_is_room_for(
    engine: Engine, ada: Person, cleo: Person, ben: Person, cohort: Cohort, as_: As, clock: Clock
) -> None:
    for person in (ada, cleo):
        cohorts.add_member(engine, cohort, person, clock())
    browser, path = as_(ben), f"/cohorts/{cohort.id}/settings"
    assert "It ends for 2 people. 2 sessions are still to come." in browser.get(path).text
    browser.fill(path, name="Mondays", seats="1")
    said = browser.get(path).text
    assert "This is kept. 2 people are here already. Nobody is removed; new people wait." in said
    browser.fill(path, name="Mondays", seats="2")
    assert "here already" not in browser.get(path).text


def test_an_empty_form_of_a_new_account_tells_everything_at_once(dov: Person, as_: As) -> None:
    page = as_(dov).fill("/admin/people/new", name="", email="")
    assert page.status_code == 422
    for words in ("Write the name they would", "Write an e-mail address like", "Choose at least one role"):
        assert words in page.text


def test_a_group_without_a_name_is_asked_for_the_name_of_a_group(
    ben: Person, cohort: Cohort, as_: As
) -> None:
    page = as_(ben).fill(f"/cohorts/{cohort.id}/settings", name=" ").text
    assert "Give the group a name" in page
    assert "called by" not in page


def test_a_name_on_paper_is_one_that_can_be_printed_and_a_second_of_it_is_told_of(
    engine: Engine, ben: Person, cohort: Cohort, as_: As
) -> None:
    browser, address = as_(ben), f"/cohorts/{cohort.id}/people/paper"
    page = browser.fill(address, name="Müller-Łódź 王", press="1")
    assert page.status_code == 422
    assert "do not have: 王." in page.text
    assert "Read the three points together first" in page.text
    assert members.of(cohort) == []

    browser.fill(address, name="Otto", agreed="yes", press="2")
    assert "people called" not in browser.get(f"/cohorts/{cohort.id}/people").text
    browser.fill(address, name="Otto", agreed="yes", press="3")
    said = browser.get(f"/cohorts/{cohort.id}/people").text
    assert "There are two people called Otto now. A surname or a letter tells them apart." in said


def test_a_line_without_an_address_is_one_row(cohort: Cohort) -> None:
    found = inviting.read(cohort, "not an address, or is it\nZoe <zoe@example.org>; a@b.example c@d.example")
    assert [one.typed for one in found if one.fault] == ["not an address, or is it"]
    assert [one.email for one in found if one.good] == ["zoe@example.org", "a@b.example", "c@d.example"]


@pytest.mark.parametrize(
    ("copied", "read"),
    [
        ("Dick, Tom <tom@b.example>; Silva, Ana Maria <ana@b.example>",
         [("Tom Dick", "tom@b.example"), ("Ana Maria Silva", "ana@b.example")]),
        ('"Dick, Tom" <tom@b.example>, Ana Silva <ana@b.example>',
         [("Tom Dick", "tom@b.example"), ("Ana Silva", "ana@b.example")]),
        ("zoe@b.example, 'Ann O'Neil' <ann@b.example>",
         [("", "zoe@b.example"), ("Ann O'Neil", "ann@b.example")]),
        ("'tom@b.example' <tom@b.example>;", [("", "tom@b.example")]),
        ('"Dick; Tom <tom@b.example>', [("", "Dick"), ("Tom", "tom@b.example")]),
    ],
)  # fmt: skip
def test_ben_pastes_the_list_of_a_mail_program_and_nobodys_name_is_cut(
    cohort: Cohort, copied: str, read: list[tuple[str, str]]
) -> None:
    assert [
        (one.name, one.typed if one.fault else one.email) for one in inviting.read(cohort, copied)
    ] == read


def test_who_cannot_be_invited_is_told_with_the_reason_before_and_after(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, as_: As, clock: Clock
) -> None:
    cohorts.add_member(engine, cohort, ada, clock())
    members.remove(engine, cohort, ada.id, ben, clock())
    browser, address = as_(ben), f"/cohorts/{cohort.id}/people/invite"
    long = f"{'x' * 81} <long@example.org>"
    typed = f"ada@example.org\nben@example.org\n{long}\nzoe@example.org"
    reasons = ("was in the group and left it", "This person leads the group.", "at most 80")

    before = browser.fill(address, addresses=typed, act="preview").text
    assert [reason in before for reason in reasons] == [True, True, True]
    assert "Invite 1 person" in before
    after = browser.fill(address, addresses=typed, act="send").text
    assert [reason in after for reason in reasons] == [True, True, True]
    assert "1 person has a place" in after
    assert [one.email for one in members.of(cohort)] == ["zoe@example.org"]


def test_a_sheet_of_a_week_to_come_takes_no_attendance_yet(
    engine: Engine, ben: Person, cohort: Cohort, as_: As, clock: Clock
) -> None:
    olga = members.add_on_paper(engine, cohort, "Olga", ben, clock(), agreed=True)
    run = stored_runs.get(members.one(cohort, olga.id).run)
    assert run is not None
    code = paper.code(engine, run, "week-3")
    browser, address = as_(ben), f"/cohorts/{cohort.id}/paper"
    page = browser.get(f"{address}?codes={code}").text
    assert "Session 3 is still to come; you can mark it from" in page
    assert f'name="present-{code}"' not in page
    answer = browser.fill(address, codes=code, **{f"present-{code}": "present"})
    assert (answer.status_code, attendance.counts(cohort)) == (422, {})
    assert "has not begun yet" in answer.text

    clock.move(days=14)
    assert f'name="present-{code}"' in browser.get(f"{address}?codes={code}").text


def test_the_first_code_is_not_told_of_as_a_second(ben: Person, cohort: Cohort, as_: As) -> None:
    browser, address = as_(ben), f"/cohorts/{cohort.id}/people"
    browser.fill(f"{address}/code", act="new")
    assert "There is a code now." in browser.get(address).text
    browser.fill(f"{address}/code", act="new")
    assert "The one before lets nobody in" in browser.get(address).text


def test_an_empty_group_is_shown_how_people_come_in(ben: Person, cohort: Cohort, as_: As) -> None:
    page = as_(ben).get(f"/cohorts/{cohort.id}").text
    assert "Everyone has what they need" not in page
    assert page.count("A code, a link or a list brings people in.") == 1


def test_people_are_listed_without_regard_to_capitals_and_accents(
    engine: Engine, dov: Person, clock: Clock
) -> None:
    for place, name in enumerate(("Tomás", "a1", "Łucja", "a2", "Zoe")):
        people.add(engine, name, f"p{place}@example.org", PASSWORD, clock())
    names = [one.name for one in accounts.page().people if one.id != dov.id]
    assert [name for name in names if name != "Dov"] == ["a1", "a2", "Łucja", "Tomás", "Zoe"]


def test_the_library_has_a_place_to_look_for_words(ben: Person, as_: As) -> None:
    page = unescape(as_(ben).get("/library").text)
    assert f'action="/library/{BREAD}" role="search"' in page


def test_a_group_with_a_withdrawn_edition_is_told_so_and_may_keep_it(
    engine: Engine, ben: Person, dov: Person, cohort: Cohort, as_: As, clock: Clock
) -> None:
    address = f"/cohorts/{cohort.id}/edition"
    assert "This is the newest edition." in as_(ben).get(address).text
    catalogue.withdraw(engine, cohort.edition, dov, clock())
    page = as_(ben).get(address).text
    assert "This edition was withdrawn for new people. Your group may keep it." in page
    assert "newest edition" not in page
