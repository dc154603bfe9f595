"""How often one address may knock at the doors where guessing would pay: accounts and certificate codes.

Counted in this process, or in Redis where it is configured. The lock-out of a single account is another
thing: it is counted in the database, whoever knocks (`services/tries.py`).
"""

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from course_engine.config import Config

OFTEN = "120/minute;1200/hour"
DOORS = ("account", "joining", "claiming", "verify", "api-certificates", "api-invitations")
CODES = ("joining.code_page", "claiming.claim_page", "verify.told", "api-certificates.verify")
# Seconds that a page waits for Redis.
_AT_MOST: dict[str, str | int] = {"socket_timeout": 2, "socket_connect_timeout": 2}


def init(app: Flask, config: Config) -> None:
    """Count what is sent to these parts; reading their pages is free, but for codes in addresses."""
    limiter = Limiter(
        get_remote_address,
        app=app,
        storage_uri=config.redis_url or "memory://",
        storage_options=_AT_MOST if config.redis_url else {},
        headers_enabled=False,
        swallow_errors=True,
    )
    limiter.request_filter(_free)
    for name in DOORS:
        limiter.limit(OFTEN)(app.blueprints[name])  # type: ignore[call-overload]


def _free() -> bool:
    """Asked first, so that all other pages are spared the rest."""
    reads = request.method in ("GET", "HEAD") and request.endpoint not in CODES
    return reads or request.blueprint not in DOORS
