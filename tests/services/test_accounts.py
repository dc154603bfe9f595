"""What Dov does with accounts: each act does that and no more, and is written down."""

from dataclasses import replace

import pytest

from course_engine.domain.errors import BadInput, NotFound, Refused
from course_engine.domain.people import Person, Scope, Theme
from course_engine.domain.roles import Role
from course_engine.engine import Engine
from course_engine.services import (
    accounts,
    claims,
    cohorts,
    devices,
    members,
    new_passwords,
    people,
    tokens,
    ways_in,
)
from course_engine.storage import accounts as stored
from course_engine.storage import audit
from course_engine.storage import people as stored_people
from tests.cast import BREAD, PASSWORD, ZONE, Clock

NEW = "a fresh loaf every friday"
ADMIN, LEAD, LEARN = Role.ADMIN, Role.FACILITATOR, Role.LEARNER


def acts(engine: Engine) -> list[tuple[str, str | None]]:
    """What was written down, oldest first."""
    lines = [(act, whom) for _at, _actor, act, whom, _detail in audit.newest()][::-1]
    return [(act, whom) for act, whom in lines if act.startswith("person.")]


@pytest.fixture
def fay(engine: Engine, clock: Clock) -> Person:
    """Fay administers with Dov."""
    return people.add(engine, "Fay", "fay@example.org", PASSWORD, clock(), frozenset({ADMIN}))


def lead(engine: Engine, clock: Clock, ben: Person, name: str = "Mondays") -> str:
    return cohorts.add(engine, ben, BREAD, name, clock(), ZONE, 90, clock()).id


def test_people_are_found_by_name_address_and_sign_in_name_whatever_the_accents(
    engine: Engine, dov: Person, clock: Clock
) -> None:
    for name, address in (("Żaneta Łoś", "z@example.org"), ("Zoe", "zoe.zak"), ("Tomás", "t@example.org")):
        people.add(engine, name, address, PASSWORD, clock())

    def found(words: str, role: Role | None = None) -> list[str]:
        return [person.name for person in accounts.page(words, role).people]

    assert found("zaneta los") == ["Żaneta Łoś"]
    assert found("TOMAS") == ["Tomás"]
    assert found("zoe.z") == ["Zoe"]
    assert found("T@Example") == ["Tomás"]
    assert found("", ADMIN) == ["Dov"]
    assert found("zoe", ADMIN) == []
    assert found("%") == found("_") == []


def test_a_page_holds_fifty_and_the_next_goes_on_after_them(engine: Engine, clock: Clock) -> None:
    for number in range(53):
        stored_people.add(
            Person(
                f"id-{number:02}", "Same name", None, f"same-{number:02}", frozenset({LEARN}), "UTC", "en",
                Theme.SYSTEM, clock(),
            ),
            "hash", b"key",
        )  # fmt: skip
    for words in ("", "same"):
        first = accounts.page(words)
        rest = accounts.page(words, after=first.after)

        assert (len(first.people), len(rest.people), first.total, rest.after) == (50, 3, 53, "")
        assert [one.id for one in (*first.people, *rest.people)] == [f"id-{n:02}" for n in range(53)]


def test_somebody_new_gets_a_letter_and_chooses_the_password(
    engine: Engine, dov: Person, clock: Clock
) -> None:
    sent = ways_in.add(engine, dov, "Eve", "eve@example.org", frozenset({LEAD}), clock())

    assert sent.link == ""
    assert acts(engine)[-2:] == [("person.add", sent.person.id), ("person.claim_codes", None)]
    with pytest.raises(Refused):
        devices.sign_in(engine, "eve@example.org", "", "Firefox", clock())


def test_somebody_without_an_address_gets_a_link_to_be_handed_over(
    engine: Engine, dov: Person, clock: Clock
) -> None:
    sent = ways_in.add(engine, dov, "Eve", "eve.eve", frozenset({LEARN}), clock())
    code = sent.link.rpartition("/")[2]

    claims.claim(engine, code, "Eve", "eve.eve", NEW, clock())

    assert devices.sign_in(engine, "eve.eve", NEW, "Firefox", clock()).person.id == sent.person.id


