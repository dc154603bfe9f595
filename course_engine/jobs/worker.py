"""Workers: threads beside the pages of a small site, or a process of their own.

They are threads in both, because the heavy part, making documents, is done by a child process anyway.
"""

import fcntl
import signal
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

from huey.consumer import Consumer

from course_engine import logs
from course_engine.engine import Engine
from course_engine.jobs import following
from course_engine.jobs.tasks import Queue, make_queue
from course_engine.rendering import pdf

LOCK = "worker.lock"
PATIENCE = 25.0
_CHECK_EVERY = 10.0


class _Threads(Consumer):  # type: ignore[misc]
    """A consumer that leaves the signals of its process to whoever started it."""

    def _set_signal_handlers(self) -> None:
        return


def start(queue: Queue, workers: int = 1) -> Consumer:
    """Start threads that do what the queue says; `stop` ends them."""
    on_redis = queue.engine.config.redis_url is not None
    consumer = _Threads(
        queue.huey,
        workers=workers,
        periodic=True,
        scheduler_interval=5,
        # Redis tells of news by itself, so this is only how long to pause when it does not answer.
        initial_delay=0.5 if on_redis else 0.1,
        max_delay=10.0 if on_redis else 0.5,
        check_worker_health=True,
        shutdown_timeout=PATIENCE,
    )
    consumer.start()
    return consumer


def stop(queue: Queue, consumer: Consumer) -> None:
    """Let the piece of work in hand finish, for a while; one that takes longer is taken up again later."""
    queue.closing.set()
    consumer.stop(graceful=True)
    pdf.stop_long()


def run(engine: Engine, workers: int = 1) -> None:
    """Be a worker until this process is asked to end (SIGTERM or SIGINT)."""
    logs.configure(engine.config.log_level, as_json=engine.config.env == "production")
    following.start(engine)
    queue = make_queue(engine)
    asked_to_end = Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda _sign, _frame: asked_to_end.set())
    _tend(queue, asked_to_end, workers)


def embed(queue: Queue, folder: Path) -> Callable[[], None]:
    """Have a worker beside the pages, in one process of all that share this folder; gives what ends it.

    The others stand by: when that process ends, one of them takes over.
    """
    asked_to_end, working = Event(), Event()

    def stand_by() -> None:
        with (folder / LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            working.set()
            _tend(queue, asked_to_end)

    thread = Thread(target=stand_by, name="worker", daemon=True)
    thread.start()

    def end() -> None:
        queue.closing.set()
        asked_to_end.set()
        if working.is_set():
            thread.join()

    return end


def _tend(queue: Queue, asked_to_end: Event, workers: int = 1) -> None:
    consumer = start(queue, workers)
    while not asked_to_end.wait(_CHECK_EVERY):
        consumer.check_worker_health()
    stop(queue, consumer)
