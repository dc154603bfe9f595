"""The description of the API holds, and the API keeps to it whatever is sent."""

from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis import Case
from schemathesis.core.result import Ok
from schemathesis.schemas import BaseSchema

from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from tests.cast import Browser

METHODS = ("get", "post", "delete")


@pytest.fixture
def described(app: Flask) -> BaseSchema:
    return schemathesis.openapi.from_wsgi("/api/openapi.json", app)


def test_the_description_is_openapi_3_1(described: BaseSchema, client: Browser) -> None:
    described.validate()
    told = client.get("/api/openapi.json").get_json()
    assert told["openapi"] == "3.1.0"
    assert set(told["paths"]) == {
        "/api/v1/me", "/api/v1/me/course", "/api/v1/me/language",
        "/api/v1/me/steps/{step}/completion",
        "/api/v1/me/worksheets/{id}.pdf", "/api/v1/me/certificate", "/api/v1/certificates/{code}",
        "/api/v1/me/jobs/{id}", "/api/v1/me/files/{id}",
        "/api/v1/cohorts", "/api/v1/cohorts/{id}/board", "/api/v1/cohorts/{id}/invitations",
        "/api/v1/cohorts/{id}/invitations/{code}",
    }  # fmt: skip
    ways = [path[method] for path in told["paths"].values() for method in METHODS if method in path]
    used = {scheme for way in ways for one in way["security"] for scheme in one}
    assert used == set(told["components"]["securitySchemes"])


def test_every_error_is_described_as_a_problem(client: Browser) -> None:
    told = client.get("/api/openapi.json").get_json()
    answers = dict(told["components"]["responses"])
    for path, ways in told["paths"].items():
        for way in (ways[method] for method in METHODS if method in ways):
            answers |= {f"{path} {status}": answer for status, answer in way["responses"].items()}
    refused = {
        name: answer for name, answer in answers.items() if "content" in answer and not name.endswith("200")
    }
    assert len(refused) > 10
    for name, answer in refused.items():
        assert list(answer["content"]) == ["application/problem+json"], name


@pytest.mark.parametrize("signed_in", [True, False], ids=["ada", "nobody"])
def test_whatever_is_sent_the_answer_is_one_that_is_described(
    described: BaseSchema, app: Flask, ada: Person, run: Run, as_: Callable[[Person], Browser],
    monkeypatch: pytest.MonkeyPatch, signed_in: bool,
) -> None:  # fmt: skip
    monkeypatch.setattr("course_engine.rendering.pdf.render", lambda *_given, **_more: b"%PDF-1.7")
    headers = _headers(as_(ada)) if signed_in else {}
    for found in described.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()

        @settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def every_answer(case: Case[Any]) -> None:
            answer = case.call_and_validate(headers=headers)
            assert answer.status_code < 500

        every_answer()


def _headers(browser: Browser) -> dict[str, str]:
    cookie = browser.get_cookie("session")
    assert cookie is not None
    return {"Cookie": f"session={cookie.value}", "X-CSRFToken": browser.token}
