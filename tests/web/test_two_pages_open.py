"""Ada has the same page open twice, on her laptop and her phone: neither takes words from the other."""

import re
from collections.abc import Callable
from html import unescape

import pytest

from course_engine.domain.answers import earlier_id
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.services import progress, writings
from course_engine.storage import tables
from tests.cast import Browser, Clock

As = Callable[[Person], Browser]
KEPT = "Kept. Only you can see it."
STANDS = "Nothing was changed here. What stands now was kept later."
FIRST, PHONE, LAPTOP = "The heron came.", "The heron came, and stayed.", "A heron, at dusk, by the weir."


def _mark(page: str, entry: str = "") -> str:
    start = page.index(f'name="entry" value="{entry}"') if entry else 0
    found = re.compile(r'name="made_from" value="(\w+)"').search(page, start)
    assert found is not None
    return found.group(1)


def _said(page: str) -> list[str]:
    """What is said at the top of a page, once, about what was just pressed."""
    return [
        words
        for words in re.findall(r"<p>([^<]*)</p>", page)
        if words in (KEPT, STANDS, "Kept, empty.", "Done.")
    ]


def _box(page: str, id: str) -> str:
    found = re.search(rf'<textarea[^>]*id="{id}".*?</textarea>', page, re.DOTALL)
    assert found is not None
    return found.group()


@pytest.mark.parametrize(
    ("path", "where"),
    [("/journal", {}), ("/steps/journal-1", {"step": "journal-1", "page": "step"})],
)
def test_a_page_of_the_journal_that_changed_meanwhile_comes_back_with_both_versions(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock, path: str, where: dict[str, str]
) -> None:
    id = writings.write_entry(engine, ada, run, FIRST, clock(), "journal-1")
    laptop, phone = as_(ada), as_(ada)
    old = _mark(laptop.get(path).text, id)
    assert phone.fill("/journal", entry=id, text=PHONE, made_from=old, **where).location == path

    answer = laptop.fill("/journal", entry=id, text=LAPTOP, made_from=old, **where)

    page = unescape(answer.text)
    assert answer.status_code == 409
    assert "Other words were kept meanwhile" in page
    assert LAPTOP in _box(page, f"entry-{id}")
    assert f'href="#entry-{id}"' in page
    assert page.count(PHONE) == 1, "what is kept now stands beside it"
    assert [one.text for one in writings.entries(engine, ada)] == [PHONE]

    again = laptop.fill("/journal", entry=id, text=LAPTOP, made_from=_mark(page, id), **where)
    assert again.status_code == 303
    assert [one.text for one in writings.entries(engine, ada)] == [LAPTOP]


