"""The settings of an installation: read once from the environment, frozen, and complete.

`read_config` takes a mapping (the environment) and, where COURSE_ENGINE_CONFIG names one, a file of
`NAME=value` lines beneath it. A setting that is empty is not set. A secret that is missing in production is
an error, never a default; in development and demo secrets are made once and kept beside the data.
"""

import fcntl
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from course_engine import settings
from course_engine.crypto import new_data_key, new_token
from course_engine.domain.errors import Misconfigured

DATABASE = "course-engine.db"
PREFIX = settings.PREFIX
SETTINGS = settings.NAMES

# What a demo takes over from the installation it runs in; never its database, its keys or its mail.
_LOOKS = (
    "SITE_NAME", "COURSES", "TEMPLATES", "CERTIFICATES", "PUBLISH", "ZONE", "LOCALE", "PAPER", "LOG_LEVEL",
)  # fmt: skip

_SECRETS = ("SECRET_KEY", "SIGNING_KEY", "DATA_KEYS")
LOG_LEVELS = ("debug", "info", "warning", "error")

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
    values = {**_written(environ), **{name.upper(): value for name, value in given.items() if value}}
    env = _env(values)
    data = _data(values)
    if env != "production":
        values = {**_made_secrets(data), **values}
    return Config(**{name: read() for name, read in _readers(values, env, data).items()})


def faults(environ: Mapping[str, str]) -> list[str]:
    """Everything that keeps these settings from being used, a sentence each; nothing is made or changed."""
    try:
        values = _written(environ)
        env = _env(values)
        data = _data(values)
        if env != "production":
            path = data / "secrets.json"
            values = {**(_read_secrets(path) if path.exists() else _new_secrets()), **values}
    except Misconfigured as fault:
        return [str(fault)]
    found = []
    for read in _readers(values, env, data).values():
        try:
            read()
        except Misconfigured as fault:
            found.append(str(fault))
    return found


def names_a_site(environ: Mapping[str, str]) -> bool:
    """Whether these settings are of some installation, and not only of how one would look."""
    return not _written(environ).keys() <= set(_LOOKS)


def read_demo_config(environ: Mapping[str, str], data: Path, base_url: str) -> Config:
    """The settings of a demo: its own folder, database and secrets, and how this installation looks.

    Raises Misconfigured, for an installation that is in production too.
    """
    values = _written(environ)
    if values.get("ENV", "").lower() == "production":
        raise Misconfigured("A demo does not run with COURSE_ENGINE_ENV=production. Use: course-engine serve")
    looks = {name: value for name, value in values.items() if name in _LOOKS}
    return read_config({}, **looks, env="demo", data=str(data), base_url=base_url)


def course_folders(environ: Mapping[str, str]) -> tuple[Path, ...]:
    """The folders that are looked up for courses before the shipped ones. Raises Misconfigured."""
    return settings.folders(_written(environ), "COURSES")


def _readers(values: Mapping[str, str], env: str, data: Path) -> dict[str, Callable[[], Any]]:
    """How each field of a Config is read. Secrets come first, so that they are named first."""
    return {
        "secret_key": lambda: settings.secret(values, "SECRET_KEY"),
        "secret_key_fallbacks": lambda: settings.earlier_secrets(values, "SECRET_KEY_FALLBACKS"),
        "data_keys": lambda: settings.data_keys(values, "DATA_KEYS"),
        "signing_key": lambda: settings.secret(values, "SIGNING_KEY"),
        "base_url": lambda: settings.base_url(values, "BASE_URL", needed=env == "production"),
        "env": lambda: env,
        "data": lambda: data,
        "database_url": lambda: values.get("DATABASE_URL", f"sqlite:///{data / DATABASE}"),
        "redis_url": lambda: settings.redis_url(values, "REDIS_URL"),
        "site_name": lambda: settings.site_name(values, "SITE_NAME"),
        "courses": lambda: settings.folders(values, "COURSES"),
        "templates": lambda: settings.folders(values, "TEMPLATES"),
        "certificates": lambda: settings.folders(values, "CERTIFICATES"),
        "publish": lambda: settings.choice(values, "PUBLISH", ("auto", "manual"), "auto"),
        "mail_url": lambda: settings.mail_url(values, "MAIL_URL"),
        "zone": lambda: settings.zone(values, "ZONE"),
        "locale": lambda: settings.language(values, "LOCALE"),
        "paper": lambda: settings.choice(values, "PAPER", ("a4", "letter"), "a4"),
        "proxy_hops": lambda: settings.number(values, "PROXY_HOPS", 0),
        "log_level": lambda: settings.choice(values, "LOG_LEVEL", LOG_LEVELS, "info"),
        "given": lambda: frozenset(name for name in values if name not in _SECRETS),
    }


def _env(values: Mapping[str, str]) -> str:
    return settings.choice(values, "ENV", ("production", "development", "demo"), "production")


def _data(values: Mapping[str, str]) -> Path:
    return Path(values.get("DATA", "instance")).resolve()


def _written(environ: Mapping[str, str]) -> dict[str, str]:
    """What the installer has set, in the file or, before it, in the environment."""
    found = {**_file(environ), **_own(environ)}
    return {name: value for name, value in found.items() if value}


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
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise Misconfigured(
            f"COURSE_ENGINE_CONFIG names {path}, which cannot be read: {error.strerror}."
        ) from error
    except UnicodeDecodeError as error:
        raise Misconfigured(f"COURSE_ENGINE_CONFIG names {path}, which is not text in UTF-8.") from error
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


def _made_secrets(data: Path) -> dict[str, str]:
    """Secrets of a development or demo site, made at its first start and kept in its data folder."""
    path = data / "secrets.json"
    if path.exists():
        return _read_secrets(path)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Of a server and a worker that begin at once, one makes them.
    with (data / "secrets.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if path.exists():
            return _read_secrets(path)
        made = _new_secrets()
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(made), encoding="utf-8")
        draft.replace(path)
        return made


def _new_secrets() -> dict[str, str]:
    return {"SECRET_KEY": new_token(), "SIGNING_KEY": new_token(), "DATA_KEYS": new_data_key()}


def _read_secrets(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): str(value) for name, value in found.items()}
    except (OSError, ValueError, AttributeError) as error:
        raise Misconfigured(
            f"{path} cannot be read. Bring back a copy: what people wrote here cannot be opened without."
        ) from error
