"""Two workers share jobs, letters and ticks without doing anything twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from course_engine.domain.work import Job, JobState
from course_engine.storage import audit, jobs, outbox, site, ticks
from course_engine.storage.database import Database
from tests.storage.cast import ADA, HOUR, JOB, LETTER, NOW, add_ada

LEASE = timedelta(minutes=2)


@pytest.fixture(autouse=True)
def _ada(database: Database) -> None:
    add_ada()


def _until_nothing(ask: Callable[[], Job | None]) -> list[Job]:
    found = []
    while (one := ask()) is not None:
        found.append(one)
    return found


def test_two_workers_never_take_the_same_job() -> None:
    for number in range(30):
        jobs.add(replace(JOB, id=f"job{number:013}"))

    def work(name: str) -> list[str]:
        return [job.id for job in _until_nothing(lambda: jobs.claim(name, NOW, LEASE))]

    with ThreadPoolExecutor(2) as workers:
        first, second = workers.map(work, ["one", "two"])
    assert len(first) + len(second) == 30
    assert not set(first) & set(second)


def test_a_job_whose_worker_is_gone_is_taken_up_again_and_the_old_worker_cannot_finish_it() -> None:
    jobs.add(JOB)
    assert jobs.waiting() == [JOB.id]
    taken = jobs.claim("one", NOW, LEASE, JOB.id)
    assert taken is not None
    assert (taken.state, taken.tries, taken.lease_until) == (JobState.RUNNING, 1, NOW + LEASE)
    assert jobs.claim("two", NOW, LEASE, JOB.id) is None
    assert jobs.renew(JOB.id, "one", NOW + LEASE, LEASE, 2, 4)
    assert jobs.expired(NOW + 2 * LEASE) == []
    later = NOW + 3 * LEASE
    assert jobs.expired(later) == [JOB.id]
    again = jobs.claim("two", later, LEASE, JOB.id)
    assert again is not None
    assert (again.tries, again.done) == (2, 2)
    assert not jobs.finish(JOB.id, "one", {"file": "x"})
    assert jobs.finish(JOB.id, "two", {"file": "y"})
    done = jobs.get(JOB.id)
    assert done is not None
    assert (done.state, done.result, done.done, done.lease_until) == (JobState.DONE, {"file": "y"}, 4, None)
    assert jobs.claim("two", later + HOUR, LEASE) is None


def test_a_job_can_be_put_back_or_stopped() -> None:
    jobs.add(JOB)
    jobs.claim("one", NOW, LEASE)
    assert jobs.put_back(JOB.id, "one", "The printer is warm.")
    assert jobs.waiting() == [JOB.id]
    jobs.claim("one", NOW, LEASE)
    assert jobs.stop(JOB.id, "one", "There is nothing to print.")
    stopped = jobs.of_person(ADA.id)[0]
    assert (stopped.state, stopped.fault, stopped.tries) == (
        JobState.STOPPED,
        "There is nothing to print.",
        2,
    )


def test_letters_go_once_with_two_workers() -> None:
    for number in range(30):
        outbox.add(replace(LETTER, id=f"letter{number:010}"))

    def send(_name: str) -> list[str]:
        sent = []
        while (letter := outbox.claim(NOW, LEASE)) is not None:
            outbox.sent(letter.id, NOW)
            sent.append(letter.id)
        return sent

    with ThreadPoolExecutor(2) as workers:
        first, second = workers.map(send, ["one", "two"])
    assert len(first + second) == len(set(first + second)) == 30
    assert outbox.waiting() == 0


def test_a_letter_is_left_alone_until_it_is_tried_again() -> None:
    assert outbox.add(LETTER)
    claimed = outbox.claim(NOW, LEASE)
    assert claimed == replace(LETTER, tries=1)
    outbox.try_again(claimed, NOW + HOUR)
    assert outbox.claim(NOW + LEASE, LEASE) is None
    assert outbox.claim(NOW + HOUR, LEASE) == replace(LETTER, tries=2)


def test_a_worker_that_was_too_slow_does_not_take_a_letter_from_the_next() -> None:
    outbox.add(LETTER)
    slow = outbox.claim(NOW, LEASE)
    assert slow is not None
    assert outbox.claim(NOW + LEASE, LEASE) is not None
    outbox.try_again(slow, NOW)
    assert outbox.claim(NOW + LEASE, LEASE) is None


def test_the_same_reminder_is_put_in_once() -> None:
    assert outbox.add(LETTER, dedupe="week-2|ada")
    assert not outbox.add(replace(LETTER, id="letter0000000002"), dedupe="week-2|ada")
    assert outbox.waiting() == 1


def test_a_tick_fires_once() -> None:
    with ThreadPoolExecutor(4) as workers:
        fired = list(workers.map(lambda _n: ticks.once("reminders", NOW), range(8)))
    assert fired.count(True) == 1
    assert ticks.once("reminders", NOW + timedelta(minutes=1))
    assert ticks.once("cleanup", NOW)


def test_facts_and_the_audit_are_kept() -> None:
    assert site.get("name") is None
    site.put("name", "Stillwater")
    site.put("name", "Quiet")
    assert site.get("name") == "Quiet"
    audit.add(NOW, ADA.id, "run.begin", ADA.id, {"run": "x"})
    audit.add(NOW + HOUR, None, "site.start")
    assert audit.newest() == [
        (NOW + HOUR, None, "site.start", None, {}),
        (NOW, ADA.id, "run.begin", ADA.id, {"run": "x"}),
    ]
