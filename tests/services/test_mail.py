"""Handing letters to a mail server: from the address that was set, and never a password in the clear."""

import smtplib
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from course_engine.domain.work import Letter
from course_engine.mail import open_mailer

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

    def close(self) -> None: ...

    def has_extn(self, _name: str) -> bool:
        return False

    def login(self, _name: str, password: str) -> None:
        self.heard.append(password)

    def send_message(self, message: EmailMessage) -> None:
        self.heard.append(str(message["From"]))
        self.reached.append(str(message["To"]))


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    Server.heard, Server.reached = [], []
    monkeypatch.setattr(smtplib, "SMTP", Server)
    return Server.heard


def test_no_password_is_told_to_a_server_without_encryption(heard: list[str]) -> None:
    with pytest.raises(OSError, match="no encryption"):
        open_mailer("smtp://site:secret@mail.example.org", "https://course.example.org").send(LETTER)
    assert heard == ["hello"]


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
