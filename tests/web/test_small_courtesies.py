"""What pages say in passing: names, codes, ways to a person and to a group, sentences about locks."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from markupsafe import Markup

from course_engine.domain.cohorts import Cohort
from course_engine.domain.pace import PaceKind
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.domain.roles import Role
from course_engine.engine import Engine
from course_engine.services import cohorts, invitations, people, runs, writings
from course_engine.web.shown import whole
from tests.cast import BREAD, PASSWORD, ZONE, Browser, Clock

As = Callable[[Person], Browser]


@pytest.fixture
def cohort(engine: Engine, ben: Person, clock: Clock) -> Cohort:
    return cohorts.add(engine, ben, BREAD, "Tuesdays", clock(), ZONE, 90, clock())


def test_a_locked_week_says_its_day_and_what_comes_first_in_one_sentence(
    ada: Person, run: Run, as_: As
) -> None:
    browser = as_(ada)
    told = "Opens on Sunday 8 March, 04:00 (your time, Lisbon), once week 1 is done: 4 steps to go."

    assert told in browser.get("/weeks/2").text
    assert told in browser.get("/course").text
    answer = browser.get("/api/v1/me/course").json
    assert answer is not None
    assert told in str(answer)


def test_a_week_far_away_counts_no_steps(ada: Person, run: Run, as_: As) -> None:
    far = unescape(as_(ada).get("/weeks/3").text)

    assert "Opens on Saturday 14 March, 04:00 (your time, Lisbon), once week 2 is done.<" in far
    assert "to go" not in far


def test_ada_finds_the_way_to_ben_before_she_has_ever_asked(
    engine: Engine, ada: Person, cohort: Cohort, as_: As, clock: Clock
) -> None:
    cohorts.add_member(engine, cohort, ada, clock())
    browser = as_(ada)
    for path in ("/today", "/messages", "/weeks/1"):
        assert 'href="/contact">Ask your facilitator for a word' in browser.get(path).text, path


def test_whoever_is_alone_is_sent_to_no_facilitator(ada: Person, run: Run, as_: As) -> None:
    browser = as_(ada)
    for path in ("/today", "/weeks/1", "/journal"):
        assert "facilitator" not in browser.get(path).text, path


def test_steady_shows_ones_own_plan_once_something_stands_in_it(
    engine: Engine, ada: Person, self_compassion: str, as_: As, clock: Clock, client: Browser
) -> None:
    run = runs.join_alone(engine, ada, self_compassion, PaceKind.FREE, clock())
    browser = as_(ada)
    assert "Your own steadying plan" not in browser.get("/steady").text
    writings.save_answers(engine, ada, run, "worksheet", "practice-log", {"a": "b"}, clock())
    assert "Your own steadying plan" not in browser.get("/steady").text

    writings.save_answers(engine, ada, run, "worksheet", "steadying-plan", {"a": "my feet"}, clock())
    page = browser.get("/steady").text

    assert 'href="/worksheets/steadying-plan">Your own steadying plan' in page
    assert page.index('class="ways"') < page.index("Your own steadying plan") < page.index('id="now"')
    assert "<script" not in page
    assert len(page.encode()) < 20_000
    assert "Your own steadying plan" not in client.get("/steady").text


def test_the_orientation_has_one_name(
    engine: Engine, ada: Person, self_compassion: str, as_: As, clock: Clock
) -> None:
    runs.join_alone(engine, ada, self_compassion, PaceKind.FREE, clock())
    browser = as_(ada)
    for path in ("/today", "/weeks/0", "/steps/feet-on-the-floor", "/weeks/1", "/certificate"):
        page = unescape(browser.get(path).text)
        assert "Finding your feet" in page, path
        assert ">Before week 1" not in page, path
        assert not re.search(r">\s*Before you begin\s*<(?!/h2)", page), path


def test_words_that_open_the_orientation_call_it_by_its_name(
    engine: Engine, ada: Person, ben: Person, self_compassion: str, as_: As, clock: Clock
) -> None:
    group = cohorts.add(engine, ben, self_compassion, "Mondays", clock(), ZONE, 90, clock())
    cohorts.add_member(engine, group, ada, clock())
    page = unescape(as_(ben).get(f"/cohorts/{group.id}/change?what=open&week=0&all=yes").text)
    assert "“Finding your feet” is open for you." in page
    assert "Before week 1 is open" not in page


@pytest.mark.parametrize("path", ["/", "/sign-in", "/join"])
def test_whoever_has_a_code_finds_the_box_for_it_at_once(
    client: Browser, engine: Engine, ben: Person, cohort: Cohort, clock: Clock, path: str
) -> None:
    assert 'href="/join/code">Do you have a code from your group?' in client.get(path).text
    code = invitations.make(engine, cohort, Role.LEARNER, ben, clock()).code
    client.take_token()

    assert 'name="code"' in client.get("/join/code").text
    assert client.fill("/join", code=code.lower()).location == f"/join/{code}"


def test_ones_own_clock_is_shown_once_one_has_said_where_one_lives(
    engine: Engine, ada: Person, ben: Person, as_: As, clock: Clock
) -> None:
    cohort = cohorts.add(engine, ben, BREAD, "Far away", clock(), "Asia/Tokyo", 90, clock())
    code = invitations.make(engine, cohort, Role.LEARNER, ben, clock()).code
    new = people.add(engine, "Kim", "kim@example.org", PASSWORD, clock())
    assert "By your own clock" not in as_(new).get(f"/join/{code}").text

    runs.change_zone(engine, ada, "Asia/Kolkata", clock())
    assert "By your own clock" in as_(ada).get(f"/join/{code}").text


def test_a_code_on_paper_is_shown_in_fours_and_taken_either_way(client: Browser) -> None:
    client.take_token()
    sent = {"name": "Kim", "email": "kim.b", "password": PASSWORD}
    shown = re.search(r'mono">([^<]+)<', client.fill("/sign-up/name", **sent).text)
    assert shown is not None
    assert re.fullmatch(r"([0-9A-Z]{4}-)+[0-9A-Z]{1,4}", shown.group(1))
    client.fill("/sign-out")

    client.take_token()
    again = client.fill("/recover", email="kim.b", code=shown.group(1), password="a river at dawn, and reeds")
    next_one = re.search(r'mono">([^<]+)<', again.text)
    assert next_one is not None
    client.fill("/sign-out")
    client.take_token()
    plain = next_one.group(1).replace("-", "").lower()
    answer = client.fill("/recover", email="kim.b", code=plain, password="a river at dusk, and reeds")
    assert answer.status_code == 200


def test_a_title_keeps_words_with_a_hyphen_in_one_piece() -> None:
    assert whole("What self-compassion is") == 'What <span class="whole">self-compassion</span> is'
    assert whole("A <b> & c-d") == 'A &lt;b&gt; &amp; <span class="whole">c-d</span>'
    long = "a-very-long-name-of-many-words"
    assert whole(long) == long


def test_a_title_in_another_language_keeps_its_mark() -> None:
    marked = Markup('<span lang="pt-BR">bem-estar</span>')
    assert whole(marked) == '<span lang="pt-BR"><span class="whole">bem-estar</span></span>'


def test_keys_for_programs_come_last_and_folded(ada: Person, run: Run, as_: As) -> None:
    browser = as_(ada)
    page = browser.get("/me").text
    assert page.rindex("<h2") < page.index("Keys for programs")
    assert re.search(r"<details class=[^>]*(?<! open)><summary>Keys for programs", page)

    assert re.search(r" open><summary>Keys", browser.fill("/me/tokens", token_name="", scope="read").text)