def test_a_change_pressed_twice_is_kept_once_and_an_old_page_unchanged_takes_nothing_away(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    id = writings.write_entry(engine, ada, run, FIRST, clock())
    browser = as_(ada)
    old = _mark(browser.get("/journal").text, id)
    for text in (PHONE, PHONE, FIRST):
        assert browser.fill("/journal", entry=id, text=text, made_from=old).status_code == 303

    assert [one.text for one in writings.entries(engine, ada)] == [PHONE]


def test_a_change_that_is_too_long_and_changed_meanwhile_is_told_of_both(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    id = writings.write_entry(engine, ada, run, FIRST, clock())
    browser = as_(ada)
    old = _mark(browser.get("/journal").text, id)
    browser.fill("/journal", entry=id, text=PHONE)
    page = browser.fill("/journal", entry=id, text=" ", made_from=old)

    assert page.status_code == 422
    assert _mark(page.text, id) == old
    assert browser.fill("/journal", entry=id, text=LAPTOP, made_from=old).status_code == 409


@pytest.mark.parametrize(
    ("path", "where"),
    [("/journal", {}), ("/steps/journal-1", {"step": "journal-1", "page": "step"})],
)
def test_words_for_a_page_that_was_deleted_meanwhile_come_back_and_can_be_a_new_page(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock, path: str, where: dict[str, str]
) -> None:
    id = writings.write_entry(engine, ada, run, FIRST, clock(), "journal-1")
    laptop = as_(ada)
    old = _mark(laptop.get(path).text, id)
    as_(ada).fill(f"/journal/{id}/delete")

    answer = laptop.fill("/journal", entry=id, text=LAPTOP, made_from=old, **where)

    page = unescape(answer.text)
    assert answer.status_code == 404
    assert "This page was deleted meanwhile" in page
    assert LAPTOP in _box(page, "text")
    assert page.count(LAPTOP) == 1
    assert writings.entries(engine, ada) == []
    new = {"step": "journal-1"} if where else {}
    assert laptop.fill("/journal", text=LAPTOP, **new).status_code == 303
    assert [one.text for one in writings.entries(engine, ada)] == [LAPTOP]


def test_a_long_page_that_changed_meanwhile_is_told_to_its_end(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    text = "\n".join(f"Heron {n}." for n in range(20))
    id = writings.write_entry(engine, ada, run, text, clock())
    browser = as_(ada)
    old = _mark(browser.get("/journal").text, id)
    browser.fill("/journal", entry=id, text=f"{text} {PHONE}", made_from=old)
    page = browser.fill("/journal", entry=id, text=f"{text} {LAPTOP}", made_from=old).text

    assert "here, on another page or on another device" in page
    assert "<details" not in page[page.index('class="entry-day"') : page.index(PHONE)]
    assert "Read all of it" not in page
    assert "Read all of it" in browser.get("/journal").text


def test_words_set_back_to_what_an_old_page_had_are_said_to_change_nothing(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    id = writings.write_entry(engine, ada, run, FIRST, clock())
    browser = as_(ada)
    old = _mark(browser.get("/journal").text, id)
    for text, said in ((PHONE, KEPT), (FIRST, STANDS), (PHONE, KEPT)):
        browser.fill("/journal", entry=id, text=text, made_from=old)
        assert _said(browser.get("/journal").text) == [said]
        assert [one.text for one in writings.entries(engine, ada)] == [PHONE]

    path = "/worksheets/my-kitchen"
    old = _mark(browser.get(path).text)
    for words, said in (("by the stove", KEPT), ("", STANDS), ("by the stove", KEPT)):
        browser.fill(path, made_from=old, **{"warm-place": words})
        page = browser.get(path).text
        assert _said(page) == [said]
        assert "by the stove" in _box(page, "warm-place")
    browser.fill(path, made_from=_mark(page), **{"warm-place": ""})
    assert _said(browser.get(path).text) == ["Kept, empty."]


@pytest.mark.parametrize(
    ("step", "question"), [("check-in-1", "jar-today:other"), ("my-kitchen", "warm-place")]
)
def test_a_step_done_again_from_an_old_page_says_that_nothing_was_changed(
    ada: Person, run: Run, as_: As, step: str, question: str
) -> None:
    browser = as_(ada)
    old = _mark(browser.get(f"/steps/{step}").text)
    path, sent = f"/steps/{step}/done", {"how": "done", "made_from": old, "jar-today": "other"}
    browser.fill(path, **sent, **{question: "It sang."})
    browser.get("/today")
    browser.fill(path, **sent, **{question: ""})

    assert _said(browser.get("/today").text) == [STANDS, "Done."]


def test_words_of_a_question_asked_no_more_are_shown_where_they_changed_meanwhile(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    before: writings.Answers = {"oven": "An old heron."}
    writings.save_answers(engine, ada, run, "worksheet", "my-kitchen", before, clock())
    path, browser = "/worksheets/my-kitchen", as_(ada)
    old = _mark(browser.get(path).text)
    browser.fill(path, made_from=old, **{"oven:earlier": PHONE})

    answer = browser.fill(path, made_from=old, **{"oven:earlier": LAPTOP})

    assert answer.status_code == 409
    assert answer.text.count(PHONE) == 1
    assert 'href="#oven:earlier"' in answer.text
    assert LAPTOP in _box(answer.text, "oven:earlier")
    assert browser.fill(path, made_from=_mark(answer.text), **{"oven:earlier": LAPTOP}).status_code == 303
    assert _kept(engine, ada, run) == {earlier_id("oven"): LAPTOP}


def test_a_page_of_somebody_else_looks_just_as_one_that_is_gone(
    engine: Engine, ada: Person, cleo: Person, run: Run, as_: As, clock: Clock
) -> None:
    id = writings.write_entry(engine, ada, run, FIRST, clock())
    writings.delete_entry(engine, cleo, hers := writings.write_entry(engine, cleo, run, "x", clock()))
    browser = as_(cleo)
    others, gone = (browser.fill("/journal", entry=one, text=LAPTOP) for one in (id, hers))

    assert others.status_code == gone.status_code == 404
    assert FIRST not in others.text
    assert [one.text for one in writings.entries(engine, ada)] == [FIRST]


def test_a_sheet_filled_in_on_two_devices_comes_back_with_what_the_other_kept(
    engine: Engine, ada: Person, run: Run, as_: As
) -> None:
    path = "/worksheets/my-kitchen"
    laptop, phone = as_(ada), as_(ada)
    old = _mark(laptop.get(path).text)
    kept = {"warm-place": "on the shelf", "window": "It looks north."}
    assert phone.fill(path, made_from=old, **kept).status_code == 303
    typed = {"warm-place": "by the stove", "tools": "a heavy pot"}

    answer = laptop.fill(path, made_from=old, **typed)

    page = unescape(answer.text)
    assert answer.status_code == 409
    assert "Other words were kept meanwhile" in page
    told = page[page.index('role="alert"') : page.index("<form")]
    assert "on the shelf" in told
    assert "Left empty" in told, "the tools were ticked here only"
    assert "by the stove" in _box(page, "warm-place")
    assert re.search(r'value="a heavy pot" checked', page)
    assert _kept(engine, ada, run) == {one: words for one, words in kept.items() if one != "window"}
    again = laptop.fill(path, made_from=_mark(page), **typed)
    assert again.status_code == 303
    assert _kept(engine, ada, run) == {"warm-place": "by the stove", "tools": ["a heavy pot"]}


@pytest.mark.parametrize("how", ["done", "not-today"])
def test_a_step_is_not_completed_with_words_that_could_not_be_kept(
    engine: Engine, ada: Person, run: Run, as_: As, how: str
) -> None:
    browser = as_(ada)
    old = _mark(browser.get("/steps/my-kitchen").text)
    browser.fill("/worksheets/my-kitchen", **{"warm-place": "on the shelf"})

    sent = {"how": how, "made_from": old, "warm-place": "by the stove"}
    answer = browser.fill("/steps/my-kitchen/done", **sent)

    assert answer.status_code == 409
    assert "by the stove" in _box(answer.text, "warm-place")
    assert progress.ways(run) == {}
    assert _kept(engine, ada, run) == {"warm-place": "on the shelf"}
    sent["made_from"] = _mark(answer.text)
    assert browser.fill("/steps/my-kitchen/done", **sent).status_code == 303
    assert list(progress.ways(run)) == ["my-kitchen"]
    assert _kept(engine, ada, run) == {"warm-place": "by the stove"}


@pytest.mark.parametrize("sent", [{}, {"warm-place": "on the shelf"}])
def test_an_old_page_sent_as_it_was_takes_nothing_away(
    engine: Engine, ada: Person, run: Run, as_: As, sent: dict[str, object]
) -> None:
    path, browser = "/worksheets/my-kitchen", as_(ada)
    browser.fill(path, **sent)
    old = _mark(browser.get(path).text)
    browser.fill(path, **{"warm-place": "by the stove"})

    assert browser.fill("/steps/my-kitchen/done", how="done", made_from=old, **sent).status_code == 303
    assert _kept(engine, ada, run) == {"warm-place": "by the stove"}
    assert _said(browser.get(path).text) == [KEPT, *([STANDS] if sent else []), "Done."]


def test_a_check_in_changed_on_two_devices_comes_back_too(
    engine: Engine, ada: Person, run: Run, as_: As
) -> None:
    browser, path = as_(ada), "/steps/check-in-1/done"
    old = _mark(browser.get("/steps/check-in-1").text)
    kept = {"how": "done", "jar-today": "other", "jar-today:other": "It sang."}
    assert browser.fill(path, made_from=old, **kept).status_code == 303

    typed = kept | {"jar-today:other": "It slept."}
    answer = browser.fill(path, made_from=old, **typed)

    assert answer.status_code == 409
    assert "It sang." in answer.text
    assert 'value="It slept."' in answer.text
    found = writings.answers(engine, ada, run, "check-in", "check-in-1")
    assert found == {"jar-today": "It sang."}
    assert browser.fill(path, made_from=_mark(answer.text), **typed).status_code == 303


def test_words_taken_out_of_a_sheet_are_in_none_of_its_prints(
    ada: Person, run: Run, as_: As, no_printing: None
) -> None:
    browser = as_(ada)
    browser.fill("/worksheets/my-kitchen", **{"warm-place": "on the shelf"})
    assert browser.get("/worksheets/my-kitchen.pdf?with=answers").status_code == 200
    (print,) = [row.id for row in tables.File.select()]
    assert browser.get(f"/files/{print}").status_code == 200

    browser.fill("/worksheets/my-kitchen", **{"warm-place": ""})

    assert browser.get(f"/files/{print}").status_code == 404
    assert tables.File.select().count() == 0


def _kept(engine: Engine, ada: Person, run: Run) -> writings.Answers:
    return writings.answers(engine, ada, run, "worksheet", "my-kitchen")
