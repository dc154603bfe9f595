"""Longer work that people ask for: done once, again when a worker is killed, given up with a sentence."""

import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event, Thread

import pytest

from course_engine.domain.errors import CourseEngineError, NotFound, Refused, TookTooLong, Unavailable
from course_engine.domain.people import Person
from course_engine.domain.work import Job, JobState
from course_engine.engine import Engine
from course_engine.jobs import worker
from course_engine.jobs.tasks import do_jobs, make_queue, utc_now
from course_engine.services import jobs, people
from course_engine.services.jobs import Progress
from tests.jobs.conftest import NOW, Clock

SLOW_WORKER = Path(__file__).with_name("slow_worker.py")
SHEET = {"worksheet": "my-kitchen"}


def wait_until(true: Callable[[], bool], seconds: float = 60) -> bool:
    """Whether it becomes true in that time."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_ada_asks_for_something_longer_and_sees_it_done(engine: Engine, ada: Person) -> None:
    make_queue(engine, {"pack": _made}, immediate=True)

    job = jobs.ask(engine, "pack", ada, SHEET, 3, NOW)

    done = jobs.own(ada, job.id)
    assert (done.state, done.done, done.total, done.result) == (JobState.DONE, 3, 3, {"file": "pack"})


def test_nothing_begins_before_what_asked_for_it_is_written(engine: Engine, ada: Person) -> None:
    begun: list[str] = []
    make_queue(engine, {"pack": _noted(begun)}, immediate=True)

    def change_of_mind() -> None:
        with engine.database.transaction():
            jobs.ask(engine, "pack", ada, SHEET, 1, NOW)
            assert begun == []
            raise Refused("After all, no.")

    with pytest.raises(Refused):
        change_of_mind()

    assert begun == []


def test_two_workers_at_once_do_each_job_once(engine: Engine, ada: Person) -> None:
    done: list[str] = []
    asked = [jobs.ask(engine, "pack", ada, {"number": number}, 1, NOW).id for number in range(12)]

    def one(job: Job) -> None:
        time.sleep(0.01)
        done.append(job.id)

    hands = [
        Thread(target=do_jobs, args=(engine, {"pack": _noted_by(one)}, name, Clock(), Event()))
        for name in ("first", "second")
    ]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(120)

    assert sorted(done) == sorted(asked)
    assert {jobs.own(ada, id).state for id in asked} == {JobState.DONE}


def test_a_job_whose_worker_was_killed_is_done_by_another(
    engine: Engine, ada: Person, tmp_path: Path, url: str
) -> None:
    job = jobs.ask(engine, "slow", ada, SHEET, 2, NOW)
    killed = subprocess.Popen(
        [sys.executable, str(SLOW_WORKER), str(tmp_path), url], stdout=subprocess.PIPE, text=True
    )
    assert killed.stdout is not None
    assert killed.stdout.readline() == "half done\n"
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    clock = Clock(utc_now())

    do_jobs(engine, {"slow": _made}, "other", clock, Event())
    assert jobs.own(ada, job.id).state is JobState.RUNNING, "its lease still protects it"
    clock.go_on(jobs.LEASE.total_seconds() + 1)
    do_jobs(engine, {"slow": _made}, "other", clock, Event())

    done = jobs.own(ada, job.id)
    assert (done.state, done.tries) == (JobState.DONE, 2)


def test_a_worker_that_was_taken_for_dead_changes_nothing_any_more(
    engine: Engine, ada: Person, clock: Clock
) -> None:
    job = jobs.ask(engine, "pack", ada, SHEET, 1, NOW)

    def overtaken(engine: Engine, job: Job, progress: Progress, now: object) -> Mapping[str, object]:
        clock.go_on(jobs.LEASE.total_seconds() + 1)
        do_jobs(engine, {"pack": _made}, "second", clock, Event())
        progress(1, 1)
        return {"file": "of the first"}

    do_jobs(engine, {"pack": overtaken}, "first", clock, Event())

    assert jobs.own(ada, job.id).result == {"file": "pack"}


def test_a_job_that_does_not_work_is_tried_three_times_with_pauses(
    engine: Engine, ada: Person, clock: Clock
) -> None:
    tries: list[str] = []

    def broken(job: Job) -> None:
        tries.append(job.id)
        raise RuntimeError("The paper is stuck.")

    job = jobs.ask(engine, "pack", ada, SHEET, 1, NOW)
    for expected in (1, 2, 3, 3):
        do_jobs(engine, {"pack": _noted_by(broken)}, "one", clock, Event())
        assert len(tries) == expected
        clock.go_on(jobs.PAUSE.total_seconds() * 3 + 1)

    stopped = jobs.own(ada, job.id)
    assert (stopped.state, stopped.fault) == (JobState.STOPPED, "Something went wrong on our side.")


def test_a_job_waits_for_a_part_that_does_not_answer(engine: Engine, ada: Person, clock: Clock) -> None:
    job = jobs.ask(engine, "pack", ada, SHEET, 1, NOW)

    def unavailable(job: Job) -> None:
        if job.tries == 1:
            raise Unavailable("The printer is warming up.")

    do_jobs(engine, {"pack": _noted_by(unavailable)}, "one", clock, Event())
    waiting = jobs.own(ada, job.id)
    assert (waiting.state, waiting.fault) == (JobState.WAITING, "The printer is warming up.")

    clock.go_on(jobs.PAUSE.total_seconds() + 1)
    do_jobs(engine, {"pack": _noted_by(unavailable)}, "one", clock, Event())
    assert jobs.own(ada, job.id).state is JobState.DONE


@pytest.mark.parametrize(
    "fault", [Refused("This name cannot be printed."), TookTooLong("This document took too long.")]
)
def test_a_job_that_is_refused_or_took_too_long_is_not_tried_again(
    engine: Engine, ada: Person, clock: Clock, fault: CourseEngineError
) -> None:
    job = jobs.ask(engine, "pack", ada, SHEET, 1, NOW)

    def refused(job: Job) -> None:
        raise fault

    do_jobs(engine, {"pack": _noted_by(refused)}, "one", clock, Event())

    stopped = jobs.own(ada, job.id)
    assert (stopped.state, stopped.fault) == (JobState.STOPPED, str(fault))


def test_a_job_that_ends_every_worker_is_given_up(engine: Engine, ada: Person, clock: Clock) -> None:
    job = jobs.ask(engine, "pack", ada, SHEET, 1, NOW)

    def deadly(job: Job) -> None:
        raise SystemExit

    for _worker in range(jobs.TRIES):
        with pytest.raises(SystemExit):
            do_jobs(engine, {"pack": _noted_by(deadly)}, "one", clock, Event())
        clock.go_on(jobs.LEASE.total_seconds() + 1)
    do_jobs(engine, {"pack": _noted_by(deadly)}, "one", clock, Event())

    assert jobs.own(ada, job.id).state is JobState.STOPPED


def test_a_job_that_is_cancelled_while_it_waits_is_never_begun(
    engine: Engine, ada: Person, clock: Clock
) -> None:
    job = jobs.ask(engine, "pack", ada, SHEET, 1, NOW)
    begun: list[str] = []

    assert jobs.cancel(engine, ada, job.id).state is JobState.CANCELLED
    do_jobs(engine, {"pack": _noted(begun)}, "one", clock, Event())

    assert begun == []
    assert jobs.under_way(ada) == []


def test_a_job_that_is_cancelled_while_it_runs_lets_go_at_its_next_word(
    engine: Engine, ada: Person, clock: Clock
) -> None:
    job = jobs.ask(engine, "pack", ada, SHEET, 2, NOW)
    reached: list[int] = []

    def cancelled(engine: Engine, job: Job, progress: Progress, now: object) -> Mapping[str, object]:
        for number in (1, 2):
            progress(number, 2)
            reached.append(number)
            jobs.cancel(engine, ada, job.id)
        return {"file": "half made"}

    do_jobs(engine, {"pack": cancelled}, "one", clock, Event())

    ended = jobs.own(ada, job.id)
    assert reached == [1]
    assert (ended.state, ended.result, ended.fault) == (JobState.CANCELLED, {}, "")
    clock.go_on(jobs.LEASE.total_seconds() + 1)
    assert jobs.free(clock()) == 0


def test_what_ends_in_the_moment_it_is_cancelled_stays_cancelled(
    engine: Engine, ada: Person, clock: Clock
) -> None:
    job = jobs.ask(engine, "pack", ada, SHEET, 1, NOW)
    do_jobs(engine, {"pack": _noted_by(lambda job: jobs.cancel(engine, ada, job.id))}, "one", clock, Event())
    assert jobs.own(ada, job.id).state is JobState.CANCELLED


def test_what_was_given_up_or_cancelled_can_be_asked_for_again_and_is_done_once(
    engine: Engine, ada: Person, clock: Clock
) -> None:
    stopped, cancelled = (jobs.ask(engine, "pack", ada, {"number": n}, 1, NOW) for n in range(2))
    jobs.cancel(engine, ada, cancelled.id)

    def refused(job: Job) -> None:
        raise Refused("This name cannot be printed.")

    do_jobs(engine, {"pack": _noted_by(refused)}, "one", clock, Event())
    done: list[str] = []
    for job in (stopped, cancelled):
        for _twice in range(2):
            again = jobs.again(engine, ada, job.id)
            assert (again.state, again.tries, again.fault) == (JobState.WAITING, 0, "")
    do_jobs(engine, {"pack": _noted(done)}, "one", clock, Event())

    assert sorted(done) == sorted([stopped.id, cancelled.id])
    assert jobs.again(engine, ada, stopped.id).state is JobState.DONE


def test_what_is_done_can_no_longer_be_cancelled_and_anothers_cannot_at_all(
    engine: Engine, ada: Person, clock: Clock
) -> None:
    job = jobs.ask(engine, "pack", ada, SHEET, 1, NOW)
    cleo = people.add(engine, "Cleo", "cleo@example.org", "a quiet morning by the lake", NOW)
    for deed in (jobs.cancel, jobs.again):
        with pytest.raises(NotFound):
            deed(engine, cleo, job.id)

    do_jobs(engine, {"pack": _made}, "one", clock, Event())
    assert jobs.cancel(engine, ada, job.id).state is JobState.DONE


def test_a_worker_that_is_asked_to_end_takes_up_no_other_job(engine: Engine, ada: Person) -> None:
    asked = [jobs.ask(engine, "pack", ada, {"number": number}, 1, NOW).id for number in range(2)]
    closing = Event()

    do_jobs(engine, {"pack": _noted_by(lambda _job: closing.set())}, "one", Clock(), closing)

    assert sorted(jobs.own(ada, id).state for id in asked) == [JobState.DONE, JobState.WAITING]


def test_the_queue_says_nothing_about_anyone(engine: Engine, ada: Person, tmp_path: Path) -> None:
    make_queue(engine)
    jobs.ask(engine, "pack", ada, SHEET, 1, NOW)

    with sqlite3.connect(tmp_path / "queue.db") as queue:
        messages = [bytes(data).decode() for (data,) in queue.execute("SELECT data FROM task")]
    queue.close()

    assert len(messages) == 2
    assert all(message.endswith(('"course_engine.jobs.tasks.work"]', '.post"]')) for message in messages)


def test_a_worker_in_threads_does_what_is_asked_while_it_runs(engine: Engine, ada: Person) -> None:
    queue = make_queue(engine, {"pack": _made}, lambda: NOW)
    consumer = worker.start(queue)
    try:
        job = jobs.ask(engine, "pack", ada, SHEET, 1, NOW)
        assert wait_until(lambda: jobs.own(ada, job.id).state is JobState.DONE)
    finally:
        worker.stop(queue, consumer)


def test_a_job_from_before_the_start_is_done_without_being_asked_again(engine: Engine, ada: Person) -> None:
    job = jobs.ask(engine, "pack", ada, SHEET, 1, NOW)
    queue = make_queue(engine, {"pack": _made}, lambda: NOW)
    consumer = worker.start(queue)
    try:
        assert wait_until(lambda: jobs.own(ada, job.id).state is JobState.DONE)
    finally:
        worker.stop(queue, consumer)


def _made(engine: Engine, job: Job, progress: Progress, now: object) -> Mapping[str, object]:
    progress(1, job.total)
    return {"file": "pack"}


def _noted(begun: list[str]) -> jobs.Handler:
    return _noted_by(lambda job: begun.append(job.id))


def _noted_by(do: Callable[[Job], object]) -> jobs.Handler:
    def handler(engine: Engine, job: Job, progress: Progress, now: object) -> Mapping[str, object]:
        do(job)
        return {}

    return handler
