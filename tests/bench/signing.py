"""Signing in with a wrong password: an address that is known must take as long as one that is not."""

import time
from itertools import count

from course_engine.domain.errors import Refused
from course_engine.services import devices
from tests.bench import machine
from tests.bench.machine import beside, figure, heading, interleaved
from tests.bench.site import Site


def sign_in(site: Site) -> None:
    """Known and unknown addresses in turns, each tried once or twice."""
    heading("Signing in with a wrong password")
    known = iter([visitor.person.email or "" for visitor in site.crowd] * 2)
    unknown = (f"nobody-{number}@example.org" for number in count())
    with machine.watched() as seen:
        found = interleaved(
            {"known": lambda: _try(site, next(known)), "unknown": lambda: _try(site, next(unknown))},
            rounds=15,
            clock=time.thread_time,
        )
    figure("a known address", f"{found['known']:.0f} ms")
    figure("an unknown one", f"{found['unknown']:.0f} ms")
    figure("known / unknown", f"{found['known'] / found['unknown']:.2f}", "about 1")
    beside(seen)


def _try(site: Site, address: str) -> None:
    try:
        devices.sign_in(site.engine, address, "not the password at all", "Firefox, Linux", site.now)
    except Refused:
        return
    raise RuntimeError("A wrong password was taken for the right one.")
