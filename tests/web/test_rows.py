"""Pieces of course pages are drawn once and shared; everyone still sees their own course and no other."""

import re
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask

from course_engine.domain.pace import PaceKind
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.services import editions, runs
from course_engine.storage import people
from course_engine.web import create_app
from course_engine.web.views import CourseView
from tests.cast import BREAD, COURSES, Browser, Clock, do, week_steps

As = Callable[[Person], Browser]
PAGES = ("/today", "/course", "/weeks/1")


@pytest.fixture
def cleos(engine: Engine, cleo: Person, clock: Clock) -> Run:
    """Cleo's way through the same edition as Ada's."""
    return runs.join_alone(engine, cleo, BREAD, PaceKind.WEEKLY, clock())


def test_two_learners_at_different_places_each_see_their_own(
    engine: Engine, ada: Person, run: Run, cleo: Person, cleos: Run, as_: As, clock: Clock
) -> None:
    before = _states(as_(ada), "/weeks/1")
    do(engine, cleo, cleos, clock(), *week_steps(runs.position(engine, cleo, cleos, clock()), 1))

    assert _states(as_(cleo), "/weeks/1")["what-lives"] == "done"
    assert _states(as_(cleo), "/course")["weeks/1"] == "done"
    assert _states(as_(ada), "/weeks/1") == before
    assert _states(as_(ada), "/course")["weeks/1"] == "next"


def test_pages_of_an_older_run_lead_to_that_run_and_others_do_not(
    engine: Engine, ada: Person, run: Run, as_: As
) -> None:
    browser = as_(ada)
    for path in PAGES:
        older, plain = _page(browser, f"/runs/{run.id}{path}"), _page(browser, path)
        main = older[older.index("<main") : older.index("</main>")]
        assert f"/runs/{run.id}/steps/" in main or f"/runs/{run.id}/weeks/" in main
        assert not re.search(r'(href|action)="/(steps|weeks|course|worksheets)', main)
        assert f"/runs/{run.id}" not in plain


def test_each_reads_the_course_in_a_language_of_their_own(
    engine: Engine, ada: Person, run: Run, cleo: Person, cleos: Run, as_: As
) -> None:
    with engine.database.transaction():
        people.change(cleo.id, language="es")
    english, spanish = as_(ada), as_(replace(cleo, language="es"))
    course = {code: engine.shelf.course(run.edition, code) for code in ("en", "es")}
    title = {code: found.weeks[0].title for code, found in course.items()}
    assert title["en"] != title["es"]

    for browser, own, other in ((english, "en", "es"), (spanish, "es", "en"), (english, "en", "es")):
        for path in ("/course", "/weeks/1"):
            page = _page(browser, path)
            assert title[own] in page
            assert title[other] not in page


def test_a_new_edition_shows_to_those_who_are_in_it_and_to_nobody_else(
    engine: Engine, ada: Person, run: Run, cleo: Person, as_: As, tmp_path: Path, clock: Clock
) -> None:
    first = _page(as_(ada), "/weeks/1")
    bread = Path(shutil.copytree(COURSES / BREAD, tmp_path / "courses" / BREAD))
    text = (bread / "01-starter/week-1.md").read_text("utf-8")
    (bread / "01-starter/week-1.md").write_text(
        text.replace("What lives in the jar", "Who lives in the jar"), "utf-8"
    )
    editions.publish(engine, bread, clock.move(minutes=1))
    runs.join_alone(engine, cleo, BREAD, PaceKind.WEEKLY, clock())

    assert "Who lives in the jar" in _page(as_(cleo), "/weeks/1")
    again = _page(as_(ada), "/weeks/1")
    assert "What lives in the jar" in first
    assert "What lives in the jar" in again
    assert "Who lives in the jar" not in again


def test_two_who_come_first_at_the_same_moment_get_whole_pages(
    engine: Engine, app: Flask, ada: Person, run: Run, clock: Clock
) -> None:
    known = {path: _without_words_of_one_answer(_page(_signed_in(app, ada), path)) for path in PAGES}
    for path in PAGES:
        fresh = create_app(engine, clock)
        fresh.test_client_class = Browser
        browsers = [_signed_in(fresh, ada) for _two in range(2)]
        together = Barrier(2)

        def ask(browser: Browser, path: str = path, together: Barrier = together) -> str:
            together.wait(60)
            return _page(browser, path)

        with ThreadPoolExecutor(2) as threads:
            pages = list(threads.map(ask, browsers))
        assert [_without_words_of_one_answer(page) for page in pages] == [known[path]] * 2


def test_signs_of_html_in_a_reason_or_a_name_stay_signs(
    engine: Engine, ada: Person, run: Run, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CourseView, "why", lambda *_asked: "Opens <b>after</b> “Salt & \0root\0 water”.")
    with engine.database.transaction():
        people.change(ada.id, name="<script>Ada</script>")
    browser = as_(ada)

    course, today = _page(browser, "/course"), _page(browser, "/today")

    assert "Opens &lt;b&gt;after&lt;/b&gt; “Salt &amp; " in course
    assert "<b>after" not in course
    assert "&lt;script&gt;Ada&lt;/script&gt;" in today
    assert "<script>Ada" not in today


def test_no_gap_is_left_open_in_any_state(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    browser = as_(ada)
    for number in (1, 2, 3):
        for path in ("/today", "/course", f"/weeks/{number}"):
            assert "\0" not in _page(browser, path)
        at = runs.position(engine, ada, runs.own(engine, ada, run.id), clock())
        do(engine, ada, run, clock(), *week_steps(at, number))
        clock.move(days=8)
    for path in ("/today", "/course", "/weeks/3"):
        assert "\0" not in _page(browser, path)


def _page(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def _states(browser: Browser, path: str) -> dict[str, str]:
    """The rows of a page by the end of their address, such as `weeks/1` or `what-lives`, and their states."""
    rows = re.findall(
        r'<li class="step step-(\w+)">.*?href="/(?:steps/)?([\w/-]+)"', _page(browser, path), re.S
    )
    assert rows
    return {address: state for state, address in rows}


def _signed_in(app: Flask, person: Person) -> Browser:
    browser = app.test_client()
    assert isinstance(browser, Browser)
    browser.sign_in(person)
    return browser


def _without_words_of_one_answer(page: str) -> str:
    return re.sub(r'(nonce|value)="[\w.-]{20,}"', "", page)
