"""What Ada has done stays done, whoever asks at the same time."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from course_engine.domain.cohorts import Present, Session
from course_engine.domain.pace import By, Override, OverrideKind
from course_engine.domain.progress import How
from course_engine.storage import cohorts, editions, progress, runs, tables
from course_engine.storage.database import Database
from tests.storage.cast import ADA, BEN, COHORT, HOUR, NOW, RUN, add_ada, add_ben


@pytest.fixture(autouse=True)
def _people(database: Database) -> None:
    add_ada()
    add_ben()


def test_the_first_completion_of_a_step_is_kept_and_the_way_only_rises() -> None:
    first = progress.complete(RUN.id, "knead", How.GENTLER, NOW, "digest-1")
    assert (first.how, first.at, first.first_how, first.first_at) == (How.GENTLER, NOW, How.GENTLER, NOW)
    lower = progress.complete(RUN.id, "knead", How.NOT_TODAY, NOW + HOUR, "digest-1")
    assert lower == first
    higher = progress.complete(RUN.id, "knead", How.DONE, NOW + 2 * HOUR, "digest-1")
    assert (higher.how, higher.at) == (How.DONE, NOW + 2 * HOUR)
    assert (higher.first_how, higher.first_at) == (How.GENTLER, NOW)
    assert progress.complete(RUN.id, "knead", How.DONE, NOW + 3 * HOUR, "digest-1") == higher


def test_a_completion_keeps_the_edition_it_was_seen_in() -> None:
    editions.publish("digest-2", "slow-bread", "Slow bread", b"newer", NOW)
    progress.complete(RUN.id, "knead", How.DONE, NOW, "digest-1")
    again = progress.complete(RUN.id, "knead", How.DONE, NOW + HOUR, "digest-2")
    assert again.edition == "digest-1"
    assert progress.complete(RUN.id, "rest", How.DONE, NOW, "digest-2").edition == "digest-2"


def test_ada_presses_done_in_eight_tabs_and_it_is_done_once(database: Database) -> None:
    ways = [How.DONE, How.GENTLER, How.NOT_TODAY, How.DONE] * 10

    def press(number: int) -> None:
        progress.complete(RUN.id, "knead", ways[number], NOW + number * HOUR, "digest-1")

    with ThreadPoolExecutor(8) as tabs:
        list(tabs.map(press, range(40)))
    done = progress.completions(RUN.id)
    assert list(done) == ["knead"]
    assert done["knead"].how is How.DONE


def test_her_history_is_two_queries_and_her_overrides_one(database: Database) -> None:
    for step in ("a", "b", "c"):
        progress.complete(RUN.id, step, How.DONE, NOW, "digest-1")
    progress.mark_weeks(
        [(RUN.id, "week-1", NOW), (RUN.id, "week-2", NOW + HOUR)], [(RUN.id, "week-1", NOW + HOUR)]
    )
    with database.count_queries() as queries:
        history = progress.history(RUN)
    assert queries.count == 2
    assert history.started_at == NOW
    assert sorted(history.done) == ["a", "b", "c"]
    assert history.opened == {"week-1": NOW, "week-2": NOW + HOUR}
    assert history.finished == {"week-1": NOW + HOUR}
    with database.count_queries() as queries:
        progress.overrides(RUN.id, None)
    assert queries.count == 1


def test_a_mark_on_a_week_is_never_written_over() -> None:
    progress.mark_weeks([(RUN.id, "week-1", NOW)], [])
    progress.see_week(RUN.id, "week-1", NOW + HOUR)
    progress.mark_weeks([(RUN.id, "week-1", NOW + 5 * HOUR)], [(RUN.id, "week-1", NOW + 6 * HOUR)])
    progress.mark_weeks([], [(RUN.id, "week-1", NOW + 7 * HOUR)])
    progress.see_week(RUN.id, "week-1", NOW + 8 * HOUR)
    history = progress.history(RUN)
    assert (history.opened, history.finished) == ({"week-1": NOW}, {"week-1": NOW + 6 * HOUR})
    assert progress.seen_weeks([RUN.id]) == {RUN.id: {"week-1"}}


def test_sessions_count_when_she_was_there_and_still_count_after_she_leaves_the_group() -> None:
    cohorts.add_member(COHORT.id, ADA.id, RUN.id, NOW)
    runs.set_cohort(RUN.id, COHORT.id, "cohort")
    cohorts.set_sessions(COHORT.id, [Session(COHORT.id, n, NOW + n * HOUR, 90) for n in (1, 2, 3)])
    cohorts.attend(COHORT.id, 1, ADA.id, Present.PRESENT, NOW, BEN.id)
    cohorts.attend(COHORT.id, 2, ADA.id, Present.NOT_HERE, NOW, BEN.id)
    cohorts.attend(COHORT.id, 3, ADA.id, Present.EXCUSED, NOW, BEN.id)
    cohorts.attend(COHORT.id, 3, ADA.id, Present.MADE_UP, NOW + HOUR, BEN.id)
    expected = {1: NOW, 3: NOW + HOUR}
    assert progress.history(RUN).attended == expected
    cohorts.remove_member(COHORT.id, ADA.id, NOW)
    runs.set_cohort(RUN.id, None, "weekly")
    assert progress.history(RUN).attended == expected


def test_overrides_of_the_run_and_of_the_group_come_with_holds_and_without_what_was_undone() -> None:
    early = Override(OverrideKind.OPEN_EARLY, NOW, week="week-2", id="override00000001")
    longer = Override(OverrideKind.EXTEND, NOW + HOUR, week="week-3", days=7, id="override00000002")
    undone = Override(OverrideKind.WAIVE, NOW, week="week-4", id="override00000003")
    progress.change([(RUN.id, early), (RUN.id, longer), (RUN.id, undone)], BEN.id, NOW, "Easter")
    tables.Override.update(run=None, cohort=COHORT.id).where(tables.Override.id == longer.id).execute()
    assert progress.undo_override(undone.id, NOW + HOUR, RUN.id)
    assert not progress.undo_override(undone.id, NOW + HOUR, RUN.id)
    pause = Override(OverrideKind.HOLD, NOW + 2 * HOUR, by=By.LEARNER, id="hold000000000001")
    progress.change([(RUN.id, pause)], ADA.id, NOW)
    assert progress.overrides(RUN.id, COHORT.id) == (early, longer, pause)
    assert progress.overrides(RUN.id, None) == (early, pause)
    assert progress.end_holds([RUN.id], NOW + 3 * HOUR) == 1
    assert progress.overrides(RUN.id, None)[1] == replace(pause, end=NOW + 3 * HOUR)


def test_a_time_from_another_zone_comes_back_as_the_same_instant_in_utc() -> None:
    there = datetime(2026, 3, 2, 23, 59, 59, 999999, tzinfo=timezone(timedelta(hours=14)))
    done = progress.complete(RUN.id, "knead", How.DONE, there, "digest-1")
    assert done.at == there
    assert done.at.utcoffset() == timedelta(0)
    assert progress.history(RUN).done["knead"] == there


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        progress.complete(RUN.id, "knead", How.DONE, datetime(2026, 3, 2), "digest-1")
    with pytest.raises(ValueError, match="without a zone"):
        runs.start(RUN.id, datetime(2026, 3, 2))


def test_starting_and_finishing_a_run_keep_the_first_time() -> None:
    other = replace(RUN, id="run0000000000002", started_at=None)
    runs.add(other, NOW + HOUR)
    runs.start(other.id, NOW + HOUR)
    runs.start(other.id, NOW + 2 * HOUR)
    assert runs.finish(other.id, NOW + 3 * HOUR)
    assert not runs.finish(other.id, NOW + 4 * HOUR)
    kept = replace(other, started_at=NOW + HOUR, finished_at=NOW + 3 * HOUR)
    assert runs.current(ADA.id) == kept
    assert runs.current(ADA.id, "slow-bread") == kept
    assert runs.current(ADA.id, "another") is None
    assert runs.of(ADA.id) == [kept, RUN]
