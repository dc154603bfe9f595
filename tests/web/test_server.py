"""Real servers: they let people finish, say why they cannot start, and keep what they acknowledged."""

import http.client
import os
import random
import signal
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import psycopg
import pytest

from course_engine import server
from course_engine.config import read_config
from course_engine.domain.errors import Misconfigured
from tests.tools.servers import Postgres
from tests.web.served import Nursery, Writer, answers, kill, new_site, serving

CYCLES = 50
LEAST = 20


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    opened = Nursery()
    yield opened
    opened.close()


@pytest.mark.parametrize("workers", [1, 2])
def test_a_server_that_is_asked_to_end_finishes_what_people_have_begun(
    nursery: Nursery, tmp_path: Path, workers: int
) -> None:
    new_site(tmp_path, 1)
    with serving(nursery, tmp_path, workers=workers, plant="slow") as (pid, port):
        found: list[tuple[int, bytes]] = []
        readers = [Thread(target=_read_slow, args=(port, found)) for _number in range(2 * workers)]
        for reader in readers:
            reader.start()
        for _two in range(2):
            nursery.wait_for("begun")
        os.kill(pid, signal.SIGTERM)
        for reader in readers:
            reader.join(60)

        assert nursery.wait_for("ended") == "ended politely\n"
        assert not answers(port)
    # Two at least were in hand; none was cut off, and none shows what the environment holds.
    assert len(found) >= 2
    assert set(found) == {(200, b"")}


def test_a_port_in_use_is_told_in_one_sentence(tmp_path: Path) -> None:
    config = read_config({}, env="demo", data=str(tmp_path))
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(Misconfigured, match=f"^Port {port} on 127.0.0.1 is in use by another program."):
            server.serve(config, "127.0.0.1", port)


@pytest.mark.parametrize(("host", "port"), [("203.0.113.1", 8000), ("127.0.0.1", 70000), ("no.invalid", 80)])
def test_a_place_nobody_can_listen_on_is_told_in_a_sentence(tmp_path: Path, host: str, port: int) -> None:
    config = read_config({}, env="demo", data=str(tmp_path))

    with pytest.raises(Misconfigured, match=f"^It is not possible to listen on {host}, port {port}: "):
        server.serve(config, host, port)


def test_a_second_server_does_not_share_the_port_of_the_first(nursery: Nursery, tmp_path: Path) -> None:
    new_site(tmp_path, 1)
    with serving(nursery, tmp_path) as (_pid, port):
        config = read_config({}, env="demo", data=str(tmp_path))

        with pytest.raises(Misconfigured, match="is in use"):
            server.serve(config, "127.0.0.1", port)


def test_nobody_keeps_the_port_when_the_watching_process_is_killed(nursery: Nursery, tmp_path: Path) -> None:
    new_site(tmp_path, 1)
    with serving(nursery, tmp_path, workers=2) as (pid, port):
        os.kill(pid, signal.SIGKILL)

        deadline = time.monotonic() + 60
        while answers(port) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not answers(port)


def test_people_with_slow_lines_keep_nobody_else_waiting(nursery: Nursery, tmp_path: Path) -> None:
    writer = new_site(tmp_path, 1)[0]
    with serving(nursery, tmp_path) as (_pid, port), ExitStack() as slow:
        for _line in range(server.THREADS - 1):
            line = slow.enter_context(socket.create_connection(("127.0.0.1", port)))
            line.sendall(_begun(writer))
        time.sleep(0.3)

        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        with closing(connection):
            connection.request("GET", "/course", headers={"Cookie": writer.cookie})
            assert connection.getresponse().status == 200


def test_a_thread_rests_only_when_its_answer_is_out(nursery: Nursery, tmp_path: Path) -> None:
    writers = new_site(tmp_path, 30)
    everything = {thing for writer in writers for thing in writer.things}
    with serving(nursery, tmp_path, plant="restful") as (_pid, port):
        _write_everything(writers, port)
        assert _kept(tmp_path) == everything
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        with closing(connection):
            connection.request("GET", "/rests")
            assert connection.getresponse().read() == b"yes"


def test_phones_that_lose_their_net_in_a_form_shut_nobody_else_out_for_long(
    nursery: Nursery, tmp_path: Path
) -> None:
    writer = new_site(tmp_path, 1)[0]
    with serving(nursery, tmp_path, plant="impatient") as (_pid, port), ExitStack() as lost:
        for _phone in range(server.THREADS):
            phone = lost.enter_context(socket.create_connection(("127.0.0.1", port)))
            phone.sendall(_begun(writer))
        # Who asks later is not silent as long as they are; on a slow machine they may be closed with them.
        time.sleep(5)

        deadline = time.monotonic() + 120
        while not _steadies(port):
            assert time.monotonic() < deadline


