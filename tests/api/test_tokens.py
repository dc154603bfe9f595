"""Programs act in a person's name with a key: shown once, and dead when it is taken back."""

import re
from collections.abc import Callable

import pytest

from course_engine.domain.people import Person, Scope
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.services import tokens
from course_engine.storage import tables
from tests.cast import Browser, Clock

As = Callable[[Person], Browser]
KNEAD = "/api/v1/me/steps/what-lives/completion"


def _with(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def made(ada: Person, as_: As) -> str:
    page = as_(ada).fill("/me/tokens", token_name="My clock", scope="write").text
    found = re.search(r"secret\">([^<]+)<", page)
    assert found
    return found[1]


def test_ada_makes_a_key_that_is_shown_once_and_kept_nowhere(ada: Person, as_: As, made: str) -> None:
    again = as_(ada).get("/me").text
    assert "My clock" in again
    assert made not in again
    (row,) = tables.Token.select()
    assert made.encode() not in bytes(row.digest)


def test_with_a_key_a_program_reads_and_completes_without_a_cookie(
    ada: Person, run: Run, made: str, client: Browser
) -> None:
    assert client.get("/api/v1/me", headers=_with(made)).get_json()["name"] == "Ada"
    answer = client.post(KNEAD, json={"how": "done"}, headers=_with(made))
    assert answer.status_code == 200


def test_a_key_to_read_changes_nothing(
    engine: Engine, ada: Person, run: Run, client: Browser, clock: Clock
) -> None:
    _token, secret = tokens.make(engine, ada, "Reader", Scope.READ, clock())
    assert client.get("/api/v1/me/course", headers=_with(secret)).status_code == 200
    answer = client.post(KNEAD, json={"how": "done"}, headers=_with(secret))
    assert answer.status_code == 403
    assert answer.content_type == "application/problem+json"
    assert "may read and not write" in answer.get_json()["detail"]
    assert not list(tables.Completion.select())


def test_a_key_taken_back_opens_nothing_at_once(
    ada: Person, run: Run, as_: As, made: str, client: Browser
) -> None:
    (row,) = tables.Token.select()
    as_(ada).fill(f"/me/tokens/{row.id}")
    assert client.get("/api/v1/me", headers=_with(made)).status_code == 401


def test_a_key_opens_the_api_and_no_page(ada: Person, run: Run, made: str, client: Browser) -> None:
    assert client.get("/today", headers=_with(made)).status_code == 401
    assert client.get("/me", headers=_with(made)).status_code == 401


@pytest.mark.parametrize("secret", ["no-such-key", "x" * 5000])
def test_a_wrong_key_is_nobody_even_beside_a_good_cookie(ada: Person, run: Run, as_: As, secret: str) -> None:
    browser = as_(ada)
    assert browser.get("/api/v1/me", headers=_with(secret)).status_code == 401
    answer = browser.post(KNEAD, json={"how": "done"}, headers=_with(secret))
    assert answer.status_code == 401, "a header does not take the place of the form token"
    assert not list(tables.Completion.select())


@pytest.mark.parametrize("header", ["Bearer anything", "Bearer", "Basic YTpi", ""])
def test_a_form_without_its_token_is_still_refused(
    engine: Engine, ada: Person, run: Run, as_: As, header: str
) -> None:
    browser = as_(ada)
    answer = browser.post("/me/name", data={"name": "Eve"}, headers={"Authorization": header})
    assert answer.status_code in (400, 403)
    if header != "Bearer anything":
        answer = browser.post(KNEAD, json={"how": "done"}, headers={"Authorization": header})
        assert answer.status_code in (400, 403)
    assert not list(tables.Completion.select())
