"""Ben asks people into a group with a number of places, and sees them before anybody is written to."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from course_engine.domain.cohorts import Cohort
from course_engine.domain.people import Person
from course_engine.domain.roles import Role
from course_engine.engine import Engine
from course_engine.rendering import squares
from course_engine.services import claims, cohorts, invitations, members, roster_uploads, rosters
from course_engine.storage import tables
from tests.cast import BREAD, ZONE, Browser, Clock

As = Callable[[Person], Browser]
FIVE = "ada@example.org, zoe@example.org, mia@example.org, piet@example.org, nope, rui@example.org"


@pytest.fixture
def cohort(engine: Engine, ben: Person, clock: Clock) -> Cohort:
    """Mondays from next week on, with three places."""
    made = cohorts.add(engine, ben, BREAD, "Mondays", clock() + timedelta(days=7), ZONE, 90, clock())
    cohorts.change(engine, made, ben, clock(), seats=3)
    return cohorts.led(ben, made.id)


def _here(cohort: Cohort) -> set[str | None]:
    return {one.email for one in members.of(cohort)}


def test_ben_reads_that_five_are_two_more_than_there_are_places(ben: Person, cohort: Cohort, as_: As) -> None:
    browser, path = as_(ben), f"/cohorts/{cohort.id}/people/invite"
    page = browser.fill(path, addresses=FIVE, act="preview").text

    assert "3 places, 0 taken. With these there are 2 people more than places." in page
    assert "<span>Invite the first 3 people</span>" in page
    assert "<span>Invite 5 people all the same</span>" in page
    assert page.count("gets a place, and") == 3
    assert page.count("beyond the places of the group") == 2
    roomy = browser.fill(path, addresses="ada@example.org", act="preview").text
    assert "3 places, 0 taken." in roomy
    assert "more than places" not in roomy
    assert "<span>Invite 1 person</span>" in roomy


def test_ben_invites_the_first_three_and_the_other_two_are_named_and_not_written_to(
    ben: Person, cohort: Cohort, as_: As
) -> None:
    browser, path = as_(ben), f"/cohorts/{cohort.id}/people/invite"
    page = browser.fill(path, addresses=FIVE, act="first").text

    assert _here(cohort) == {"ada@example.org", "zoe@example.org", "mia@example.org"}
    assert tables.Outbox.select().count() == 3
    left = page.partition("Without a place")[2]
    assert left.count("Every place is taken, so nothing was sent.") == 2
    assert "This is no e-mail address." in left
    again = browser.fill(path, addresses="piet@example.org, rui@example.org", act="first").text
    assert "3 places, 3 taken. With these there are 2 people more" in again
    assert "Invite the first" not in again
    assert len(_here(cohort)) == 3


def test_ben_may_invite_everybody_all_the_same(ben: Person, cohort: Cohort, as_: As) -> None:
    as_(ben).fill(f"/cohorts/{cohort.id}/people/invite", addresses=FIVE, act="send")

    assert len(_here(cohort)) == 5
    assert "5 people for 3 places" in as_(ben).get(f"/cohorts/{cohort.id}/people").text


def test_a_table_says_too_whom_there_is_no_place_for(
    engine: Engine, ben: Person, cohort: Cohort, as_: As, clock: Clock
) -> None:
    rosters.invite(
        engine, cohort, rosters.addresses(cohort, "ada@example.org, zoe@example.org"), ben, clock()
    )
    table = b"name,email\nMia,mia@example.org\nPiet,piet@example.org\nAda,ada@example.org\n"
    upload = roster_uploads.keep(engine, cohort, ben, table, clock())
    page = as_(ben).get(f"/cohorts/{cohort.id}/people/roster/{upload}").text

    assert "3 places, 2 taken. With these there is 1 person more than places." in page
    assert page.count("New: gets a place") == 1
    assert page.count("New: beyond the places of the group") == 1


def test_a_group_for_everybody_counts_no_places(engine: Engine, ben: Person, as_: As, clock: Clock) -> None:
    made = cohorts.add(engine, ben, BREAD, "Fridays", clock() + timedelta(days=4), ZONE, 90, clock())
    page = as_(ben).fill(f"/cohorts/{made.id}/people/invite", addresses=FIVE, act="preview").text

    assert "<span>Invite 5 people</span>" in page
    assert "taken" not in page


def test_a_link_carries_the_name_ben_wrote_and_a_code_in_fours_that_opens_it(
    ben: Person, cohort: Cohort, as_: As, clock: Clock
) -> None:
    typed = "Zoe Lind <zoe@example.org>"
    page = as_(ben).fill(f"/cohorts/{cohort.id}/people/invite", addresses=typed, act="send").text

    assert '<p class="person-name">Zoe Lind</p>' in page
    code = re.search(r'paper-code">((?:\w{4}-){3}\w{4})<', page)
    assert code is not None
    assert claims.look(code[1], clock()).person.email == "zoe@example.org"


def test_people_in_the_room_can_point_a_phone_at_the_square_of_the_code(
    engine: Engine, ben: Person, cohort: Cohort, as_: As, clock: Clock
) -> None:
    made = invitations.make(engine, cohort, Role.LEARNER, ben, clock(), clock() + timedelta(days=1))
    path = f"/cohorts/{cohort.id}/people"
    assert squares.svg(f"{engine.config.base_url}/join/{made.code}") in as_(ben).get(path).text

    clock.move(days=2)
    assert 'role="img"' not in as_(ben).get(path).text, "it would lead to a closed door"