def test_nobody_is_added_twice_or_without_a_role(
    engine: Engine, dov: Person, ada: Person, clock: Clock
) -> None:
    with pytest.raises(Refused):
        ways_in.add(engine, dov, "Ada", "ada@example.org", frozenset({LEARN}), clock())
    with pytest.raises(BadInput):
        ways_in.add(engine, dov, "Eve", "eve@example.org", frozenset(), clock())
    assert accounts.page().total == 2


def test_roles_are_given_and_taken_and_say_so(engine: Engine, dov: Person, ada: Person, clock: Clock) -> None:
    accounts.set_roles(engine, dov, ada.id, frozenset({LEARN, LEAD}), clock())
    accounts.set_roles(engine, dov, ada.id, frozenset({LEARN, LEAD}), clock())

    assert accounts.one(ada.id, clock()).person.roles == {LEARN, LEAD}
    assert acts(engine) == [("person.roles", ada.id)]
    assert audit.newest()[0][4] == {"given": ["facilitator"], "taken": []}


def test_nobody_takes_their_own_admin_role_or_locks_themselves_out(
    engine: Engine, dov: Person, fay: Person, clock: Clock
) -> None:
    with pytest.raises(Refused, match="your own admin role"):
        accounts.set_roles(engine, dov, dov.id, frozenset({LEARN}), clock())
    with pytest.raises(Refused, match="lock yourself out"):
        accounts.lock(engine, dov, dov.id, clock())
    assert stored.admins() == {dov.id, fay.id}


def test_of_two_admins_who_take_each_others_role_one_stays(
    engine: Engine, dov: Person, fay: Person, clock: Clock
) -> None:
    accounts.set_roles(engine, dov, fay.id, frozenset({LEARN}), clock())

    with pytest.raises(Refused, match="not an admin any more"):
        accounts.set_roles(engine, fay, dov.id, frozenset({LEARN}), clock())
    with pytest.raises(Refused, match="not an admin any more"):
        accounts.lock(engine, fay, dov.id, clock())
    assert stored.admins() == {dov.id}


def test_who_leads_a_group_alone_keeps_the_role_until_somebody_leads_it_too(
    engine: Engine, dov: Person, ben: Person, clock: Clock
) -> None:
    cohort = lead(engine, clock, ben)
    with pytest.raises(Refused, match="“Mondays” alone"):
        accounts.set_roles(engine, dov, ben.id, frozenset({LEARN}), clock())

    people.add(engine, "Gil", "gil@example.org", PASSWORD, clock(), frozenset({LEAD}))
    cohorts.share(engine, cohorts.led(ben, cohort), "gil@example.org", ben, clock())
    _person, leads = accounts.set_roles(engine, dov, ben.id, frozenset({LEARN}), clock())

    assert [one.name for one in leads] == ["Mondays"]
    assert [one.name for one in accounts.one(ben.id, clock()).leads] == ["Mondays"]


def test_a_locked_account_answers_like_a_wrong_password_and_opens_again(
    engine: Engine, dov: Person, ada: Person, clock: Clock
) -> None:
    there = devices.sign_in(engine, "ada@example.org", PASSWORD, "Firefox", clock())
    _token, secret = tokens.make(engine, ada, "A clock", Scope.READ, clock())
    with pytest.raises(Refused) as wrong:
        devices.sign_in(engine, "ada@example.org", "nothing of the kind", "Firefox", clock())

    accounts.lock(engine, dov, ada.id, clock())

    with pytest.raises(Refused) as locked:
        devices.sign_in(engine, "ada@example.org", PASSWORD, "Firefox", clock())
    assert str(locked.value) == str(wrong.value)
    assert devices.signed_in(there.token, clock()) is None
    assert tokens.holder(engine, secret, clock()) is None
    assert new_passwords.ask_link(engine, "ada@example.org", clock()) is None

    accounts.unlock(engine, dov, ada.id, clock())
    assert devices.sign_in(engine, "ada@example.org", PASSWORD, "Firefox", clock()).person == ada
    assert [act for act, _whom in acts(engine)][-2:] == ["person.lock", "person.unlock"]