def test_two_processes_share_one_sqlite_file(nursery: Nursery, tmp_path: Path) -> None:
    writers = new_site(tmp_path, 20)
    with serving(nursery, tmp_path, workers=2) as (_pid, port):
        statuses = _write_everything(writers, port)

    assert statuses == {303}
    assert _kept(tmp_path) == {thing for writer in writers for thing in writer.things}


def test_two_processes_share_one_postgresql(nursery: Nursery, tmp_path: Path, postgres: Postgres) -> None:
    url = postgres.fresh()
    writers = new_site(tmp_path, 20, url)
    with serving(nursery, tmp_path, url=url, workers=2) as (_pid, port):
        statuses = _write_everything(writers, port)

    assert statuses == {303}
    with psycopg.connect(url) as database:
        kept = set(database.execute("SELECT run, step FROM completion"))
    postgres.drop(url)
    assert kept == {thing for writer in writers for thing in writer.things}


def test_what_was_acknowledged_is_there_however_often_the_server_is_killed(
    nursery: Nursery, tmp_path: Path, soak: bool
) -> None:
    cycles = 10 * CYCLES if soak else CYCLES
    writers = new_site(tmp_path, 5 * cycles)
    acknowledged, least = _kill_again_and_again(nursery, tmp_path, writers, cycles)

    gone = acknowledged - _kept(tmp_path)
    print(f"{cycles} kills, {len(acknowledged)} acknowledged, at least {least} a cycle, {len(gone)} gone")
    assert least >= LEAST
    assert gone == set()


def test_a_server_that_answers_too_early_is_found_out(nursery: Nursery, tmp_path: Path) -> None:
    writers = new_site(tmp_path, 30)
    acknowledged, _least = _kill_again_and_again(nursery, tmp_path, writers, 1, plant="early")

    assert acknowledged - _kept(tmp_path)


@dataclass
class _Hand:
    """Completes one thing after another and remembers what was acknowledged."""

    writer: Writer
    port: int
    acknowledged: list[tuple[str, str]] = field(default_factory=list)
    statuses: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.thread = Thread(target=self._write)

    def _write(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        with closing(connection), suppress(OSError, http.client.HTTPException):
            for thing in self.writer.things:
                status = self.writer.complete(connection, thing)
                self.statuses.add(status)
                if status == 303:
                    self.acknowledged.append(thing)


def _begun(writer: Writer) -> bytes:
    """A form of which the beginning only is sent."""
    head = f"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nCookie: {writer.cookie}\r\n"
    head += "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 900\r\n\r\nemail="
    return head.encode()


def _write_everything(writers: list[Writer], port: int) -> set[int]:
    hands = [_Hand(writer, port) for writer in writers]
    for hand in hands:
        hand.thread.start()
    for hand in hands:
        hand.thread.join(300)
    return set().union(*(hand.statuses for hand in hands))


def _kill_again_and_again(
    nursery: Nursery, data: Path, writers: list[Writer], cycles: int, plant: str = ""
) -> tuple[set[tuple[str, str]], int]:
    """What was acknowledged in all cycles, and in the one with the fewest."""
    chance = random.Random(20260302)
    in_each = [_write_until_killed(nursery, data, writers, chance, plant) for _cycle in range(cycles)]
    return set().union(*in_each), min(len(one) for one in in_each)


def _write_until_killed(
    nursery: Nursery, data: Path, writers: list[Writer], chance: random.Random, plant: str
) -> set[tuple[str, str]]:
    pid, port = nursery.start(data, plant=plant)
    hands = [_Hand(writer, port) for writer in writers]
    for hand in hands:
        hand.thread.start()
    enough = LEAST + chance.randrange(20)
    deadline = time.monotonic() + 60
    while sum(len(hand.acknowledged) for hand in hands) < enough and time.monotonic() < deadline:
        time.sleep(0.001)
    time.sleep(chance.random() / 100)
    kill(pid)
    for hand in hands:
        hand.thread.join(120)
        # The one after the last acknowledged may be written or not; nobody was told.
        del hand.writer.things[: len(hand.acknowledged) + 1]
    return {thing for hand in hands for thing in hand.acknowledged}


def _kept(data: Path) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(data / "course-engine.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return set(database.execute("SELECT run, step FROM completion"))


def _steadies(port: int) -> bool:
    """Whether somebody who asks once for the page for hard moments gets it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with closing(connection), suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/steady")
        return connection.getresponse().status == 200
    return False


def _read_slow(port: int, found: list[tuple[int, bytes]]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with closing(connection), suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/slow")
        answer = connection.getresponse()
        found.append((answer.status, answer.read()))
