"""How often one address may knock at the doors where guessing would pay: accounts and certificate codes.

Counted in this process, or in Redis where it is configured. The lock-out of a single account is another
thing: it is counted in the database, whoever knocks (`services/tries.py`).
"""

import logging

from flask import Flask, abort, request
from limits import parse_many
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from course_engine.config import Config

OFTEN = "120/minute;1200/hour"
DOORS = ("account", "joining", "claiming", "verify", "api-certificates", "api-invitations")
CODES = ("joining.code_page", "claiming.claim_page", "verify.told", "api-certificates.verify")
# Seconds that a page waits for Redis.
_AT_MOST: dict[str, str | float | bool] = {"socket_timeout": 2, "socket_connect_timeout": 2}
_log = logging.getLogger(__name__)


def init(app: Flask, config: Config) -> None:
    """Count what is sent to these parts; reading their pages is free, but for codes in addresses."""
    storage = storage_from_string(
        config.redis_url or "memory://",
        wrap_exceptions=True,
        **(_AT_MOST if config.redis_url else {}),
    )
    limiter, often = FixedWindowRateLimiter(storage), parse_many(OFTEN)

    @app.before_request
    def _count() -> None:
        if _free():
            return
        knocks = (request.endpoint or "", request.remote_addr or "")
        try:
            within = all(limiter.hit(limit, *knocks) for limit in often)
        except StorageError:
            # Nobody is kept out because the counting does not work.
            _log.exception("How often somebody knocks is not counted now: Redis does not answer.")
            return
        if not within:
            abort(429)


def _free() -> bool:
    """Asked first, so that all other pages are spared the rest."""
    if request.blueprint not in DOORS:
        return True
    return request.method in ("GET", "HEAD") and request.endpoint not in CODES
