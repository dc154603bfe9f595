"""The settings of an installation: read once from the environment, frozen, and complete.

`read_config` takes a mapping (the environment) and, where COURSE_ENGINE_CONFIG names one, a file of
`NAME=value` lines beneath it. A secret that is missing in production is an error, never a default; in
development and demo secrets are made once and kept beside the data.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from course_engine.crypto import is_data_key, new_data_key, new_token
from course_engine.domain.errors import Misconfigured
from course_engine.i18n import is_language

PREFIX = "COURSE_ENGINE_"
SETTINGS = (
    "ENV", "DATA", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "SECRET_KEY_FALLBACKS", "DATA_KEYS",
    "SIGNING_KEY", "BASE_URL", "SITE_NAME", "COURSES", "TEMPLATES", "CERTIFICATES", "PUBLISH", "MAIL_URL",
    "ZONE", "LOCALE", "PAPER", "PROXY_HOPS", "LOG_LEVEL",
)  # fmt: skip

# What a demo takes over from the installation it runs in; never its database, its keys or its mail.
_LOOKS = (
    "SITE_NAME", "COURSES", "TEMPLATES", "CERTIFICATES", "PUBLISH", "ZONE", "LOCALE", "PAPER", "LOG_LEVEL",
)  # fmt: skip

Environment = Literal["production", "development", "demo"]


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that can differ between two installations."""

    env: Environment
    data: Path
    database_url: str
    redis_url: str | None
    secret_key: str
    secret_key_fallbacks: tuple[str, ...]
    data_keys: tuple[str, ...]
    signing_key: str
    base_url: str
    site_name: str
    courses: tuple[Path, ...]
    templates: tuple[Path, ...]
    certificates: tuple[Path, ...]
    publish: Literal["auto", "manual"]
    mail_url: str | None
    zone: str
    locale: str
    paper: Literal["a4", "letter"]
    proxy_hops: int
    log_level: str
    # The names of the settings that the installer has set, such as SITE_NAME.
    given: frozenset[str] = frozenset()

    @property
    def demo(self) -> bool:
        return self.env == "demo"

    @property
    def secure(self) -> bool:
        """Whether pages are served over https, so that cookies may say so."""
        return self.base_url.startswith("https://")


def read_config(environ: Mapping[str, str], **given: str) -> Config:
    """The settings of this installation; `given` (from the command line) wins. Raises Misconfigured."""
    values = {**_file(environ), **_own(environ), **{name.upper(): value for name, value in given.items()}}
    env = _choice(values, "ENV", ("production", "development", "demo"), "production")
    data = Path(values.get("DATA", "instance")).resolve()
    secrets = {} if env == "production" else _made_secrets(data)
    return Config(
        env=env,  # type: ignore[arg-type]
        data=data,
        database_url=values.get("DATABASE_URL") or f"sqlite:///{data / 'course-engine.db'}",
        redis_url=values.get("REDIS_URL") or None,
        secret_key=_secret(values, "SECRET_KEY", secrets),
        secret_key_fallbacks=tuple(values.get("SECRET_KEY_FALLBACKS", "").split()),
        data_keys=_data_keys(values, secrets),
        signing_key=_secret(values, "SIGNING_KEY", secrets),
        base_url=_base_url(values, env),
        site_name=values.get("SITE_NAME", "Stillwater"),
        courses=_folders(values, "COURSES"),
        templates=_folders(values, "TEMPLATES"),
        certificates=_folders(values, "CERTIFICATES"),
        publish=_choice(values, "PUBLISH", ("auto", "manual"), "auto"),  # type: ignore[arg-type]
        mail_url=values.get("MAIL_URL") or None,
        zone=_zone(values),
        locale=_locale(values),
        paper=_choice(values, "PAPER", ("a4", "letter"), "a4"),  # type: ignore[arg-type]
        proxy_hops=_number(values, "PROXY_HOPS", 0),
        log_level=_choice(values, "LOG_LEVEL", ("debug", "info", "warning", "error"), "info"),
        given=frozenset(name for name, value in values.items() if value),
    )


def read_demo_config(environ: Mapping[str, str], data: Path, base_url: str) -> Config:
    """The settings of a demo: its own folder, database and secrets, and how this installation looks.

    Raises Misconfigured, for an installation that is in production too.
    """
    values = {**_file(environ), **_own(environ)}
    if values.get("ENV", "").lower() == "production":
        raise Misconfigured("A demo does not run with COURSE_ENGINE_ENV=production. Use: course-engine serve")
    looks = {name: value for name, value in values.items() if name in _LOOKS}
    return read_config({}, **looks, env="demo", data=str(data), base_url=base_url)


def course_folders(environ: Mapping[str, str]) -> tuple[Path, ...]:
    """The folders that are looked up for courses before the shipped ones. Raises Misconfigured."""
    return _folders({**_file(environ), **_own(environ)}, "COURSES")


