"""Accounts: made with any sound password, got back into by link or code, and told apart by nobody else."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from course_engine.domain.errors import BadInput, NotFound, Refused
from course_engine.domain.people import Person
from course_engine.domain.roles import Role
from course_engine.engine import Engine
from course_engine.services import (
    devices,
    letters,
    names,
    new_passwords,
    passwords,
    people,
    signing_up,
    sweeping,
)
from course_engine.services.tries import TooManyTries
from course_engine.storage import outbox, tables
from course_engine.storage import people as stored
from tests.cast import PASSWORD, Clock

NEW = "a slower loaf than yesterday"


def _sign_in(engine: Engine, clock: Clock, address: str, password: str, trusted: str = "") -> str:
    return devices.sign_in(engine, address, password, "Firefox", clock(), trusted).token


def _reset_link(engine: Engine, clock: Clock) -> str:
    letter = new_passwords.ask_link(engine, "ada@example.org", clock())
    assert letter is not None
    return letter.text.partition("/reset/")[2].split()[0]


def _letters_to(address: str) -> int:
    return int(tables.Outbox.select().where(tables.Outbox.recipient == address).count())


@pytest.mark.parametrize(
    "password",
    [
        "four quiet loaves",
        "Zq9!rT4$wP2@mK6",
        "Das Brot geht langsam auf",
        "慢慢来的面包很好吃每天揉一揉面团吧好",
        "🍞🥖🥐🧈🍯🥛🍎🍐🍊🍋🍌🍉🍇🍓🍒",
        "a loaf, a jar, the north wind and a long, long, long, long, long, long, long night of rest",
    ],
    ids=["words", "signs", "german", "chinese", "emoji", "long"],
)
def test_a_password_may_hold_any_signs(password: str, engine: Engine, clock: Clock) -> None:
    people.add(engine, "Eve", "eve@example.org", password, clock())
    assert _sign_in(engine, clock, "eve@example.org", password)
    with pytest.raises(Refused):
        _sign_in(engine, clock, "eve@example.org", password + " ")


def test_the_same_signs_typed_on_another_keyboard_are_the_same_password(engine: Engine, clock: Clock) -> None:
    people.add(engine, "Eve", "eve@example.org", "café au lait every day", clock())
    assert _sign_in(engine, clock, "eve@example.org", "cafe\u0301 au lait every day")


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short",
        "fourteen signs",
        "a" * 40,
        "abababababababababab",
        "password password",
        "passwordpassword1",
        "1234567890123456",
        "qwertyuiopasdfgh",
        "evelyn evelyn eve",
        "stillwater12345",
        "eve@example.org1",
        "x" * 300,
    ],
)
def test_a_password_that_is_short_or_easy_to_guess_is_refused(
    password: str, engine: Engine, clock: Clock
) -> None:
    with pytest.raises(BadInput) as refused:
        people.add(engine, "Evelyn", "eve@example.org", password, clock())
    assert set(refused.value.faults) == {"password"}
    with pytest.raises(NotFound):
        people.get("eve@example.org")


def test_a_password_stored_by_weaker_settings_is_stored_anew_at_the_next_sign_in(
    engine: Engine, ada: Person, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stored.password_hash(ada.id)
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(2, 16, 1))
    _sign_in(engine, clock, "ada@example.org", PASSWORD)
    after = stored.password_hash(ada.id)
    assert after != before
    assert "m=16,t=2" in after
    _sign_in(engine, clock, "ada@example.org", PASSWORD)
    assert stored.password_hash(ada.id) == after


@pytest.mark.parametrize(
    "address", ["", "eve@", "@example.org", "eve@example", "a b@example.org", "e\0ve@example.org", "e" * 41]
)
def test_what_is_no_address_and_no_name_is_refused(address: str, engine: Engine, clock: Clock) -> None:
    with pytest.raises(BadInput):
        people.add(engine, "Eve", address, PASSWORD, clock())


def test_one_address_one_account_in_whatever_case(engine: Engine, ada: Person, clock: Clock) -> None:
    with pytest.raises(Refused):
        people.add(engine, "Another", " ADA@Example.org ", PASSWORD, clock())
    assert people.get("Ada@EXAMPLE.org") == ada


def test_a_person_without_an_address_signs_in_by_name_and_comes_back_by_a_code_on_paper(
    engine: Engine, clock: Clock
) -> None:
    finn = people.add_named(engine, "Finn", "Finn.B", PASSWORD, clock())
    assert (finn.email, finn.sign_in_name) == (None, "finn.b")
    assert _sign_in(engine, clock, "FINN.b", PASSWORD)
    assert new_passwords.ask_link(engine, "finn.b", clock()) is None
    old = new_passwords.new_code_on_paper(engine, finn, clock())
    code = new_passwords.new_code_on_paper(engine, finn, clock.move(days=1))
    with pytest.raises(Refused):
        new_passwords.by_code(engine, "finn.b", old, NEW, clock())
    typed = "-".join(code[n : n + 4].lower() for n in range(0, 16, 4))
    clock.move(days=400)
    assert new_passwords.by_code(engine, "Finn.B", typed, NEW, clock()).id == finn.id
    assert _sign_in(engine, clock, "finn.b", NEW)
    with pytest.raises(Refused):
        new_passwords.by_code(engine, "finn.b", code, PASSWORD, clock())
    with pytest.raises(BadInput):
        people.add_named(engine, "Finn", "finn@example.org", PASSWORD, clock())


def test_a_code_of_one_person_opens_nothing_for_another(engine: Engine, clock: Clock) -> None:
    finn = people.add_named(engine, "Finn", "finn", PASSWORD, clock())
    people.add_named(engine, "Gus", "gus", PASSWORD, clock())
    code = new_passwords.new_code_on_paper(engine, finn, clock())
    for name in ("gus", "nobody"):
        with pytest.raises(Refused, match="do not belong together"):
            new_passwords.by_code(engine, name, code, NEW, clock())
    assert new_passwords.by_code(engine, "finn", code, NEW, clock()).id == finn.id


@pytest.mark.parametrize("account", ["ada@example.org", "nobody@example.org"])
def test_after_ten_wrong_tries_an_account_waits_known_or_not(
    account: str, engine: Engine, ada: Person, clock: Clock
) -> None:
    for _try in range(10):
        with pytest.raises(Refused, match="do not belong together"):
            _sign_in(engine, clock, account, "not the password at all")
        clock.move(minutes=0.5)
    with pytest.raises(TooManyTries):
        _sign_in(engine, clock, account.upper(), PASSWORD)
    clock.move(minutes=15)
    if account == "ada@example.org":
        assert _sign_in(engine, clock, account, PASSWORD)
    else:
        with pytest.raises(Refused, match="do not belong together"):
            _sign_in(engine, clock, account, PASSWORD)


def test_on_a_browser_that_knows_her_ada_is_not_kept_out_by_somebody_else(
    engine: Engine, ada: Person, clock: Clock
) -> None:
    for _try in range(10):
        with pytest.raises(Refused):
            _sign_in(engine, clock, "ada@example.org", "not the password at all")
    assert _sign_in(engine, clock, "ada@example.org", PASSWORD, trusted="her own browser")
    with pytest.raises(TooManyTries):
        _sign_in(engine, clock, "ada@example.org", PASSWORD)


def test_a_reset_link_works_once_for_two_hours_and_ends_every_sign_in(
    engine: Engine, ada: Person, clock: Clock
) -> None:
    old = _sign_in(engine, clock, "ada@example.org", PASSWORD)
    letter = new_passwords.ask_link(engine, "Ada@example.org ", clock())
    assert letter is not None
    assert letter.to == "ada@example.org"
    token = letter.text.partition("/reset/")[2].split()[0]
    with pytest.raises(BadInput):
        new_passwords.by_link(engine, token, "short", clock.move(minutes=119))
    assert new_passwords.by_link(engine, token, NEW, clock()).id == ada.id
    assert devices.signed_in(old, clock()) is None
    with pytest.raises(Refused, match="used or has run out"):
        new_passwords.by_link(engine, token, PASSWORD, clock())
    assert _sign_in(engine, clock, "ada@example.org", NEW)
    with pytest.raises(Refused):
        _sign_in(engine, clock, "ada@example.org", PASSWORD)
    late = _reset_link(engine, clock)
    with pytest.raises(Refused, match="used or has run out"):
        new_passwords.by_link(engine, late, PASSWORD, clock.move(hours=2, minutes=1))


def test_an_unknown_address_is_as_much_work_as_a_known_one(engine: Engine, ada: Person, clock: Clock) -> None:
    rings: list[str] = []
    engine.bell.answer = lambda: rings.append("rung")
    counts = []
    for address in ("ada@example.org", "eve@example.org"):
        with engine.database.count_queries() as queries:
            new_passwords.ask_link(engine, address, clock())
        counts.append([one for one in queries.statements if "outbox" in one or "reset_link" in one])
    assert len(counts[0]) == len(counts[1])
    assert rings == ["rung", "rung"]


def test_a_new_password_ends_the_other_links_and_not_the_code_on_paper(
    engine: Engine, ada: Person, clock: Clock
) -> None:
    code = new_passwords.new_code_on_paper(engine, ada, clock())
    first, second = _reset_link(engine, clock), _reset_link(engine, clock)
    new_passwords.by_link(engine, first, NEW, clock())
    with pytest.raises(Refused, match="used or has run out"):
        new_passwords.by_link(engine, second, PASSWORD, clock())
    assert new_passwords.by_code(engine, "ada@example.org", code, PASSWORD, clock()).id == ada.id


@pytest.mark.parametrize("zone", ["Atlantis/Capital", "localtime", "posixrules", "Factory", "right/UTC"])
def test_nobody_lives_in_a_zone_that_is_not_there(engine: Engine, clock: Clock, zone: str) -> None:
    with pytest.raises(BadInput):
        people.add(engine, "Eve", "eve@example.org", PASSWORD, clock(), zone=zone)


def test_a_letter_is_blank_once_sent_and_not_sent_once_its_link_has_run_out(
    engine: Engine, ada: Person, clock: Clock
) -> None:
    new_passwords.ask_link(engine, "ada@example.org", clock())
    assert letters.send_waiting(engine, clock) == 1
    assert [row.text for row in tables.Outbox.select()] == [""]

    new_passwords.ask_link(engine, "ada@example.org", clock())
    signing_up.ask(engine, "eve@example.org", lambda address, _until: address, clock())
    clock.move(hours=3)
    assert letters.send_waiting(engine, clock) == 1
    sweeping.sweep(engine, clock())
    assert outbox.waiting() == 0


def test_a_link_pressed_in_eight_tabs_works_in_one(engine: Engine, ada: Person, clock: Clock) -> None:
    token = _reset_link(engine, clock)

    def press(number: int) -> str:
        try:
            new_passwords.by_link(engine, token, f"{NEW} number {number}", clock())
        except Refused:
            return ""
        return f"{NEW} number {number}"

    with ThreadPoolExecutor(8) as tabs:
        (taken,) = [password for password in tabs.map(press, range(8)) if password]
    assert _sign_in(engine, clock, "ada@example.org", taken)


def test_after_a_reset_the_wrong_tries_of_before_are_forgotten(
    engine: Engine, ada: Person, clock: Clock
) -> None:
    for _try in range(10):
        with pytest.raises(Refused):
            _sign_in(engine, clock, "ada@example.org", "not the password at all")
    new_passwords.by_link(engine, _reset_link(engine, clock), NEW, clock())
    assert _sign_in(engine, clock, "ada@example.org", NEW)


def test_another_password_signs_out_every_other_device_and_not_this_one(
    engine: Engine, ada: Person, clock: Clock
) -> None:
    here, there = (devices.sign_in_new(engine, ada, label, clock()) for label in ("here", "there"))
    with pytest.raises(BadInput) as refused:
        new_passwords.change(engine, ada, "not it at all, no", NEW, here.device.id, clock())
    assert set(refused.value.faults) == {"old_password"}
    new_passwords.change(engine, ada, PASSWORD, NEW, here.device.id, clock())
    assert devices.signed_in(here.token, clock()) is not None
    assert devices.signed_in(there.token, clock()) is None


def test_somebody_at_adas_open_browser_cannot_go_on_guessing_her_password(
    engine: Engine, ada: Person, clock: Clock
) -> None:
    here = devices.sign_in_new(engine, ada, "here", clock())
    for number in range(10):
        with pytest.raises(BadInput):
            new_passwords.change(engine, ada, f"is it number {number}", NEW, here.device.id, clock())
    with pytest.raises(TooManyTries):
        new_passwords.change(engine, ada, PASSWORD, NEW, here.device.id, clock())

    assert _sign_in(engine, clock, "ada@example.org", PASSWORD), "the door is counted by itself"
    new_passwords.change(engine, ada, PASSWORD, NEW, here.device.id, clock.move(minutes=16))
    assert _sign_in(engine, clock, "ada@example.org", NEW)


def test_nobody_can_keep_ada_from_her_new_password_from_outside(
    engine: Engine, ada: Person, clock: Clock
) -> None:
    for _try in range(12):
        with suppress(Refused):
            new_passwords.by_code(engine, f"Password|{ada.id}", "no such code", NEW, clock())
        with suppress(Refused):
            new_passwords.by_code(engine, "Letter|reset|ada@example.org", "no such code", NEW, clock())
    new_passwords.change(engine, ada, PASSWORD, NEW, "", clock())
    assert _reset_link(engine, clock)
    assert outbox.waiting() == 1


def test_nobody_can_fill_adas_mailbox_with_letters_and_the_first_ones_open_her_account(
    engine: Engine, ada: Person, clock: Clock
) -> None:
    links = [_reset_link(engine, clock) for _press in range(12)]
    for _press in range(12):
        signing_up.ask(engine, "Ada@example.org", lambda address, _until: address, clock())
        new_passwords.ask_link(engine, "nobody@example.org", clock())
    assert _letters_to("ada@example.org") == 10, "five with a new password, five that say how to sign in"
    assert tables.Outbox.select().count() == 36, "as much is written for those that do not go out"

    clock.move(minutes=61)
    _reset_link(engine, clock)
    assert _letters_to("ada@example.org") == 11
    assert new_passwords.by_link(engine, links[0], NEW, clock()).id == ada.id


@pytest.mark.parametrize(
    "address",
    [
        "ana(work)@example.org", "[x]@example.org", "a\\b@example.org", "a..b@example.org", ".a@example.org",
        "ana@-x.org", "ana@[127.0.0.1]", "ana@127.0.0.1", "ana@example.org(at home)", "ana@exa..mple.org",
        "ana@straße.de", "ana@ben@example.org",
    ],
)  # fmt: skip
def test_an_address_that_no_letter_reaches_or_that_is_somebody_elses_is_not_taken(address: str) -> None:
    with pytest.raises(BadInput, match="e-mail address like name"):
        names.read_address(address)


def test_whoever_has_other_letters_before_the_at_sign_is_told_that_mail_cannot_reach_them() -> None:
    with pytest.raises(BadInput, match="plain letters, a to z, before the @"):
        names.read_address("jörg@example.org")
    assert names.read_address(" Jorg.O'Neill+a@EXÄMPLE.org") == ("jorg.o'neill+a@exämple.org", None)
    assert names.read_address("a@xn--strae-oqa.de") == ("a@xn--strae-oqa.de", None)
    assert names.read_address("jörg") == (None, "jörg")


def test_signing_out_is_at_once_and_only_ones_own_devices_can_be_signed_out(
    engine: Engine, ada: Person, cleo: Person, clock: Clock
) -> None:
    adas, other, cleos = (devices.sign_in_new(engine, person, "x", clock()) for person in (ada, ada, cleo))
    with pytest.raises(NotFound):
        devices.revoke(engine, ada, cleos.device.id)
    assert {one.id for one in devices.of_person(ada, clock())} == {adas.device.id, other.device.id}
    devices.revoke(engine, ada, other.device.id)
    devices.sign_out(engine, adas.device)
    assert devices.signed_in(adas.token, clock()) is None
    assert devices.signed_in(other.token, clock()) is None
    assert devices.of_person(ada, clock()) == []
    assert devices.signed_in(cleos.token, clock()) is not None
    assert devices.signed_in("made up", clock()) is None


def test_a_sign_in_runs_out_after_thirty_days_without_use(engine: Engine, ada: Person, clock: Clock) -> None:
    found = devices.sign_in_new(engine, ada, "x", clock())
    clock.move(days=29)
    known = devices.signed_in(found.token, clock())
    assert known is not None
    devices.seen(engine, known[1], clock())
    assert devices.signed_in(found.token, clock.move(days=29)) is not None
    assert devices.signed_in(found.token, clock.move(days=2)) is None


def test_nobody_learns_from_the_outbox_of_a_page_who_has_an_account(
    engine: Engine, ada: Person, clock: Clock
) -> None:
    assert new_passwords.ask_link(engine, "nobody@example.org", clock()) is None
    assert outbox.waiting() == 0
    known, unknown = (
        signing_up.ask(engine, address, lambda address, _until: f"signed-{address}", clock())
        for address in ("ada@example.org", "eve@example.org")
    )
    assert outbox.waiting() == 2
    assert known.subject == unknown.subject
    assert "signed-" not in known.text
    assert "/sign-up/link/signed-eve@example.org" in unknown.text
    assert [row.text for row in tables.Outbox.select().where(tables.Outbox.recipient == "")] == [""]
    with pytest.raises(BadInput):
        signing_up.ask(engine, "just-a-name", lambda address, _until: address, clock())


def test_people_are_listed_by_name_page_after_page(engine: Engine, clock: Clock) -> None:
    for number in range(55):
        people.add(engine, f"Person {number:02}", f"p{number}@example.org", PASSWORD, clock())
    first = people.page()
    second = people.page(first.after)
    called = [person.name for person in (*first.people, *second.people)]
    assert called == [f"Person {number:02}" for number in range(55)]
    assert (first.total, second.after) == (55, "")


def test_roles_and_account_are_as_they_were_given(engine: Engine, ben: Person, clock: Clock) -> None:
    assert ben.roles == {Role.FACILITATOR}
    assert people.get("ben@example.org") == ben
    assert clock() - ben.created_at == timedelta()


def test_a_persian_name_keeps_the_joiner_it_is_written_with(engine: Engine, clock: Clock) -> None:
    person = people.add(engine, "علی\u200cرضا", "reza@example.org", "four quiet stones in a row", clock.now)

    assert person.name == "علی\u200cرضا"
