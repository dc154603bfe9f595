"""Dov looks after letters and jobs: tried again, dropped, cancelled; their insides stay closed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from course_engine.crypto import new_id
from course_engine.domain.errors import NotFound
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.domain.retention import months_after
from course_engine.domain.work import JobState, Letter
from course_engine.engine import Engine
from course_engine.services import jobs, letters, retention, tending
from course_engine.storage import jobs as rows
from course_engine.storage import outbox
from tests.cast import Clock


class Closed:
    """A mail server that takes nothing."""

    def send(self, _letter: Letter) -> None:
        raise ConnectionRefusedError("no canary here")


def post(engine: Engine, clock: Clock, to: str = "ada@example.org") -> str:
    letter = Letter(new_id(), to, "Hello", "A canary in a letter.", clock())
    letters.post(engine, letter)
    return letter.id


def test_a_letter_that_could_not_go_says_why_and_is_tried_at_once(
    engine: Engine, dov: Person, clock: Clock
) -> None:
    id = post(engine, clock)
    letters.send_waiting(replace(engine, mailer=Closed()), clock)
    (tried,) = tending.letters(sent=False).letters
    assert (tried.fault, tried.tries) == ("ConnectionRefusedError", 1)
    assert tried.next_try is not None
    assert tried.next_try > clock()
    assert letters.send_waiting(engine, clock) == 0

    tending.send_now(engine, dov, id, clock())

    assert letters.send_waiting(engine, clock) == 1
    (sent,) = tending.letters(sent=True).letters
    assert (sent.fault, sent.sent_at) == ("", clock())
    for act in (tending.send_now, tending.drop):
        with pytest.raises(NotFound):
            act(engine, dov, id, clock())


def test_a_letter_in_the_hands_of_a_worker_is_not_sent_twice(
    engine: Engine, dov: Person, clock: Clock
) -> None:
    id = post(engine, clock)
    letters.send_waiting(replace(engine, mailer=Closed()), clock)
    with engine.database.transaction():
        assert outbox.claim(clock.move(hours=1), letters.LEASE) is not None

    tending.send_now(engine, dov, id, clock())

    assert letters.send_waiting(engine, clock) == 0


def test_nothing_of_what_stands_in_a_letter_is_told(engine: Engine, clock: Clock) -> None:
    post(engine, clock)
    assert "canary" not in repr(tending.letters(sent=False))
    assert "Hello" not in repr(tending.letters(sent=False))


def test_a_dropped_letter_is_gone(engine: Engine, dov: Person, clock: Clock) -> None:
    tending.drop(engine, dov, post(engine, clock), clock())
    assert outbox.waiting() == 0


def test_a_dropped_warning_has_warned_nobody(engine: Engine, dov: Person, run: Run, clock: Clock) -> None:
    clock.now = months_after(clock(), 24)
    retention.tend(engine, clock())
    tending.drop(engine, dov, tending.letters(sent=False).letters[0].id, clock())

    assert retention.tend(engine, clock.move(days=31)).runs == 0
    assert outbox.waiting() == 1


def test_letters_that_only_keep_time_alike_are_not_listed(engine: Engine, clock: Clock) -> None:
    letters.post(engine, Letter(new_id(), "", "", "", clock(), sent_at=clock()))
    assert tending.letters(sent=True).letters == []


def test_fifty_letters_a_page(engine: Engine, clock: Clock) -> None:
    for _number in range(53):
        post(engine, clock)
    first = tending.letters(sent=False)
    rest = tending.letters(sent=False, after=first.after)
    assert (len(first.letters), len(rest.letters), rest.after) == (50, 3, "")
    assert not {one.id for one in first.letters} & {one.id for one in rest.letters}


def test_a_job_is_cancelled_and_done_again(engine: Engine, dov: Person, ada: Person, clock: Clock) -> None:
    id = jobs.ask(engine, "print", ada, {"title": "canary"}, 4, clock()).id
    assert [job.id for job in tending.jobs_of(ended=False).jobs] == [id]
    assert tending.jobs_of(ended=False).names == {ada.id: "Ada"}

    tending.cancel(engine, dov, id, clock())
    (ended,) = tending.jobs_of(ended=True).jobs
    assert ended.state is JobState.CANCELLED
    assert rows.waiting() == []

    tending.do_again(engine, dov, id, clock.move(hours=1))
    assert rows.waiting() == [id]
    with pytest.raises(NotFound):
        tending.cancel(engine, dov, "nothing", clock())


def test_fifty_jobs_a_page(engine: Engine, ada: Person, clock: Clock) -> None:
    for number in range(53):
        jobs.ask(engine, "print", ada, {"number": number}, 1, clock() + timedelta(minutes=number // 2))
    first = tending.jobs_of(ended=False)
    rest = tending.jobs_of(ended=False, after=first.after)
    assert (len(first.jobs), len(rest.jobs), rest.after) == (50, 3, "")
