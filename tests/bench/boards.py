"""A facilitator's board: what the size of a cohort costs, in processor time of this process."""

import gc
import time
from datetime import datetime, timedelta
from functools import partial

from course_engine.crypto import new_id
from course_engine.domain.cohorts import Cohort
from course_engine.domain.people import Person, Theme
from course_engine.domain.progress import How, Run
from course_engine.domain.roles import Role
from course_engine.services import boards, cohorts, people
from course_engine.services.boards import Show, Sort
from course_engine.storage import members, progress
from course_engine.storage import runs as stored_runs
from tests.bench import machine
from tests.bench.machine import beside, figure, heading, interleaved
from tests.bench.site import COURSE, PASSWORD, Site, signed_in

SIZES = (12, 50, 1000)
ROUNDS = 15
MOST_STATEMENTS = 10


def board(site: Site) -> None:
    """Boards of 12, 50 and 1,000 learners; the first page of 1,000 and its last."""
    heading("Boards of 12, 50 and 1,000 learners, processor time of one page")
    began = site.now - timedelta(days=40)
    leads = frozenset({Role.FACILITATOR})
    ben = people.add(site.engine, "Ben", "ben@example.org", PASSWORD, began, leads, zone="Europe/Lisbon")
    cookie, _token = signed_in(site.engine, site.app, ben, site.now)
    of = {size: _cohort(site, ben, size, hour) for hour, size in enumerate(SIZES)}
    paths = {f"{size}": f"/cohorts/{cohort.id}" for size, cohort in of.items()}
    big = paths["1000"]
    paths |= {
        "1000, page 20": f"{big}?page=20",
        "1000, by week": f"{big}?sort={Sort.WEEK.value}",
        "1000, quiet": f"{big}?show={Show.QUIET.value}",
        "1000, search": f"{big}?find=learner+9",
    }
    with machine.watched() as seen:
        asked = {name: partial(_get, site, path, cookie) for name, path in paths.items()}
        for ask in asked.values():
            ask()
        gc.collect()
        gc.freeze()  # as a server does at its start, or one page pays for what others left behind
        found = interleaved(asked, rounds=ROUNDS, times=3, clock=time.thread_time)
    for name, ms in found.items():
        figure(f"{name} learners", f"{ms:.1f} ms", "20 ms, fast phase" if name == "1000" else "")
    figure("first page of 1,000 / cohort of 50", f"{found['1000'] / found['50']:.2f}", "at most 1.15")
    figure("page 20 / page 1", f"{found['1000, page 20'] / found['1000']:.2f}", "at most 1.1")
    with site.engine.database.count_queries() as counted:
        size = len(_get(site, paths["1000"], cookie))
    figure("statements, with the sign-in's own", f"{counted.count}", f"at most {MOST_STATEMENTS}")
    figure("page", f"{size / 1024:.0f} kB", "at most 120 kB")
    beside(seen)


def _cohort(site: Site, ben: Person, size: int, hour: int) -> Cohort:
    """A cohort five weeks in, its people spread over the weeks."""
    began = site.now - timedelta(days=40, hours=3 * hour)
    cohort = cohorts.add(site.engine, ben, COURSE, f"Of {size}", began, "Europe/Lisbon", 90, began)
    course = site.engine.shelf.course(cohort.edition, "en")
    new = [_learner(f"Learner {number} of {size}", began) for number in range(size)]
    runs = [Run(new_id(), one.id, COURSE, cohort.edition, "cohort", cohort.id, began) for one in new]
    with site.engine.database.transaction():
        members.add_many(cohort.id, [(one, b"key") for one in new], runs, began)
        for place, run in enumerate(runs):
            for week in course.weeks[: 3 + place % 4]:
                for number, steps in enumerate(week.asks):
                    at = began + timedelta(days=7 * week.number, hours=number)
                    progress.complete(run.id, steps[0].id, How.DONE, at, run.edition)
            stored_runs.seen(run.id, site.now - timedelta(days=place % 13))
    boards.recount(site.engine, cohort.id, site.now)
    return cohort


def _learner(name: str, began: datetime) -> Person:
    roles = frozenset({Role.LEARNER})
    return Person(
        new_id(), name, None, f"sign-in-{new_id()}", roles, "Europe/Lisbon", "en", Theme.SYSTEM, began
    )  # fmt: skip


def _get(site: Site, path: str, cookie: str) -> str:
    answer = site.app.test_client(use_cookies=False).get(path, headers={"Cookie": cookie})
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status}.")
    return answer.text
