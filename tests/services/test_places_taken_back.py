"""Ben takes back a place that he offered: its letter stays here, and its link opens nothing any more."""

from datetime import timedelta

import pytest

from course_engine.domain.cohorts import Cohort
from course_engine.domain.errors import Refused
from course_engine.domain.people import Person
from course_engine.engine import Engine
from course_engine.services import claims, cohorts, inviting, members, rosters, waiting
from course_engine.storage import tables
from tests.cast import BREAD, ZONE, Browser, Clock

PASSWORD = "seven slow herons by the lake"


@pytest.fixture
def cohort(engine: Engine, ben: Person, clock: Clock) -> Cohort:
    return cohorts.add(engine, ben, BREAD, "Tuesdays", clock(), ZONE, 90, clock())


def _invite(engine: Engine, cohort: Cohort, ben: Person, clock: Clock, *names: str) -> dict[str, str]:
    """Invite these people: the code of each."""
    typed = inviting.read(cohort, ", ".join(f"{name}@example.org" for name in names))
    links = rosters.invite(engine, cohort, typed, ben, clock())
    return {link.person.id: link.address.rpartition("/")[2] for link in links}


def _waiting() -> list[str]:
    found = tables.Outbox.select().where(tables.Outbox.sent_at.is_null())
    return sorted(str(letter.recipient) for letter in found)


def test_the_letter_to_eve_does_not_go_out_once_she_is_removed_and_zoes_does(
    engine: Engine, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    eve, _zoe = _invite(engine, cohort, ben, clock, "eve", "zoe")
    assert _waiting() == ["eve@example.org", "zoe@example.org"]
    members.remove(engine, cohort, eve, ben, clock())
    assert _waiting() == ["zoe@example.org"]


def test_what_is_in_eves_letter_opens_nothing_once_she_is_removed(
    engine: Engine, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    ((eve, code),) = _invite(engine, cohort, ben, clock, "eve").items()
    assert claims.look(code, clock()).open
    members.remove(engine, cohort, eve, ben, clock())
    with pytest.raises(Refused, match="a place that is not kept any more"):
        claims.claim(engine, code, "Eve", "eve@example.org", PASSWORD, clock())


def test_eve_who_has_a_place_in_another_group_of_bens_still_comes_in(
    engine: Engine, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    fridays = cohorts.add(engine, ben, BREAD, "Fridays", clock() + timedelta(days=3), ZONE, 90, clock())
    ((eve, _first),) = _invite(engine, cohort, ben, clock, "eve").items()
    ((_eve, code),) = _invite(engine, fridays, ben, clock, "eve").items()
    members.remove(engine, cohort, eve, ben, clock())
    assert _waiting() == ["eve@example.org"]
    assert claims.claim(engine, code, "Eve", "eve@example.org", PASSWORD, clock()).id == eve


def test_ada_who_waited_and_is_removed_reads_of_no_place(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    waiting.take(engine, cohort, ada, clock())
    assert _waiting() == ["ada@example.org"]
    members.remove(engine, cohort, ada.id, ben, clock())
    assert _waiting() == []


def test_nobody_learns_from_a_code_that_is_closed_who_has_an_account(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, clock: Clock, client: Browser
) -> None:
    codes = _invite(engine, cohort, ben, clock, "ada", "eve")
    for person in codes:
        members.remove(engine, cohort, person, ben, clock())
    pages = [client.get(f"/join/claim/{code}") for code in codes.values()]
    assert {page.status_code for page in pages} == {410}
    texts = {page.text.replace(code, "CODE") for page, code in zip(pages, codes.values(), strict=True)}
    assert all("a place that is not kept any more" in text for text in texts)
    assert len({text[text.index("<main") : text.index("csrf_token")] for text in texts}) == 1
