"""Signing in and out: one sentence for every wrong pair, a stop to guessing, and sign-ins that really end."""

import re
import time
from base64 import urlsafe_b64decode
from collections.abc import Callable
from statistics import median

import pytest
from argon2 import PasswordHasher
from flask import Flask

from course_engine.config import read_config
from course_engine.domain.people import Person
from course_engine.engine import Engine
from course_engine.services import passwords, tries
from course_engine.web import create_app
from tests.cast import PASSWORD, Browser, Clock, add_person

As = Callable[[Person], Browser]
NEUTRAL = "do not belong together"
ELSEWHERE = (
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https://evil.example/today",
    "javascript:alert(1)",
    "/today\r\nSet-Cookie: a=b",
    "/\tevil.example",
    "//[evil",
    "/%0d%0aLocation:%20//evil.example",
    " //evil.example",
    "http:/\\evil.example",
)


@pytest.fixture
def visitor(client: Browser) -> Browser:
    client.take_token()
    return client


def test_ada_signs_in_and_comes_to_the_page_she_wanted(ada: Person, visitor: Browser) -> None:
    answer = visitor.fill("/sign-in", email=" Ada@Example.org ", password=PASSWORD, next="/me")

    assert (answer.status_code, answer.location) == (303, "/me")
    assert "ada@example.org" in visitor.get("/me").text or "Ada" in visitor.get("/me").text


def test_a_wrong_password_and_an_unknown_address_get_the_same_page(ada: Person, visitor: Browser) -> None:
    known = visitor.fill("/sign-in", email="ada@example.org", password="not hers at all")
    unknown = visitor.fill("/sign-in", email="eve@example.org", password="not hers at all")

    assert known.status_code == unknown.status_code == 422
    assert NEUTRAL in known.text
    assert _plain(known.text).replace("ada@", "eve@") == _plain(unknown.text)
    assert 'value="ada@example.org"' in known.text
    assert "not hers at all" not in known.text


@pytest.mark.parametrize("address", ["ada@example.org", "nobody@example.org"])
def test_guessing_comes_to_a_stop_for_accounts_that_exist_and_for_others(
    ada: Person, visitor: Browser, clock: Clock, address: str
) -> None:
    statuses = [
        visitor.fill("/sign-in", email=address, password=f"guess number {n}").status_code
        for n in range(tries.MOST + 1)
    ]
    right = visitor.fill("/sign-in", email=address, password=PASSWORD)

    assert statuses == [422] * tries.MOST + [429]
    assert right.status_code == 429
    assert "Wait 15 minutes" in right.text

    clock.move(minutes=16)
    assert visitor.fill("/sign-in", email=address, password=PASSWORD).status_code in (303, 422)


def test_whoever_guesses_cannot_keep_ada_out_of_her_own_browser(
    ada: Person, app: Flask, visitor: Browser
) -> None:
    hers = _browser(app)
    hers.fill("/sign-in", email="ada@example.org", password=PASSWORD)
    hers.fill("/sign-out", csrf_token=_token(hers, "/me"))
    for number in range(tries.MOST):
        visitor.fill("/sign-in", email="ada@example.org", password=f"guess number {number}")

    assert visitor.fill("/sign-in", email="ada@example.org", password=PASSWORD).status_code == 429
    hers.take_token()
    assert hers.fill("/sign-in", email="ada@example.org", password=PASSWORD).status_code == 303


def test_many_tries_spread_over_made_up_senders_are_counted_together(ada: Person, visitor: Browser) -> None:
    statuses = [
        visitor.post(
            "/sign-in",
            data={"csrf_token": visitor.token, "email": "ada@example.org", "password": f"guess number {n}"},
            headers={"X-Forwarded-For": f"10.0.0.{n}"},
        ).status_code
        for n in range(tries.MOST + 2)
    ]

    assert statuses[-1] == 429


def test_known_and_unknown_addresses_take_the_same_time(
    engine: Engine, clock: Clock, visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tries, "MOST", 1000)
    monkeypatch.setattr(
        passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=4 * 1024, parallelism=1)
    )
    monkeypatch.setattr(passwords, "_NOBODY", passwords._HASHER.hash("nobody has this password"))
    add_person(engine, "Ada", clock())
    times: dict[str, list[float]] = {"ada@example.org": [], "eve@example.org": []}
    for pair in range(30):
        for address, taken in list(times.items())[:: 1 if pair % 2 else -1]:
            # Of this thread alone, because the machine has other work that comes and goes.
            start = time.thread_time()
            visitor.fill("/sign-in", email=address, password="not hers at all")
            taken.append(time.thread_time() - start)
    known, unknown = (median(taken) for taken in times.values())

    assert abs(known - unknown) < max(0.005, 0.05 * known)


def test_signing_in_never_leads_to_another_site(ada: Person, app: Flask) -> None:
    for wanted in ELSEWHERE:
        visitor = _browser(app)
        page = visitor.get("/sign-in", query_string={"next": wanted})
        answer = visitor.fill("/sign-in", email="ada@example.org", password=PASSWORD, next=wanted)

        assert (page.status_code, answer.status_code) == (200, 303), wanted
        # Only what stays a path of this site is followed, the percent signs as they were typed.
        assert answer.location in ("/today", "/%0d%0aLocation:%20//evil.example"), wanted
        assert "Set-Cookie: a=b" not in str(answer.headers)


