"""Pia was invited and has not agreed yet: the name of her account is nobody's to see, whatever Ben does."""

from collections.abc import Callable
from threading import Event

import pytest

from course_engine.domain.cohorts import Cohort
from course_engine.domain.people import Person
from course_engine.domain.work import Job
from course_engine.engine import Engine
from course_engine.jobs.tasks import HANDLERS, do_jobs
from course_engine.services import awarding, cohorts, jobs, members, paper, people
from course_engine.storage import runs
from course_engine.storage import tables as t
from tests.cast import BREAD, PASSWORD, ZONE, Browser, Clock

As = Callable[[Person], Browser]
Add = Callable[..., Person]


@pytest.fixture
def cohort(engine: Engine, ben: Person, clock: Clock) -> Cohort:
    made = cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())
    return cohorts.led(ben, made.id)


@pytest.fixture
def pia(engine: Engine, ben: Person, cohort: Cohort, as_: As, clock: Clock) -> Person:
    found = people.add(engine, "Pia Verysecret", "pia@example.org", PASSWORD, clock(), zone=ZONE)
    as_(ben).fill(f"/cohorts/{cohort.id}/people/invite", addresses="pia@example.org", act="send")
    return found


def _work(engine: Engine, clock: Clock) -> None:
    do_jobs(engine, HANDLERS, "one", clock, Event())


def test_whom_a_job_has_come_to_is_told_as_they_are_called_in_the_group(
    engine: Engine, ben: Person, cohort: Cohort, pia: Person, learner: Add, as_: As, clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    zoe, browser, seen = learner("Zoe"), as_(ben), []
    address = browser.fill(f"/cohorts/{cohort.id}/certificates", who=[pia.id, zoe.id], act="make").location
    make = awarding.make

    def looked_at(engine: Engine, job: Job, progress: jobs.Progress, now: object) -> object:
        def told(done: int, total: int) -> None:
            progress(done, total)
            seen.append(browser.get(address).text)

        return make(engine, job, told, clock())

    monkeypatch.setitem(HANDLERS, awarding.KIND, looked_at)
    _work(engine, clock)

    assert "<li>pia@example.org</li>" in seen[1]
    assert not any("Verysecret" in page for page in seen)


def test_who_was_removed_before_they_agreed_is_named_nowhere_in_what_came_of_it(
    engine: Engine, ben: Person, cohort: Cohort, pia: Person, learner: Add, as_: As, clock: Clock
) -> None:
    zoe, kim, browser = learner("Zoe"), learner("Kim", weeks=1), as_(ben)
    root = f"/cohorts/{cohort.id}/certificates"
    job = browser.fill(root, who=[pia.id, zoe.id, kim.id], act="make").location.rpartition("/")[2]
    clock.move(days=20)
    _work(engine, clock)
    assert "pia@example.org" in browser.get(f"{root}?job={job}").text
    for gone in (pia, kim):
        members.remove(engine, cohort, gone.id, ben, clock())

    page = browser.get(f"{root}?job={job}").text
    assert "Verysecret" not in page
    assert "Kim" in page, "she had begun, so Ben knows her"
    assert "1 certificate is made" in page


@pytest.mark.usefixtures("no_printing")
def test_sheets_with_a_code_are_printed_for_people_on_paper_only(
    engine: Engine, ben: Person, ada: Person, cohort: Cohort, pia: Person, as_: As, clock: Clock
) -> None:
    browser, root = as_(ben), f"/cohorts/{cohort.id}/people"
    cohorts.add_member(engine, cohort, ada, clock())
    olga = members.add_on_paper(engine, cohort, "Olga", ben, clock(), agreed=True)
    for person, status in ((pia, 404), (ada, 404), (olga, 200)):
        assert browser.get(f"{root}/{person.id}/sheets.pdf?week=1").status_code == status, person.name
    assert t.PaperCode.select().count() == 1


def test_a_code_of_somebody_who_has_not_begun_is_no_code(
    engine: Engine, ben: Person, cohort: Cohort, pia: Person, as_: As
) -> None:
    run = runs.get(members.one(cohort, pia.id).run)
    assert run is not None
    code, browser = paper.code(engine, run, "week-1"), as_(ben)
    shown = browser.get(f"/cohorts/{cohort.id}/paper?codes={code}")
    kept = browser.fill(f"/cohorts/{cohort.id}/paper", codes=code, **{f"steps-{code}": "all"})

    assert f"No sheet of this group has the code {code}." in shown.text
    assert "There was nothing new to enter." in browser.get(kept.location).text
    assert not any("Verysecret" in page.text for page in (shown, kept))
