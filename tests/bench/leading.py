"""Every page of a facilitator on a site that has been used for years, asked by two people at a time."""

import math
import time
from functools import partial

from course_engine.services import cohorts
from tests.bench import client, machine
from tests.bench.client import Ask
from tests.bench.crowded import Crowd, seed
from tests.bench.machine import beside, figure, heading, interleaved
from tests.bench.served import serving
from tests.bench.site import Site, signed_in
from tests.tools.ports import free_port

CONNECTIONS, SECONDS = 2, 2
MOST = 300
OF_A_GROUP = {
    "board": "", "board, page 20": "?page=20", "board by week": "?sort=week", "board, quiet": "?show=quiet",
    "board, search": "?find=eve+9", "board as a file": "/board.csv", "people": "/people",
    "people, last page": "/people?page=10", "people as a file": "/people.csv", "invite": "/people/invite",
    "change, one person": "/change?what=open&who={person}", "change, everybody": "/change?what=hold&all=yes",
    "one person": "/people/{person}", "sessions": "/sessions", "plan of a session": "/sessions/5",
    "lead view": "/sessions/5/lead", "attendance": "/attendance?session=5", "contact": "/contact",
    "messages": "/messages", "certificates": "/certificates", "print room": "/print?for=me",
    "paper": "/paper", "figures": "/figures", "figures as a file": "/figures.csv", "calendar": "/calendar",
    "settings": "/settings",
}  # fmt: skip
OF_ALL = {
    "list of groups": "/cohorts", "new group": "/cohorts/new", "library": "/library/self-compassion",
    "library, search": "/library/self-compassion?find=kind+hand", "API: board": "/api/v1{root}/board",
    "API: codes": "/api/v1{root}/invitations",
}  # fmt: skip
SIZE = 1_000


def leading(site: Site) -> None:
    """Fill the site, then ask for each page of a group of 1,000 and of one of 12."""
    began = time.perf_counter()
    crowd = seed(site)
    heading(
        f"A facilitator's pages: {crowd.learners:,} learners, {crowd.completions:,} completions "
        f"(written in {time.perf_counter() - began:.0f} s), 2 processes, {CONNECTIONS} asking"
    )
    cookie, _token = signed_in(site.engine, site.app, crowd.leader, site.now)
    small, large, slow = _paths(crowd, 12), _paths(crowd, SIZE), []
    port = free_port()
    with machine.watched() as seen, serving(site.config.data, port, 2):
        for name, path in large.items():
            pair = {"12": small[name], "1000": path}
            asked = {size: partial(_get, site, one, cookie) for size, one in pair.items()}
            spent = interleaved(asked, rounds=4, clock=time.thread_time)
            p95 = _p95(port, Ask(path, cookie))
            told = f"p95 {p95:.0f} ms, processor {spent['1000']:.0f}"
            figure(f"{name} (of 12: processor {spent['12']:.0f} ms)", told, f"p95 {MOST} ms")
            slow += [name] if p95 > MOST else []
    figure("pages over the goal", ", ".join(slow) or "none", "none")
    beside(seen)


def _p95(port: int, ask: Ask) -> float:
    """Milliseconds; a page that does not answer in time takes for ever."""
    try:
        client.load(port, [ask], CONNECTIONS)
        return client.load(port, [ask], CONNECTIONS, SECONDS).p95 or math.inf
    except RuntimeError:
        return math.inf


def _get(site: Site, path: str, cookie: str) -> None:
    site.app.test_client(use_cookies=False).get(path, headers={"Cookie": cookie})


def _paths(crowd: Crowd, size: int) -> dict[str, str]:
    cohort = crowd.cohorts[size]
    root, person = f"/cohorts/{cohort.id}", cohorts.roster(cohort)[size // 2][0]
    own = {name: root + path for name, path in OF_A_GROUP.items()}
    return {
        name: path.replace("{person}", person).replace("{root}", root)
        for name, path in {**own, **OF_ALL}.items()
    }
