"""A way in of one's own: it opens an account nobody has yet, and never one that somebody has."""

import re
from datetime import datetime, timedelta

import pytest

from course_engine.domain.cohorts import Cohort
from course_engine.domain.errors import BadInput, Refused
from course_engine.domain.people import Person, Scope
from course_engine.domain.roles import Role
from course_engine.engine import Engine
from course_engine.services import (
    accounts,
    claims,
    cohorts,
    devices,
    inviting,
    joining,
    members,
    new_passwords,
    passwords,
    people,
    roster_files,
    rosters,
    tokens,
    ways_in,
)
from course_engine.services.roster_rows import Deed
from course_engine.storage import people as stored
from course_engine.storage import tables as t
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


def test_zoe_is_told_all_that_cannot_be_used_at_once(
    engine: Engine, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    zoe = _invited(engine, cohort, ben, "zoe@example.org", clock())
    code = claims.new(engine, [zoe.id], ben, clock())[zoe.id]
    with pytest.raises(BadInput) as told:
        claims.claim(engine, code, " ", "elsewhere@example.org", "short", clock())
    assert set(told.value.faults) == {"name", "email", "password"}


def test_a_code_opens_nothing_once_she_has_a_password_by_another_way(
    engine: Engine, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    zoe = _invited(engine, cohort, ben, "zoe@example.org", clock())
    code = claims.new(engine, [zoe.id], ben, clock())[zoe.id]
    new_passwords.give(engine, people.get("zoe@example.org"), PASSWORD, clock())

    with pytest.raises(Refused):
        claims.look(code, clock())
    with pytest.raises(Refused):
        claims.claim(engine, code, "Ben in disguise", "disguise", NEW, clock())
    assert passwords.matches(stored.password_hash(zoe.id), PASSWORD)


def test_a_code_opens_nothing_of_someone_whom_others_lead_too(
    engine: Engine, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    leads = frozenset({Role.FACILITATOR})
    ema = people.add(engine, "Ema", "ema@example.org", PASSWORD, clock(), leads)
    hers = cohorts.add(engine, ema, BREAD, "Fridays", clock() + timedelta(days=3), ZONE, 90, clock())
    olga = _invited(engine, hers, ema, "olga@example.org", clock())
    _invited(engine, cohort, ben, "olga@example.org", clock())
    code = claims.new(engine, [olga.id], ben, clock())[olga.id]
    assert not claims.look(code, clock()).open
    with pytest.raises(BadInput):
        claims.claim(engine, code, "Ben in disguise", "disguise", NEW, clock())
    assert stored.password_hash(olga.id) == ""


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
    new_passwords.give(engine, people.get("ada@example.org"), NEW, clock())
    assert tokens.holder(engine, secret, clock()) is None


def test_a_place_looks_the_same_whether_or_not_there_is_an_account(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    found = inviting.read(cohort, "ada@example.org, zoe@example.org")
    hers, zoes = rosters.invite(engine, cohort, found, ben, clock())
    shapes = {re.sub(r"[0-9A-Z]{16}$", "CODE", link.address) for link in (hers, zoes)}
    assert shapes == {f"{engine.config.base_url}/join/claim/CODE"}

    code = hers.address.rpartition("/")[2]
    assert claims.look(code, clock()).person.id == ada.id
    with pytest.raises(BadInput, match="Sign in with it"):
        claims.claim(engine, code, "Ada", "ada@example.org", NEW, clock())
    assert passwords.matches(stored.password_hash(ada.id), PASSWORD)


def test_her_own_codes_stay_good_and_a_place_is_no_link_for_a_password(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    recovery = new_passwords.new_code_on_paper(engine, ada, clock())
    (link,) = rosters.invite(engine, cohort, inviting.read(cohort, "ada@example.org"), ben, clock())
    code = link.address.rpartition("/")[2]
    for token in (code, f"place|{code}", f"claim|{code}"):
        assert not new_passwords.link_works(token, clock())
        with pytest.raises(Refused):
            new_passwords.by_link(engine, token, NEW, clock())
    assert new_passwords.by_code(engine, "ada@example.org", recovery, NEW, clock()) == ada


def test_a_place_is_behind_its_code_until_she_has_joined(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    (link,) = rosters.invite(engine, cohort, inviting.read(cohort, "ada@example.org"), ben, clock())
    (asked,) = joining.invited(engine, ada)
    joining.begin(engine, ada, asked.run, clock())
    with pytest.raises(Refused):
        claims.look(link.address.rpartition("/")[2], clock())


def test_no_password_is_worked_on_while_the_database_waits(
    engine: Engine, ada: Person, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Argon2 takes long on purpose: nobody else should wait for it."""
    worked: list[bool] = []
    hashed = passwords.hashed

    def watched(password: str) -> str:
        worked.append(engine.database.peewee.in_transaction())
        return hashed(password)

    monkeypatch.setattr(passwords, "hashed", watched)
    monkeypatch.setattr(passwords, "is_outdated", lambda _stored: True)
    code = new_passwords.new_code_on_paper(engine, ada, clock())
    new_passwords.by_code(engine, "ada@example.org", code, NEW, clock())
    new_passwords.change(engine, ada, NEW, PASSWORD, "", clock())
    devices.sign_in(engine, "ada@example.org", PASSWORD, "Firefox", clock())
    letter = new_passwords.ask_link(engine, "ada@example.org", clock())
    assert letter is not None
    new_passwords.by_link(engine, letter.text.rpartition("/reset/")[2].split()[0], NEW, clock())
    assert worked == [False] * 4


def _letters_code(address: str) -> str:
    """The code in the newest letter to this address."""
    letters = t.Outbox.select().where(t.Outbox.recipient == address).order_by(t.Outbox.created_at)
    text = [str(one.text) for one in letters][-1]
    return text.rpartition("/join/claim/")[2].split()[0]


@pytest.mark.parametrize("role", [Role.ADMIN, Role.FACILITATOR])
def test_ben_cannot_open_the_account_that_dov_has_just_made_and_its_letter_still_does(
    engine: Engine, ben: Person, dov: Person, cohort: Cohort, clock: Clock, role: Role
) -> None:
    eve = ways_in.add(engine, dov, "Eve", "eve@example.org", frozenset({role}), clock()).person
    letter = _letters_code("eve@example.org")
    (link,) = rosters.invite(engine, cohort, inviting.read(cohort, "eve@example.org"), ben, clock())
    (again,) = inviting.write(engine, cohort, [eve], ben, clock(), letters_too=False)

    for shown in (link, again):
        code = shown.address.rpartition("/")[2]
        assert not claims.look(code, clock()).open
        with pytest.raises(BadInput):
            claims.claim(engine, code, "Ben in disguise", "disguise", NEW, clock())
    assert stored.password_hash(eve.id) == ""
    claimed = claims.claim(engine, letter, "Eve", "eve@example.org", NEW, clock())
    assert claimed.roles == {role}


def test_dov_can_invite_eve_once_more_although_ben_has_entered_her(
    engine: Engine, ben: Person, dov: Person, cohort: Cohort, clock: Clock
) -> None:
    eve = ways_in.add(engine, dov, "Eve", "eve@example.org", frozenset({Role.ADMIN}), clock()).person
    first = _letters_code("eve@example.org")
    rosters.invite(engine, cohort, inviting.read(cohort, "eve@example.org"), ben, clock())
    ways_in.again(engine, dov, eve.id, clock.move(minutes=1))

    with pytest.raises(Refused):
        claims.look(first, clock())
    claims.claim(engine, _letters_code("eve@example.org"), "Eve", "eve@example.org", NEW, clock())
    assert passwords.matches(stored.password_hash(eve.id), NEW)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.FACILITATOR])
def test_an_old_slip_opens_nothing_once_kim_is_more_than_a_learner(
    engine: Engine, ben: Person, dov: Person, cohort: Cohort, clock: Clock, role: Role
) -> None:
    kim = members.add_on_paper(engine, cohort, "Kim", ben, clock(), agreed=True)
    slip = claims.new(engine, [kim.id], ben, clock())[kim.id]
    accounts.set_roles(engine, dov, kim.id, frozenset({Role.LEARNER, role}), clock())
    with pytest.raises(Refused):
        claims.claim(engine, slip, "Ben in disguise", "disguise", NEW, clock())

    accounts.set_roles(engine, dov, kim.id, frozenset({Role.LEARNER}), clock())
    with pytest.raises(Refused):
        claims.look(slip, clock())
    assert stored.password_hash(kim.id) == ""


def test_a_slip_that_ben_gave_out_is_looked_at_again_at_the_moment_it_is_used(
    engine: Engine, ben: Person, cohort: Cohort, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The role is given while the password of whoever holds the slip is being worked on."""
    kim = members.add_on_paper(engine, cohort, "Kim", ben, clock(), agreed=True)
    slip = claims.new(engine, [kim.id], ben, clock())[kim.id]
    hashed = passwords.hashed

    def meanwhile(password: str) -> str:
        with engine.database.transaction():
            stored.set_roles(kim.id, frozenset({Role.ADMIN}))
        return hashed(password)

    monkeypatch.setattr(passwords, "hashed", meanwhile)
    with pytest.raises(Refused):
        claims.claim(engine, slip, "Kim", "kim", NEW, clock())
    assert stored.password_hash(kim.id) == ""


def test_dov_is_told_how_kim_on_paper_gets_a_way_in(
    engine: Engine, ben: Person, dov: Person, cohort: Cohort, clock: Clock
) -> None:
    kim = members.add_on_paper(engine, cohort, "Kim", ben, clock(), agreed=True)
    accounts.set_roles(engine, dov, kim.id, frozenset({Role.LEARNER, Role.FACILITATOR}), clock())
    with pytest.raises(Refused, match="takes part on paper"):
        ways_in.again(engine, dov, kim.id, clock())


def test_ben_can_neither_rename_eve_with_a_file_nor_begin_the_course_for_her(
    engine: Engine, ben: Person, dov: Person, cohort: Cohort, clock: Clock
) -> None:
    eve = ways_in.add(engine, dov, "Eve", "eve@example.org", frozenset({Role.ADMIN}), clock()).person
    rosters.invite(engine, cohort, inviting.read(cohort, "eve@example.org"), ben, clock())
    for line, deed in ((f"{eve.id},Ben,ben2@example.org", Deed.BAD), (f"{eve.id},Ben,", Deed.CHANGE)):
        plan = rosters.plan(cohort, roster_files.read(f"id,name,email\n{line}".encode()))
        rosters.apply(engine, cohort, plan.changes, "1", ben, clock())
        assert [one.deed for one in plan.changes] == [deed]
    assert members.one(cohort, eve.id).called == "Ben", "in this group, until she comes in"
    with pytest.raises(Refused):
        members.begin_on_paper(engine, cohort, eve.id, ben, clock())
    kept = stored.get(eve.id)
    assert kept is not None
    assert (kept.name, kept.email) == ("Eve", "eve@example.org")
