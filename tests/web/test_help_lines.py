"""Dov looks at each help line before anybody sees it; the help page stands whatever happens."""

import logging
import re
from collections.abc import Callable
from html import unescape

import pytest

from course_engine.domain.people import Person
from course_engine.engine import Engine
from course_engine.services import help_lines, people
from course_engine.storage import people as stored
from tests.cast import Browser, Clock
from tests.tools.servers import Postgres
from tests.web.test_database_away import _gone

As = Callable[[Person], Browser]
PAGE = "/admin/help-lines"


def digest(engine: Engine, id: str) -> str:
    return next(one.line.digest for one in help_lines.offered(engine) if one.line.id == id)


@pytest.fixture
def confirmed(engine: Engine, dov: Person, clock: Clock) -> None:
    """Two lines of Portugal and the one of Sweden."""
    for id in ("pt-crust", "pt-crumb", "se-rye"):
        help_lines.confirm(engine, dov, digest(engine, id), clock())


def test_dov_confirms_a_line_and_takes_it_back(engine: Engine, dov: Person, client: Browser, as_: As) -> None:
    browser = as_(dov)
    assert "None is shown yet" in browser.get(PAGE).text

    sent = browser.fill(f"{PAGE}/confirm", digest=digest(engine, "pt-crust"), country="PT")

    assert (sent.status_code, sent.headers["Location"]) == (303, f"{PAGE}?country=PT#pt-crust")
    page = browser.get(PAGE).text
    assert "Confirmed by Dov on 2 March 2026." in page
    assert "1 of 4 are shown." in page
    assert "The crust line" in client.get("/help").text

    browser.fill(f"{PAGE}/take-back", digest=digest(engine, "pt-crust"))

    assert "The crust line" not in client.get("/help").text
    assert "None is shown yet" in browser.get(PAGE).text


def test_each_line_shows_what_is_known_of_it(dov: Person, as_: As) -> None:
    page = unescape(as_(dov).get(PAGE).text)

    for words in (
        "Portugal", "Sweden", "555 0100", "CRUMB to 55501", "Day and night", "Portuguese, English",
        "Invented for this course. Nobody answers.", "1 March 2026", "Slow bread, week by week",
    ):  # fmt: skip
        assert words in page, words


def test_the_list_can_be_of_one_country(dov: Person, as_: As) -> None:
    browser = as_(dov)
    page = browser.get(f"{PAGE}?country=SE").text

    assert "The rye line" in page
    assert "The crust line" not in page
    assert "The crust line" in browser.get(f"{PAGE}?country=ZZ").text


@pytest.mark.parametrize("act", ["confirm", "take-back"])
def test_a_line_in_other_words_is_not_confirmed(dov: Person, as_: As, act: str) -> None:
    browser = as_(dov)

    assert browser.fill(f"{PAGE}/{act}", digest="0" * 64).status_code == 404
    assert browser.fill(f"{PAGE}/{act}").status_code == 422
    assert browser.fill(f"{PAGE}/{act}", digest="0" * 64, country="//else").status_code == 422


@pytest.mark.usefixtures("confirmed")
def test_a_person_meets_the_lines_of_their_country_first(engine: Engine, ada: Person, as_: As) -> None:
    page = as_(ada).get("/help").text
    own, _, others = page.partition("Lines in other countries")

    assert "Somebody to talk to: Portugal" in own
    assert 'href="tel:5550100"' in own
    assert "Text message: CRUMB to 55501" in own
    assert "The oven line" not in page
    assert "<summary>Sweden</summary>" in others
    assert 'href="tel:+465550103"' in others
    assert 'href="sms:5550104"' in others

    with engine.database.transaction():
        stored.change(ada.id, zone="Asia/Tokyo")
    assert "Lines by country" in as_(people.get("ada@example.org")).get("/help").text


@pytest.mark.usefixtures("confirmed")
def test_nobody_signed_in_meets_the_lines_of_the_sites_country_first(client: Browser) -> None:
    page = client.get("/help").text

    assert page.index("The crust line") < page.index("If you think of hurting yourself")
    assert page.index("The rye line") > page.index("If you think of hurting yourself")


@pytest.mark.usefixtures("confirmed")
def test_help_is_there_in_general_words_while_the_database_is_away(
    engine: Engine, ada: Person, as_: As, client: Browser, postgres: Postgres
) -> None:
    browser = as_(ada)
    with _gone(engine, postgres):
        answers = [browser.get("/help"), client.get("/help")]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert all("Call your local emergency number now" in answer.text for answer in answers)
    assert "The crust line" in browser.get("/help").text


def test_help_is_there_even_if_the_lines_cannot_be_read_at_all(
    client: Browser, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_asked: object) -> None:
        raise ValueError("an edition that nobody can read")

    monkeypatch.setattr(help_lines, "near", broken)
    with caplog.at_level(logging.ERROR):
        answer = client.get("/help")

    assert answer.status_code == 200
    assert "Call your local emergency number now" in answer.text
    assert "could not be read" in caplog.text


def test_the_number_of_lines_does_not_change_how_often_the_database_is_asked(
    engine: Engine, dov: Person, client: Browser, as_: As, clock: Clock
) -> None:
    browser = as_(dov)
    client.get("/help")
    browser.get(PAGE)
    counts = []
    for id in ("pt-crust", "pt-crumb", "pt-oven"):
        help_lines.confirm(engine, dov, digest(engine, id), clock())
        with engine.database.count_queries() as asked:
            client.get("/help")
            browser.get(PAGE)
        counts.append(asked.count)

    assert len(set(counts)) == 1
    assert counts[0] <= 8


@pytest.mark.usefixtures("confirmed", "no_printing")
def test_printed_sheets_carry_the_lines_of_the_readers_country(
    engine: Engine, ada: Person, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = []

    def render(_kind: str, values: dict[str, object], *_more: object, **_limits: object) -> bytes:
        drawn.append(str(values["help"]))
        return b"%PDF-1.7"

    monkeypatch.setattr("course_engine.rendering.pdf.render", render)
    browser = as_(ada)
    browser.fill("/join/begin", course="slow-bread", agree="yes", pace="free", zone="Europe/Lisbon")
    for path in ("/worksheets/my-kitchen.pdf", "/weeks/1.pdf"):
        assert browser.get(path).status_code == 200

    assert [re.sub(r";.*", "", words) for words in drawn] == ["Help lines: The crust line, call 555 0100"] * 2
