"""How often one address may knock at the doors where guessing would pay: accounts and certificate codes.

Counted in this process, or in Redis where it is configured. The lock-out of a single account is another
thing: it is counted in the database, whoever knocks (`services/tries.py`).
"""

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from course_engine.config import Config

OFTEN = "120/minute;1200/hour"
DOORS = ("account", "joining", "claiming", "verify", "api-certificates")
CODES = ("joining.code_page", "claiming.claim_page", "verify.told", "api-certificates.verify")


def init(app: Flask, config: Config) -> None:
    """Count what is sent to these parts; reading their pages is free, but for codes in addresses."""
    limiter = Limiter(
        get_remote_address,
        app=app,
        storage_uri=config.redis_url or "memory://",
        headers_enabled=False,
        swallow_errors=True,
    )
    for name in DOORS:
        limiter.limit(OFTEN, exempt_when=_free)(app.blueprints[name])  # type: ignore[call-overload]


def _free() -> bool:
    return request.method in ("GET", "HEAD") and request.endpoint not in CODES
