"""Handing letters to a mail server: from the address that was set, and never a password in the clear."""

import smtplib
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

    heard: list[str] = []  # noqa: RUF012 - one server, heard by the test

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


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    Server.heard = []
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
