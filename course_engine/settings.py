"""The names of the settings, and what each may be: one reader for each kind of value.

A reader takes all values by name and gives the one it is for. Raises Misconfigured, with a sentence that
names the setting and says what to write.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from course_engine.crypto import is_data_key
from course_engine.domain.errors import Misconfigured
from course_engine.i18n import is_language, is_zone

PREFIX = "COURSE_ENGINE_"
NAMES = (
    "ENV", "DATA", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "SECRET_KEY_FALLBACKS", "DATA_KEYS",
    "SIGNING_KEY", "BASE_URL", "SITE_NAME", "COURSES", "TEMPLATES", "CERTIFICATES", "PUBLISH", "MAIL_URL",
    "ZONE", "LOCALE", "PAPER", "PROXY_HOPS", "LOG_LEVEL",
)  # fmt: skip
MOST_SIGNS = 60
_LEAST_SECRET = 32

Values = Mapping[str, str]


def secret(values: Values, name: str) -> str:
    value = values.get(name, "")
    if not value:
        raise Misconfigured(
            f"{PREFIX}{name} is not set. Make one with: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    if len(value) < _LEAST_SECRET:
        raise Misconfigured(f"{PREFIX}{name} is too short: use at least {_LEAST_SECRET} characters.")
    return value


def earlier_secrets(values: Values, name: str) -> tuple[str, ...]:
    found = tuple(values.get(name, "").split())
    if any(len(value) < _LEAST_SECRET for value in found):
        raise Misconfigured(
            f"{PREFIX}{name} holds a key that is too short. Write earlier keys whole, with spaces between."
        )
    return found


def data_keys(values: Values, name: str) -> tuple[str, ...]:
    keys = tuple(values.get(name, "").split())
    if not keys:
        raise Misconfigured(
            f"{PREFIX}{name} is not set. Make one with: "
            "python3 -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())'"
        )
    if not all(is_data_key(key) for key in keys):
        raise Misconfigured(
            f"{PREFIX}{name}: each key is 32 bytes in URL-safe base64, newest first, with spaces between."
        )
    return keys


def base_url(values: Values, name: str, *, needed: bool) -> str:
    url = values.get(name, "").rstrip("/")
    if not url and needed:
        raise Misconfigured(
            f"{PREFIX}{name} is not set. It is the address people type, such as "
            "https://course.example.org; links in mails and the codes on certificates lead to it."
        )
    if not url:
        return "http://127.0.0.1:8000"
    parts = _split(url)
    # All addresses of the site begin at its root, so a path here would lead nowhere.
    if not parts or parts.scheme not in ("http", "https") or url != f"{parts.scheme}://{parts.netloc}":
        raise Misconfigured(
            f"{PREFIX}{name} begins with https:// (or http://) and ends with the host, such as "
            "https://course.example.org."
        )
    return url


def mail_url(values: Values, name: str) -> str | None:
    url = values.get(name)
    if not url:
        return None
    parts = _split(url)
    if not parts or parts.scheme not in ("smtp", "smtps"):
        raise Misconfigured(
            f"{PREFIX}{name} is not the address of a mail server. "
            "Write smtp://NAME:PASSWORD@HOST:PORT or smtps://…, with ?from=ADDRESS after it if wished."
        )
    return url


def redis_url(values: Values, name: str) -> str | None:
    url = values.get(name)
    if url and not url.startswith("unix://"):
        parts = _split(url)
        if not parts or parts.scheme not in ("redis", "rediss"):
            raise Misconfigured(
                f"{PREFIX}{name} is not an address of Redis. Write one like redis://127.0.0.1:6379/0."
            )
    return url


def site_name(values: Values, name: str) -> str:
    value = " ".join(values.get(name, "Stillwater").split())
    if not value or len(value) > MOST_SIGNS or not value.isprintable():
        raise Misconfigured(
            f"{PREFIX}{name} cannot be shown. "
            f"Write what the site is called, in at most {MOST_SIGNS} characters."
        )
    return value


def folders(values: Values, name: str) -> tuple[Path, ...]:
    found = tuple(Path(part).resolve() for part in values.get(name, "").split(":") if part)
    for folder in found:
        if not folder.is_dir():
            raise Misconfigured(f"{PREFIX}{name} names {folder}, which is not a folder.")
        if not os.access(folder, os.R_OK | os.X_OK):
            raise Misconfigured(
                f"{PREFIX}{name} names {folder}, which cannot be read. "
                "Let the account that runs course-engine read it."
            )
    return found


def choice(values: Values, name: str, choices: tuple[str, ...], default: str) -> str:
    value = values.get(name, default).lower()
    if value not in choices:
        raise Misconfigured(f"{PREFIX}{name} is {value!r}. Choose one of: {', '.join(choices)}.")
    return value


def number(values: Values, name: str, default: int) -> int:
    value = values.get(name, str(default))
    if not (value.isascii() and value.isdecimal() and len(value) < 10):
        raise Misconfigured(f"{PREFIX}{name} is {value!r}. It is a whole number, such as {default}.")
    return int(value)


def language(values: Values, name: str) -> str:
    value = values.get(name, "en")
    if not is_language(value):
        raise Misconfigured(f"{PREFIX}{name} is {value!r}, no language. Write one like en or pt_BR.")
    return value


def zone(values: Values, name: str) -> str:
    value = values.get(name, "UTC")
    if not is_zone(value):
        raise Misconfigured(
            f"{PREFIX}{name} is {value!r}, which is not a time zone. Write one like Europe/Lisbon."
        )
    return value


def _split(url: str) -> SplitResult | None:
    """The parts of an address that can be used; None for any other."""
    try:
        parts = urlsplit(url)
        whole = parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        return None
    return parts if whole and url.isprintable() and " " not in url else None
