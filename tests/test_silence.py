"""Silence: a connection on which nothing moves is closed, one that is in use is not."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from course_engine import silence

Line = tuple[socket.socket, socket.socket]


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as opened:
        yield opened


@pytest.fixture
def lines(server: socket.socket) -> Iterator[list[Line]]:
    """Ada's phone and Ben's, each with the end that the server holds."""
    with ExitStack() as opened:
        found = []
        for _person in range(2):
            phone = opened.enter_context(socket.create_connection(server.getsockname()))
            phone.sendall(b"Hello")
            found.append((phone, opened.enter_context(server.accept()[0])))
        yield found


def test_a_phone_that_fell_silent_is_let_go_and_one_that_goes_on_is_not(
    server: socket.socket, lines: list[Line]
) -> None:
    (_ada, hers), (ben, his) = lines
    time.sleep(1.2)
    ben.sendall(b", Ada")

    assert silence.close_silent(server.getsockname()[1], 1) == 1
    assert hers.recv(100) + hers.recv(100) == b"Hello"
    his.settimeout(0.2)
    assert his.recv(100) == b"Hello, Ada"
    with pytest.raises(TimeoutError):
        his.recv(100)


def test_somebody_who_is_still_being_sent_something_is_not_silent(
    server: socket.socket, lines: list[Line]
) -> None:
    time.sleep(1.2)
    for _phone, end in lines:
        end.sendall(b"A page")

    assert silence.close_silent(server.getsockname()[1], 1) == 0


def test_lines_of_another_port_are_left_alone(lines: list[Line], server: socket.socket) -> None:
    time.sleep(0.3)

    assert silence.close_silent(server.getsockname()[1] + 1, 0.1) == 0
