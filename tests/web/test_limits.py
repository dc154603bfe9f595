"""How often one address may knock: counted by all processes together, and never in anyone's way."""

import logging
from collections import Counter
from dataclasses import replace
from itertools import cycle

import pytest
from flask import Blueprint, Flask

from course_engine.config import read_config
from course_engine.web import limits


@pytest.fixture
def allowed(monkeypatch: pytest.MonkeyPatch) -> int:
    """How often one may knock in these tests."""
    monkeypatch.setattr(limits, "OFTEN", "20/hour")
    return 20


def process(redis_url: str | None) -> Flask:
    """One process of a site: a door where guessing would pay, and a page beside it."""
    app = Flask(__name__)
    for name, path in (("account", "/sign-in"), ("learner", "/today")):
        part = Blueprint(name, __name__)
        part.add_url_rule(path, "page", lambda: "here", methods=["GET", "POST"])
        app.register_blueprint(part)
    limits.init(app, replace(read_config({}, env="demo"), redis_url=redis_url))
    return app


def test_with_redis_all_processes_count_together(
    redis_url: str, allowed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "_AT_MOST", {"socket_timeout": 60, "socket_connect_timeout": 60})
    knocking = [process(redis_url).test_client() for _process in range(2)]
    turns = cycle(knocking)
    told = Counter(next(turns).post("/sign-in").status_code for _knock in range(allowed + 6))

    assert told == {200: allowed, 429: 6}
    assert knocking[0].get("/sign-in").status_code == 200
    assert knocking[0].post("/today").status_code == 200


def test_somebody_else_is_not_kept_out(allowed: int) -> None:
    door = process(None).test_client()
    told = {door.post("/sign-in").status_code for _knock in range(allowed + 1)}

    assert told == {200, 429}
    assert door.post("/sign-in", environ_base={"REMOTE_ADDR": "10.0.0.7"}).status_code == 200


def test_nobody_is_kept_out_while_redis_is_away(allowed: int, caplog: pytest.LogCaptureFixture) -> None:
    door = process("redis://127.0.0.1:1/0").test_client()
    with caplog.at_level(logging.ERROR):
        told = {door.post("/sign-in").status_code for _knock in range(allowed + 1)}

    assert told == {200}
    assert "Redis does not answer" in caplog.text
