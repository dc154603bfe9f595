"""The course changes while people are on their way: nobody loses anything, and nobody is in two editions."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from course_engine.content import loader
from course_engine.domain.errors import NotFound, Refused
from course_engine.domain.pace import PaceKind
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.domain.standing import State, Status
from course_engine.engine import Engine
from course_engine.services import catalogue, cohorts, editions, progress, runs
from course_engine.storage import editions as stored_editions
from course_engine.storage.progress import completions
from tests.cast import BREAD, ZONE, Clock, do, week_steps

Edit = Callable[..., str]
STEP = "\n## A word of thanks {#thanks .lesson .required minutes=1}\n\nThank the jar.\n"


def test_alone_ada_moves_to_the_newest_edition_with_her_next_week(
    engine: Engine, ada: Person, run: Run, edit: Edit, clock: Clock
) -> None:
    newest = edit(("01-starter/week-1.md", "What lives in the jar", "Who lives in the jar"))
    at = runs.position(engine, ada, run, clock())
    assert at.course.steps["what-lives"].title == "What lives in the jar"
    *most, last = week_steps(at, 1)
    do(engine, ada, run, clock(), *most)
    assert runs.own(engine, ada, run.id).edition == run.edition
    do(engine, ada, run, clock(), last)
    moved = runs.own(engine, ada, run.id)
    assert moved.edition == newest
    at = runs.position(engine, ada, moved, clock())
    assert at.course.steps["what-lives"].title == "Who lives in the jar"
    assert at.access.weeks["week-1"].state is State.DONE
    assert completions(moved.id)["what-lives"].edition == run.edition


def test_in_a_cohort_she_stays_with_the_edition_of_the_group(
    engine: Engine, ada: Person, ben: Person, edit: Edit, clock: Clock
) -> None:
    cohort = cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 60, clock())
    run = cohorts.add_member(engine, cohort, ada, clock())
    newest = edit(("01-starter/week-1.md", "What lives in the jar", "Who lives in the jar"))
    do(engine, ada, run, clock(), *week_steps(runs.position(engine, ada, run, clock()), 1))
    assert runs.own(engine, ada, run.id).edition == cohort.edition != newest


def test_a_step_added_to_a_finished_week_is_new_and_takes_nothing_back(
    engine: Engine, ada: Person, run: Run, edit: Edit, clock: Clock
) -> None:
    at = runs.position(engine, ada, run, clock())
    do(engine, ada, run, clock(), *week_steps(at, 1))
    path = "01-starter/week-1.md"
    edit((path, "\n## In the notebook", STEP + "\n## In the notebook"))
    clock.move(days=7)
    do(engine, ada, run, clock(), *week_steps(at, 2))
    moved = runs.position(engine, ada, runs.own(engine, ada, run.id), clock())
    assert moved.access.weeks["week-1"].state is State.DONE
    assert moved.access.steps["thanks"].new
    assert moved.access.weeks["week-2"].state is State.DONE
    do(engine, ada, moved.run, clock(), "thanks")
    assert runs.position(engine, ada, moved.run, clock()).access.steps["thanks"].state is State.DONE


def test_a_step_that_is_gone_keeps_its_completion(
    engine: Engine, ada: Person, run: Run, bread: Path, clock: Clock
) -> None:
    at = runs.position(engine, ada, run, clock())
    do(engine, ada, run, clock(), "day-four")
    path = bread / "01-starter/week-1.md"
    text = path.read_text("utf-8")
    start, end = text.index("## Why it seems"), text.index("## Stir and look")
    path.write_text(text[:start] + text[end:], "utf-8")
    spanish = bread / "01-starter/week-1.es.md"
    text = spanish.read_text("utf-8")
    start, end = text.index("## Por qué"), text.index("## Remover")
    spanish.write_text(text[:start] + text[end:], "utf-8")
    editions.publish(engine, bread, clock.move(minutes=1))
    do(engine, ada, run, clock(), *(step for step in week_steps(at, 1) if step != "day-four"))
    moved = runs.position(engine, ada, runs.own(engine, ada, run.id), clock())
    assert "day-four" not in moved.course.steps
    assert "day-four" in moved.history.done
    with pytest.raises(NotFound):
        progress.readable_step(moved, "day-four")


def test_going_back_to_older_words_makes_the_older_edition_the_newest_again(
    engine: Engine, edit: Edit, clock: Clock
) -> None:
    first = editions.newest(BREAD)
    second = edit(("course.yaml", "Slow bread, week by week", "Slower bread"))
    assert editions.newest(BREAD) == second != first
    assert edit(("course.yaml", "Slower bread", "Slow bread, week by week")) == first
    assert editions.newest(BREAD) == first
    assert [course.title for course in editions.offered(engine, "en")] == ["Slow bread, week by week"]


def test_what_dov_publishes_is_the_newest_even_where_the_clock_was_set_back(edit: Edit, clock: Clock) -> None:
    lives = ("jar", "jug", "bowl", "tin", "cup")
    for before, after in pairwise(lives):
        clock.move(days=-3)
        words = (f"What lives in the {before}", f"What lives in the {after}")
        assert edit(("01-starter/week-1.md", *words)) == editions.newest(BREAD)


def test_a_folder_with_faults_is_not_published_and_says_where(
    engine: Engine, bread: Path, clock: Clock
) -> None:
    before = editions.newest(BREAD)
    path = bread / "course.yaml"
    path.write_text(path.read_text("utf-8").replace("pace: free", "pace: soon"), "utf-8")
    with pytest.raises(Refused, match=r"course\.yaml:\d+:\d+: "):
        editions.publish(engine, bread, clock())
    assert editions.newest(BREAD) == before


def test_a_start_with_unchanged_folders_parses_nothing(
    engine: Engine, bread: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editions, "MODULES", bread.parent)
    parsed: list[Path] = []
    compile_course = loader.compile_course

    def noted(folder: Path) -> object:
        parsed.append(folder)
        return compile_course(folder)

    monkeypatch.setattr(loader, "compile_course", noted)
    title = bread / "course.yaml"
    title.write_text(title.read_text("utf-8").replace("Slow bread, week", "Very slow bread, week"), "utf-8")
    assert editions.publish_all(engine, clock.move(hours=1)) == [BREAD]
    assert len(parsed) == 1
    assert editions.publish_all(engine, clock.move(hours=1)) == []
    monkeypatch.setattr(loader, "find_courses", lambda _folders: pytest.fail("looked for courses"))
    assert editions.publish_all(engine, clock.move(hours=1)) == []
    assert len(parsed) == 1


def test_a_course_whose_folder_has_another_name_is_told_by_its_id_and_only_when_it_changed(
    engine: Engine, bread: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    bread.rename(bread.with_name("my-bakery"))
    monkeypatch.setattr(editions, "MODULES", bread.parent)
    assert editions.publish_all(engine, clock()) == []
    (bread.with_name("my-bakery") / "notes.txt").write_text("nothing of the course", "utf-8")
    assert editions.publish_all(engine, clock()) == []


def test_an_edition_that_ada_never_met_is_skipped(
    engine: Engine, ada: Person, run: Run, edit: Edit, clock: Clock
) -> None:
    edit(("course.yaml", "Slow bread, week by week", "Slower bread"))
    newest = edit(("course.yaml", "Slower bread", "Slowest bread"))
    at = runs.position(engine, ada, run, clock.move(days=1))
    do(engine, ada, run, clock(), *week_steps(at, 1))
    assert runs.own(engine, ada, run.id) == replace(run, edition=newest)


def test_who_joins_gets_the_newest_edition(engine: Engine, cleo: Person, edit: Edit, clock: Clock) -> None:
    newest = edit(("course.yaml", "Slow bread, week by week", "Slower bread"))
    assert runs.join_alone(engine, cleo, BREAD, PaceKind.FREE, clock()).edition == newest


def test_a_shorter_edition_ends_her_way_and_she_may_begin_again(
    engine: Engine, ada: Person, bread: Path, clock: Clock
) -> None:
    run = runs.join_alone(engine, ada, BREAD, PaceKind.FREE, clock())
    at = runs.position(engine, ada, run, clock())
    do(engine, ada, run, clock(), *week_steps(at, 1))
    shutil.rmtree(bread / "02-loaf")
    (bread / "words.yaml").unlink()
    course = bread / "course.yaml"
    course.write_text(
        course.read_text().replace("safety: [hot-things, heat-and-hands]", "safety: [hot-things]")
    )
    editions.publish(engine, bread, clock.move(minutes=1))
    do(engine, ada, run, clock(), *week_steps(at, 2))
    moved = runs.own(engine, ada, run.id)
    assert runs.position(engine, ada, moved, clock()).access.status is Status.FINISHED
    assert runs.join_alone(engine, ada, BREAD, PaceKind.FREE, clock.move(hours=1)).id != run.id


def test_a_course_that_is_not_published_any_more_is_gone_through_to_its_end(
    engine: Engine, ada: Person, run: Run, clock: Clock
) -> None:
    at = runs.position(engine, ada, run, clock())
    stored_editions.withdraw(run.edition, clock())
    do(engine, ada, run, clock(), *week_steps(at, 1))
    kept = runs.own(engine, ada, run.id)
    assert kept.edition == run.edition
    assert runs.position(engine, ada, kept, clock()).access.weeks["week-1"].state is State.DONE


def test_an_edition_that_is_withdrawn_moves_nobody_back_to_an_older_one(
    engine: Engine, ada: Person, dov: Person, edit: Edit, clock: Clock
) -> None:
    newer = edit(("01-starter/week-1.md", "What lives in the jar", "Who lives in the jar"))
    run = runs.join_alone(engine, ada, BREAD, PaceKind.WEEKLY, clock())
    catalogue.withdraw(engine, newer, dov, clock.move(minutes=1))
    assert editions.newest(BREAD) != newer
    at = runs.position(engine, ada, run, clock())
    with engine.database.count_queries() as asked:
        assert runs.to_newest(engine, ada, at, clock()) == run
    assert asked.count == 1

    do(engine, ada, run, clock(), *week_steps(at, 1))
    kept = runs.own(engine, ada, run.id)
    assert kept.edition == newer
    assert runs.position(engine, ada, kept, clock()).access.weeks["week-1"].state is State.DONE


def test_an_older_edition_that_dov_makes_the_newest_again_is_where_she_goes_on(
    engine: Engine, ada: Person, dov: Person, edit: Edit, clock: Clock
) -> None:
    older = editions.newest(BREAD)
    edit(("01-starter/week-1.md", "What lives in the jar", "Who lives in the jar"))
    run = runs.join_alone(engine, ada, BREAD, PaceKind.WEEKLY, clock())
    catalogue.renew(engine, older, dov, clock.move(minutes=1))
    do(engine, ada, run, clock(), *week_steps(runs.position(engine, ada, run, clock()), 1))
    assert runs.own(engine, ada, run.id).edition == older
