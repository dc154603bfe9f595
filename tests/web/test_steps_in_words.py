"""What Ada reads at a step: nothing counted from zero, no closed way on, cautions beside the short form."""

import re
from collections.abc import Callable
from html import unescape

import pytest

from course_engine.domain.pace import PaceKind
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.services import runs
from tests.cast import Browser, Clock, do
from tests.web.doors import WEEK_1

As = Callable[[Person], Browser]

pytestmark = pytest.mark.usefixtures("no_printing")


def test_a_week_that_has_not_been_begun_counts_nothing_from_zero(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    browser = as_(ada)
    fresh = browser.get("/weeks/1").text
    assert 'class="ring"' not in fresh
    assert "0 of" not in fresh
    assert re.search(r"\d of these steps are enough\. About \d+ minutes, at any pace\.", fresh)

    do(engine, ada, run, clock(), WEEK_1[0])
    begun = browser.get("/weeks/1").text
    assert 'class="ring"' in begun
    assert "1 of 4 done." in begun


def test_a_week_that_is_done_says_go_on_only_where_the_next_is_open(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    do(engine, ada, run, clock(), *WEEK_1)
    browser = as_(ada)
    assert "This week is complete. Stay as long as you like.\n" in browser.get("/weeks/1").text

    clock.move(days=7)
    assert "This week is complete. Stay as long as you like, or go on." in browser.get("/weeks/1").text


def test_the_short_form_names_the_way_to_the_cautions(ada: Person, run: Run, as_: As) -> None:
    page = as_(ada).get("/steps/stir-and-look").text
    short = page.partition('id="short"')[2]

    assert 'id="before"' in page
    assert re.match(
        r'>\s*<h2>[^<]*</h2>\s*<p class="small">You can stop at any line\. <a[^>]* href="#before">', short
    )


def test_ways_to_be_stand_on_lines_of_their_own(ada: Person, run: Run, as_: As) -> None:
    page = as_(ada).get("/steps/stir-and-look").text
    ways = page.partition("<dt>Ways to be</dt>")[2].partition("</dd>")[0]

    assert ways.count("<li>") > 1
    assert " · " not in ways


def test_the_next_page_is_named_once_and_not_before_a_reading_is_done(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    browser = as_(ada)
    assert 'rel="next"' not in browser.get("/steps/what-lives").text

    do(engine, ada, run, clock(), "what-lives")
    page = browser.get("/steps/what-lives").text
    assert page.count('href="/steps/day-four"') == 1

    do(engine, ada, run, clock(), "day-four")
    assert 'rel="next" href="/steps/day-four"' in browser.get("/steps/what-lives").text
    assert 'rel="prev" href="/steps/what-lives"' in browser.get("/steps/day-four").text


def test_a_long_table_shows_two_rows_until_something_stands_in_the_others(
    engine: Engine, ada: Person, self_compassion: str, as_: As, clock: Clock
) -> None:
    runs.join_alone(engine, ada, self_compassion, PaceKind.FREE, clock())
    browser, address = as_(ada), "/worksheets/practice-log"
    shown, _, folded = browser.get(address).text.partition("More rows")
    cell = re.search(r'name="([a-z-]+)-1-1"', shown)
    assert cell
    field = cell[1]
    assert f'name="{field}-2-6"' in shown
    assert f'name="{field}-3-1"' not in shown
    assert f'name="{field}-3-1"' in folded
    assert f'name="{field}-7-6"' in folded
    assert shown.endswith("<details><summary>")

    browser.fill(address, **{f"{field}-1-1": "Monday", f"{field}-5-1": "Friday"})
    kept = browser.get(address).text
    assert "<details open><summary>More rows" in kept
    assert "Friday" in kept


def test_whoever_is_alone_is_led_to_people_and_not_to_an_empty_page(ada: Person, run: Run, as_: As) -> None:
    answer = as_(ada).get("/contact")

    assert answer.status_code == 404
    assert 'href="/steady#person"' in answer.text
    assert 'href="/today">Go on to Today' in answer.text


def test_a_page_that_is_not_there_leads_ada_to_today_and_a_stranger_to_the_start(
    ada: Person, run: Run, as_: As, client: Browser
) -> None:
    assert 'href="/today">Go on to Today' in as_(ada).get("/nowhere").text
    assert 'href="/">Go on from the start page' in client.get("/nowhere").text


def test_help_is_offered_beside_maybe_not_now_and_not_as_what_a_good_time_leads_to(client: Browser) -> None:
    page = unescape(client.get("/join").text)
    good, support, not_now = page.partition("outcomes")[2].split("<h3>")[1:4]

    assert "/help" not in good
    assert "/help" not in support
    assert 'href="/help">Help now' in not_now
    assert "Whichever of the three it is" in not_now
