"""What learners read about how sure a course can be."""

import shutil
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from course_engine.domain.pace import PaceKind
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.services import editions, people, runs
from tests.cast import BREAD, COURSES, Browser, Clock

As = Callable[[Person], Browser]


def test_ada_follows_a_claim_to_its_row(ada: Person, run: Run, as_: As) -> None:
    browser = as_(ada)
    lesson = browser.get("/steps/what-lives").text
    page = browser.get("/evidence")

    assert 'href="/evidence#sour-keeps"' in lesson
    assert page.status_code == 200
    assert '<article class="card sure-claim" id="sour-keeps"' in page.text
    for words in (
        "The acids of a sourdough", "Mills and Reyes", "12 papers", "9 of 12 papers", "not in kitchens",
        "Moderate", "Several studies point one way", "We read its summary",
        "Compared the days", "Not known",
        "Where this is often overstated", "Sourdough cures allergies.", "Nobody has shown this.",
        "What nobody knows yet", "Which of the many yeasts",
    ):  # fmt: skip
        assert words in page.text, words
    assert 'href="#sour-keeps"' in page.text


def test_the_claims_of_an_older_run_lead_to_its_own_page(ada: Person, run: Run, as_: As) -> None:
    browser, root = as_(ada), f"/runs/{run.id}"

    assert f'href="{root}/evidence#sour-keeps"' in browser.get(f"{root}/steps/what-lives").text
    assert f'href="{root}/course"' in browser.get(f"{root}/evidence").text


def test_the_course_page_leads_to_the_evidence(ada: Person, run: Run, as_: As) -> None:
    assert 'href="/evidence"' in as_(ada).get("/course").text
    assert f'href="/runs/{run.id}/evidence"' in as_(ada).get(f"/runs/{run.id}/course").text


def test_a_course_without_evidence_has_no_such_page_and_no_link(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock, tmp_path: Path
) -> None:
    bare = _without_evidence(tmp_path)
    editions.publish(engine, bare, clock.move(minutes=1))
    later = runs.join_alone(engine, ada, "quick-bread", PaceKind.FREE, clock())
    browser = as_(ada)

    assert browser.get(f"/runs/{later.id}/evidence").status_code == 404
    assert "/evidence" not in browser.get(f"/runs/{later.id}/course").text
    assert browser.get(f"/runs/{run.id}/evidence").status_code == 200


def test_ben_reads_it_in_the_library(ben: Person, run: Run, as_: As) -> None:
    browser = as_(ben)

    assert "Mills and Reyes" in browser.get(f"/library/{BREAD}/evidence").text
    assert (
        f'href="/library/{BREAD}/evidence#sour-keeps"'
        in browser.get(f"/library/{BREAD}/steps/what-lives").text
    )


def test_words_of_the_critic_are_told_apart(ada: Person, run: Run, as_: As) -> None:
    page = as_(ada).get("/steps/day-four").text

    assert '<span class="critic">“something went wrong”</span>' in page


def test_a_translated_row_is_marked_with_its_language(
    engine: Engine, ada: Person, run: Run, as_: As, app: Flask
) -> None:
    people.change_language(engine, ada, "es")
    page = as_(ada).get("/evidence").text

    assert '<h3 lang="es">Los ácidos de la masa madre' in page
    assert '<html lang="en"' in page
    assert "Claim by claim" in page


def _without_evidence(place: Path) -> Path:
    folder = Path(shutil.copytree(COURSES / BREAD, place / "quick-bread"))
    for name in ("evidence.yaml", "evidence.es.yaml", "words.yaml"):
        (folder / name).unlink()
    for path in folder.rglob("*"):
        if path.suffix in (".md", ".yaml"):
            text = path.read_text("utf-8").replace("id: slow-bread", "id: quick-bread")
            for row in ("sour-keeps", "warm-jar"):
                text = text.replace(f"](evidence:{row})", "](/help)")
            path.write_text(text, "utf-8")
    return folder
