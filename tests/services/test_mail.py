"""Handing letters to a mail server: from the address that was set, and never a password in the clear."""

import smtplib
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from threading import Thread

import pytest

from course_engine.domain.work import Letter
from course_engine.mail import is_of_server, open_mailer

LETTER = Letter("letter", "ada@example.org", "Your link", "Dear Ada", datetime(2026, 3, 2, tzinfo=UTC))


class Server:
    """A mail server without encryption, and what reached it."""

    def __init__(self, *_address: object, **_options: object) -> None:
        self.heard.append("hello")

    sock = None
    heard: list[str] = []  # noqa: RUF012 - one server, heard by the test
    reached: list[str] = []  # noqa: RUF012

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_fault: object) -> None:
        self.close()

    def ehlo(self) -> None: ...

    def quit(self) -> None: ...

    def close(self) -> None: ...

    def has_extn(self, _name: str) -> bool:
        return False

    def login(self, _name: str, password: str) -> None:
        self.heard.append(password)

    def send_message(self, message: EmailMessage) -> None:
        self.heard.append(str(message["From"]))
        self.reached.append(str(message["To"]))


class Taking:
    """A mail server that takes every letter, and has its own way to say goodbye."""

    def __init__(self, listening: socket.socket) -> None:
        self.port: int = listening.getsockname()[1]
        self.goodbye, self.letters = b"221 bye", 0
        self._listening = listening

    def answer(self) -> None:
        with suppress(OSError):
            while True:
                connection, _address = self._listening.accept()
                with connection, connection.makefile("rwb", buffering=0) as lines:
                    lines.write(b"220 hello\r\n")
                    while (line := lines.readline()) and self._is_answered(line, lines):
                        pass

    def _is_answered(self, line: bytes, lines: "socket.SocketIO") -> bool:
        word = line[:4].upper()
        if word == b"QUIT":
            lines.write(self.goodbye + b"\r\n" if self.goodbye else b"")
            return False
        if word == b"DATA":
            lines.write(b"354 go on\r\n")
            while lines.readline() != b".\r\n":
                pass
            self.letters += 1
        lines.write(b"250 yes\r\n")
        return True


@pytest.fixture
def taking() -> Iterator[Taking]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = Taking(listening)
        thread = Thread(target=server.answer)
        thread.start()
        yield server
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(10)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    Server.heard, Server.reached = [], []
    monkeypatch.setattr(smtplib, "SMTP", Server)
    return Server.heard


def test_no_password_is_told_to_a_server_without_encryption(heard: list[str]) -> None:
    with pytest.raises(OSError, match="no encryption") as told:
        open_mailer("smtp://site:secret@mail.example.org", "https://course.example.org").send(LETTER)
    assert heard == ["hello"]
    assert is_of_server(told.value)


@pytest.mark.parametrize("goodbye", [b"421 busy, closing", b"250 bye", b"", b"?"])
def test_a_letter_that_was_taken_has_gone_out_however_the_server_says_goodbye(
    taking: "Taking", goodbye: bytes
) -> None:
    taking.goodbye = goodbye
    open_mailer(f"smtp://127.0.0.1:{taking.port}", "https://course.example.org").send(LETTER)
    assert taking.letters == 1


@pytest.mark.parametrize(
    ("url", "sender"),
    [
        ("smtp://mail.example.org", "no-reply@course.example.org"),
        ("smtp://mail.example.org?from=hello%40example.org", "hello@example.org"),
    ],
)
def test_letters_come_from_the_address_that_was_set(heard: list[str], url: str, sender: str) -> None:
    open_mailer(url, "https://course.example.org").send(LETTER)
    assert heard == ["hello", sender]


@pytest.mark.parametrize(
    ("address", "reached"),
    [
        ("ana@exämple.org", "ana@xn--exmple-cua.org"),
        ("ana@例え.jp", "ana@xn--r8jz45g.jp"),
        ("ana(work)@example.org", '"ana(work)"@example.org'),
        ("[x]@example.org", '"[x]"@example.org'),
    ],
)
def test_a_letter_goes_to_the_very_address_whatever_signs_it_has(
    heard: list[str], address: str, reached: str
) -> None:
    mailer = open_mailer("smtp://mail.example.org", "https://course.example.org")
    mailer.send(replace(LETTER, to=address))
    assert Server.reached == [reached]
