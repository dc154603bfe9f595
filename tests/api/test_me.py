"""What a program learns and does in the name of the person who is signed in."""

from collections.abc import Callable
from datetime import datetime
from threading import Event

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from course_engine.domain.pace import PaceKind
from course_engine.domain.people import Person, Scope
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.jobs.tasks import HANDLERS, do_jobs
from course_engine.services import certificates, runs, tokens
from course_engine.web.access import PUBLIC, act_of
from tests.cast import BREAD, Browser, Clock, do, week_steps

SignIn = Callable[[Person], Browser]
KNEAD = "/api/v1/me/steps/what-lives/completion"
LOCKED = "/api/v1/me/steps/four-signs/completion"


def _problem(answer: TestResponse, status: int) -> dict[str, object]:
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    told: dict[str, object] = answer.get_json(force=True)
    assert told["status"] == status
    assert str(told["detail"]).endswith(".")
    return told


def _through(engine: Engine, person: Person, run: Run, clock: Clock) -> None:
    for number in (1, 2, 3):
        at = runs.position(engine, person, runs.own(engine, person, run.id), clock())
        do(engine, person, run, clock(), *week_steps(at, number))
        clock.move(days=7)


def test_whoever_is_not_signed_in_is_asked_to_sign_in_and_gets_no_page(client: Browser, run: Run) -> None:
    for path in ("", "/course", "/certificate", "/worksheets/my-kitchen.pdf"):
        _problem(client.get(f"/api/v1/me{path}"), 401)
    _problem(client.send(KNEAD, {"how": "done"}), 401)


def test_ada_is_told_who_she_is(ada: Person, as_: SignIn) -> None:
    told = as_(ada).get("/api/v1/me").get_json()
    assert told == {
        "id": ada.id, "name": "Ada", "email": "ada@example.org", "sign_in_name": None, "roles": ["learner"],
        "zone": "Europe/Lisbon", "language": "en", "theme": "system",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["ben", "dov", "cleo"])
def test_whoever_has_not_begun_a_course_has_an_account_and_no_way(
    name: str, request: pytest.FixtureRequest, as_: SignIn, run: Run
) -> None:
    browser = as_(request.getfixturevalue(name))
    assert browser.get("/api/v1/me").status_code == 200
    for path in ("course", "certificate", "worksheets/my-kitchen.pdf"):
        _problem(browser.get(f"/api/v1/me/{path}"), 404)
    _problem(browser.send(KNEAD, {"how": "done"}), 404)


def test_ada_sees_her_course_item_by_item(ada: Person, run: Run, as_: SignIn, clock: Clock) -> None:
    told = as_(ada).get("/api/v1/me/course").get_json()
    assert (told["id"], told["run"], told["pace"], told["status"]) == (BREAD, run.id, "weekly", "active")
    assert told["next_step"] == "what-lives"
    first, second, third = (week for module in told["modules"] for week in module["weeks"])
    assert (first["state"], second["state"], third["state"]) == ("next", "locked", "locked")
    assert {step["state"] for step in first["steps"]} == {"next", "open"}
    assert second["reason"]["code"] == "previous_not_done"
    assert first["reason"] is None
    assert datetime.fromisoformat(first["opened_at"]) == clock()
    assert {step["state"] for step in second["steps"]} == {"locked"}
    assert second["steps"][0]["reason"] == second["reason"]


def test_a_locked_step_gives_the_sentence_of_the_page(
    engine: Engine, ada: Person, run: Run, as_: SignIn, clock: Clock
) -> None:
    browser = as_(ada)
    at = runs.position(engine, ada, run, clock())
    for done in (False, True):
        if done:
            do(engine, ada, run, clock(), *week_steps(at, 1))
        told = _problem(browser.send(LOCKED, {"how": "done"}), 403)
        page = browser.get("/steps/four-signs")
        assert page.status_code == 403
        assert str(told["detail"]) in page.text
        course = browser.get("/api/v1/me/course").get_json()
        step = next(one for one in course["modules"][0]["weeks"][1]["steps"] if one["id"] == "four-signs")
        assert step["reason"] == told["reason"]
        assert step["opens_at"] == told["opens_at"]
        assert step["reason"]["sentence"] == told["detail"]
    assert told["opens_at"] == "2026-03-08T04:00:00+00:00"


