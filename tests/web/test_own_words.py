"""What Ada wrote stays hers: changed wherever she stands, kept once however often she presses, given back."""

import re
from collections.abc import Callable
from html import unescape

import pytest

from course_engine.domain.pace import PaceKind
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.services import runs, writings
from course_engine.storage import tables
from tests.cast import Browser, Clock

As = Callable[[Person], Browser]
WORDS = "The heron came back this morning, and I was there."
KEPT = "something kept"


@pytest.mark.parametrize("step", ["journal-2", "journal-of-an-older-course"])
def test_an_older_page_can_be_changed_whatever_became_of_its_step(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock, step: str
) -> None:
    id = writings.write_entry(engine, ada, run, "First words", clock(), step)
    answer = as_(ada).fill("/journal", text=WORDS, entry=id, step=step)

    assert (answer.status_code, answer.location) == (303, "/journal")
    assert [one.text for one in writings.entries(engine, ada)] == [WORDS]


def test_words_for_a_page_that_is_locked_or_gone_come_back(ada: Person, run: Run, as_: As) -> None:
    browser = as_(ada)
    locked = browser.fill("/journal", text=WORDS, step="journal-2")
    gone = browser.fill("/journal", text=WORDS, step="no-such-step")

    assert (locked.status_code, gone.status_code) == (403, 404)
    assert WORDS in unescape(locked.text)
    assert WORDS in unescape(gone.text)


@pytest.mark.parametrize("path", ["/journal", "/steps/journal-1"])
def test_two_presses_make_one_page_and_other_words_another(
    engine: Engine, ada: Person, run: Run, as_: As, path: str
) -> None:
    browser = as_(ada)
    found = re.search(r'name="press" value="([^"]+)"', browser.get(path).text)
    assert found is not None
    for text in (WORDS, WORDS, "Something else."):
        assert browser.fill("/journal", text=text, press=found.group(1)).status_code == 303

    assert sorted(one.text for one in writings.entries(engine, ada)) == ["Something else.", WORDS]
    assert found.group(1) not in browser.get(path).text


@pytest.mark.parametrize("path", ["/journal", "/steps/journal-1/done"])
def test_whoever_goes_back_and_keeps_the_same_words_again_has_one_page(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock, path: str
) -> None:
    browser, more = as_(ada), {"how": "done"} if path.endswith("done") else {}
    for press in ("first", "after going back"):
        browser.fill(path, text=WORDS, press=press, **more)
        clock.move(minutes=5)
    assert [one.text for one in writings.entries(engine, ada)] == [WORDS]

    clock.move(days=1)
    browser.fill(path, text=WORDS, press="another day", **more)
    assert [one.text for one in writings.entries(engine, ada)] == [WORDS, WORDS]


