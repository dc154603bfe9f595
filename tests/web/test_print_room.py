"""Ben's print room: tonight's paper in three actions, counted first; wrong choices get a sentence."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from threading import Event

import pytest

from course_engine.domain.cohorts import Cohort, Present
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.domain.work import Job, JobState
from course_engine.engine import Engine
from course_engine.jobs.tasks import HANDLERS, do_jobs
from course_engine.rendering import pdf, press
from course_engine.services import (
    attendance,
    certificates,
    cohorts,
    inviting,
    jobs,
    members,
    people,
    prints,
    rosters,
)
from tests.cast import BREAD, PASSWORD, ZONE, Browser, Clock
from tests.tools import pdf as read

As = Callable[[Person], Browser]
Presses = list[press.Press]
EVENING = datetime(2026, 3, 10, 18, 30, tzinfo=UTC)


@pytest.fixture
def cohort(engine: Engine, ben: Person, clock: Clock) -> Cohort:
    return cohorts.add(engine, ben, BREAD, "Tuesdays", EVENING, ZONE, 90, clock())


@pytest.fixture
def run(engine: Engine, ada: Person, cohort: Cohort, clock: Clock) -> Run:
    return cohorts.add_member(engine, cohort, ada, clock())


def work(engine: Engine, clock: Clock) -> None:
    do_jobs(engine, HANDLERS, "one", clock, Event())


def room(browser: Browser, engine: Engine, clock: Clock, path: str) -> str:
    """The print room, once its pages are counted."""
    page = browser.get(path).text
    if "Counting the pages" in page:
        work(engine, clock)
        page = browser.get(path).text
    return page


def document(browser: Browser, engine: Engine, clock: Clock, path: str) -> bytes:
    """A PDF, whether it was there in a moment or is made as a job."""
    answer = browser.get(path)
    if answer.status_code == 303:
        work(engine, clock)
        answer = browser.get(browser.get(answer.location).location)
    assert answer.mimetype == "application/pdf"
    return bytes(answer.data)


def numbers(page: str) -> tuple[str, ...]:
    """The pages and sheets that a room tells."""
    found = re.search(r"<strong>(.+?)</strong> <span>(.+?)</span>", page)
    assert found is not None, page
    return found.groups()


def to_print(page: str) -> str:
    """Where the button that prints leads."""
    found = re.search(r'<a class="button button-primary" href="([^"]+)"', page)
    assert found is not None, page
    return unescape(found.group(1))


def link(page: str, words: str) -> str:
    """Where a link with these words leads."""
    found = re.search(rf'<a [^>]*href="([^"]+)"[^>]*>(?:<svg(?:(?!</a>).)*</svg>)?(?:<span>)?{words}<', page)
    assert found is not None, words
    return unescape(found.group(1))


def test_from_the_board_to_tonights_paper_it_is_three_actions(
    engine: Engine, ben: Person, run: Run, cohort: Cohort, as_: As, clock: Clock
) -> None:
    browser = as_(ben)
    board = browser.get(f"/cohorts/{cohort.id}").text
    page = room(browser, engine, clock, link(board, "Print handouts"))
    made = document(browser, engine, clock, to_print(page))

    said = " ".join(read.text(made).split())
    assert "Tuesdays" in said
    assert "Ada" in said
    assert "kitchen" in said.lower()


def test_a_group_whose_sessions_are_over_has_no_handouts_on_its_board(
    ben: Person, run: Run, cohort: Cohort, as_: As, clock: Clock
) -> None:
    clock.now = EVENING + timedelta(days=60)
    assert "Print handouts" not in as_(ben).get(f"/cohorts/{cohort.id}").text


def test_the_room_says_pages_sheets_and_ink_before_anything_is_printed(
    engine: Engine, ben: Person, run: Run, cohort: Cohort, as_: As, clock: Clock
) -> None:
    path = f"/cohorts/{cohort.id}/print?what=worksheet&worksheet=my-kitchen&for=all&sides=1&paper=letter"
    page = room(as_(ben), engine, clock, path)
    pages, sheets = numbers(page)
    assert pages.split()[0] == sheets.split()[0]
    assert sheets.endswith("of Letter, one side")
    assert "Ink saver leaves them out" in page
    assert 'href="/print/test.pdf?paper=letter' in page
    first = document(as_(ben), engine, clock, link(page, "Look at the first sheet"))
    assert read.page_size(first) == (216, 279)


def test_what_one_person_gets_can_follow_on_both_sides_and_the_room_says_so(
    engine: Engine, ben: Person, run: Run, cohort: Cohort, as_: As, clock: Clock
) -> None:
    browser, choice = as_(ben), "what=handouts&for=all&paper=letter&size=large&scripts=yes"
    path = f"/cohorts/{cohort.id}/print?{choice}&sides="
    apart, joined = (room(browser, engine, clock, f"{path}{sides}") for sides in ("2", "on"))
    assert 'value="on" selected' in joined
    assert "stays empty" in apart or "stay empty" in apart
    assert "what one person gets follows without empty backs" in apart
    assert "what one person gets follows without empty backs" not in joined
    pages = [int(numbers(page)[0].split()[0]) for page in (apart, joined)]
    assert pages[1] < pages[0]
    assert read.pages(document(browser, engine, clock, to_print(joined))) == pages[1]


def test_the_scripts_are_there_once_until_ben_ticks_them_for_everybody(
    engine: Engine, ben: Person, run: Run, cohort: Cohort, as_: As, clock: Clock
) -> None:
    browser, path = as_(ben), f"/cohorts/{cohort.id}/print?what=handouts&for=all"
    once, everybody = room(browser, engine, clock, path), room(browser, engine, clock, f"{path}&scripts=yes")
    assert once.count("<span>Script: ") == 1
    assert everybody.count("<span>Script: ") == 2
    assert int(numbers(once)[0].split()[0]) < int(numbers(everybody)[0].split()[0])
    assert 'name="scripts" value="yes" checked' in everybody
    assert 'name="scripts" value="yes" checked' not in browser.get(path).text, "nothing is remembered"
    assert "scripts=yes" in to_print(everybody)
    assert '<option value="on" selected>' in once, "what one person gets runs on unless Ben says otherwise"


def test_a_room_that_counts_looks_again_by_itself(
    engine: Engine, ben: Person, run: Run, cohort: Cohort, as_: As, clock: Clock
) -> None:
    path = f"/cohorts/{cohort.id}/print?what=workbook&for=me"
    browser = as_(ben)
    counting = browser.get(path)
    assert counting.headers["Refresh"] == "2"
    assert "Counting the pages" in counting.text
    assert "Print without counting" in counting.text
    work(engine, clock)
    counted = browser.get(path)
    assert "Refresh" not in counted.headers
    assert re.search(r"<strong>\d+ pages</strong>", counted.text)


def test_the_handouts_of_a_session_have_an_address_of_their_own(
    engine: Engine, ben: Person, ada: Person, run: Run, cohort: Cohort, as_: As, clock: Clock
) -> None:
    browser = as_(ben)
    asked = browser.get(f"/cohorts/{cohort.id}/sessions/1.pdf?for=chosen&people={ada.id}&ink=saver")
    assert asked.status_code == 303
    assert browser.get(f"/cohorts/{cohort.id}/sessions/9.pdf").status_code == 404
    nobody = browser.get(f"/cohorts/{cohort.id}/sessions/1.pdf?for=chosen")
    assert nobody.status_code == 422
    assert "Choose at least one person." in nobody.text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("what=everything", "Choose what to print."),
        ("week=last", "Choose a week of this course."),
        ("week=77", "Choose a week of this course."),
        ("what=sign-in&week=77", "Choose a week of this course."),
        ("what=worksheet&worksheet=nothing", "Choose a worksheet of this course."),
        ("what=script", "Choose a practice of this course."),
        ("for=friends", "Choose for whom."),
        ("for=chosen", "Choose at least one person."),
        ("paper=a5", "Choose the paper: a4 or letter."),
        ("size=huge", "Choose the size: normal or large."),
        ("ink=gold", "Choose the ink: normal or saver."),
        ("sides=3", "Choose one side or both."),
        ("order=weight", "Choose an order."),
        ("what=certificates", "Nobody among them holds a certificate yet."),
        ("what=week&size=large&booklet=yes", "Large print does not fit"),
    ],
)
def test_a_wrong_choice_gets_a_sentence_and_loses_nothing_of_the_rest(
    ben: Person, run: Run, cohort: Cohort, as_: As, query: str, sentence: str
) -> None:
    browser = as_(ben)
    given = dict(pair.split("=") for pair in query.split("&"))
    rest = "&".join(f"{name}={value}" for name, value in {"paper": "letter", "order": "worksheet"}.items() if name not in given)  # fmt: skip # noqa: E501
    for path in ("print", "print.pdf"):
        answer = browser.get(f"/cohorts/{cohort.id}/{path}?{query}&{rest}")
        assert answer.status_code == 422
        assert answer.text.count(sentence) >= 2
        assert "Print</span>" not in answer.text
        if "paper" not in given:
            assert '<option value="letter" selected>' in answer.text
        if "order" not in given:
            assert '<option value="worksheet" selected>' in answer.text


def test_the_room_says_how_many_certificates_are_made_and_who_has_none_yet(
    engine: Engine, ada: Person, ben: Person, run: Run, cohort: Cohort, as_: As, clock: Clock
) -> None:
    for name in ("Hal", "Ida"):
        person = people.add(engine, name, f"{name.lower()}@example.org", PASSWORD, clock())
        cohorts.add_member(engine, cohort, person, clock())
    clock.now = EVENING
    attendance.attend(engine, cohort, 1, ada.id, Present.PRESENT, ben, clock())
    certificates.decide(engine, ada, run, "Ada", "a good reason", ben, clock())
    page = room(as_(ben), engine, clock, f"/cohorts/{cohort.id}/print?what=certificates&for=all")
    assert "1 certificate is made. 2 people have none yet." in page
    assert "For 3 people." not in page


def test_the_library_prints_for_ben_alone(engine: Engine, ben: Person, as_: As, clock: Clock) -> None:
    browser = as_(ben)
    root = f"/library/{BREAD}/print"
    assert f'href="{root}"' in browser.get(f"/library/{BREAD}").text
    page = room(browser, engine, clock, f"{root}?what=script&script=stir-and-look")
    assert "One copy, for you." in page
    assert 'value="certificates"' not in page
    assert 'value="expected"' not in page
    assert "stir" in read.text(document(browser, engine, clock, to_print(page))).lower()
    for query in ("what=sign-in", "what=certificates", "what=handouts"):
        assert browser.get(f"{root}?{query}").status_code == 422


def test_the_sign_in_sheet_names_those_expected_and_carries_the_code_of_the_evening(
    engine: Engine, ben: Person, run: Run, cohort: Cohort, as_: As, clock: Clock
) -> None:
    hal = people.add(engine, "Hal", "hal@example.org", PASSWORD, clock())
    cohorts.add_member(engine, cohort, hal, clock(), started=False)
    ivo = "Ivo of the mill <ivo@example.org>"
    rosters.invite(engine, cohort, inviting.read(cohort, ivo), ben, clock())
    attendance.show_code(engine, cohort, 1)
    browser = as_(ben)
    address = link(browser.get(f"/cohorts/{cohort.id}/sessions/1").text, "Sign-in sheet")
    said = read.text(document(browser, engine, clock, address))
    (code,) = {one.code for one in cohorts.sessions(cohort) if one.number == 1}
    assert code is not None
    assert code in said.replace(" ", "")
    assert "Ada" in said
    assert "Ivo of the mill" in said
    assert "Hal" not in said, "Ben knows no more than an address of his"
    assert "@example.org" not in said

    clock.now = EVENING
    clock.move(hours=2)
    browser = as_(ben)
    address = link(browser.get(f"/cohorts/{cohort.id}/sessions/2").text, "Sign-in sheet")
    assert "Hal" not in read.text(document(browser, engine, clock, address))


def test_the_room_shows_what_is_under_way_to_whom_it_belongs(
    engine: Engine, ben: Person, run: Run, cohort: Cohort, as_: As, clock: Clock
) -> None:
    browser, root = as_(ben), f"/cohorts/{cohort.id}/print"
    asked = browser.get(f"{root}.pdf?what=workbook&for=me").location
    page = browser.get(f"{root}?what=log").text
    assert "Under way and ready" in page
    assert "<span>The whole workbook, one copy</span>" in page
    assert asked in page
    assert f'href="{root}?what=workbook' in browser.get(asked).text
    work(engine, clock)
    assert "ready, " in browser.get(f"{root}?what=log").text
    clock.move(days=2)
    browser = as_(ben)
    assert "Under way" not in browser.get(f"{root}?what=log").text


def test_what_is_made_for_another_group_is_not_in_this_room(
    engine: Engine, ben: Person, cohort: Cohort, as_: As, clock: Clock
) -> None:
    other = cohorts.add(engine, ben, BREAD, "Fridays", EVENING + timedelta(days=3), ZONE, 90, clock())
    members.add_on_paper(engine, cohort, "Olga", ben, clock(), agreed=True)
    browser = as_(ben)
    choices = ("what=week&week=1&size=large&for=all", "what=workbook&for=me")
    rooms = (f"/cohorts/{cohort.id}/print", f"/cohorts/{other.id}/print", f"/library/{BREAD}/print")
    asked = {browser.get(f"{rooms[0]}.pdf?{choice}").location for choice in choices}
    for place, links in zip(rooms, (asked, set(), set()), strict=True):
        assert set(re.findall(r'"(/jobs/[^"/]+)"', browser.get(f"{place}?what=log&for=me").text)) == links
    again = browser.get(f"{rooms[1]}.pdf?{choices[1]}").location
    assert again in browser.get(f"{rooms[1]}?what=log").text
    assert f'href="{rooms[1]}?what=workbook' in browser.get(again).text


def test_a_long_document_that_is_cancelled_half_made_is_let_go_and_leaves_nothing(
    engine: Engine, ben: Person, cleo: Person, cohort: Cohort, as_: As, clock: Clock, pressed: Presses
) -> None:
    browser = as_(ben)
    address = browser.get(f"/cohorts/{cohort.id}/print.pdf?what=workbook&for=me").location
    id = address.removeprefix("/jobs/")
    assert as_(cleo).fill(f"{address}/cancel").status_code == 404

    def cancelling(engine: Engine, job: Job, progress: jobs.Progress, now: datetime) -> object:
        def watched(done: int, total: int) -> None:
            if pressed:
                assert browser.fill(f"{address}/cancel").status_code == 303
            progress(done, total)

        return prints.make(engine, job, watched, now)

    do_jobs(engine, {"print": cancelling}, "one", clock, Event())  # type: ignore[dict-item]

    (used,) = pressed
    assert all(child.process is None for child in used._all)
    ended = jobs.own(ben, id)
    assert (ended.state, ended.result) == (JobState.CANCELLED, {})
    page = browser.get(address)
    assert "This is cancelled" in page.text
    assert "Refresh" not in page.headers

    for _twice in range(2):
        assert browser.fill(f"{address}/again").status_code == 303
    work(engine, clock)
    assert browser.get(address).location.startswith("/files/")


@pytest.fixture
def pressed(monkeypatch: pytest.MonkeyPatch) -> Presses:
    """The presses of long documents, which tell of their progress often."""
    made: Presses = []

    class Watched(press.Press):
        def __init__(self, terms: press.Terms) -> None:
            super().__init__(terms)
            made.append(self)

    monkeypatch.setattr(pdf, "Press", Watched)
    monkeypatch.setattr(press, "BEAT", 0.05)
    pdf.warm()
    made.clear()
    return made


@pytest.mark.parametrize("what", ["worksheet&worksheet=my-kitchen", "week&week=1"])
def test_the_queries_of_the_room_do_not_grow_with_the_group(
    engine: Engine, ben: Person, run: Run, cohort: Cohort, as_: As, clock: Clock, what: str
) -> None:
    browser, path = as_(ben), f"/cohorts/{cohort.id}/print?what={what}&for=all"
    members.add_on_paper(engine, cohort, "Olga", ben, clock(), agreed=True)
    room(browser, engine, clock, path)
    with engine.database.count_queries() as few:
        browser.get(path)
    for number in range(30):
        person = people.add(engine, f"Person {number}", f"p{number}@example.org", PASSWORD, clock())
        cohorts.add_member(engine, cohort, person, clock())
        members.add_on_paper(engine, cohort, f"Paper {number}", ben, clock(), agreed=True)
    with engine.database.count_queries() as many:
        page = browser.get(path).text
    assert many.count == few.count
    assert int(numbers(page)[1].removesuffix(" sheets of A4, both sides")) >= 31


def test_people_on_paper_get_their_own_code_and_nobody_elses_words_are_printed(
    engine: Engine, ben: Person, ada: Person, run: Run, cohort: Cohort, as_: As, clock: Clock
) -> None:
    canary = "A heron nobody else may see"
    as_(ada).fill("/worksheets/my-kitchen", **{"warm-place": canary})
    olga = members.add_on_paper(engine, cohort, "Olga", ben, clock(), agreed=True)
    browser = as_(ben)
    said = read.text(
        document(browser, engine, clock, f"/cohorts/{cohort.id}/print.pdf?what=handouts&for=all")
    )
    assert canary not in " ".join(said.split())
    assert "Code of this sheet" in said
    page = browser.get(f"/cohorts/{cohort.id}/print?what=handouts&for=all").text
    assert canary not in page
    assert f'value="{olga.id}"' in page


@pytest.mark.parametrize("ink", ["normal", "saver"])
def test_learners_choose_their_ink_and_everybody_can_try_their_printer(
    engine: Engine, cleo: Person, as_: As, clock: Clock, ink: str
) -> None:
    made = document(as_(cleo), engine, clock, f"/print/test.pdf?paper=letter&ink={ink}")
    assert read.page_size(made) == (216, 279)


def test_the_whole_workbook_is_printed_from_the_start_where_the_group_has_it_so(
    engine: Engine, ben: Person, ada: Person, run: Run, cohort: Cohort, as_: As, clock: Clock
) -> None:
    cohorts.change(engine, cohort, ben, clock(), whole_workbook=True)
    said = " ".join(read.text(document(as_(ada), engine, clock, "/workbook.pdf")).split())
    assert "Four signs" in said
    assert "What opens later" not in said
    assert "All of it, to read and to write in" in as_(ada).get("/course").text


def test_who_goes_alone_and_chose_paper_prints_the_whole_workbook_and_may_change_that(
    engine: Engine, ada: Person, as_: As, clock: Clock
) -> None:
    def book() -> str:
        return " ".join(read.text(document(browser, engine, clock, "/workbook.pdf")).split())

    browser = as_(ada)
    browser.fill("/join/begin", course=BREAD, agree="yes", pace="weekly", zone=ZONE, paper="yes")
    assert "Four signs" in book()
    assert "All of it, to read and to write in" in browser.get("/course").text
    assert browser.get("/weeks/3").status_code == 403, "on the pages weeks open as for everybody"

    assert 'name="paper" value="yes" checked' in browser.get("/me").text
    assert browser.fill("/me/paper").location == "/me"
    assert 'name="paper" value="yes" checked' not in browser.get("/me").text
    later = book()
    assert "Four signs" not in later
    assert "What opens later" in later
