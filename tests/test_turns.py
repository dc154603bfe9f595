"""Turns: who works has the floor, who waits lets others work."""

from collections.abc import Callable
from pathlib import Path
from threading import Event, Lock, Thread, Timer
from time import sleep

import pytest

from course_engine import turns
from course_engine.rendering.press import Press, Reply, Terms
from course_engine.services import passwords
from course_engine.storage.connections import Sqlite
from course_engine.storage.database import Database


def others_could_work(do: Callable[[], object]) -> bool:
    """Whether a page of Ben's got its turn while Ada's page did this."""
    began, ended, while_she_waited = Event(), Event(), []

    def ada() -> None:
        with turns.taken():
            began.set()
            do()
            ended.set()

    def ben() -> None:
        began.wait(5)
        with turns.taken():
            while_she_waited.append(not ended.is_set())

    pages = [Thread(target=ada), Thread(target=ben)]
    for page in pages:
        page.start()
    for page in pages:
        page.join(10)
    return while_she_waited == [True]


def test_two_pages_do_not_take_turns_at_every_line() -> None:
    assert not others_could_work(lambda: sleep(0.1))


def test_a_page_that_waits_lets_others_work() -> None:
    def wait() -> None:
        with turns.aside():
            sleep(0.1)

    assert others_could_work(wait)


def test_a_page_that_stops_with_a_fault_gives_its_turn_back() -> None:
    with pytest.raises(ValueError, match="a fault"), turns.taken(), turns.aside():
        raise ValueError("a fault")

    assert others_could_work(lambda: None) is False
    with turns.taken():
        pass


def test_nobody_waits_for_ever_when_two_pages_wait_for_each_other() -> None:
    shelf, ada_has_it = Lock(), Event()

    def ada() -> None:
        with turns.taken(), shelf, turns.aside():
            ada_has_it.set()
            sleep(0.05)

    def ben() -> None:
        ada_has_it.wait(5)
        with turns.taken(), shelf:
            pass

    pages = [Thread(target=ada), Thread(target=ben)]
    for page in pages:
        page.start()
    for page in pages:
        page.join(5)
    assert not any(page.is_alive() for page in pages)


def test_whoever_writes_is_not_held_up_by_others_in_between(tmp_path: Path) -> None:
    database = Database(Sqlite(str(tmp_path / "site.db")))
    writing, written, ben_found = Event(), Event(), []

    def ada() -> None:
        with turns.taken(), database.transaction():
            writing.set()
            sleep(0.1)
            written.set()

    def ben() -> None:
        writing.wait(5)
        with turns.taken():
            ben_found.append(written.is_set())

    pages = [Thread(target=ada), Thread(target=ben)]
    for page in pages:
        page.start()
    for page in pages:
        page.join(5)
    database.close()
    assert ben_found == [True]


def test_a_worker_that_took_no_turn_waits_for_nobody() -> None:
    with turns.taken():
        done = Event()

        def work() -> None:
            with turns.aside(), turns.back():
                done.set()

        worker = Thread(target=work)
        worker.start()
        assert done.wait(5)
        worker.join(5)


def test_others_work_while_a_password_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow:
        def verify(self, stored: str, typed: str) -> None:
            sleep(0.1)

    monkeypatch.setattr(passwords, "_HASHER", Slow())
    assert others_could_work(lambda: passwords.matches(None, "a quiet morning by the lake"))


def test_others_work_while_a_page_waits_for_its_print() -> None:
    class Slow(Press):
        def _answer(self, question: object, heard: object = None) -> Reply:
            sleep(0.1)
            return {}, b""

    press = Slow(Terms())
    try:
        assert others_could_work(lambda: press.ask({}))
    finally:
        press.close()


def test_others_work_while_a_page_waits_to_write(tmp_path: Path) -> None:
    database = Database(Sqlite(str(tmp_path / "site.db")))
    writing, enough = Event(), Event()

    def worker() -> None:
        with database.transaction():
            writing.set()
            enough.wait(5)

    def ada() -> None:
        with database.transaction():
            pass

    long = Thread(target=worker)
    long.start()
    try:
        assert writing.wait(5)
        Timer(0.2, enough.set).start()
        assert others_could_work(ada)
    finally:
        enough.set()
        long.join(5)
        database.close()