def test_a_long_page_of_the_journal_shows_its_beginning_and_the_rest_is_folded(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    browser = as_(ada)
    writings.write_entry(engine, ada, run, "Five lines.\n" * 5, clock())
    assert "Read all of it" not in browser.get("/journal").text

    text = " ".join(f"word{number}" for number in range(500))
    writings.write_entry(engine, ada, run, text, clock.move(hours=1))
    page = browser.get("/journal").text
    shown = re.findall(r'<p class="entry-text"[^>]*>([^<]*)</p>', page)
    assert " ".join(shown[:2]) == text
    assert len(shown[0]) <= 1200
    assert page.index("Read all of it") > page.index(shown[0])


def test_one_damaged_page_leaves_the_others_readable(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    writings.write_entry(engine, ada, run, WORDS, clock())
    broken = writings.write_entry(engine, ada, run, "Illegible", clock())
    with engine.database.transaction():
        tables.Journal.update(sealed=b"\0" * 40).where(tables.Journal.id == broken).execute()
    page = as_(ada).get("/journal")

    assert page.status_code == 200
    assert WORDS in unescape(page.text)
    assert "This entry cannot be opened." in page.text
    assert broken not in page.text, "nothing may be written over it"


def test_a_step_reads_its_own_pages_only(engine: Engine, ada: Person, run: Run, clock: Clock) -> None:
    writings.write_entry(engine, ada, run, "Free", clock())
    writings.write_entry(engine, ada, run, "Prompted", clock(), "journal-1")

    assert [one.text for one in writings.entries(engine, ada, "journal-1")] == ["Prompted"]


def test_a_week_says_where_something_is_kept_until_it_is_gone_again(
    engine: Engine, ada: Person, run: Run, as_: As
) -> None:
    browser = as_(ada)
    assert KEPT not in browser.get("/weeks/1").text

    browser.fill("/journal", text=WORDS, step="journal-1")
    assert browser.get("/weeks/1").text.count(KEPT) == 1
    browser.fill("/worksheets/my-kitchen", **{"warm-place": "the shelf"})
    page = browser.get("/weeks/1").text
    assert page.count(KEPT) == 2
    assert "heron" not in page
    assert "shelf" not in page

    browser.fill("/worksheets/my-kitchen", **{"warm-place": " "})
    assert browser.get("/weeks/1").text.count(KEPT) == 1
    (entry,) = writings.entries(engine, ada)
    browser.fill(f"/journal/{entry.id}/delete")
    assert KEPT not in browser.get("/weeks/1").text


def test_a_newer_edition_takes_no_answer_away(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    kept: dict[str, object] = {"tools": ["a heavy pot", "a wooden spoon"], "window": "It looks north."}
    writings.save_answers(engine, ada, run, "worksheet", "my-kitchen", kept, clock())
    browser = as_(ada)
    page = browser.get("/worksheets/my-kitchen").text
    assert re.search(r'value="a wooden spoon" checked', page)
    former = re.findall(r'name="tools:former" value="([^"]+)"', page)

    sent: dict[str, object] = {"warm-place": "the shelf", "tools": kept["tools"], "tools:former": former}
    assert browser.fill("/worksheets/my-kitchen", **sent).status_code == 303
    found = writings.answers(engine, ada, run, "worksheet", "my-kitchen")
    assert found == {**kept, "warm-place": "the shelf"}
    assert browser.fill("/worksheets/my-kitchen", tools="a spoon of nobody's").status_code == 422
    browser.fill("/worksheets/my-kitchen", **{"warm-place": ""})
    assert writings.answers(engine, ada, run, "worksheet", "my-kitchen") == {"window": kept["window"]}


def test_a_sheet_that_does_not_open_any_more_can_be_filled_in_anew(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    browser = as_(ada)
    writings.save_answers(engine, ada, run, "worksheet", "my-kitchen", {"warm-place": "here"}, clock())
    tables.Answer.update(sealed=b"damaged").execute()

    assert browser.fill("/worksheets/my-kitchen", **{"warm-place": "there"}).status_code == 303
    assert writings.answers(engine, ada, run, "worksheet", "my-kitchen") == {"warm-place": "there"}


def test_what_ada_keeps_is_not_said_to_cleo(
    engine: Engine, ada: Person, cleo: Person, run: Run, as_: As, clock: Clock
) -> None:
    runs.join_alone(engine, cleo, run.course, PaceKind.FREE, clock())
    writings.write_entry(engine, ada, run, WORDS, clock(), "journal-1")

    assert KEPT in as_(ada).get("/weeks/1").text
    assert KEPT not in as_(cleo).get("/weeks/1").text


@pytest.mark.parametrize(
    ("sent", "back"),
    [({}, "/journal"), ({"step": "journal-1"}, "/steps/journal-1"), ({"step": "x"}, "/journal")],
)
def test_an_empty_new_page_is_no_fault_and_nothing_is_kept(
    engine: Engine, ada: Person, run: Run, as_: As, sent: dict[str, str], back: str
) -> None:
    browser = as_(ada)
    answer = browser.fill("/journal", text=" \n\t ", **sent)

    assert (answer.status_code, answer.location) == (303, back)
    page = browser.get(back).text
    assert "Nothing written today, and that is fine." in page
    assert "Error:" not in page
    assert writings.entries(engine, ada) == []


def test_a_page_that_is_too_long_says_so(ada: Person, run: Run, as_: As) -> None:
    long = as_(ada).fill("/journal", text="a" * 100_001)
    assert long.status_code == 422
    assert "longer than one page can hold" in long.text


def test_a_worksheet_that_was_emptied_stays_empty(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    browser = as_(ada)
    at = runs.position(engine, ada, run, clock())
    step = at.course.worksheets["my-kitchen"].id
    writings.save_answers(engine, ada, run, "worksheet", "my-kitchen", {"warm-place": "the shelf"}, clock())

    assert browser.fill(f"/steps/{step}/done", how="done").status_code == 303
    assert writings.answers(engine, ada, run, "worksheet", "my-kitchen") == {"warm-place": "the shelf"}
    assert browser.fill(f"/steps/{step}/done", how="done", **{"warm-place": ""}).status_code == 303
    assert writings.answers(engine, ada, run, "worksheet", "my-kitchen") == {}


def test_words_typed_before_a_check_in_was_skipped_are_kept(
    engine: Engine, ada: Person, run: Run, as_: As
) -> None:
    sent = as_(ada).fill(
        "/steps/check-in-1/done", how="not-today", **{"jar-today": "other", "jar-today:other": "asleep"}
    )

    assert sent.status_code == 303
    assert writings.answers(engine, ada, run, "check-in", "check-in-1") == {"jar-today": "asleep"}


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}]
)
def test_words_of_another_site_are_not_put_before_ada(
    ada: Person, run: Run, as_: As, client: Browser, headers: dict[str, str]
) -> None:
    for browser in (as_(ada), client):
        answer = browser.post("/journal", data={"text": WORDS}, headers=headers)
        assert answer.status_code == 400
        assert WORDS not in unescape(answer.text)
