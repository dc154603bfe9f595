"""Ada asks for a word: she sees what is sent, Ben reads it, and no letter carries her words."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from course_engine.domain.cohorts import Cohort, Safety
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.services import cohorts, contacts, people
from course_engine.storage import audit, tables
from course_engine.storage import contacts as stored
from tests.cast import BREAD, PASSWORD, ZONE, Browser, Clock, add_person

As = Callable[[Person], Browser]
WORDS = "Could we talk about the heron for ten minutes?"


@pytest.fixture
def cohort(engine: Engine, ben: Person, clock: Clock) -> Cohort:
    return cohorts.add(engine, ben, BREAD, "Tuesdays", clock(), ZONE, 90, clock())


@pytest.fixture
def run(engine: Engine, ada: Person, cohort: Cohort, clock: Clock) -> Run:
    return cohorts.add_member(engine, cohort, ada, clock())


def _letters() -> list[str]:
    return [f"{row.recipient} {row.subject} {row.text}" for row in tables.Outbox.select()]


def test_ada_sees_what_is_sent_before_it_goes(
    engine: Engine, ada: Person, ben: Person, run: Run, cohort: Cohort, as_: As
) -> None:
    browser = as_(ada)
    assert 'href="/contact"' in browser.get("/steady").text
    shown = browser.fill("/contact", text=f"  {WORDS}  ", act="preview").text
    assert WORDS in shown
    assert "To Ben, and nobody else." in shown
    assert stored.of_cohort(cohort.id) == []
    assert WORDS in browser.fill("/contact", text=WORDS, act="back").text

    browser.fill("/contact", text=WORDS, act="send")
    assert "waits to be read" in browser.get("/today").text
    assert WORDS in as_(ben).get(f"/cohorts/{cohort.id}/contact").text


def test_too_many_words_are_told_and_kept(ada: Person, run: Run, as_: As) -> None:
    text = "x" * 2001
    answer = as_(ada).fill("/contact", text=text, act="send")
    assert answer.status_code == 422
    assert "There is room for 2000 characters." in answer.text
    assert text in answer.text


@pytest.mark.parametrize("text", ["", " \r\n "])
def test_ada_may_ask_without_words_and_sees_the_one_sentence_that_is_sent(
    ada: Person, ben: Person, run: Run, cohort: Cohort, as_: As, text: str
) -> None:
    browser, sentence = as_(ada), "I would like a word."
    shown = browser.fill("/contact", text=text, act="preview")
    assert (shown.status_code, sentence in shown.text) == (200, True)

    assert browser.fill("/contact", text=sentence, act="send").location == "/today"
    assert sentence in as_(ben).get(f"/cohorts/{cohort.id}/contact").text


def test_pressed_twice_it_is_one_request(ada: Person, run: Run, cohort: Cohort, as_: As) -> None:
    browser = as_(ada)
    for _press in range(2):
        browser.fill("/contact", text=WORDS, act="send")
    assert len(stored.of_cohort(cohort.id)) == 1
    assert len(_letters()) == 1


def test_many_requests_a_day_are_not_sent_and_whoever_needs_someone_reads_who_is_there(
    engine: Engine, ada: Person, ben: Person, run: Run, cohort: Cohort, as_: As, clock: Clock
) -> None:
    safety = Safety("Rosa", "912 000 000", hours="9 to 21")
    cohorts.change(engine, cohort, ben, clock(), safety=safety)
    browser = as_(ada)
    for number in range(contacts.MOST_A_DAY):
        assert browser.fill("/contact", text=f"{WORDS} {number}", act="send").status_code == 303
        clock.move(minutes=10)

    answer = browser.fill("/contact", text=f"{WORDS} once more", act="send")
    assert answer.status_code == 422
    for words in ("have all arrived", "Rosa, 912 000 000, 9 to 21", f"{WORDS} once more", 'href="/help"'):
        assert words in answer.text
    assert len(stored.of_cohort(cohort.id)) == contacts.MOST_A_DAY
    clock.move(days=1)
    assert browser.fill("/contact", text=f"{WORDS} once more", act="send").status_code == 303


def test_the_letter_to_ben_names_nobody_and_says_nothing(ada: Person, run: Run, as_: As) -> None:
    as_(ada).fill("/contact", text=WORDS, act="send")
    (letter,) = _letters()
    assert letter.startswith("ben@example.org")
    assert re.search(r"\bAda\b", letter) is None
    assert "heron" not in letter


def test_ben_writes_down_how_far_it_has_come_and_ada_does_not_see_his_note(
    engine: Engine, ada: Person, ben: Person, run: Run, cohort: Cohort, as_: As
) -> None:
    learner, leader = as_(ada), as_(ben)
    learner.fill("/contact", text=WORDS, act="send")
    (request,) = stored.of_cohort(cohort.id)
    path = f"/cohorts/{cohort.id}/contact"
    for deed in ("Mark as read", "Mark as spoken with", "Close"):
        assert f"<span>{deed}<" in leader.get(path).text
    leader.fill(f"{path}/{request.id}", state="seen", note="Ring on Friday")

    today = learner.get("/today").text
    assert "It has been read." in today
    assert "Friday" not in today
    assert "Ring on Friday" in leader.get(path).text
    leader.fill(f"{path}/{request.id}", state="closed")
    assert "You asked for a word" not in learner.get("/today").text
    assert [act for _at, _who, act, _whom, _more in audit.newest() if act == "contact.read"]


def test_ben_is_offered_only_what_comes_next_and_to_keep_a_note(
    ada: Person, ben: Person, run: Run, cohort: Cohort, as_: As
) -> None:
    as_(ada).fill("/contact", text=WORDS, act="send")
    (request,) = stored.of_cohort(cohort.id)
    leader, path = as_(ben), f"/cohorts/{cohort.id}/contact"

    def offered(state: str) -> list[str]:
        leader.fill(f"{path}/{request.id}", state=state)
        return re.findall(r'name="state"[^>]*><span>([^<]+)<', leader.get(path).text)

    assert offered("seen") == ["Mark as spoken with", "Close", "Keep the note"]
    assert offered("contacted") == ["Close", "Keep the note"]
    assert offered("closed") == ["Open it again", "Keep the note"]


def test_an_older_page_of_bens_takes_no_request_back_that_was_closed_meanwhile(
    ada: Person, ben: Person, run: Run, cohort: Cohort, as_: As
) -> None:
    as_(ada).fill("/contact", text=WORDS, act="send")
    (request,) = stored.of_cohort(cohort.id)
    leader, path = as_(ben), f"/cohorts/{cohort.id}/contact"
    assert 'name="shown" value="new"' in leader.get(path).text
    leader.fill(f"{path}/{request.id}", state="closed", shown="new")
    leader.fill(f"{path}/{request.id}", state="seen", shown="new", note="Ring on Friday")

    page = leader.get(path).text
    assert "Somebody has taken this further meanwhile, so it stays: Closed." in page
    assert "Ring on Friday" in page
    assert stored.of_cohort(cohort.id)[0].state == "closed"
    leader.fill(f"{path}/{request.id}", state="seen", shown="closed")
    assert stored.of_cohort(cohort.id)[0].state == "seen", "opened again where it stood as closed"


def test_words_and_notes_are_sealed(
    engine: Engine, ada: Person, ben: Person, run: Run, cohort: Cohort, clock: Clock
) -> None:
    request = contacts.ask(engine, ada, cohort, WORDS, clock())
    contacts.move(engine, cohort, request.id, request.state, "Ring on Friday", ben, clock())
    rows = [bytes(row.sealed) for row in (*tables.ContactRequest.select(), *tables.ContactNote.select())]
    assert len(rows) == 2
    assert not any(b"heron" in row or b"Friday" in row for row in rows)


def test_a_request_nobody_has_read_is_told_again_once_a_day(
    engine: Engine, ada: Person, run: Run, cohort: Cohort, clock: Clock
) -> None:
    contacts.ask(engine, ada, cohort, WORDS, clock())
    assert contacts.remind(engine, clock.move(hours=23)) == 0
    for _hour in range(3):
        assert contacts.remind(engine, clock.move(hours=1)) == 1
    assert len(_letters()) == 2
    contacts.remind(engine, clock.move(days=1))
    assert len(_letters()) == 3


def test_somebody_alone_and_somebody_elses_facilitator_find_nothing(
    engine: Engine, ada: Person, ben: Person, run: Run, cohort: Cohort, clock: Clock, as_: As
) -> None:
    cleo = add_person(engine, "Cleo", clock())
    assert as_(cleo).get("/contact").status_code == 404
    other = cohorts.add(engine, ben, BREAD, "Fridays", clock() + timedelta(days=3), ZONE, 90, clock())
    request = contacts.ask(engine, ada, cohort, WORDS, clock())
    assert as_(ben).fill(f"/cohorts/{other.id}/contact/{request.id}", state="seen").status_code == 404


def test_a_damaged_request_hides_no_other(
    engine: Engine, ada: Person, ben: Person, run: Run, cohort: Cohort, clock: Clock, as_: As
) -> None:
    damaged = contacts.ask(engine, ada, cohort, "The first words.", clock())
    whole = contacts.ask(engine, ada, cohort, WORDS, clock())
    contacts.move(engine, cohort, whole.id, whole.state, "Ring on Friday", ben, clock())
    tables.ContactNote.update(sealed=b"x" * 60).execute()
    mine = tables.ContactRequest.id == damaged.id
    tables.ContactRequest.update(sealed=b"x" * 60).where(mine).execute()

    page = as_(ben).get(f"/cohorts/{cohort.id}/contact")
    assert page.status_code == 200
    assert WORDS in page.text
    assert page.text.count("These words cannot be opened.") == 2


@pytest.mark.parametrize(
    ("reach", "to"),
    [
        (" Sam@example.org ", ["ben@example.org", "sam@example.org"]),
        ("call 555 or sam@example.org\r\nBcc: x@example.org", ["ben@example.org"]),
        ("555", ["ben@example.org"]),
    ],
)
def test_only_a_whole_address_is_written_to(
    engine: Engine,
    ada: Person,
    ben: Person,
    run: Run,
    cohort: Cohort,
    clock: Clock,
    reach: str,
    to: list[str],
) -> None:
    cohorts.change(engine, cohort, ben, clock(), safety=Safety("Sam", reach))
    contacts.ask(engine, ada, cohort, WORDS, clock())
    tables.Outbox.delete().execute()

    contacts.remind(engine, clock.move(days=1))
    assert sorted(row.recipient for row in tables.Outbox.select()) == to


def test_many_requests_are_read_with_a_handful_of_questions(
    engine: Engine, ada: Person, ben: Person, run: Run, cohort: Cohort, as_: As, clock: Clock
) -> None:
    browser, path, counts = as_(ben), f"/cohorts/{cohort.id}/contact", []
    for number in range(2):
        for place in range(3):
            person = people.add(engine, "Bo", f"bo-{number}-{place}@example.org", PASSWORD, clock())
            cohorts.add_member(engine, cohort, person, clock())
            made = contacts.ask(engine, person, cohort, WORDS, clock())
            contacts.move(engine, cohort, made.id, made.state, "Ring on Friday", ben, clock())
        browser.get(path)
        with engine.database.count_queries() as asked:
            browser.get(path)
        counts.append(asked.count)
    assert counts[0] == counts[1] <= 10


def test_a_request_of_someone_whose_key_is_gone_hides_no_other(
    engine: Engine, ada: Person, ben: Person, run: Run, cohort: Cohort, as_: As, clock: Clock
) -> None:
    cleo = add_person(engine, "Cleo", clock())
    cohorts.add_member(engine, cohort, cleo, clock())
    contacts.ask(engine, cleo, cohort, WORDS, clock())
    contacts.ask(engine, ada, cohort, "Gone for ever.", clock())
    tables.Person.update(wrapped_key=None).where(tables.Person.id == ada.id).execute()
    page = as_(ben).get(f"/cohorts/{cohort.id}/contact").text
    assert ("These words cannot be opened." in page, WORDS in page) == (True, True)
