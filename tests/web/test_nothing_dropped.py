"""What somebody chose and typed is what is kept, and each page says what came of it and where to go on."""

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from html import unescape

import pytest
from flask import Flask

from course_engine.domain.cohorts import Cohort
from course_engine.domain.measures import Change
from course_engine.domain.pace import PaceKind
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.services import cohorts, measures, members, people, runs, writings
from course_engine.storage import tables
from course_engine.web.views import CourseView
from tests.cast import BREAD, PASSWORD, ZONE, Browser, Clock

As = Callable[[Person], Browser]
OWN = "rye from the old mill"


@pytest.fixture
def cohort(engine: Engine, ben: Person, clock: Clock) -> Cohort:
    return cohorts.add(engine, ben, BREAD, "Tuesdays", clock(), ZONE, 90, clock())


@pytest.mark.parametrize(
    ("path", "kind", "item", "question"),
    [
        ("/worksheets/my-kitchen", "worksheet", "my-kitchen", "flour"),
        ("/steps/check-in-1/done", "check-in", "check-in-1", "jar-today"),
    ],
)
def test_words_of_her_own_are_kept_though_ada_chose_no_answer_beside_them(
    engine: Engine, ada: Person, run: Run, as_: As, path: str, kind: writings.Kind, item: str, question: str
) -> None:
    sent = as_(ada).fill(path, how="done", **{f"{question}:other": OWN})

    assert sent.status_code == 303
    assert writings.answers(engine, ada, run, kind, item) == {question: OWN}


def test_ada_who_chose_an_answer_and_wrote_another_is_asked_which_she_means(
    engine: Engine, ada: Person, run: Run, as_: As
) -> None:
    first = "rye"
    answer = as_(ada).fill("/worksheets/my-kitchen", flour=first, **{"flour:other": OWN})
    page = unescape(answer.text)

    assert answer.status_code == 422
    assert "You chose an answer and wrote one of your own." in page
    assert f'value="{OWN}"' in page
    assert re.search(rf'value="{re.escape(first)}" checked', page)
    assert writings.answers(engine, ada, run, "worksheet", "my-kitchen") == {}


def test_an_answer_that_ada_chose_can_be_left_empty_again(
    engine: Engine, ada: Person, run: Run, as_: As
) -> None:
    browser = as_(ada)
    empty = '<input type="radio" id="[^"]+" name="{}" value="">'
    assert not re.search(empty.format("calm"), browser.get("/steps/oven-1").text)
    assert not re.search(empty.format("flour"), browser.get("/worksheets/my-kitchen").text)
    browser.fill("/steps/oven-1/done", how="done", calm="0", worried="2")
    browser.fill("/worksheets/my-kitchen", flour="rye")

    page = browser.get("/steps/oven-1").text
    assert re.search(empty.format("calm"), page)
    assert not re.search(empty.format("fun"), page)
    assert re.search(empty.format("flour"), browser.get("/worksheets/my-kitchen").text)
    browser.fill("/steps/oven-1/done", how="done", calm="", worried="2")
    browser.fill("/worksheets/my-kitchen", flour="")
    assert writings.answers(engine, ada, run, "check-in", "oven-1") == {"worried": 2}
    assert writings.answers(engine, ada, run, "worksheet", "my-kitchen") == {}


def test_ada_who_left_the_group_while_she_wrote_to_it_can_copy_her_words_and_is_not_sent_round(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, as_: As, clock: Clock
) -> None:
    cohorts.add_member(engine, cohort, ada, clock())
    browser = as_(ada)
    browser.get("/contact")
    members.remove(engine, cohort, ada.id, ben, clock())
    answer = browser.fill("/contact", text=OWN, act="preview")

    assert answer.status_code == 404
    assert "You go through this course alone" in answer.text
    assert OWN in answer.text
    assert 'href="/steady#person"' in answer.text
    assert "Send it once more" not in answer.text


def test_ada_who_begins_what_she_has_begun_goes_on_as_she_chose_now(
    engine: Engine, ada: Person, run: Run, as_: As
) -> None:
    browser = as_(ada)
    assert "You are in this course already" in browser.get("/join/begin").text
    browser.fill("/join/begin", course=BREAD, agree="yes", pace="gentle", zone=ZONE, paper="yes")

    now = runs.current(engine, ada)
    assert (now.id, now.pace, now.whole_workbook) == (run.id, PaceKind.GENTLE, True)


def test_ada_in_a_group_reads_that_she_would_begin_a_second_time_and_tells_the_two_apart(
    engine: Engine, ada: Person, cohort: Cohort, as_: As, clock: Clock
) -> None:
    cohorts.add_member(engine, cohort, ada, clock())
    browser = as_(ada)
    page = unescape(browser.get("/join/begin").text)
    assert "You go through this course with “Tuesdays” already" in page
    assert "a second time" in page

    browser.fill("/join/begin", course=BREAD, agree="yes", pace="free", zone=ZONE)
    assert "The course you had begun before is in your settings." in unescape(browser.get("/today").text)
    settings = unescape(browser.get("/me").text)
    assert re.search(r"begun on [^<]+ with “Tuesdays”", settings)
    assert re.search(r"begun on [^<]+ on your own", settings)