def test_cookies_are_for_this_site_only_and_no_script_reads_them(ada: Person, visitor: Browser) -> None:
    answer = visitor.fill("/sign-in", email="ada@example.org", password=PASSWORD)
    cookies = {line.split("=")[0]: line for line in answer.headers.getlist("Set-Cookie")}

    assert set(cookies) == {"session", "trusted"}
    assert all("HttpOnly" in line and "SameSite=Lax" in line for line in cookies.values())
    assert "Path=/sign-in" in cookies["trusted"]


def test_over_https_cookies_stay_on_https(engine: Engine, ada: Person, clock: Clock) -> None:
    app = create_app(_secure(engine), clock)
    app.test_client_class = Browser
    browser = app.test_client()
    page = browser.get("/sign-in", base_url="https://course.example.org")
    answer = browser.post(
        "/sign-in",
        data={"csrf_token": _hidden(page.text), "email": "ada@example.org", "password": PASSWORD},
        base_url="https://course.example.org",
        headers={"Referer": "https://course.example.org/sign-in"},
    )
    cookies = answer.headers.getlist("Set-Cookie")

    assert answer.status_code == 303
    assert cookies
    assert all("Secure" in line for line in cookies)
    assert any(line.startswith("__Host-session=") and "Path=/" in line for line in cookies)
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]


def test_a_copied_cookie_is_worth_nothing_after_signing_out(ada: Person, app: Flask, as_: As) -> None:
    hers = as_(ada)
    thief = _browser(app)
    _copy(hers, thief)
    assert thief.get("/me").status_code == 200

    hers.fill("/sign-out")

    assert thief.get("/me").status_code == 401
    assert hers.get("/me").status_code == 401


def test_a_new_password_ends_every_other_sign_in_and_not_this_one(ada: Person, app: Flask, as_: As) -> None:
    hers, other = as_(ada), as_(ada)
    copy = _browser(app)
    _copy(other, copy)
    changed = hers.fill("/me/password", old_password=PASSWORD, password="six grey herons by the pond")

    assert changed.status_code == 303
    assert hers.get("/me").status_code == 200
    assert other.get("/me").status_code == 401
    assert copy.get("/me").status_code == 401


def test_a_device_that_is_revoked_is_out_at_once(ada: Person, app: Flask, as_: As) -> None:
    hers, tablet = as_(ada), as_(ada)
    found = re.findall(r"/me/devices/([\w-]+)", hers.get("/me").text)
    assert len(found) == 1

    hers.fill(f"/me/devices/{found[0]}")

    assert tablet.get("/me").status_code == 401


def test_signing_in_gives_a_new_session_so_a_planted_one_is_of_no_use(ada: Person, visitor: Browser) -> None:
    visitor.get("/sign-in")
    before = visitor.get_cookie("session")
    with visitor.session_transaction() as session:
        session["planted"] = "by someone else"
        token = session["csrf_token"]
    visitor.fill("/sign-in", email="ada@example.org", password=PASSWORD)
    after = visitor.get_cookie("session")

    assert after is not None
    assert before is None or before.value != after.value
    with visitor.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != token


def test_a_sign_in_that_is_not_used_for_a_month_has_ended(ada: Person, as_: As, clock: Clock) -> None:
    hers = as_(ada)
    clock.move(days=31)

    assert hers.get("/me").status_code == 401


def test_a_production_site_answers_to_its_own_name_only(engine: Engine, ada: Person, clock: Clock) -> None:
    browser = create_app(_secure(engine), clock).test_client()

    assert browser.get("/", base_url="https://course.example.org").status_code == 200
    assert browser.get("/", base_url="https://evil.example").status_code == 400


def _secure(engine: Engine) -> Engine:
    config = read_config(
        {}, ENV="production", DATA=str(engine.config.data), DATABASE_URL=engine.config.database_url,
        BASE_URL="https://course.example.org", SECRET_KEY=engine.config.secret_key,
        SIGNING_KEY=engine.config.signing_key, DATA_KEYS=" ".join(engine.config.data_keys),
    )  # fmt: skip
    return Engine(config, engine.database, engine.keys, engine.mailer, engine.shelf, engine.bell)


def _browser(app: Flask) -> Browser:
    browser = app.test_client()
    assert isinstance(browser, Browser)
    browser.take_token()
    return browser


def _copy(from_: Browser, to: Browser) -> None:
    cookie = from_.get_cookie("session")
    assert cookie is not None
    to.set_cookie("session", cookie.value)


def _token(browser: Browser, path: str) -> str:
    return _hidden(browser.get(path).text)


def _hidden(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found.group(1)


def _plain(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrf_token" not in line and "nonce" not in line)


def test_the_cookie_of_a_sign_in_says_nothing_of_the_browser_and_where_it_is(
    ada: Person, visitor: Browser
) -> None:
    visitor.fill("/sign-in", email="ada@example.org", password=PASSWORD)
    visitor.get("/me")
    with visitor.session_transaction() as session:
        held = {name: value for name, value in session.items() if isinstance(value, str) and value}

    # The secret of the device, and that of its forms.
    assert held.keys() == {"_user_id", "csrf_token"}


def test_the_cookie_of_a_known_browser_does_not_name_the_account(ada: Person, visitor: Browser) -> None:
    answer = visitor.fill("/sign-in", email="ada@example.org", password=PASSWORD)
    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("trusted="))
    readable = urlsafe_b64decode(cookie.partition("=")[2].partition(".")[0] + "==")

    assert b"ada@" not in readable
    assert b"example.org" not in readable
