"""A program of Ben's asks for the code of his group, gives it limits, and takes it away."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis import Case
from schemathesis.core.result import Ok

from course_engine.domain.cohorts import Cohort
from course_engine.domain.people import Person, Scope
from course_engine.domain.roles import Role
from course_engine.engine import Engine
from course_engine.services import cohorts, invitations, joining, people, tokens
from tests.cast import BREAD, PASSWORD, ZONE, Browser, Clock

As = Callable[[Person], Browser]


@pytest.fixture
def cohort(engine: Engine, ben: Person, clock: Clock) -> Cohort:
    return cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())


@pytest.fixture
def path(cohort: Cohort) -> str:
    return f"/api/v1/cohorts/{cohort.id}/invitations"


def _key(engine: Engine, person: Person, scope: Scope, clock: Clock) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens.make(engine, person, 'A sheet', scope, clock())[1]}"}


def test_the_code_it_is_given_lets_ada_in(
    engine: Engine, ada: Person, ben: Person, client: Browser, path: str, clock: Clock
) -> None:
    key = _key(engine, ben, Scope.WRITE, clock)
    made = client.post(path, json={}, headers=key).get_json()
    assert made["link"] == f"{engine.config.base_url}/join/{made['code'].replace('-', '')}"
    assert (made["role"], made["used"], made["closed"]) == ("learner", 0, None)

    joining.join(engine, ada, made["code"], clock())
    (listed,) = client.get(path, headers=key).get_json()["invitations"]
    assert listed == {**made, "used": 1}


def test_sent_again_it_is_the_same_code_and_fresh_it_is_another(
    engine: Engine, ben: Person, client: Browser, path: str, clock: Clock
) -> None:
    key = _key(engine, ben, Scope.WRITE, clock)
    until = (clock() + timedelta(days=3)).isoformat()
    sent = {"role": "facilitator", "most": 2, "expires_at": until}
    first, again = (client.post(path, json=sent, headers=key).get_json() for _time in range(2))
    assert first == again
    assert (first["most"], first["expires_at"]) == (2, until)
    assert client.post(path, json={"role": "facilitator"}, headers=key).get_json()["most"] is None

    fresh = client.post(path, json={**sent, "fresh": True}, headers=key).get_json()
    assert fresh["code"] != first["code"]
    with pytest.raises(invitations.NoEntry):
        invitations.look(engine, first["code"], clock())


def test_a_code_that_is_taken_away_lets_nobody_in(
    engine: Engine, ada: Person, ben: Person, client: Browser, path: str, clock: Clock
) -> None:
    key = _key(engine, ben, Scope.WRITE, clock)
    code = client.post(path, json={}, headers=key).get_json()["code"]
    gone = client.delete(f"{path}/{code.lower()}", headers=key)
    assert (gone.status_code, gone.data) == (204, b"")
    assert client.get(path, headers=key).get_json() == {"invitations": []}
    assert client.delete(f"{path}/{code}", headers=key).status_code == 404
    with pytest.raises(invitations.NoEntry):
        joining.join(engine, ada, code, clock())


def test_whoever_does_not_lead_the_group_and_a_key_to_read_change_nothing(
    engine: Engine, ada: Person, ben: Person, client: Browser, cohort: Cohort, path: str, clock: Clock
) -> None:
    leads = frozenset({Role.FACILITATOR})
    ema = people.add(engine, "Ema", "ema@example.org", PASSWORD, clock(), leads, zone=ZONE)
    code = invitations.make(engine, cohort, Role.LEARNER, ben, clock()).code
    for person, scope, status in ((ada, Scope.WRITE, 404), (ema, Scope.WRITE, 404), (ben, Scope.READ, 403)):
        key = _key(engine, person, scope, clock)
        assert client.post(path, json={"fresh": True}, headers=key).status_code == status
        assert client.delete(f"{path}/{code}", headers=key).status_code == status
    assert client.post(path, json={}).status_code == 401
    (kept,) = invitations.all_of(cohort)
    assert kept.code == code


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"role": "admin"}, "role"),
        ({"most": 0}, "most"),
        ({"most": "many"}, "most"),
        ({"expires_at": "soon"}, "expires_at"),
        ({"expires_at": "2026-03-17T18:30:00"}, "expires_at"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "9999-12-31T23:59:59-12:00"}, "expires_at"),
        ({"fresh": "perhaps"}, "fresh"),
        ({"fresh": 1}, "fresh"),
        ({"fresh": None}, "fresh"),
        ({"role": None}, "role"),
        ({"role": ["learner"]}, "role"),
        ({"code": "ABCD"}, "code"),
    ],
)
def test_what_cannot_be_is_told_by_its_field(
    engine: Engine, ben: Person, client: Browser, path: str, clock: Clock, sent: dict[str, Any], field: str
) -> None:
    answer = client.post(path, json=sent, headers=_key(engine, ben, Scope.WRITE, clock))
    assert (answer.status_code, list(answer.get_json()["faults"])) == (422, [field])
    assert not answer.get_json()["detail"].startswith(("Not a valid", "Field may not"))


def test_a_group_that_has_ended_gives_no_code(
    engine: Engine, ben: Person, client: Browser, cohort: Cohort, path: str, clock: Clock
) -> None:
    cohorts.end(engine, cohort, ben, clock())
    answer = client.post(path, json={}, headers=_key(engine, ben, Scope.WRITE, clock))
    assert (answer.status_code, "come to its end" in answer.get_json()["detail"]) == (409, True)


def test_a_program_that_asks_without_end_is_asked_to_wait(
    engine: Engine, ben: Person, client: Browser, path: str, clock: Clock
) -> None:
    key = _key(engine, ben, Scope.WRITE, clock)
    answers = [client.post(path, json={}, headers=key).status_code for _time in range(130)]
    assert (answers[0], answers[-1]) == (200, 429)
    assert client.get(path, headers=key).status_code == 200


@pytest.mark.parametrize("site_url", ["sqlite"], indirect=True)
def test_whatever_a_program_of_bens_sends_the_answer_is_one_that_is_described(
    app: Flask, ben: Person, cohort: Cohort, as_: As
) -> None:
    browser = as_(ben)
    cookie = browser.get_cookie("session")
    assert cookie is not None
    headers = {"Cookie": f"session={cookie.value}", "X-CSRFToken": browser.token}
    described = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    asked = [found.ok() for found in described.get_all_operations() if isinstance(found, Ok)]
    of_cohorts = [one for one in asked if one.path.startswith("/api/v1/cohorts/{id}")]
    assert len(of_cohorts) == 4
    for operation in of_cohorts:

        @settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def every_answer(case: Case[Any]) -> None:
            case.path_parameters["id"] = cohort.id
            assert case.call_and_validate(headers=headers).status_code < 500

        every_answer()
