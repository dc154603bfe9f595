"""What happens by the clock happens once, and forgets what nobody needs any more."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest

from course_engine.domain.errors import Unavailable
from course_engine.domain.people import Person
from course_engine.engine import Engine
from course_engine.jobs import schedule, worker
from course_engine.jobs.tasks import do_due, make_queue
from course_engine.services import devices, jobs, letters, sweeping, tries
from course_engine.storage import jobs as rows
from course_engine.storage import ticks
from course_engine.storage.connections import Sqlite
from course_engine.storage.database import Database
from course_engine.storage.migrate import MIGRATIONS, Steps, migrate
from tests.jobs.conftest import NOW, Clock
from tests.jobs.test_jobs import wait_until


def test_two_workers_that_think_of_the_same_minute_begin_it_once(engine: Engine) -> None:
    woken: list[int] = []
    hands = [Thread(target=do_due, args=(engine, woken.append, NOW)) for _number in range(4)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(120)

    assert woken == [0]
    do_due(engine, woken.append, NOW + timedelta(seconds=30))
    assert woken == [0]
    do_due(engine, woken.append, NOW + timedelta(minutes=1))
    assert woken == [0, 0]


def test_two_whole_workers_begin_a_minute_once(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[object] = []
    due = schedule.Due("look", schedule.minute, lambda _engine, _wake, now: begun.append(now))
    monkeypatch.setattr(schedule, "DUE", (due,))
    asked: list[str] = []
    once = ticks.once

    def counted(name: str, minute: datetime) -> bool:
        asked.append(name)
        return once(name, minute)

    monkeypatch.setattr(ticks, "once", counted)
    queues = [make_queue(engine, clock=Clock()) for _number in range(2)]
    consumers = [worker.start(queue) for queue in queues]
    try:
        assert wait_until(lambda: len(asked) == 2)
    finally:
        for queue, consumer in zip(queues, consumers, strict=True):
            worker.stop(queue, consumer)

    assert len(begun) == 1


def test_every_minute_someone_looks_for_jobs_whose_worker_is_gone(engine: Engine, ada: Person) -> None:
    for number in range(3):
        jobs.ask(engine, "pack", ada, {"number": number}, 1, NOW)
    rows.claim("gone", NOW, jobs.LEASE)
    woken: list[int] = []

    do_due(engine, woken.append, NOW + timedelta(minutes=2))

    assert woken == [3]


def test_once_an_hour_what_has_run_out_is_forgotten(engine: Engine, ada: Person) -> None:
    tries.note("someone", NOW)
    signed_in = devices.sign_in_new(engine, ada, "Firefox", NOW)
    job = jobs.ask(engine, "pack", ada, {}, 1, NOW)
    later = NOW + timedelta(days=31)

    first = schedule.run_due(engine, lambda _count: None, NOW)
    second = schedule.run_due(engine, lambda _count: None, NOW + timedelta(minutes=1))
    assert "sweep" in first
    assert "sweep" not in second
    assert devices.signed_in(signed_in.token, NOW) is not None

    # One try, one device, and the ticks of before.
    assert sweeping.sweep(engine, later) == 2 + len(first) + len(second)
    assert devices.signed_in(signed_in.token, NOW) is None
    assert jobs.own(ada, job.id).id == job.id, "a job that nobody has done is kept"


def test_a_copy_from_before_an_update_is_kept_for_thirty_days(engine: Engine, tmp_path: Path) -> None:
    folder = engine.config.data / "backups"
    folder.mkdir()
    database = Database(Sqlite(str(tmp_path / "then.db")))
    Steps(database, MIGRATIONS).up("0001_initial")
    migrate(database, folder)
    database.close()
    (copy,) = folder.iterdir()
    (folder / "mine.backup").touch()
    made = datetime.fromtimestamp(copy.stat().st_mtime, UTC)

    sweeping.sweep(engine, made + timedelta(days=29))
    assert copy.exists()
    sweeping.sweep(engine, made + timedelta(days=30))
    assert [path.name for path in folder.iterdir()] == ["mine.backup"]


def test_a_database_that_does_not_answer_ends_no_worker(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def down(*_arguments: object) -> bool:
        raise Unavailable("The database does not answer right now.")

    monkeypatch.setattr(ticks, "once", down)

    do_due(engine, lambda _count: None, NOW)

    assert [record.message for record in caplog.records] == ["work waits"]
    assert letters.send_waiting(engine, Clock()) == 0


def test_something_that_cannot_be_done_keeps_nothing_else_from_its_minute(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[str] = []

    def broken(*_arguments: object) -> None:
        raise ValueError("no flour")

    odd = schedule.Due("odd", schedule.minute, broken)
    sound = schedule.Due("sound", schedule.minute, lambda _engine, _wake, _now: done.append("sound"))
    monkeypatch.setattr(schedule, "DUE", (odd, sound))

    schedule.run_due(engine, lambda _count: None, NOW)

    assert done == ["sound"]
    assert [record.message for record in caplog.records] == ["what was due could not be done"]
