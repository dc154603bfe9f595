"""Making an account and getting back in: whoever asks learns nothing about who has an account."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from course_engine.config import read_config
from course_engine.domain.people import Person
from course_engine.engine import Engine
from course_engine.storage import database, people
from course_engine.web import create_app
from tests.cast import PASSWORD, Browser, Clock

NEW = "six grey herons by the pond"
As = Callable[[Person], Browser]


@pytest.fixture
def visitor(client: Browser) -> Browser:
    client.take_token()
    return client


@pytest.mark.parametrize("path", ["/sign-up", "/reset"])
def test_known_and_unknown_addresses_look_the_same(ada: Person, visitor: Browser, path: str) -> None:
    known = visitor.fill(path, email="ada@example.org")
    unknown = visitor.fill(path, email="eve@example.org")

    assert known.status_code == unknown.status_code == 200
    assert _plain(known.text) == _plain(unknown.text)


def test_eve_makes_an_account_with_the_link_from_the_letter(engine: Engine, visitor: Browser) -> None:
    visitor.fill("/sign-up", email="eve@example.org")
    path = _path_in(_letters(engine)[-1])

    page = visitor.get(path)
    made = visitor.fill(path, name="Eve", password=NEW, email="eve@example.org")

    assert "eve@example.org" in page.text
    assert (made.status_code, made.location) == (303, "/join/begin")
    assert people.by_address("eve@example.org") is not None
    assert visitor.get("/me").status_code == 200


def test_the_letter_to_someone_with_an_account_says_so_and_makes_nothing(
    engine: Engine, ada: Person, visitor: Browser
) -> None:
    visitor.fill("/sign-up", email="ada@example.org")

    assert "there is an account with this address already" in _letters(engine)[-1]
    assert "/sign-up/link/" not in _letters(engine)[-1]


def test_a_link_works_for_the_address_it_was_sent_to(engine: Engine, visitor: Browser) -> None:
    visitor.fill("/sign-up", email="eve@example.org")
    path = _path_in(_letters(engine)[-1])

    visitor.fill(path, name="Eve", password=NEW, email="dov@example.org")

    assert people.by_address("dov@example.org") is None
    assert people.by_address("eve@example.org") is not None


def test_a_changed_link_has_run_out(engine: Engine, visitor: Browser) -> None:
    visitor.fill("/sign-up", email="eve@example.org")
    path = _path_in(_letters(engine)[-1])

    assert visitor.get(path[:-2] + "xx").status_code == 410
    assert visitor.fill("/reset/no-such-link", password=NEW).status_code == 410


def test_a_link_of_yesterday_has_run_out_and_a_used_one_leads_to_signing_in(
    engine: Engine, visitor: Browser, clock: Clock
) -> None:
    visitor.fill("/sign-up", email="eve@example.org")
    path = _path_in(_letters(engine)[-1])
    assert visitor.get(path).status_code == 200
    clock.move(hours=24)
    assert visitor.get(path).status_code == 410

    clock.move(hours=-1)
    visitor.fill(path, name="Eve", password=NEW)
    visitor.take_token()
    visitor.fill("/sign-out")
    assert visitor.get(path).headers["Location"] == "/sign-in"


def test_a_used_reset_link_says_so_before_anything_is_typed(
    engine: Engine, ada: Person, visitor: Browser
) -> None:
    visitor.fill("/reset", email="ada@example.org")
    path = _path_in(_letters(engine)[-1])
    assert visitor.get(path).status_code == 200
    visitor.fill(path, password=NEW)
    assert visitor.get(path).status_code == 410


def test_a_faulty_field_keeps_what_was_typed_but_the_password(engine: Engine, visitor: Browser) -> None:
    visitor.fill("/sign-up", email="eve@example.org")
    answer = visitor.fill(_path_in(_letters(engine)[-1]), name="Eve of the hill", password="short")

    assert answer.status_code == 422
    assert "at least 15 characters" in answer.text
    assert "Eve of the hill" in answer.text
    assert 'value="short"' not in answer.text


def test_a_demo_shows_the_letter_and_no_other_site_does(
    engine: Engine, clock: Clock, visitor: Browser
) -> None:
    config = read_config(
        {}, ENV="demo", DATA=str(engine.config.data), DATABASE_URL=engine.config.database_url
    )
    demo = create_app(
        Engine(config, engine.database, engine.keys, engine.mailer, engine.shelf, engine.bell), clock
    )
    demo.test_client_class = Browser
    browser = demo.test_client()
    assert isinstance(browser, Browser)
    browser.take_token()

    assert "/sign-up/link/" in browser.fill("/sign-up", email="eve@example.org").text
    assert "/sign-up/link/" not in visitor.fill("/sign-up", email="eve@example.org").text


def test_ada_chooses_a_new_password_with_a_link_that_works_once(
    engine: Engine, ada: Person, visitor: Browser, as_: As
) -> None:
    elsewhere = as_(ada)
    visitor.fill("/reset", email="ada@example.org")
    path = _path_in(_letters(engine)[-1])

    first = visitor.fill(path, password=NEW)
    visitor.take_token()
    second = visitor.fill(path, password=NEW)

    assert first.status_code == 303
    assert second.status_code == 410
    assert elsewhere.get("/me").status_code == 401
    assert visitor.fill("/sign-in", email="ada@example.org", password=PASSWORD).status_code == 422
    assert visitor.fill("/sign-in", email="ada@example.org", password=NEW).status_code == 303


def test_a_reset_link_ends_after_two_hours(
    engine: Engine, ada: Person, visitor: Browser, clock: Clock
) -> None:
    visitor.fill("/reset", email="ada@example.org")
    clock.move(hours=2, minutes=1)

    assert visitor.fill(_path_in(_letters(engine)[-1]), password=NEW).status_code == 410


def test_links_in_letters_carry_the_name_of_the_site_and_not_what_the_browser_says(
    engine: Engine, ada: Person, visitor: Browser
) -> None:
    evil = "http://evil.example"
    page = visitor.get("/reset", base_url=evil)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token is not None
    form = {"csrf_token": token.group(1), "email": "ada@example.org"}
    visitor.post("/reset", data=form, base_url=evil, headers={"X-Forwarded-Host": "evil.example"})

    assert f"{engine.config.base_url}/reset/" in _letters(engine)[-1]
    assert "evil.example" not in _letters(engine)[-1]


def test_someone_without_an_address_gets_back_in_with_the_code_on_paper(visitor: Browser) -> None:
    made = visitor.fill("/sign-up/name", email="quiet.river", name="River", password=PASSWORD)
    code = re.search(r"[0-9A-Z]{4}(?:[ -]?[0-9A-Z]{4}){3}", re.sub("<[^>]+>", "", made.text))
    assert code is not None
    visitor.get("/me")
    _sign_out(visitor)

    wrong = visitor.fill("/recover", email="quiet.river", code="0000 0000 0000 0000", password=NEW)
    back = visitor.fill("/recover", email="quiet.river", code=code.group().lower(), password=NEW)
    _sign_out(visitor)
    again = visitor.fill("/recover", email="quiet.river", code=code.group(), password=NEW)

    assert (wrong.status_code, back.status_code, again.status_code) == (422, 200, 422)
    assert code.group() not in back.text


@pytest.mark.parametrize("field", ["role", "roles", "is_admin", "id", "person", "completed_at", "cohort"])
def test_a_field_the_form_does_not_know_is_a_fault_and_changes_nothing(
    ada: Person, as_: As, visitor: Browser, field: str
) -> None:
    browser = as_(ada)
    named = browser.fill("/me/name", name="Someone else", **{field: "admin"})
    made = visitor.fill("/sign-up/name", email="eve.eve", name="Eve", password=NEW, **{field: "admin"})

    assert (named.status_code, made.status_code) == (422, 422)
    assert f"no field called {field}" in named.text
    found = people.by_address("ada@example.org")
    assert found is not None
    assert (found[0].name, found[0].roles) == (ada.name, ada.roles)
    assert people.by_address("eve.eve") is None


@pytest.mark.parametrize(
    ("email", "said"),
    [
        ("", "Choose a sign-in name of 3 to 40 letters, numbers, dots and dashes."),
        ("eve@example.org", "Choose a name of letters and numbers."),
    ],
)
def test_eve_is_told_all_that_is_wrong_with_her_new_account_at_once(
    visitor: Browser, email: str, said: str
) -> None:
    answer = visitor.fill("/sign-up/name", email=email, name=" ", password="short")

    assert answer.status_code == 422
    for told in (said, "Write the name you would like to be called by", "Use at least 15 characters."):
        assert answer.text.count(told) == 2, "above the form and at the field"
    assert people.by_address("eve@example.org") is None


def _sign_out(browser: Browser) -> None:
    browser.delete_cookie("session")
    browser.take_token()


def test_an_account_has_a_known_zone_or_that_of_the_site(visitor: Browser) -> None:
    fields = {"email": "eve", "name": "Eve", "password": NEW}
    for zone in ("Atlantis/Capital", "Europe", "../../etc/passwd", "/etc/passwd"):
        assert visitor.fill("/sign-up/name", **fields, zone=zone).status_code == 422
    assert people.by_address("eve") is None
    assert visitor.fill("/sign-up/name", **fields, zone="Asia/Tokyo").status_code == 200


def test_a_site_that_cannot_send_mail_says_so_when_asked_for_a_link(
    engine: Engine, ada: Person, clock: Clock
) -> None:
    config = replace(engine.config, env="production", mail_url=None)
    made = create_app(replace(engine, config=config), clock)
    made.test_client_class = Browser
    browser = made.test_client()
    assert isinstance(browser, Browser)
    browser.take_token()
    for email in ("ada@example.org", "eve@example.org"):
        answer = browser.fill("/reset", email=email)
        assert answer.status_code == 422
        assert "This site cannot send mail yet" in answer.text


def _letters(engine: Engine) -> list[str]:
    return [str(row[0]) for row in database.fetch("SELECT text FROM outbox")]


def _path_in(letter: str) -> str:
    found = re.search(r"https?://[^/\s]+(/\S+)", letter)
    assert found is not None
    return found.group(1)


def _plain(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrf_token" not in line and "nonce" not in line)
