"""The access table: every address, every method, six people. An address that is not in it fails the test."""

from collections.abc import Callable
from http import HTTPStatus

import pytest
from flask import Flask
from werkzeug.routing import Rule

from course_engine.domain.people import Person
from course_engine.domain.roles import Act
from course_engine.engine import Engine
from course_engine.services import cohorts
from course_engine.storage import people
from course_engine.web.access import to
from tests.cast import Browser, Clock
from tests.web.doors import DOORS, NOT_A_FORM, Site, furnish

OTHER_METHODS = ("PUT", "PATCH", "DELETE", "TRACE")
NAMES = ("nobody", "Ada", "Cleo", "Ben", "Ema", "Dov")
As = Callable[[Person], Browser]

pytestmark = pytest.mark.usefixtures("no_printing")


@pytest.fixture
def site(engine: Engine, clock: Clock) -> Site:
    return furnish(engine, clock)


def test_every_address_is_in_the_table_and_nothing_else(app: Flask) -> None:
    there = {f"{method} {rule.rule}" for rule in app.url_map.iter_rules() for method in _methods(rule)}

    assert there - set(DOORS) == set(), "these addresses do not say in tests/web/doors.py who may use them"
    assert set(DOORS) - there == set(), "these addresses are in the table and not in the site"


def test_everybody_gets_at_every_address_what_the_table_says(site: Site, app: Flask, as_: As) -> None:
    wrong = []
    for door, expected in DOORS.items():
        found = tuple(_knock(site, door, actor, _browser(app, as_, actor)) for actor in site.actors)
        wrong += [
            f"{door}: {name} should get {want} and gets {got}"
            for name, want, got in zip(NAMES, expected, found, strict=True)
            if want != got
        ]

    assert wrong == [], "\n".join(wrong)


def test_someone_who_leads_a_group_no_longer_gets_what_a_stranger_gets(site: Site, as_: As) -> None:
    cohorts.share(site.engine, site.cohort, "gil@example.org", site.ben, site.clock())
    cohorts.stop_leading(
        site.engine, cohorts.led(site.gil, site.cohort.id), site.gil.id, site.ben, site.clock()
    )
    doors = [door for door in DOORS if door.split()[1].startswith("/cohorts/<id>")]

    assert doors
    assert {_knock(site, door, site.gil, as_(site.gil)) for door in doors} == {404}


def test_every_address_is_open_to_someone_and_those_for_people_are_closed_to_someone() -> None:
    for_nobody = [door for door, row in DOORS.items() if not any(status < 400 for status in row)]
    by_id = [door for door in DOORS if "/<" in door and DOORS[door][0] == 401]

    assert for_nobody == []
    # What an address names belongs to someone; others get what they get for a thing that is not there.
    assert [door for door in by_id if 404 not in DOORS[door]] == []


def test_looking_without_reading_and_unknown_methods_are_guarded_alike(
    site: Site, app: Flask, as_: As
) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    cleo, nobody = as_(site.cleo), app.test_client()
    wrong = []
    for rule in rules:
        path = site.path(rule.rule, site.cleo)
        for browser in (cleo, nobody):
            if browser.head(path).status_code != browser.get(path).status_code:
                wrong.append(f"HEAD {path}")
        # A method without a view is refused before anybody asks whose thing it is.
        wrong += [f"{m} {path}" for m in OTHER_METHODS if nobody.open(path, method=m).status_code != 405]

    assert wrong == []


def test_a_view_that_says_nothing_is_open_to_nobody(engine: Engine, app: Flask, site: Site, as_: As) -> None:
    app.add_url_rule("/planted", view_func=lambda: "a secret")

    answers = [_browser(app, as_, actor).get("/planted") for actor in site.actors]

    assert [answer.status_code for answer in answers] == [404] * 6
    assert not any("a secret" in answer.text for answer in answers)


def test_taking_the_mark_off_any_view_closes_it(app: Flask, site: Site, as_: As) -> None:
    dov = as_(site.dov)
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        app.view_functions[rule.endpoint] = lambda **_values: "left open"
        method = next(iter(_methods(rule)))
        answer = dov.open(site.path(rule.rule, site.dov), method=method, headers={"X-CSRFToken": dov.token})
        app.view_functions[rule.endpoint] = view
        assert answer.status_code == HTTPStatus.NOT_FOUND, rule.rule


def test_the_thing_of_another_looks_the_same_as_one_that_is_not_there(
    site: Site, app: Flask, as_: As
) -> None:
    cleo = as_(site.cleo)
    rules = [door.removeprefix("GET ") for door in DOORS if door.startswith("GET /runs/<run>")]
    for rule in [*rules, "/jobs/<id>", "/files/<id>"]:
        path = site.path(rule, site.cleo)
        unknown = site.path(rule.replace("<run>", "no-such-run").replace("<id>", "my-kitchen"), site.cleo)
        theirs, nothing = cleo.get(path), cleo.get(unknown)
        assert theirs.status_code == nothing.status_code, rule
        assert _same(theirs.text) == _same(nothing.text), rule


def test_a_facilitator_is_shown_their_own_groups_only(site: Site, as_: As) -> None:
    ben, ema = as_(site.ben).get("/cohorts").text, as_(site.ema).get("/cohorts").text

    assert "Ben&#39;s Mondays" in ben
    assert "Ema&#39;s Tuesdays" not in ben
    assert "Ben&#39;s Mondays" not in ema


def test_a_role_that_is_taken_away_is_gone_with_the_next_request(site: Site, as_: As) -> None:
    ben = as_(site.ben)
    assert ben.get("/cohorts").status_code == 200

    _take_role_away(site)

    assert ben.get("/cohorts").status_code == 404


def test_the_mark_of_a_view_is_what_guards_it(app: Flask, site: Site, as_: As) -> None:
    """With another mark another person comes in: the table above would turn red."""
    view = app.view_functions["admin.accounts"]
    app.view_functions["admin.accounts"] = to(Act.LEARN)(lambda: "open to learners")
    try:
        assert as_(site.cleo).get("/admin/people").status_code == 200
    finally:
        app.view_functions["admin.accounts"] = view


def _methods(rule: Rule) -> list[str]:
    return sorted(set(rule.methods or ()) - {"HEAD", "OPTIONS"})


def _browser(app: Flask, as_: As, actor: Person | None) -> Browser:
    if actor is not None:
        return as_(actor)
    browser = app.test_client()
    assert isinstance(browser, Browser)
    browser.take_token()
    return browser


def _knock(site: Site, door: str, actor: Person | None, browser: Browser) -> int:
    method, _, rule = door.partition(" ")
    path = site.path(rule, actor)
    if method == "GET":
        return browser.get(path).status_code
    if method == "DELETE":
        return browser.delete(path, headers={"X-CSRFToken": browser.token}).status_code
    if door in NOT_A_FORM:
        return browser.send(path, NOT_A_FORM[door]).status_code
    return browser.fill(path, **site.form(rule, actor)).status_code


def _same(page: str) -> str:
    """A page without what differs at every request."""
    lines = [line for line in page.splitlines() if "csrf_token" not in line and "nonce" not in line]
    return "\n".join(lines)


def _take_role_away(site: Site) -> None:
    with site.engine.database.transaction():
        people.set_roles(site.ben.id, frozenset())
