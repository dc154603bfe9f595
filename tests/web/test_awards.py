"""Ben's page of certificates, the letters and files from it, and the name on Ada's certificate."""

import io
import re
from collections.abc import Callable
from threading import Event
from zipfile import ZipFile

import pytest

from course_engine.domain.cohorts import Cohort
from course_engine.domain.pace import By, Override, OverrideKind
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.jobs.tasks import HANDLERS, do_jobs
from course_engine.services import (
    awarding,
    certificates,
    cohorts,
    issuing,
    members,
    overrides,
    people,
    runs,
    verifying,
    writings,
)
from course_engine.storage import certificates as stored
from course_engine.storage import runs as stored_runs
from course_engine.storage import tables as t
from tests.cast import BREAD, PASSWORD, ZONE, Browser, Clock, do, week_steps

As = Callable[[Person], Browser]
Add = Callable[..., Person]
SECRET = "the-heron-is-mine"


@pytest.fixture
def cohort(engine: Engine, ben: Person, clock: Clock) -> Cohort:
    """Mondays: three sessions, of which the certificate asks for two."""
    made = cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())
    return cohorts.led(ben, made.id)


@pytest.fixture
def root(cohort: Cohort) -> str:
    return f"/cohorts/{cohort.id}/certificates"


def _work(engine: Engine, clock: Clock) -> None:
    do_jobs(engine, HANDLERS, "one", clock, Event())


def _main(page: str) -> str:
    words = re.sub(r"<[^>]+>", " ", page.partition("<main")[2].partition("</main")[0])
    return " ".join(words.split())


def _run(cohort: Cohort, person: Person) -> Run:
    run = stored_runs.get(members.one(cohort, person.id).run)
    assert run is not None
    return run


def test_the_page_says_in_words_what_is_missing(
    engine: Engine, ben: Person, cohort: Cohort, learner: Add, root: str, as_: As, clock: Clock
) -> None:
    browser = as_(ben)
    assert "Nobody is in this group yet" in browser.get(root).text
    learner("Ada")
    learner("Kim", weeks=1, sessions=1)
    held = learner("Lou", weeks=2)
    members.add_on_paper(engine, cohort, "Olga", ben, clock(), agreed=True)
    invited = people.add(engine, "Ines Secret", "ines@example.org", PASSWORD, clock(), zone=ZONE)
    cohorts.add_member(engine, cohort, invited, clock(), started=False)
    clock.move(days=20)
    hold = Override(OverrideKind.HOLD, clock(), by=By.LEARNER)
    overrides.add(engine, _run(cohort, held), hold, held, "", clock())
    said = _main(browser.get(root).text)

    assert "1 person is ready" in said
    assert "every week done and 2 sessions, present or made up" in said
    assert "Make 1 certificate " in said
    assert "Kim Not yet 1/3 sessions Weeks 2 and 3; 1 more session, present or made up" in said
    assert "Lou Not yet 3/3 sessions On hold; week 3" in said
    assert "Olga Not yet 0/3 sessions Weeks 1 to 3; 2 more sessions, present or made up · on paper" in said
    assert "ines@example.org Not yet 0/3 sessions Has not begun" in said
    assert "Secret" not in said
    assert 'aria-current="page">Certificates' in browser.get(root).text
    for show, count in (("ready", 1), ("made", 0), ("not-yet", 4), ("nonsense", 5)):
        assert browser.get(f"{root}?show={show}").text.count('name="who"') == count, show
    assert browser.get(f"{root}?find=ki").text.count('name="who"') == 1
    assert browser.get(f"{root}?page=99").status_code == 200