def test_ada_completes_a_step_and_sending_it_again_changes_nothing(
    ada: Person, run: Run, as_: SignIn, clock: Clock
) -> None:
    browser = as_(ada)
    first = browser.send(KNEAD, {"how": "gentler"})
    assert first.status_code == 200
    began = clock().isoformat()
    assert first.get_json() == {
        "step": "what-lives", "how": "gentler", "at": began, "first_how": "gentler", "first_at": began
    }  # fmt: skip
    clock.move(hours=1)
    for lower in ("gentler", "not-today"):
        assert browser.send(KNEAD, {"how": lower}).get_json() == first.get_json()
    higher = browser.send(KNEAD, {"how": "done"}).get_json()
    assert (higher["how"], higher["at"]) == ("done", clock().isoformat())
    assert (higher["first_how"], higher["first_at"]) == ("gentler", began)
    week = browser.get("/api/v1/me/course").get_json()["modules"][0]["weeks"][0]
    assert (week["steps"][0]["state"], week["steps"][0]["how"]) == ("done", "done")


def test_without_the_form_token_nothing_is_done(ada: Person, run: Run, as_: SignIn) -> None:
    browser = as_(ada)
    told = _problem(browser.post(KNEAD, json={"how": "done"}), 400)
    assert "X-CSRFToken" in str(told["detail"])
    _problem(browser.post(KNEAD, json={"how": "done"}, headers={"X-CSRFToken": "made up"}), 400)
    assert browser.get("/api/v1/me/course").get_json()["next_step"] == "what-lives"


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"how"}),
        ({"how": None}, {"how"}),
        ({"how": 7}, {"how"}),
        ({"how": "perfectly"}, {"how"}),
        ({"how": "done", "mood": "calm"}, {"mood"}),
        ({"how": "later", "mood": "calm"}, {"how", "mood"}),
        ([], {"body"}),
        ("done", {"body"}),
    ],
)
def test_each_field_that_cannot_be_used_gets_its_sentence(
    body: object, fields: set[str], ada: Person, run: Run, as_: SignIn
) -> None:
    browser = as_(ada)
    told = _problem(browser.post(KNEAD, json=body, headers={"X-CSRFToken": browser.token}), 422)
    faults = told["faults"]
    assert isinstance(faults, dict)
    assert set(faults) == fields
    assert all(sentence.endswith(".") for sentence in faults.values())


@pytest.mark.parametrize(
    ("sent", "media", "status"),
    [
        ("how=done", "application/x-www-form-urlencoded", 415),
        ('{"how": "done"}', "text/plain", 415),
        ('{"how": "done"}', "", 415),
        ("{how", "application/json", 422),
        ("null", "application/json", 422),
        (b"\xff\xfe", "application/json", 422),
        ("1" * 5000, "application/json", 422),
        ("[" * 200_000, "application/json", 422),
        ('{"how":' * 50_000 + "1" + "}" * 50_000, "application/json", 422),
        ('{"how": "' + "x" * 2_100_000 + '"}', "application/json", 413),
    ],
    ids=["form", "text", "nothing", "broken", "null", "bytes", "digits", "deep-list", "deep-object", "large"],
)
def test_what_is_not_sound_json_gets_a_plain_answer(
    sent: str, media: str, status: int, ada: Person, run: Run, as_: SignIn
) -> None:
    browser = as_(ada)
    answer = browser.post(KNEAD, data=sent, content_type=media, headers={"X-CSRFToken": browser.token})
    _problem(answer, status)
    assert browser.get("/api/v1/me/course").get_json()["next_step"] == "what-lives"


def test_what_is_not_there_is_a_problem_too(ada: Person, run: Run, as_: SignIn) -> None:
    browser = as_(ada)
    for path in ("steps/nowhere/completion", "steps/%00/completion", "steps/%F0%9F%8D%9E/completion"):
        _problem(browser.send(f"/api/v1/me/{path}", {"how": "done"}), 404)
    _problem(browser.get("/api/v1/me/worksheets/nowhere.pdf"), 404)
    _problem(browser.get("/api/v1/nowhere"), 404)
    wrong_way = browser.get(KNEAD)
    _problem(wrong_way, 405)
    assert "POST" in wrong_way.headers["Allow"]


def test_cleo_completes_her_own_step_and_never_adas(
    engine: Engine, ada: Person, cleo: Person, run: Run, as_: SignIn, clock: Clock
) -> None:
    runs.join_alone(engine, cleo, BREAD, PaceKind.FREE, clock())
    assert as_(cleo).send(KNEAD, {"how": "done"}).status_code == 200
    assert not runs.position(engine, ada, run, clock()).history.done


