"""What one page costs inside the process: statements, and the rule that says what is open."""

import time
from functools import partial

from course_engine.domain.access import access
from course_engine.services.runs import Position
from tests.bench import machine
from tests.bench.machine import beside, figure, heading, interleaved
from tests.bench.site import Site, Visitor

PAGES = ("/today", "/course", "/weeks/0")


def queries(site: Site) -> None:
    """Statements of the three pages, with the session's own, whatever the history."""
    heading("Statements a page, with the sign-in's own")
    for path in PAGES:
        counts = {name: _statements(site, path, visitor) for name, visitor in site.visitors.items()}
        figure(path, ", ".join(f"{name} {count}" for name, count in counts.items()), "5, at most 6")


def rule(site: Site) -> None:
    """`access` over the whole shipped course."""
    heading("The rule over the whole course")
    at = {name: site.position(visitor) for name, visitor in site.visitors.items()}
    with machine.watched() as seen:
        asked = {name: partial(_ask, one, site) for name, one in at.items()}
        found = interleaved(asked, rounds=15, times=20, clock=time.thread_time)
    for name, ms in found.items():
        figure(
            f"access, {name} history ({len(at[name].course.steps)} steps)", f"{ms:.3f} ms", "at most 0.2 ms"
        )
    beside(seen)


def _ask(at: Position, site: Site) -> None:
    access(at.course, at.history, at.pace, at.overrides, site.now)


def _statements(site: Site, path: str, visitor: Visitor) -> int:
    client = site.app.test_client(use_cookies=False)
    client.get(path, headers={"Cookie": visitor.cookie})
    with site.engine.database.count_queries() as counted:
        answer = client.get(path, headers={"Cookie": visitor.cookie})
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status}.")
    return counted.count