def test_whoever_begins_for_the_first_time_reads_nothing_of_a_second(ada: Person, as_: As) -> None:
    browser = as_(ada)
    assert "already" not in browser.get("/join/begin").text.partition("<main")[2]
    browser.fill("/join/begin", course=BREAD, agree="yes", pace="free", zone=ZONE)
    assert "begun before" not in browser.get("/today").text


@pytest.mark.parametrize("typed", ["quiet.river", "not an address", "a@b"])
def test_where_only_an_address_will_do_no_sign_in_name_is_offered(client: Browser, typed: str) -> None:
    client.take_token()
    answer = client.fill("/sign-up", email=typed)

    assert answer.status_code == 422
    assert "Write an e-mail address like name@example.org.<" in answer.text
    assert f'value="{typed}"' in answer.text


def test_whoever_signs_in_with_a_name_is_sent_to_their_code_and_not_to_their_mail(client: Browser) -> None:
    client.take_token()
    answer = client.fill("/reset", email="quiet.river")

    assert answer.status_code == 422
    assert "This is not an e-mail address." in answer.text
    assert "Look at your mail" not in answer.text


def test_the_name_to_sign_in_with_stands_beside_the_code_and_in_the_settings(client: Browser) -> None:
    client.take_token()
    made = client.fill("/sign-up/name", name="Ada", email="Quiet.River", password=PASSWORD)

    assert "Your sign-in name is <strong>quiet.river</strong>" in made.text
    assert "You sign in with <strong>quiet.river</strong>" in client.get("/me").text
    client.take_token()
    assert "<strong>quiet.river</strong>" in client.fill("/me/code").text


def test_a_name_that_is_taken_and_a_code_that_was_used_may_be_her_own(
    engine: Engine, client: Browser, clock: Clock
) -> None:
    people.add_named(engine, "Ada", "quiet.river", PASSWORD, clock())
    client.take_token()
    again = client.fill("/sign-up/name", name="Ada", email="quiet.river", password=PASSWORD)
    used = client.get("/join/claim/YDYXWBXJ5FB41NJN")

    assert (again.status_code, used.status_code) == (422, 410)
    assert "Was it you?" in again.text
    assert "Have you used it already?" in used.text
    for page in (again.text, used.text):
        assert "Then you can sign in" in page.partition("<main")[2]


def test_whoever_is_signed_in_is_not_told_to_sign_in_by_an_old_link(client: Browser, engine: Engine) -> None:
    client.take_token()
    client.fill("/sign-up", email="eve@example.org")
    path = re.search(r"/sign-up/link/\S+", [row.text for row in tables.Outbox.select()][-1])
    assert path is not None
    client.fill(path[0], name="Eve", password=PASSWORD)
    assert client.get(path[0]).location == "/join/begin"
    assert "You can sign in" not in client.get("/join/begin").text


def test_a_name_that_cannot_be_kept_is_still_in_its_box(ada: Person, as_: As) -> None:
    long = "Ada " + "of the long hill " * 6
    answer = as_(ada).fill("/me/name", name=long)

    assert answer.status_code == 422
    assert f'value="{long}"' in answer.text


def test_the_page_that_shows_what_would_be_sent_is_called_so(
    engine: Engine, ada: Person, cohort: Cohort, as_: As, clock: Clock
) -> None:
    cohorts.add_member(engine, cohort, ada, clock())
    answer = as_(ada).fill("/contact", text=OWN, act="preview")

    assert "<title>This is what would be sent" in answer.text


def test_where_a_higher_number_is_the_heavier_one_nobody_reads_of_a_lower(
    app: Flask, engine: Engine, ada: Person, run: Run, clock: Clock
) -> None:
    at = runs.position(engine, ada, run, clock())
    step = at.course.steps["oven-1"]
    assert step.measure is not None
    measure = replace(step.measure, better="lower", bands=())
    first, now = (measures.Taken(at.course.weeks[0], {}, Fraction(result)) for result in (10, 60))
    heavier = measures.Compared(measure, (first,), now, Change.HIGHER, None)
    with app.test_request_context():
        macro = app.jinja_env.get_template("learner/measure.html").module.then_and_now  # type: ignore[attr-defined]
        page = str(macro(CourseView(at), heavier))

    assert "no verdict on you" in page
    assert "ower number" not in page


@pytest.mark.parametrize(
    ("path", "field", "told"),
    [
        ("/worksheets/my-kitchen", "warm-place", "It has 20001 characters, and there is room for 20000."),
        ("/steps/stir-and-look/moment", "note", "There is room for 20000 characters."),
    ],
)
def test_whoever_wrote_too_much_reads_how_much_there_is_room_for(
    ada: Person, run: Run, as_: As, path: str, field: str, told: str
) -> None:
    answer = as_(ada).fill(path, **{field: "h" * 20_001})

    assert answer.status_code == 422
    assert told in answer.text
    assert "h" * 20_001 in answer.text