def test_ada_prints_a_worksheet_on_the_paper_she_asks_for(
    ada: Person, run: Run, as_: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def render(kind: str, values: dict[str, object], language: str, within: float | None = None) -> bytes:
        asked.append((kind, values["paper"]))
        return b"%PDF-1.7 " + str(values["paper"]).encode()

    monkeypatch.setattr("course_engine.rendering.pdf.render", render)
    browser = as_(ada)
    for query, paper in (("", "a4"), ("?paper=letter", "letter")):
        answer = browser.get(f"/api/v1/me/worksheets/my-kitchen.pdf{query}")
        assert (answer.status_code, answer.content_type) == (200, "application/pdf")
        assert answer.data.endswith(paper.encode())
    assert asked == [("worksheet", "a4"), ("worksheet", "letter")]
    for query in ("?paper=a3", "?papr=a4", "?paper=%00"):
        _problem(browser.get(f"/api/v1/me/worksheets/my-kitchen.pdf{query}"), 422)


def test_while_the_printer_is_busy_the_answer_leads_to_a_job(
    ada: Person, cleo: Person, run: Run, as_: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("course_engine.services.prints.turn.acquire", lambda blocking: False)
    browser = as_(ada)
    answer = browser.get("/api/v1/me/worksheets/my-kitchen.pdf")
    assert answer.status_code == 303
    assert answer.location.startswith("/api/v1/me/jobs/")
    assert browser.get(answer.location).status_code == 200
    assert as_(cleo).get(answer.location).status_code == 404


def test_a_program_with_a_key_follows_a_worksheet_that_takes_longer_to_its_file(
    engine: Engine, ada: Person, cleo: Person, run: Run, client: Browser, clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("course_engine.services.prints.turn.acquire", lambda blocking: False)
    adas, cleos = (
        {"Authorization": f"Bearer {tokens.make(engine, person, 'A clock', Scope.READ, clock())[1]}"}
        for person in (ada, cleo)
    )
    job = client.get("/api/v1/me/worksheets/my-kitchen.pdf", headers=adas).location

    told = client.get(job, headers=adas).get_json()
    assert (told["id"], told["state"]) == (job.rpartition("/")[2], "waiting")

    monkeypatch.setattr("course_engine.rendering.pdf.render", lambda *_given, **_more: b"%PDF-1.7")
    do_jobs(engine, HANDLERS, "press", clock, Event())
    file = client.get(job, headers=adas)
    assert file.status_code == 303
    answer = client.get(file.location, headers=adas)
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    _problem(client.get(job, headers=cleos), 404)
    for address in (job, file.location):
        _problem(client.get(address), 401)


def test_ada_has_a_certificate_once_she_has_made_it(
    engine: Engine, ada: Person, run: Run, as_: SignIn, clock: Clock
) -> None:
    _through(engine, ada, run, clock)
    browser = as_(ada)
    _problem(browser.get("/api/v1/me/certificate"), 404)
    made = certificates.award(engine, ada, run, "Ada Lovelace", clock())
    told = browser.get("/api/v1/me/certificate").get_json()
    assert (told["code"], told["state"], told["revision"]) == (made.code, "valid", 1)
    assert told["frozen"] == dict(made.frozen)
    assert (told["frozen"]["name"], told["frozen"]["title"]) == ("Ada Lovelace", "Slow bread, week by week")


def test_a_stranger_is_told_the_least_about_a_code(
    engine: Engine, ada: Person, dov: Person, run: Run, client: Browser, clock: Clock
) -> None:
    _through(engine, ada, run, clock)
    made = certificates.award(engine, ada, run, "Ada Lovelace", clock())
    typed = f"{made.code[:4]}-{made.code[4:8].lower()} {made.code[8:]}"
    told = client.get(f"/api/v1/certificates/{typed}").get_json()
    assert told == {
        "code": made.code, "state": "valid", "initials": "A. L.", "title": "Slow bread, week by week",
        "started": "2026-03-02", "finished": "2026-03-16", "site": "Stillwater", "next_code": None,
    }  # fmt: skip
    newer = certificates.correct(engine, made, "Ada Byron", dov, clock())
    told = client.get(f"/api/v1/certificates/{made.code}").get_json()
    assert (told["state"], told["next_code"]) == ("corrected", newer.code)
    certificates.withdraw(engine, newer.code, "Asked for", clock())
    told = client.get(f"/api/v1/certificates/{newer.code}").get_json()
    assert told["state"] == "withdrawn"
    assert "Asked for" not in str(told)


@pytest.mark.parametrize("code", ["ABC", "%00", "ß" * 9, "x" * 5000, "..%2f"])
def test_a_code_that_is_none_is_a_problem(code: str, client: Browser) -> None:
    _problem(client.get(f"/api/v1/certificates/{code}"), 404)


def test_every_route_of_the_api_says_who_may_use_it(app: Flask) -> None:
    with app.app_context():
        acts = {
            rule.rule: act_of(rule.endpoint)
            for rule in app.url_map.iter_rules()
            if rule.rule.startswith("/api")
        }
    assert len(acts) == 14
    assert None not in acts.values()
    assert {rule for rule, act in acts.items() if act == PUBLIC} == {
        "/api/openapi.json",
        "/api/v1/certificates/<code>",
    }