def _own(environ: Mapping[str, str]) -> dict[str, str]:
    own = {name.removeprefix(PREFIX): value for name, value in environ.items() if name.startswith(PREFIX)}
    own.pop("CONFIG", None)
    _only_known(own, "the environment")
    return own


def _file(environ: Mapping[str, str]) -> dict[str, str]:
    path = environ.get(f"{PREFIX}CONFIG")
    if not path:
        return {}
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise Misconfigured(
            f"COURSE_ENGINE_CONFIG names {path}, which cannot be read: {error.strerror}."
        ) from error
    found: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, equals, value = text.partition("=")
        if not equals or not name.startswith(PREFIX):
            raise Misconfigured(f"{path}:{number}: write each setting as COURSE_ENGINE_NAME=value.")
        found[name.strip().removeprefix(PREFIX)] = value.strip().strip('"').strip("'")
    _only_known(found, path)
    return found


def _only_known(found: Mapping[str, str], where: str) -> None:
    for name in found:
        if name not in SETTINGS:
            raise Misconfigured(
                f"{PREFIX}{name} in {where} is not a setting. See .env.example for all of them."
            )


def _secret(values: Mapping[str, str], name: str, made: Mapping[str, str]) -> str:
    value = values.get(name) or made.get(name, "")
    if not value:
        raise Misconfigured(
            f"{PREFIX}{name} is not set. Make one with: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    if len(value) < 32:
        raise Misconfigured(f"{PREFIX}{name} is too short: use at least 32 characters.")
    return value


def _data_keys(values: Mapping[str, str], made: Mapping[str, str]) -> tuple[str, ...]:
    keys = tuple((values.get("DATA_KEYS") or made.get("DATA_KEYS", "")).split())
    if not keys:
        raise Misconfigured(
            f"{PREFIX}DATA_KEYS is not set. Make one with: "
            "python3 -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())'"
        )
    if not all(is_data_key(key) for key in keys):
        raise Misconfigured(
            f"{PREFIX}DATA_KEYS: each key is 32 bytes in URL-safe base64, newest first, with spaces between."
        )
    return keys


def _made_secrets(data: Path) -> dict[str, str]:
    """Secrets of a development or demo site, made at its first start and kept in its data folder."""
    path = data / "secrets.json"
    if path.exists():
        return _read_secrets(path)
    made = {"SECRET_KEY": new_token(), "SIGNING_KEY": new_token(), "DATA_KEYS": new_data_key()}
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(made), encoding="utf-8")
    draft.replace(path)
    return made


def _read_secrets(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): str(value) for name, value in found.items()}
    except (OSError, ValueError, AttributeError) as error:
        raise Misconfigured(
            f"{path} cannot be read. Bring back a copy: what people wrote here cannot be opened without."
        ) from error


def _base_url(values: Mapping[str, str], env: str) -> str:
    url = values.get("BASE_URL", "").rstrip("/")
    if url.startswith(("http://", "https://")):
        return url
    if url:
        raise Misconfigured(
            f"{PREFIX}BASE_URL begins with https:// (or http://), such as https://course.example.org."
        )
    if env == "production":
        raise Misconfigured(
            f"{PREFIX}BASE_URL is not set. It is the address people type, such as "
            "https://course.example.org; links in mails and the codes on certificates lead to it."
        )
    return "http://127.0.0.1:8000"


def _folders(values: Mapping[str, str], name: str) -> tuple[Path, ...]:
    folders = tuple(Path(part).resolve() for part in values.get(name, "").split(":") if part)
    for folder in folders:
        if not folder.is_dir():
            raise Misconfigured(f"{PREFIX}{name} names {folder}, which is not a folder.")
    return folders


def _choice(values: Mapping[str, str], name: str, choices: tuple[str, ...], default: str) -> str:
    value = values.get(name, default).lower()
    if value not in choices:
        raise Misconfigured(f"{PREFIX}{name} is {value!r}. Choose one of: {', '.join(choices)}.")
    return value


def _number(values: Mapping[str, str], name: str, default: int) -> int:
    value = values.get(name, str(default))
    if not value.isdecimal():
        raise Misconfigured(f"{PREFIX}{name} is {value!r}. It is a whole number, such as {default}.")
    return int(value)


def _locale(values: Mapping[str, str]) -> str:
    locale = values.get("LOCALE", "en")
    if not is_language(locale):
        raise Misconfigured(f"{PREFIX}LOCALE is {locale!r}, no language. Write one like en or pt_BR.")
    return locale


def _zone(values: Mapping[str, str]) -> str:
    zone = values.get("ZONE", "UTC")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Misconfigured(
            f"{PREFIX}ZONE is {zone!r}, which is not a time zone. Write one like Europe/Lisbon."
        ) from error
    return zone
