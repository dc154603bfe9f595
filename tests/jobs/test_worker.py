"""Workers as they are started: beside the pages, as a command, and woken by Redis."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest
import redis

from course_engine.config import read_config
from course_engine.domain.errors import Misconfigured
from course_engine.domain.people import Person
from course_engine.domain.work import Job, JobState, Letter
from course_engine.engine import Engine
from course_engine.jobs import tasks, worker
from course_engine.jobs.queue import open_queue
from course_engine.jobs.tasks import make_queue
from course_engine.services import jobs, letters
from course_engine.services.jobs import Progress
from tests.jobs.conftest import NOW
from tests.jobs.test_jobs import wait_until

ROOT = Path(__file__).parents[2]


def test_of_two_processes_one_works_and_the_other_takes_over(
    engine: Engine, ada: Person, tmp_path: Path
) -> None:
    done_by: list[str] = []
    first, second = (
        make_queue(engine, {"pack": _signed(name, done_by)}, lambda: NOW) for name in ("first", "second")
    )
    end_first = worker.embed(first, tmp_path)
    assert _does_a_job(engine, ada)
    end_second = worker.embed(second, tmp_path)
    assert all(_does_a_job(engine, ada) for _job in range(9))
    assert done_by == ["first"] * 10

    end_first()
    assert _does_a_job(engine, ada)
    end_second()

    assert done_by == ["first"] * 10 + ["second"]


def test_a_worker_beside_the_pages_finishes_what_it_has_in_hand(
    engine: Engine, ada: Person, tmp_path: Path
) -> None:
    begun, go_on = Event(), Event()

    def slow(engine: Engine, job: Job, progress: Progress, now: object) -> Mapping[str, object]:
        begun.set()
        go_on.wait(60)
        return {}

    end = worker.embed(make_queue(engine, {"pack": slow}, lambda: NOW), tmp_path)
    job = jobs.ask(engine, "pack", ada, {}, 1, NOW)
    assert begun.wait(60)
    ending = Thread(target=end)
    ending.start()
    go_on.set()
    ending.join(60)

    assert jobs.own(ada, job.id).state is JobState.DONE


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_command_sends_what_waits_and_ends_politely(
    engine: Engine, tmp_path: Path, sign: signal.Signals
) -> None:
    letters.post(engine, Letter("letter", "ada@example.org", "Your link", "Dear Ada", NOW))

    with _command(engine) as process:
        assert process.stdout is not None
        assert any("mail to ada@example.org" in line for line in process.stdout)
        process.send_signal(sign)
        assert process.wait(120) == 0


def test_redis_wakes_a_worker_in_another_process(engine: Engine, redis_url: str) -> None:
    on_redis = replace(engine, config=replace(engine.config, redis_url=redis_url))
    started_at = time.monotonic()
    with _command(on_redis) as process:
        assert process.stdout is not None
        letters.post(on_redis, Letter("first", "ada@example.org", "Hello", "Dear Ada", NOW))
        assert any("mail to ada@example.org" in line for line in process.stdout), "found at the start"
        make_queue(on_redis)
        letters.post(on_redis, Letter("second", "ben@example.org", "Hello", "Dear Ben", NOW))
        assert any("mail to ben@example.org" in line for line in process.stdout)
        assert time.monotonic() - started_at < 60, "woken, and not by the next minute"


def test_redis_carries_nothing_about_anyone(engine: Engine, ada: Person, redis_url: str) -> None:
    on_redis = replace(engine, config=replace(engine.config, redis_url=redis_url))
    make_queue(on_redis)
    jobs.ask(on_redis, "pack", ada, {"worksheet": "my-kitchen"}, 1, NOW)

    with redis.Redis.from_url(redis_url) as connection:
        (name,) = connection.keys()
        messages = [json.loads(message) for message in connection.lrange(name, 0, -1)]

    assert {message[1] for message in messages} == {
        "course_engine.jobs.tasks.work",
        "course_engine.jobs.tasks.post",
    }
    assert all(len(message) == 2 for message in messages)


def test_people_hardly_wait_for_a_redis_that_is_down(
    engine: Engine, ada: Person, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as silent:
        # It takes connections and never answers.
        silent.bind(("127.0.0.1", 0))
        silent.listen(8)
        url = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        on_redis = replace(engine, config=replace(engine.config, redis_url=url))
        make_queue(on_redis)

        began = time.monotonic()
        asked = [jobs.ask(on_redis, "pack", ada, {"number": n}, 1, NOW) for n in range(10)]

    # Once for three seconds, and not for each.
    assert time.monotonic() - began < 20
    assert [jobs.own(ada, job.id).state for job in asked] == [JobState.WAITING] * 10
    assert [record.message for record in caplog.records] == ["the queue does not answer"]


def test_a_redis_address_that_is_none_is_told_in_a_sentence(tmp_path: Path) -> None:
    url = "redis://somewhere:6379/0?max_connections=many"
    config = read_config({}, env="development", data=str(tmp_path), redis_url=url)

    with pytest.raises(Misconfigured, match="COURSE_ENGINE_REDIS_URL is not an address of Redis"):
        open_queue(config)


def _does_a_job(engine: Engine, ada: Person) -> bool:
    job = jobs.ask(engine, "pack", ada, {}, 1, tasks.utc_now())
    return wait_until(lambda: jobs.own(ada, job.id).state is JobState.DONE)


def _signed(name: str, done_by: list[str]) -> jobs.Handler:
    def handler(engine: Engine, job: Job, progress: Progress, now: object) -> Mapping[str, object]:
        done_by.append(name)
        return {}

    return handler


@contextmanager
def _command(engine: Engine) -> Iterator[subprocess.Popen[str]]:
    config = engine.config
    environment = {
        **os.environ,
        "COURSE_ENGINE_ENV": "development",
        "COURSE_ENGINE_DATA": str(config.data),
        "COURSE_ENGINE_DATABASE_URL": config.database_url,
        "COURSE_ENGINE_REDIS_URL": config.redis_url or "",
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-m", "course_engine", "worker"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()
