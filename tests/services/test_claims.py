"""A way in of one's own: it opens an account nobody has yet, and never one that somebody has."""

from datetime import datetime, timedelta

import pytest

from course_engine.domain.cohorts import Cohort
from course_engine.domain.errors import BadInput, Refused
from course_engine.domain.people import Person, Scope
from course_engine.domain.roles import Role
from course_engine.engine import Engine
from course_engine.services import claims, cohorts, inviting, passwords, people, rosters, tokens
from course_engine.storage import people as stored
from tests.cast import BREAD, PASSWORD, ZONE, Clock

NEW = "seven slow herons by the lake"


@pytest.fixture
def cohort(engine: Engine, ben: Person, clock: Clock) -> Cohort:
    return cohorts.add(engine, ben, BREAD, "Tuesdays", clock(), ZONE, 90, clock())


def _invited(engine: Engine, cohort: Cohort, by: Person, address: str, now: datetime) -> Person:
    rosters.invite(engine, cohort, inviting.read(cohort, address), by, now)
    found = stored.by_address(address)
    assert found is not None
    return found[0]


def test_zoe_claims_the_place_she_was_invited_to(
    engine: Engine, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    zoe = _invited(engine, cohort, ben, "zoe@example.org", clock())
    code = claims.new(engine, [zoe.id], ben, clock())[zoe.id]
    claimed = claims.claim(engine, code, "Zoe", "zoe@example.org", NEW, clock())
    assert (claimed.id, claimed.name, claimed.email) == (zoe.id, "Zoe", "zoe@example.org")


def test_a_code_opens_nothing_once_she_has_a_password_by_another_way(
    engine: Engine, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    zoe = _invited(engine, cohort, ben, "zoe@example.org", clock())
    code = claims.new(engine, [zoe.id], ben, clock())[zoe.id]
    people.set_password(engine, "zoe@example.org", PASSWORD, clock())

    with pytest.raises(Refused):
        claims.look(code, clock())
    with pytest.raises(Refused):
        claims.claim(engine, code, "Ben in disguise", "disguise", NEW, clock())
    assert passwords.matches(stored.password_hash(zoe.id), PASSWORD)


def test_nobody_gets_a_code_for_someone_whom_others_lead_too(
    engine: Engine, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    leads = frozenset({Role.FACILITATOR})
    ema = people.add(engine, "Ema", "ema@example.org", PASSWORD, clock(), leads)
    hers = cohorts.add(engine, ema, BREAD, "Fridays", clock() + timedelta(days=3), ZONE, 90, clock())
    olga = _invited(engine, hers, ema, "olga@example.org", clock())
    _invited(engine, cohort, ben, "olga@example.org", clock())
    assert claims.new(engine, [olga.id], ben, clock()) == {}


def test_an_address_that_was_not_invited_is_not_taken(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    zoe = _invited(engine, cohort, ben, "zoe@example.org", clock())
    code = claims.new(engine, [zoe.id], ben, clock())[zoe.id]
    told = []
    for address in ("stranger@example.org", "ada@example.org"):
        with pytest.raises(BadInput) as error:
            claims.claim(engine, code, "Zoe", address, NEW, clock())
        told.append(error.value.faults)
    assert told[0] == told[1], "whether there is an account is told to nobody"


def test_a_new_password_makes_every_key_worthless(engine: Engine, ada: Person, clock: Clock) -> None:
    _token, secret = tokens.make(engine, ada, "A clock", Scope.READ, clock())
    people.set_password(engine, "ada@example.org", NEW, clock())
    assert tokens.holder(engine, secret, clock()) is None
