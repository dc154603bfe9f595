"""What protects every page: form tokens, headers, limits; and that nobody loses words over it."""

import io
import logging
import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from course_engine import logs
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.services import devices, writings
from course_engine.web.access import public
from tests.cast import PASSWORD, Browser, Clock
from tests.web.doors import DOORS, Site, furnish

As = Callable[[Person], Browser]
WORDS = 'I saw a heron <by> the "pond" & it saw me.\nWe both stood still.'
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}

pytestmark = pytest.mark.usefixtures("no_printing")


@pytest.mark.parametrize("address", ["/join/claim/", "/join/", "/verify/"])
def test_a_page_that_breaks_writes_no_code_of_anybody_into_the_log(
    app: Flask, client: Browser, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    @public
    def broken(code: str) -> str:
        raise RuntimeError("This page is broken.")

    path = f"{address}8W5V2MTAQ4KD9R3X"
    endpoint, _given = app.url_map.bind("localhost").match(path)
    app.view_functions[endpoint] = broken
    with caplog.at_level(logging.ERROR):
        assert client.get(path).status_code == 500

    (line,) = [logs.JsonLine().format(record) for record in caplog.records]
    assert f'"path": "{address}<code>"' in line
    assert "8W5V2MTAQ4KD9R3X" not in line


def test_no_form_is_taken_without_its_token(engine: Engine, clock: Clock, app: Flask, as_: As) -> None:
    site = furnish(engine, clock)
    wrong = {}
    for door in DOORS:
        method, _, rule = door.partition(" ")
        if method != "POST":
            continue
        path = site.path(rule, site.ada)
        for token in ({}, {"csrf_token": "made-up"}):
            status = as_(site.ada).post(path, data={**site.form(rule, site.ada), **token}).status_code
            if status != 400:
                wrong[door] = status

    assert wrong == {}


def test_a_form_from_another_site_is_refused(ada: Person, app: Flask, as_: As) -> None:
    browser, other = as_(ada), app.test_client()
    assert isinstance(other, Browser)
    other.get("/sign-in")
    with other.session_transaction() as session:
        session["csrf_token"] = "the token of another session"

    assert browser.post("/me/name", data={"name": "Eve", "csrf_token": other.token}).status_code == 400


def test_words_come_back_when_the_token_is_too_old(ada: Person, run: Run, as_: As) -> None:
    browser = as_(ada)
    answer = browser.post("/journal", data={"text": WORDS, "csrf_token": "too old"})

    assert answer.status_code == 400
    assert WORDS in unescape(answer.text)

    again = browser.fill("/journal", **_hidden_fields(answer.text), text=WORDS)
    assert again.status_code == 303
    assert "I saw a heron" in browser.get("/journal").text


def test_words_come_back_when_the_sign_in_has_ended_meanwhile(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    browser = as_(ada)
    for device in devices.of_person(ada, clock()):
        devices.revoke(engine, ada, device.id)
    asked = browser.fill("/journal", text=WORDS)
    assert asked.status_code == 401
    fields = _hidden_fields(asked.text)
    assert fields["next"] == "/journal"

    wrong = browser.fill("/sign-in", **fields, email="ada@example.org", password="not hers at all")
    again = browser.fill("/sign-in", **_hidden_fields(wrong.text), email="ada@example.org", password=PASSWORD)
    assert again.status_code == 200
    assert WORDS in unescape(again.text)

    token = re.search(r'name="csrf_token" value="([^"]+)"', again.text)
    assert token is not None
    kept = browser.post("/journal", data={"text": WORDS, "csrf_token": token.group(1)})
    assert kept.status_code == 303
    assert [one.text for one in writings.entries(engine, ada)] == [WORDS]


def test_words_that_wait_for_a_sign_in_can_be_left_behind_by_somebody_else(
    engine: Engine, ada: Person, ben: Person, run: Run, as_: As, clock: Clock
) -> None:
    browser = as_(ada)
    for device in devices.of_person(ada, clock()):
        devices.revoke(engine, ada, device.id)
    asked = browser.fill("/journal", text=WORDS)
    assert '<a href="/sign-in">If it is not yours, sign in without it.</a>' in asked.text

    fields = _hidden_fields(browser.get("/sign-in").text)
    signed = browser.fill("/sign-in", **fields, email="ben@example.org", password=PASSWORD)
    assert signed.status_code == 303
    assert "not yours" not in browser.get("/sign-in").text


def test_several_boxes_of_words_that_came_back_have_names_of_their_own(
    engine: Engine, ada: Person, run: Run, as_: As
) -> None:
    sent = {"warm-place": "on the fridge", "jar-drawing": "a tall jar", "csrf_token": "too old"}
    answer = as_(ada).post("/worksheets/my-kitchen", data=sent)
    labels = re.findall(r'<label class="label"[^>]*>([^<]*)</label>', answer.text)
    assert labels == ["Your words", "Your words, 2"]


def test_every_page_carries_the_headers_that_protect_it(engine: Engine, clock: Clock, as_: As) -> None:
    site = furnish(engine, clock)
    for actor in (site.ada, site.ben, site.dov):
        for page in _pages(site, as_(actor)):
            for name, value in HEADERS.items():
                assert page.headers[name] == value, (page.request.path, name)
            policy = page.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "base-uri 'none'" in policy
            assert "form-action 'self'" in policy
            assert "unsafe" not in policy
            assert page.headers["Cache-Control"] == "no-store, private", page.request.path
            assert "Server" not in page.headers or "Werkzeug" not in page.headers["Server"]


def test_only_scripts_of_this_answer_may_run(engine: Engine, clock: Clock, as_: As) -> None:
    site = furnish(engine, clock)
    browser = as_(site.ada)
    nonces = set()
    for page in _pages(site, browser):
        scripts = re.findall(r"<script[^>]*>", page.text) if page.mimetype == "text/html" else []
        allowed = re.search(r"script-src 'nonce-([^']+)'", page.headers["Content-Security-Policy"])
        assert allowed is not None
        assert all(f'nonce="{allowed.group(1)}"' in script and "src=" in script for script in scripts)
        assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", page.text), page.request.path
        nonces.add(allowed.group(1))

    assert len(nonces) > 10


def test_static_files_may_be_kept_for_ever_and_pages_never(client: Browser) -> None:
    sheet = re.search(r'href="(/static/[^"]+site\.css)"', client.get("/").text)
    assert sheet is not None
    answer = client.get(sheet.group(1))
    answer.close()

    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert client.get("/static/0000000000000000/site.css").status_code == 404
    assert client.get(sheet.group(1).replace("site.css", "..%2f..%2fserver.py")).status_code == 404


def test_a_body_that_is_too_large_is_refused(ada: Person, run: Run, as_: As) -> None:
    assert as_(ada).fill("/journal", text="a" * 2_100_000).status_code == 413


def test_a_page_of_the_journal_that_is_too_long_comes_back_whole(ada: Person, run: Run, as_: As) -> None:
    answer = as_(ada).fill("/journal", text="river " * 20_000)

    assert answer.status_code == 422
    assert answer.text.count("river ") >= 20_000 - 1


def test_ten_thousand_fields_are_refused_and_not_fatal(ada: Person, run: Run, as_: As) -> None:
    browser = as_(ada)
    answer = browser.fill("/worksheets/my-kitchen", **{f"field-{n}": "x" for n in range(10_000)})

    assert answer.status_code in (303, 413, 422)
    assert browser.get("/worksheets/my-kitchen").status_code == 200


def test_of_many_fields_nobody_asked_for_the_first_few_are_named(ada: Person, run: Run, as_: As) -> None:
    answer = as_(ada).fill("/journal", text="river", **{f"field-{n}": "x" for n in range(900)})

    assert answer.status_code == 422
    assert answer.text.count("This form has no field called") == 3
    assert "called field-0." in answer.text
    assert "river" in answer.text


def test_deep_nesting_in_what_people_write_is_only_text(ada: Person, run: Run, as_: As) -> None:
    browser = as_(ada)
    for text in ("(" * 20_000, "<ul><li>" * 5_000, "> x" * 9_000, "[" * 20_000, "\u202e\u0300" * 9_000):
        assert browser.fill("/journal", text=text).status_code == 303
        assert text in unescape(browser.get("/journal").text)


ZERO_BYTES: tuple[tuple[str, dict[str, str]], ...] = (
    ("/sign-in", {"email": "ada\0@example.org", "password": PASSWORD}),
    ("/sign-in", {"email": "ada@example.org", "password": "a\0" * 10}),
    ("/sign-up", {"email": "ada\0@example.org"}),
    ("/reset", {"email": "\0"}),
    ("/recover", {"email": "a\0b", "code": "\0", "password": PASSWORD}),
    ("/me/name", {"name": "Ada\0"}),
    ("/me/run", {"run": "a\0"}),
    ("/me/theme", {"theme": "dark\0"}),
    ("/journal", {"text": "a\0b"}),
    ("/journal", {"text": "words", "entry": "a\0b"}),
    ("/certificate", {"name": "A\0da"}),
    ("/verify", {"code": "\0"}),
    ("/worksheets/my-kitchen", {"warm-place": "a\0b"}),
)
MEANINGLESS = (
        "/steps/%00", "/jobs/a%00", "/files/%00", "/verify/%00", "/worksheets/%00", "/runs/%00/today",
        "/weeks/99999999999999999999", "/reset/%00", "/sign-up/link/%00", "/admin/people?after=%00",
        "/steps/..%2f..%2fetc", "/verify/" + "A" * 5000, "/worksheets/my-kitchen.pdf?paper=a5",
        "/weeks/-1", "/steps/%ff%fe", "/today?next=%ff",
)  # fmt: skip


def test_a_zero_byte_never_breaks_a_page(ada: Person, run: Run, as_: As) -> None:
    for path, fields in ZERO_BYTES:
        assert as_(ada).fill(path, **fields).status_code < 500, path


def test_a_zero_byte_in_the_name_of_a_file_never_breaks_a_page(dov: Person, as_: As) -> None:
    browser = as_(dov)
    file = (io.BytesIO(b"PK\3\4 nonsense"), "a\0b.zip")
    answer = browser.fill("/admin/courses/import", file=file)
    assert answer.status_code == 422
    assert "Here is a sign that cannot be read." in answer.text


def test_an_address_that_means_nothing_gets_a_clear_answer(
    ada: Person, dov: Person, run: Run, as_: As
) -> None:
    for browser in (as_(ada), as_(dov)):
        for path in MEANINGLESS:
            assert browser.get(path).status_code < 500, path


def _pages(site: Site, browser: Browser) -> list[TestResponse]:
    found = [browser.get(site.path(door[4:], site.ada)) for door in DOORS if door.startswith("GET")]
    return [*found, browser.get("/no-such-page"), browser.put("/today")]


def _hidden_fields(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in found if name != "csrf_token"}