def test_a_device_that_slips_in_while_an_account_is_locked_is_worth_nothing(
    engine: Engine, dov: Person, ada: Person, clock: Clock
) -> None:
    accounts.lock(engine, dov, ada.id, clock())

    late = devices.sign_in_new(engine, ada, "Firefox", clock())

    assert devices.signed_in(late.token, clock()) is None


def test_the_code_on_paper_opens_nothing_while_locked_and_is_good_afterwards(
    engine: Engine, dov: Person, clock: Clock
) -> None:
    eve = people.add(engine, "Eve", "eve.eve", PASSWORD, clock())
    code = new_passwords.new_code_on_paper(engine, eve, clock())
    accounts.lock(engine, dov, eve.id, clock())
    with pytest.raises(Refused):
        new_passwords.by_code(engine, "eve.eve", code, NEW, clock())

    accounts.unlock(engine, dov, eve.id, clock())

    assert new_passwords.by_code(engine, "eve.eve", code, NEW, clock()).id == eve.id


def test_a_way_back_in_is_a_letter_where_one_can_arrive(
    engine: Engine, dov: Person, ada: Person, clock: Clock
) -> None:
    assert ways_in.again(engine, dov, ada.id, clock()).link == ""
    assert audit.newest()[0][4] == {"by": "letter"}


def test_where_no_letter_can_arrive_the_link_is_shown_and_works_once(
    engine: Engine, dov: Person, ada: Person, clock: Clock
) -> None:
    quiet = replace(engine, config=replace(engine.config, env="production", mail_url=None))
    older = ways_in.again(quiet, dov, ada.id, clock()).link.rpartition("/")[2]
    link = ways_in.again(quiet, dov, ada.id, clock()).link.rpartition("/")[2]

    assert not new_passwords.link_works(older, clock())
    new_passwords.by_link(engine, link, NEW, clock())
    assert not new_passwords.link_works(link, clock())
    assert devices.sign_in(engine, "ada@example.org", NEW, "Firefox", clock()).person.id == ada.id


def test_a_locked_account_gets_no_link(engine: Engine, dov: Person, ada: Person, clock: Clock) -> None:
    accounts.lock(engine, dov, ada.id, clock())
    with pytest.raises(Refused, match="Unlock it first"):
        ways_in.again(engine, dov, ada.id, clock())


def test_dov_makes_no_way_into_what_somebody_does_on_paper(
    engine: Engine, dov: Person, ben: Person, clock: Clock
) -> None:
    cohort = cohorts.led(ben, lead(engine, clock, ben))
    eve = members.add_on_paper(engine, cohort, "Eve", ben, clock(), agreed=True)

    with pytest.raises(Refused, match="Whoever leads the group"):
        ways_in.again(engine, dov, eve.id, clock())


def test_signing_out_everywhere_ends_devices_and_keys(
    engine: Engine, dov: Person, ada: Person, clock: Clock
) -> None:
    there = devices.sign_in(engine, "ada@example.org", PASSWORD, "Firefox", clock())
    accounts.sign_out(engine, dov, ada.id, clock())

    assert devices.signed_in(there.token, clock()) is None
    assert accounts.one(ada.id, clock()).devices == []


def test_who_is_not_there_cannot_be_changed(engine: Engine, dov: Person, clock: Clock) -> None:
    for act in (accounts.lock, accounts.unlock, accounts.sign_out, ways_in.again):
        with pytest.raises(NotFound):
            act(engine, dov, "nobody", clock())
    with pytest.raises(NotFound):
        accounts.set_roles(engine, dov, "nobody", frozenset({LEARN}), clock())
    assert acts(engine) == []