def test_ben_makes_all_that_are_ready_and_what_failed_is_tried_again(
    engine: Engine, ben: Person, cohort: Cohort, learner: Add, root: str, as_: As, clock: Clock
) -> None:
    learner("Ada")
    lin = learner("Lin")
    people.change_name(engine, lin, "Lin 李")
    clock.move(days=20)
    browser = as_(ben)
    press = re.search(r'name="press" value="([^"]+)"', browser.get(root).text)
    assert press is not None
    first, second = (browser.fill(root, all="yes", press=press[1]).location for _press in range(2))
    assert first == second
    assert "0 of 2" in browser.get(first).text
    _work(engine, clock)
    result = browser.get(first).location
    assert result.startswith(f"{root}?job=")
    said = _main(browser.get(result).text)
    assert "1 certificate is made Ada" in said
    assert "1 was not made Lin 李 has letters in the name" in said
    assert "Try again" not in said, "another try would come to the same"
    assert f'href="{root}/{lin.id}"' in browser.get(result).text
    made = browser.fill(f"{root}/{lin.id}", name="Lin Xiao")
    assert made.location == f"{root}/{lin.id}"
    assert "was not made" not in browser.get(result).text
    said = _main(browser.get(result).text)
    assert "1 certificate is made Ada Have one that was made before or since: Lin" in said
    assert browser.fill(f"{root}/again", job=result.rpartition("=")[2]).status_code == 422
    clock.move(minutes=1)
    again = browser.fill(root, who=[lin.id], press="once more")
    _work(engine, clock)
    said = _main(browser.get(browser.get(again.location).location).text)
    assert "No certificate was made Have one that was made before or since: Lin 李" in said
    assert "reads “Lin Xiao”" in said
    empty = browser.fill(root, all="yes", press="another")
    assert empty.location == root
    assert "Everybody who was ready has a certificate now." in browser.get(root).text


