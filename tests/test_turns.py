"""Turns: who works has the floor, who waits lets others work."""

from collections.abc import Callable
from pathlib import Path
from threading import Event, Lock, Thread
from time import sleep

import pytest

from course_engine import turns
from course_engine.rendering.press import Press, Reply, Terms
from course_engine.services import passwords
from course_engine.storage import connections
from course_engine.storage.connections import Sqlite
from course_engine.storage.database import Database

# Seconds for what takes none: a machine may stand still for a while.
LONG = 20


@pytest.fixture(autouse=True)
def no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody gives up waiting for a turn."""
    monkeypatch.setattr(turns, "LONGEST", 3 * LONG)


@pytest.fixture
def came() -> Event:
    """Set once Ben's page has had its turn."""
    return Event()


def others_could_work(do: Callable[[], object], came: Event) -> bool:
    """Whether a page of Ben's got its turn while Ada's page did this."""
    began, ended, while_she_waited = Event(), Event(), []

    def ada() -> None:
        with turns.taken():
            began.set()
            do()
            ended.set()

    def ben() -> None:
        began.wait(LONG)
        with turns.taken():
            while_she_waited.append(not ended.is_set())
            came.set()

    pages = [Thread(target=ada), Thread(target=ben)]
    for page in pages:
        page.start()
    for page in pages:
        page.join(3 * LONG)
    return while_she_waited == [True]


def test_two_pages_do_not_take_turns_at_every_line(came: Event) -> None:
    assert not others_could_work(lambda: sleep(0.1), came)


def test_a_page_that_waits_lets_others_work(came: Event) -> None:
    def wait() -> None:
        with turns.aside():
            came.wait(LONG)

    assert others_could_work(wait, came)


def test_a_page_that_stops_with_a_fault_gives_its_turn_back(came: Event) -> None:
    with pytest.raises(ValueError, match="a fault"), turns.taken(), turns.aside():
        raise ValueError("a fault")

    assert others_could_work(lambda: None, came) is False
    with turns.taken():
        pass


def test_nobody_waits_for_ever_when_two_pages_wait_for_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST", 0.25)
    shelf, ada_has_it = Lock(), Event()

    def ada() -> None:
        with turns.taken(), shelf, turns.aside():
            ada_has_it.set()
            sleep(0.05)

    def ben() -> None:
        ada_has_it.wait(LONG)
        with turns.taken(), shelf:
            pass

    pages = [Thread(target=ada), Thread(target=ben)]
    for page in pages:
        page.start()
    for page in pages:
        page.join(LONG)
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
        writing.wait(LONG)
        with turns.taken():
            ben_found.append(written.is_set())

    pages = [Thread(target=ada), Thread(target=ben)]
    for page in pages:
        page.start()
    for page in pages:
        page.join(LONG)
    database.close()
    assert ben_found == [True]


class Watched:
    """A turn that tells when somebody waits for it."""

    def __init__(self) -> None:
        self._inner = Lock()
        self.waited_for = Event()

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        if blocking:
            self.waited_for.set()
        return self._inner.acquire(blocking, timeout)

    def release(self) -> None:
        self._inner.release()


@pytest.fixture
def turn(monkeypatch: pytest.MonkeyPatch) -> Watched:
    """The turn; who rests does so for long."""
    watched = Watched()
    monkeypatch.setattr(turns, "_turn", watched)
    monkeypatch.setattr(turns, "REST", 3 * LONG)
    return watched


class Ben:
    """Ben's page has to wait for Ada's; answered, his thread may rest, and then is back."""

    def __init__(self) -> None:
        self.answered, self.back = Event(), Event()
        self._page = Thread(target=self._answer)

    def comes(self) -> None:
        """He asks while nobody else does."""
        self._page.start()

    def comes_second(self, turn: Watched) -> None:
        """He asks while Ada has the turn."""
        self.comes()
        assert turn.waited_for.wait(LONG)
        turn.waited_for.clear()

    def goes(self) -> None:
        self._page.join(LONG)

    def _answer(self) -> None:
        with turns.taken():
            pass
        self.answered.set()
        turns.rest()
        self.back.set()


def test_of_two_that_come_together_one_serves_alone_for_a_while(turn: Watched) -> None:
    ben = Ben()
    with turns.taken():
        ben.comes_second(turn)
    assert ben.answered.wait(LONG)
    for _page in range(3):
        with turns.taken():
            assert not ben.back.wait(0.05)
    with turns.taken(), turns.aside(calling=True):
        assert ben.back.wait(LONG)
    ben.goes()


def test_a_rest_ends_by_itself(turn: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "REST", 0.05)
    ben = Ben()
    with turns.taken():
        ben.comes_second(turn)
    assert ben.back.wait(LONG)
    ben.goes()


@pytest.mark.usefixtures("turn")
def test_nobody_rests_who_met_nobody() -> None:
    ben = Ben()
    ben.comes()
    assert ben.back.wait(LONG)
    ben.goes()


def test_nobody_rests_while_another_waits_for_a_slow_line(turn: Watched) -> None:
    ben = Ben()
    with turns.taken():
        ben.comes_second(turn)
        with turns.aside():
            assert ben.back.wait(LONG)
    ben.goes()


def test_never_do_both_rest(turn: Watched) -> None:
    ben, cleo = Ben(), Ben()
    with turns.taken():
        ben.comes_second(turn)
    assert ben.answered.wait(LONG)
    with turns.taken():
        cleo.comes_second(turn)
    assert cleo.back.wait(LONG)
    assert not ben.back.is_set()
    with turns.taken(), turns.aside(calling=True):
        ben.goes()
    cleo.goes()


def test_a_worker_that_took_no_turn_waits_for_nobody() -> None:
    with turns.taken():
        done = Event()

        def work() -> None:
            with turns.aside(), turns.back():
                done.set()

        worker = Thread(target=work)
        worker.start()
        assert done.wait(LONG)
        worker.join(LONG)


def test_others_work_while_a_password_is_checked(monkeypatch: pytest.MonkeyPatch, came: Event) -> None:
    class Slow:
        def verify(self, stored: str, typed: str) -> None:
            came.wait(LONG)

    monkeypatch.setattr(passwords, "_HASHER", Slow())
    assert others_could_work(lambda: passwords.matches(None, "a quiet morning by the lake"), came)


def test_others_work_while_a_page_waits_for_its_print(came: Event) -> None:
    class Slow(Press):
        def _answer(self, question: object, heard: object = None) -> Reply:
            came.wait(LONG)
            return {}, b""

    press = Slow(Terms())
    try:
        assert others_could_work(lambda: press.ask({}), came)
    finally:
        press.close()


def test_others_work_while_a_page_waits_to_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, came: Event
) -> None:
    monkeypatch.setattr(connections, "PATIENCE", 3 * LONG)
    database = Database(Sqlite(str(tmp_path / "site.db")))
    writing = Event()

    def worker() -> None:
        with database.transaction():
            writing.set()
            came.wait(LONG)

    def ada() -> None:
        with database.transaction():
            pass

    long = Thread(target=worker)
    long.start()
    try:
        assert writing.wait(LONG)
        assert others_could_work(ada, came)
    finally:
        came.set()
        long.join(LONG)
        database.close()
