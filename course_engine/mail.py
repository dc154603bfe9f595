"""Sending one finished letter: by SMTP, or shown on the console where no mail server is set."""

import re
import smtplib
import ssl
import sys
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from course_engine.domain.work import Letter

# Seconds: until a server has greeted, and for each of its answers from then on.
GREETED, TIMEOUT = 10, 20
_OF_ONE_LETTER = (
    smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError,
    smtplib.SMTPNotSupportedError,
)  # fmt: skip
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


class NoSafeWay(smtplib.SMTPException):
    """The mail server does not let anybody sign in, or only where others read along: no letter can go."""


class Mailer(Protocol):
    """Something that takes a letter away. Raises OSError or smtplib.SMTPException when it cannot."""

    def send(self, letter: Letter) -> None: ...


class ConsoleMailer:
    """Shows each letter on the console; for development and demo sites."""

    def send(self, letter: Letter) -> None:
        sys.stdout.write(f"\n--- mail to {letter.to}\n{letter.subject}\n\n{letter.text}\n---\n")
        sys.stdout.flush()


class SmtpMailer:
    """Hands letters to an SMTP server given as `smtp://name:password@host:port?from=address`."""

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (465 if parts.scheme == "smtps" else 587)
        self._encrypted = parts.scheme == "smtps"
        self._name = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self._sender = sender

    def send(self, letter: Letter) -> None:
        server = self._connect()
        try:
            self._introduce(server)
            server.send_message(self._message(letter))
            # The letter is taken: whatever comes now is no reason to send it once more.
            with suppress(OSError):
                server.quit()
        finally:
            server.close()

    def _connect(self) -> smtplib.SMTP:
        if not self._encrypted:
            return _patient(smtplib.SMTP(self._host, self._port, timeout=GREETED))
        context = ssl.create_default_context()
        return _patient(smtplib.SMTP_SSL(self._host, self._port, timeout=GREETED, context=context))

    def _introduce(self, server: smtplib.SMTP) -> None:
        if not self._encrypted:
            self._encrypt(server)
        if not self._name:
            return
        try:
            server.login(self._name, self._password)
        except smtplib.SMTPNotSupportedError as error:
            raise NoSafeWay("The mail server takes no password.") from error

    def _encrypt(self, server: smtplib.SMTP) -> None:
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
        elif self._name:
            raise NoSafeWay("The mail server offers no encryption, so no password is sent.")

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = _postal(letter.to)
        message["Subject"] = letter.subject
        message["Date"] = formatdate()
        # The same for every try, so that a copy sent after a crash is known as one.
        message["Message-ID"] = f"<{letter.id}@{self._sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        return message


def is_of_server(fault: Exception) -> bool:
    """Whether a fault is of the server or the way to it, so that no other letter would go either."""
    return isinstance(fault, OSError) and not isinstance(fault, _OF_ONE_LETTER)


def _patient(server: smtplib.SMTP) -> smtplib.SMTP:
    """The same, once it has greeted, with more time for what it is asked."""
    if server.sock is not None:
        server.sock.settimeout(TIMEOUT)
    return server


def postal_domain(domain: str) -> str:
    """A domain as mail servers know it, in plain letters; empty for one that no letter can reach."""
    plain = domain
    if not domain.isascii():
        try:
            plain = domain.encode("idna").decode("ascii")
            # The ß of an address would become ss here, and what is written would go to somebody else.
            plain = plain if plain.encode("ascii").decode("idna") == domain else ""
        except UnicodeError:
            return ""
    return plain if _DOMAIN.fullmatch(plain) else ""


def _postal(address: str) -> Address:
    """An address as it is written on a letter: no sign in it is taken for a remark or for a second one."""
    name, _at, domain = address.rpartition("@")
    return Address(username=name, domain=postal_domain(domain) or domain)


def open_mailer(url: str | None, site: str) -> Mailer:
    """The mailer for a `smtp://` or `smtps://` address; letters come from its `from`, or
    else from `no-reply` at the site's host."""
    if url is None:
        return ConsoleMailer()
    host = urlsplit(site).hostname or "localhost"
    given = parse_qs(urlsplit(url).query).get("from", [])
    return SmtpMailer(url, given[0] if given else f"no-reply@{host}")