def test_a_job_in_hand_says_how_many_of_all_and_whose_are_done(
    engine: Engine, ben: Person, cohort: Cohort, learner: Add, root: str, as_: As, clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    for name in ("Ada", "Kim"):
        learner(name)
    clock.move(days=20)
    browser = as_(ben)
    address = browser.fill(root, all="yes").location
    award = awarding._award
    seen = []

    def slowly(*given: object) -> object:
        seen.append(browser.get(address))
        return award(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(awarding, "_award", slowly)
    _work(engine, clock)

    assert seen[1].headers["Refresh"] == "2"
    said = _main(seen[1].text)
    assert "1 of 2" in said
    assert "Looked at so far: Ada" in said
    assert "Kim" not in said


def test_a_cancelled_job_says_that_those_made_stay_and_leads_to_them(
    engine: Engine, ben: Person, cohort: Cohort, learner: Add, root: str, as_: As, clock: Clock
) -> None:
    learner("Ada")
    clock.move(days=20)
    browser = as_(ben)
    address = browser.fill(root, all="yes").location
    browser.fill(f"{address}/cancel")
    page = browser.get(address)
    assert "Those that were made before stay made" in page.text
    result = browser.get(f"{root}?job={address.removeprefix('/jobs/')}")
    assert "the work was ended before it came to this one" in result.text
    browser.fill(f"{address}/again")
    _work(engine, clock)
    assert "1 certificate is made" in browser.get(browser.get(address).location).text


def test_a_decision_asks_for_a_reason_and_keeps_it_off_the_paper(
    engine: Engine, ben: Person, cohort: Cohort, learner: Add, root: str, as_: As, clock: Clock
) -> None:
    kim = learner("Kim", weeks=1)
    clock.move(days=20)
    browser = as_(ben)
    nobody = browser.fill(root, act="decide")
    assert nobody.status_code == 422
    assert "Tick at least one person first." in nobody.text
    page = browser.get(browser.fill(root, act="decide", who=[kim.id]).location)
    assert "Still to come: weeks 2 and 3." in page.text
    faulty = browser.fill(f"{root}/decide", who=[kim.id], reason=" ")
    assert faulty.status_code == 422
    assert "Write down why" in faulty.text
    asked = browser.fill(f"{root}/decide", who=[kim.id], reason="she moves to Porto")
    _work(engine, clock)
    result = browser.get(browser.get(asked.location).location)
    assert "1 certificate is made" in result.text
    assert "by decision: she moves to Porto" in result.text
    (made,) = stored.of_person(kim.id)
    for page in (as_(kim).get("/certificate"), browser.get(f"/verify/{made.code}")):
        assert page.status_code == 200
        assert "Porto" not in page.text


def test_one_for_a_single_person_is_made_by_the_rule_or_for_a_reason(
    engine: Engine, ben: Person, cohort: Cohort, learner: Add, root: str, as_: As, clock: Clock
) -> None:
    ada, kim, eli = learner("Ada"), learner("Kim", weeks=1), learner("Eli", weeks=0, sessions=0)
    clock.move(days=20)
    browser = as_(ben)
    for name, words in (("", "Write the name"), ("Ada 李", "do not have: 李")):
        answer = browser.fill(f"{root}/{ada.id}", name=name)
        assert answer.status_code == 422
        assert words in answer.text
    assert browser.fill(f"{root}/{ada.id}", name="Ada Lind").status_code == 303
    assert browser.fill(f"{root}/{ada.id}", name="Ada Other").status_code == 303
    assert [one.frozen["name"] for one in stored.of_person(ada.id)] == ["Ada Lind"]
    assert browser.fill(f"{root}/{kim.id}", name="Kim").status_code == 422
    assert stored.of_person(kim.id) == []
    answer = browser.fill(f"{root}/{eli.id}", name="Eli", reason="she asked")
    assert answer.status_code == 409
    assert "could name nothing" in answer.text


def test_the_files_hold_everybody_or_those_who_were_ticked(
    engine: Engine, ben: Person, cohort: Cohort, learner: Add, root: str, as_: As, clock: Clock,
    no_printing: None,
) -> None:  # fmt: skip
    ada, kim = learner("Ada"), learner("Kim")
    learner("Lou", weeks=1)
    clock.move(days=20)
    browser = as_(ben)
    assert browser.get(f"{root}.pdf").status_code == 422
    for person in (ada, kim):
        certificates.award(engine, person, _run(cohort, person), person.name, clock())
    assert browser.get(f"{root}.pdf").data == b"%PDF-1.7 of a test"
    ticked = browser.fill(root, act="pdf", who=[kim.id])
    assert ticked.location == f"{root}.pdf?who={kim.id}"
    asked = browser.fill(f"{root}/zip", press="a press")
    _work(engine, clock)
    zip_page = browser.get(asked.location).location
    answer = browser.get(zip_page)
    assert answer.mimetype == "application/zip"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="certificates.zip"'
    with ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.namelist() == ["001 Ada.pdf", "002 Kim.pdf"]
    for faulty in (f"{root}.pdf?part=x", f"{root}.pdf?part=9", f"{root}.pdf?paper=a5"):
        assert browser.get(faulty).status_code == 422, faulty
    assert browser.get(f"{root}/zip/nothing").status_code == 404


def test_letters_are_shown_before_they_go_and_go_once(
    engine: Engine, ben: Person, cohort: Cohort, learner: Add, root: str, as_: As, clock: Clock
) -> None:
    ada = learner("Ada")
    olga = members.add_on_paper(engine, cohort, "Olga", ben, clock(), agreed=True)
    at = runs.position(engine, olga, _run(cohort, olga), clock())
    do(engine, olga, _run(cohort, olga), clock(), *week_steps(at, 1))
    clock.move(days=20)
    certificates.award(engine, ada, _run(cohort, ada), "Ada", clock())
    certificates.decide(engine, olga, _run(cohort, olga), "Olga", "a good reason", ben, clock())
    browser = as_(ben)
    page = browser.get(f"{root}/mail").text
    said = _main(page)
    assert "1 letter Each person" in said
    assert "Better on paper" in said
    assert f'name="who" value="{olga.id}"' in page
    for _press in range(2):
        assert browser.fill(f"{root}/mail", press="a press").location == root
    assert [one.recipient for one in t.Outbox.select()] == ["ada@example.org"]
    assert "1 letter is on its way." in browser.get(root).text
    assert browser.fill(f"{root}/mail", who=[olga.id], press="b").status_code == 303
    assert t.Outbox.select().count() == 1


def test_letters_to_a_few_never_become_letters_to_all_when_those_few_are_gone(
    engine: Engine, ben: Person, cohort: Cohort, learner: Add, root: str, as_: As, clock: Clock,
    no_printing: None,
) -> None:  # fmt: skip
    zoe, yan = learner("Zoe"), learner("Yan")
    clock.move(days=20)
    certificates.award(engine, yan, _run(cohort, yan), "Yan", clock())
    job = awarding.ask(engine, cohort, [zoe.id], ben, clock()).id
    _work(engine, clock)
    browser = as_(ben)
    said = _main(browser.get(f"{root}/mail?job={job}").text)
    assert "Zoe" in said
    assert "Yan" not in said
    members.remove(engine, cohort, zoe.id, ben, clock())
    for answer in (
        browser.fill(f"{root}/mail", job=job, press="a press"),
        browser.fill(f"{root}/zip", job=job, press="a press"),
        browser.get(f"{root}.pdf?job={job}"),
    ):
        assert answer.status_code == 422
        assert "None of them has a certificate here now." in answer.text
    assert t.Outbox.select().count() == 0
    assert browser.get(f"{root}.pdf?job=").status_code == 200


def test_ben_corrects_a_name_after_he_saw_how_it_reads(
    engine: Engine, ben: Person, cohort: Cohort, learner: Add, root: str, as_: As, clock: Clock
) -> None:
    ada = learner("Ada")
    clock.move(days=20)
    browser = as_(ben)
    own = f"{root}/{ada.id}"
    assert browser.fill(f"{own}/name", name="Ada Lind").status_code == 404
    made = certificates.award(engine, ada, _run(cohort, ada), "Ada", clock())
    shown = browser.fill(f"{own}/name", name="Ada Lind")
    assert "Ada Lind took part in Slow bread" in shown.text
    assert len(stored.of_person(ada.id)) == 1
    for _press in range(2):
        kept = browser.fill(f"{own}/name", name="Ada Lind", reason="a slip", act="keep")
        assert kept.status_code == 303
    page = browser.get(own).text
    assert "it read “Ada”. Why it was corrected: a slip" in page
    assert verifying.verify(made.code).next_code is not None
    assert t.Outbox.select().count() == 1
    assert len(stored.of_person(ada.id)) == 2


def test_ada_sees_how_her_name_would_read_and_keeps_it(
    engine: Engine, cohort: Cohort, learner: Add, as_: As, clock: Clock
) -> None:
    ada = learner("Ada")
    clock.move(days=20)
    browser = as_(ada)
    assert browser.fill("/certificate/name", name="Ada Lind").status_code == 404
    old = certificates.award(engine, ada, _run(cohort, ada), "Ada", clock())
    assert "Is your name right?" in browser.get("/certificate").text
    for name, words in (
        ("", "Write the name"), ("Ada", "stands on the certificate already"), ("李", "do not have: 李"),
    ):  # fmt: skip
        answer = browser.fill("/certificate/name", name=name)
        assert answer.status_code == 422, name
        assert words in answer.text
        assert 'href="#name"' in answer.text
    shown = browser.fill("/certificate/name", name=" Ada  Lind ")
    assert "Ada Lind took part in Slow bread" in shown.text
    assert len(stored.of_person(ada.id)) == 1
    for _press in range(2):
        assert browser.fill("/certificate/name", name="Ada Lind", act="keep").location == "/certificate"
    page = browser.get("/certificate").text
    assert "Until Sunday 22 March 2026 your name read “Ada” here" in page
    assert len(stored.of_person(ada.id)) == 2
    new = verifying.verify(old.code).next_code
    assert browser.get(f"/verify/{old.code}").location == f"/verify/{new}"
    assert browser.fill(f"/runs/{_run(cohort, ada).id}/certificate/name", name="A. Lind").status_code == 200


def test_a_withdrawn_one_changes_its_name_no_more(
    engine: Engine, ben: Person, dov: Person, cohort: Cohort, learner: Add, root: str, as_: As, clock: Clock
) -> None:
    ada = learner("Ada")
    clock.move(days=20)
    made = certificates.award(engine, ada, _run(cohort, ada), "Ada", clock())
    certificates.withdraw(engine, made.code, "by mistake", clock(), dov)
    for browser, path in ((as_(ada), "/certificate/name"), (as_(ben), f"{root}/{ada.id}/name")):
        for act in ("look", "keep"):
            answer = browser.fill(path, name="Ada Lind", act=act)
            assert answer.status_code == 409
            assert "its name cannot change" in answer.text
    page = as_(ben).get(f"{root}/{ada.id}").text
    assert "was withdrawn" in page
    assert "by mistake" not in page


def test_one_that_was_withdrawn_is_not_made_again_and_nobody_is_told_so(
    engine: Engine, ben: Person, dov: Person, cohort: Cohort, learner: Add, root: str, as_: As, clock: Clock
) -> None:
    ada = learner("Ada")
    clock.move(days=20)
    made = certificates.award(engine, ada, _run(cohort, ada), "Ada", clock())
    certificates.withdraw(engine, made.code, "by mistake", clock(), dov)
    for browser, path in ((as_(ben), f"{root}/{ada.id}"), (as_(ada), "/certificate")):
        answer = browser.fill(path, name="Ada Lind")
        assert answer.status_code == 409
        assert "The certificate was withdrawn, and no other can be made." in answer.text
        assert "is made." not in browser.get(path).text
    (row,) = (issuing.issue(engine, *one, clock()) for one in issuing.whose("ada@example.org"))
    assert (row["code"], "was withdrawn" in str(row["waits for"])) == ("", True)


def test_a_corrected_one_keeps_the_day_that_stands_on_it(
    engine: Engine, ben: Person, cohort: Cohort, learner: Add, root: str, as_: As, clock: Clock
) -> None:
    ada = learner("Ada")
    clock.move(days=20)
    made = certificates.award(engine, ada, _run(cohort, ada), "Ada", clock())
    clock.move(days=60)
    certificates.correct(engine, made, "Ada Lind", ada, clock())

    assert made.frozen["awarded"] == "2026-03-22"
    assert "Made on Sunday 22 March 2026" in as_(ben).get(root).text
    for browser, path in ((as_(ben), f"{root}/{ada.id}"), (as_(ada), "/certificate")):
        assert '<p class="meta">Made on Sunday 22 March 2026</p>' in browser.get(path).text, path


def test_nothing_that_ada_wrote_and_no_how_is_on_these_pages(
    engine: Engine, ben: Person, cohort: Cohort, learner: Add, root: str, as_: As, clock: Clock
) -> None:
    ada = learner("Ada")
    writings.write_entry(engine, ada, _run(cohort, ada), SECRET, clock())
    clock.move(days=20)
    certificates.award(engine, ada, _run(cohort, ada), "Ada", clock())
    browser = as_(ben)
    for path in (root, f"{root}/{ada.id}", f"{root}/mail", f"{root}/decide?who={ada.id}"):
        page = browser.get(path)
        assert page.status_code == 200
        assert SECRET not in page.text
        for how in ("gentler", "not-today"):
            assert how not in _main(page.text)


def test_the_page_asks_as_much_of_the_database_for_a_thousand_as_for_ten(
    engine: Engine, ben: Person, cohort: Cohort, root: str, as_: As, clock: Clock
) -> None:
    browser = as_(ben)
    for number in range(10):
        members.add_on_paper(engine, cohort, f"Person {number:04}", ben, clock(), agreed=True)
    browser.get(root)
    with engine.database.count_queries() as few:
        assert browser.get(root).status_code == 200
    _many(engine, ben, cohort, clock, 1000)
    for path, more in ((root, 0), (f"{root}?page=20", 0), (f"{root}?show=not-yet&find=person", 1)):
        with engine.database.count_queries() as many:
            page = browser.get(path)
        assert page.text.count('name="who"') == 50
        assert many.count == few.count + more <= 12, many.statements


def _many(engine: Engine, ben: Person, cohort: Cohort, clock: Clock, total: int) -> None:
    with engine.database.transaction():
        for number in range(10, total):
            members.add_on_paper(engine, cohort, f"Person {number:04}", ben, clock(), agreed=True)
