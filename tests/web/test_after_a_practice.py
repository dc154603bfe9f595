"""What Ada keeps after a practice stands on its page, for her alone; skipping throws no words away."""

from collections.abc import Callable
from html import unescape

from course_engine.domain.pace import PaceKind
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.services import moments, runs, writings
from course_engine.storage import tables
from tests.cast import BREAD, Browser, Clock, add_person

As = Callable[[Person], Browser]
PRACTICE = "stir-and-look"
PAGE, MOMENT = f"/steps/{PRACTICE}", f"/steps/{PRACTICE}/moment"
HEADING = "What you kept with it"


def test_nothing_stands_on_the_page_of_a_practice_until_something_is_kept(
    ada: Person, run: Run, as_: As
) -> None:
    browser = as_(ada)
    assert HEADING not in browser.get(PAGE).text
    browser.fill(MOMENT, moment="", note="  ")
    assert HEADING not in browser.get(PAGE).text


def test_ada_reads_what_she_kept_each_time_with_the_newest_first_and_a_few_in_sight(
    ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    browser = as_(ada)
    for number in range(1, 6):
        browser.fill(MOMENT, moment="warm", note=f"Note {number}.", press=f"press-{number}")
        clock.move(days=1)

    page = browser.get(PAGE).text
    shown, folded = page.split("Earlier ones")
    assert shown.index("Note 5.") < shown.index("Note 4.") < shown.index("Note 3.")
    assert folded.index("Note 2.") < folded.index("Note 1.")
    assert shown.count("<strong>Warm</strong>") == 3
    assert "Only you can see this." in shown


def test_the_same_press_sent_again_is_one_note_with_the_last_words(
    engine: Engine, ada: Person, run: Run, as_: As
) -> None:
    browser = as_(ada)
    for note in ("A heron.", "Two herons."):
        browser.fill(MOMENT, moment="steady", note=note, press="one-press")
    assert [kept.note for kept in moments.of_step(engine, ada, PRACTICE)] == ["Two herons."]


def test_skip_keeps_the_note_that_was_typed_and_no_word(
    engine: Engine, ada: Person, run: Run, as_: As
) -> None:
    answer = as_(ada).fill(MOMENT, moment="overwhelmed", note="My feet were warm.", how="skip")
    assert answer.location == "/today"
    (kept,) = moments.of_step(engine, ada, PRACTICE)
    assert (kept.word, kept.note) == ("", "My feet were warm.")


def test_what_was_kept_by_an_earlier_edition_of_the_site_is_read_and_deleted_too(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    writings.save_answers(engine, ada, run, "moment", PRACTICE, {"note": "From before."}, clock())
    browser = as_(ada)
    assert "From before." in browser.get(PAGE).text
    assert browser.fill(f"/steps/{PRACTICE}/moments/{run.id}/delete").location == PAGE
    assert "From before." not in browser.get(PAGE).text


def test_a_note_is_looked_at_once_more_and_then_gone(engine: Engine, ada: Person, run: Run, as_: As) -> None:
    browser = as_(ada)
    browser.fill(MOMENT, moment="mixed", note="Rain on the roof.")
    (kept,) = moments.of_step(engine, ada, PRACTICE)
    link = f"/steps/{PRACTICE}/moments/{kept.id}/delete"
    assert f'href="{link}"' in browser.get(PAGE).text
    asked = browser.get(link).text
    assert ("Rain on the roof." in asked, "gone for good" in asked) == (True, True)

    assert browser.fill(link).location == PAGE
    assert "The words of that note are gone." in browser.get(PAGE).text
    assert tables.Answer.select().count() == 0
    assert browser.get(link).status_code == 404


def test_nobody_else_reads_or_deletes_it(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    moments.keep(engine, ada, run, PRACTICE, "warm", "A heron.", clock())
    (kept,) = moments.of_step(engine, ada, PRACTICE)
    cleo = add_person(engine, "Cleo", clock())
    runs.join_alone(engine, cleo, BREAD, PaceKind.FREE, clock())
    browser, link = as_(cleo), f"/steps/{PRACTICE}/moments/{kept.id}/delete"
    assert "A heron." not in browser.get(PAGE).text
    assert (browser.get(link).status_code, browser.fill(link).status_code) == (404, 404)
    assert moments.of_step(engine, ada, PRACTICE) == [kept]


def test_a_damaged_note_says_so_and_hides_no_other(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    moments.keep(engine, ada, run, PRACTICE, "warm", "The first.", clock(), "one")
    tables.Answer.update(sealed=b"x" * 60).execute()
    moments.keep(engine, ada, run, PRACTICE, "warm", "The second.", clock.move(days=1), "two")
    page = as_(ada).get(PAGE).text
    assert ("This note cannot be opened." in page, "The second." in page) == (True, True)


def test_a_practice_asks_the_database_one_question_for_it_however_much_is_kept(
    engine: Engine, ada: Person, run: Run, as_: As, clock: Clock
) -> None:
    browser, counts = as_(ada), []
    browser.get(PAGE)
    for number in range(3):
        with engine.database.count_queries() as asked:
            browser.get(PAGE)
        counts.append(asked.count)
        moments.keep(engine, ada, run, PRACTICE, "warm", f"Note {number}", clock(), str(number))
    assert counts[0] == counts[1] == counts[2]


def test_a_long_note_is_folded_after_its_beginning(ada: Person, run: Run, as_: As) -> None:
    browser = as_(ada)
    browser.fill(MOMENT, moment="", note="A quiet line.\n" * 30)
    page = unescape(browser.get(PAGE).text)
    shown, folded = page.split("Read all of it")
    assert (shown.count("A quiet line."), folded.count("A quiet line.")) == (12, 18)
