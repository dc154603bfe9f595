"""What workers do when they are woken: jobs, letters, and what is due by the clock.

Each task calls a service and little else. A database that does not answer is no reason to stop, because
every minute someone looks again.
"""

import logging
import os
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event, get_ident

from huey import Huey, crontab

from course_engine.crypto import new_id
from course_engine.domain.errors import Unavailable
from course_engine.engine import Engine
from course_engine.jobs import schedule
from course_engine.jobs.queue import open_queue
from course_engine.services import (
    awarding,
    counting,
    drafts,
    handing_out,
    jobs,
    letters,
    prints,
    roster_uploads,
)

Clock = Callable[[], datetime]
Handlers = Mapping[str, jobs.Handler]

HANDLERS: Handlers = {
    prints.KIND: prints.make,
    counting.KIND: counting.make,
    roster_uploads.KIND: roster_uploads.make,
    awarding.KIND: awarding.make,
    drafts.KIND: drafts.make,
    handing_out.KIND: handing_out.make_zip,
}
MOST_WOKEN = 8
QUIET = 10.0
NO_MAIL = 50.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue of one engine, with its tasks; once `closing` is set, no task takes up anything new."""

    engine: Engine
    huey: Huey
    closing: Event


def utc_now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


def make_queue(
    engine: Engine, handlers: Handlers = HANDLERS, clock: Clock = utc_now, *, immediate: bool = False
) -> Queue:
    """The queue of an engine; from now on what is asked for in this process wakes its workers."""
    queue = Queue(engine, open_queue(engine.config, immediate=immediate), Event())
    name = f"{socket.gethostname()}-{os.getpid()}-{new_id()}"

    def work() -> None:
        do_jobs(engine, handlers, f"{name}-{get_ident()}", clock, queue.closing)

    post = _at_rest_after_a_fault(lambda: send_letters(engine, clock, queue.closing))

    def tick() -> None:
        do_due(engine, wake, clock())

    def wake(jobs_to_do: int) -> None:
        for _number in range(min(jobs_to_do, MOST_WOKEN)):
            at_work()
        at_post()

    at_work, at_post = queue.huey.task(name="work")(work), queue.huey.task(name="post")(post)
    queue.huey.periodic_task(crontab(), name="tick")(tick)
    engine.bell.answer = _unless_down(lambda: wake(1))
    return queue


def do_jobs(engine: Engine, handlers: Handlers, worker: str, clock: Clock, closing: Event) -> None:
    """Do jobs until there is none that is free."""
    with _patience("jobs"):
        while not closing.is_set() and jobs.run_next(engine, handlers, worker, clock):
            pass


def send_letters(engine: Engine, clock: Clock, closing: Event) -> bool:
    """Send the letters that wait; false when the mail server does not answer."""
    silent = Event()
    with _patience("letters"):
        letters.send_waiting(engine, clock, closing.is_set, silent.set)
    return not silent.is_set()


def do_due(engine: Engine, wake: Callable[[int], None], now: datetime) -> None:
    """Do what is due by the clock, if no other worker has begun with it."""
    with _patience("ticks"):
        schedule.run_due(engine, wake, now)


@contextmanager
def _patience(what: str) -> Iterator[None]:
    try:
        yield
    except Unavailable as error:
        _log.warning("work waits", extra={"what": what, "fault": str(error)})


def _at_rest_after_a_fault(send: Callable[[], bool]) -> Callable[[], None]:
    """The same, but left out for a while after it came to nothing.

    Each time a job is asked for, letters are looked for too: were a dead mail server asked each time, it
    would keep the only worker of a small site from its jobs.
    """
    quiet_until = 0.0

    def post() -> None:
        nonlocal quiet_until
        if time.monotonic() >= quiet_until and not send():
            quiet_until = time.monotonic() + NO_MAIL

    return post


def _unless_down(call: Callable[[], None]) -> Callable[[], None]:
    """The same, but left out for a while after a fault: nobody should wait twice for a queue that is down.

    Nothing is lost by it, for workers look for work every minute.
    """
    quiet_until = 0.0

    def ring() -> None:
        nonlocal quiet_until
        if time.monotonic() < quiet_until:
            return
        try:
            call()
        except Exception as error:
            quiet_until = time.monotonic() + QUIET
            _log.warning("the queue does not answer", extra={"fault": type(error).__name__})

    return ring
