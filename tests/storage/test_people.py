"""Ada and Ben are written down, found, changed and signed in."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from course_engine.domain.errors import Refused
from course_engine.domain.people import Consent, Device
from course_engine.domain.roles import Role
from course_engine.storage import attempts, devices, people, resets, runs
from course_engine.storage import tables as t
from course_engine.storage.database import Database
from tests.storage.cast import ADA, BEN, HOUR, NOW, RUN, add_ada, add_ben


@pytest.fixture(autouse=True)
def _people(database: Database) -> None:
    add_ada()
    add_ben()


def _device(number: int) -> Device:
    return Device(
        f"device{number:010}", ADA.id, "Firefox on Linux", NOW, NOW + number * HOUR, NOW + 48 * HOUR
    )


def test_ada_is_found_by_her_address_and_ben_by_his_sign_in_name() -> None:
    assert people.by_address(" Ada@Example.org ") == (ADA, "hash")
    assert people.by_address("BEN") == (BEN, "hash")
    assert people.by_address("cleo@example.org") is None
    assert people.get(BEN.id) == BEN
    assert people.key(ADA.id) == b"wrapped"


def test_nobody_else_gets_adas_address_and_the_transaction_around_lives_on(database: Database) -> None:
    with database.transaction():
        with pytest.raises(Refused):
            people.add(replace(ADA, id="cleo000000000000", name="Cleo"), "hash", b"key")
        with pytest.raises(Refused):
            people.change(BEN.id, email=ADA.email)
        people.change(BEN.id, name="Benedict")
    changed = people.get(BEN.id)
    assert changed is not None
    assert changed.name == "Benedict"
    assert people.count() == 2


def test_people_are_listed_by_name_a_page_at_a_time() -> None:
    assert people.all(limit=1) == [ADA]
    assert people.all(after=ADA.id, limit=1) == [BEN]
    assert people.all(after=BEN.id) == []


def test_roles_can_be_changed() -> None:
    people.set_roles(ADA.id, frozenset({Role.ADMIN}))
    found = people.get(ADA.id)
    assert found is not None
    assert found.roles == {Role.ADMIN}


def test_the_first_agreement_to_the_same_words_stays() -> None:
    people.agree(ADA.id, "slow-bread", Consent("1", NOW))
    people.agree(ADA.id, "slow-bread", Consent("1", NOW + HOUR))
    assert people.consent(ADA.id, "slow-bread") == Consent("1", NOW)
    people.agree(ADA.id, "slow-bread", Consent("2", NOW + HOUR))
    assert people.consent(ADA.id, "slow-bread") == Consent("2", NOW + HOUR)


def test_who_holds_a_cookie_is_one_query(database: Database) -> None:
    devices.add(replace(_device(1), person=BEN.id), b"digest")
    with database.count_queries() as queries:
        found = devices.get_by_digest(b"digest", NOW)
    assert queries.count == 1
    assert found == (BEN, replace(_device(1), person=BEN.id))
    assert devices.get_by_digest(b"digest", NOW + 48 * HOUR) is None
    assert devices.get_by_digest(b"other", NOW) is None


def test_a_device_can_be_signed_out_by_its_owner_only() -> None:
    for number in (1, 2, 3):
        devices.add(_device(number), b"digest-%d" % number)
    assert [device.id for device in devices.of(ADA.id, NOW)] == [_device(n).id for n in (3, 2, 1)]
    assert not devices.revoke(_device(1).id, BEN.id)
    assert devices.revoke(_device(1).id, ADA.id)
    assert devices.revoke_all(ADA.id, but=_device(2).id) == 1
    assert devices.of(ADA.id, NOW) == [_device(2)]
    assert devices.revoke_all(ADA.id) == 1


def test_sign_ins_that_did_not_work_are_counted_by_address() -> None:
    for hours in (0, 1, 2):
        attempts.add(b"ada", NOW + hours * HOUR)
    attempts.add(b"ben", NOW)
    assert attempts.count_since(b"ada", NOW + HOUR) == 2
    attempts.clear(b"ada")
    assert (attempts.count_since(b"ada", NOW), attempts.count_since(b"ben", NOW)) == (0, 1)


def test_a_link_to_a_new_password_works_once_even_when_pressed_by_ten_at_once(database: Database) -> None:
    resets.add(b"link", ADA.id, NOW + HOUR)
    assert resets.look(b"link", NOW) == ADA.id
    assert resets.take(b"link", NOW + HOUR) is None
    with ThreadPoolExecutor(10) as pressing:
        taken = list(pressing.map(lambda _n: resets.take(b"link", NOW), range(10)))
    assert sorted(filter(None, taken)) == [ADA.id]
    assert resets.look(b"link", NOW) is None


def test_what_belongs_to_ada_goes_with_her() -> None:
    devices.add(_device(1), b"digest")
    people.remove(ADA.id)
    assert people.get(ADA.id) is None
    assert runs.get(RUN.id) is None
    assert t.Device.select().count() == 0
