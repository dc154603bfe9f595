"""What Ada keeps from two pages that are open at once: nothing is overwritten unseen, nothing comes back."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from threading import Barrier, Thread
from time import sleep

import pytest

from course_engine.crypto import new_token
from course_engine.domain.errors import ChangedMeanwhile, NotFound
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.domain.work import Job, JobState
from course_engine.engine import Engine
from course_engine.rendering import pdf
from course_engine.rendering.paper import A4
from course_engine.services import jobs as work
from course_engine.services import prints, runs, writings
from course_engine.storage import files, tables
from course_engine.storage import writings as stored
from tests.cast import Clock

SHEET = "my-kitchen"
Keep = Callable[..., None]


@pytest.fixture
def keep(engine: Engine, ada: Person, run: Run, clock: Clock) -> Keep:
    """Keep answers on Ada's worksheet, from a form with this mark."""

    def keep(mark: str = "", **answers: object) -> None:
        writings.save_answers(engine, ada, run, "worksheet", SHEET, answers, clock(), mark)

    return keep


def _mark(engine: Engine, run: Run, **answers: object) -> str:
    return writings.mark_of(engine, run, "worksheet", SHEET, answers)


def _kept(engine: Engine, ada: Person, run: Run) -> writings.Answers:
    return writings.answers(engine, ada, run, "worksheet", SHEET)


def test_a_form_made_from_older_answers_overwrites_nothing(
    engine: Engine, ada: Person, run: Run, keep: Keep
) -> None:
    first = _mark(engine, run)
    keep(first, flour="rye")
    with pytest.raises(ChangedMeanwhile):
        keep(first, flour="spelt")
    assert _kept(engine, ada, run) == {"flour": "rye"}

    keep(_mark(engine, run, flour="rye"), flour="spelt")
    assert _kept(engine, ada, run) == {"flour": "spelt"}


def test_a_form_sent_twice_or_as_it_was_made_changes_nothing(
    engine: Engine, ada: Person, run: Run, keep: Keep
) -> None:
    empty = _mark(engine, run)
    keep(empty, flour="rye")
    keep(empty, flour="rye")
    keep(empty)
    assert _kept(engine, ada, run) == {"flour": "rye"}


def test_a_sheet_emptied_meanwhile_is_not_filled_again_unseen(
    engine: Engine, ada: Person, run: Run, keep: Keep
) -> None:
    keep(flour="rye")
    mark = _mark(engine, run, flour="rye")
    keep(mark)
    with pytest.raises(ChangedMeanwhile):
        keep(mark, flour="rye and oats")
    assert _kept(engine, ada, run) == {}


def test_a_form_without_a_mark_is_kept_as_it_comes(engine: Engine, ada: Person, run: Run, keep: Keep) -> None:
    keep(flour="rye")
    keep(flour="spelt")
    assert _kept(engine, ada, run) == {"flour": "spelt"}


def test_what_does_not_open_can_be_filled_in_anew(engine: Engine, ada: Person, run: Run, keep: Keep) -> None:
    keep(flour="rye")
    with engine.database.transaction():
        tables.Answer.update(sealed=b"damaged").execute()
    keep(_mark(engine, run), flour="spelt")
    assert _kept(engine, ada, run) == {"flour": "spelt"}


def test_a_mark_says_nothing_and_outlives_a_new_secret(
    engine: Engine, ada: Person, run: Run, keep: Keep
) -> None:
    mark = _mark(engine, run, flour="rye")
    other = replace(run, id="another-run-00000")
    assert mark != _mark(engine, other, flour="rye")
    assert "rye" not in mark
    old = engine.config.secret_key
    engine.config = replace(engine.config, secret_key=new_token(), secret_key_fallbacks=(old,))
    assert mark != _mark(engine, run, flour="rye")

    keep(flour="rye")
    keep(mark, flour="spelt")
    assert _kept(engine, ada, run) == {"flour": "spelt"}


def test_of_two_who_press_at_the_same_moment_one_is_asked_again(
    engine: Engine, ada: Person, run: Run, keep: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark, together = _mark(engine, run), Barrier(2)
    look = stored.answer

    def look_long(run: str, kind: str, item: str) -> stored.Answer | None:
        found = look(run, kind, item)
        sleep(0.2)
        return found

    monkeypatch.setattr(stored, "answer", look_long)

    def press(flour: str) -> str:
        together.wait(10)
        try:
            keep(mark, flour=flour)
        except ChangedMeanwhile:
            return ""
        return flour

    with ThreadPoolExecutor(2) as threads:
        kept = [flour for flour in threads.map(press, ("rye", "spelt")) if flour]

    assert len(kept) == 1
    assert _kept(engine, ada, run) == {"flour": kept[0]}


def test_a_page_deleted_while_a_change_of_it_is_under_way_stays_deleted(
    engine: Engine, ada: Person, run: Run, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = writings.write_entry(engine, ada, run, "First words", clock())
    look, other = stored.get_journal, Thread(target=lambda: writings.delete_entry(engine, ada, id))

    def look_while_it_goes(id: str, person: str) -> stored.Entry | None:
        found = look(id, person)
        monkeypatch.setattr(stored, "get_journal", look)
        other.start()
        other.join(0.5)
        return found

    monkeypatch.setattr(stored, "get_journal", look_while_it_goes)
    # On SQLite the deleting waits for its turn, and finds the changed page.
    with nullcontext() if engine.database.is_sqlite else pytest.raises(NotFound):
        writings.change_entry(engine, ada, id, "Better words", clock())
    other.join(10)

    assert writings.entries(engine, ada) == []


def _print(engine: Engine, ada: Person, run: Run, clock: Clock, *, filled: bool = True) -> bytes | Job:
    at = runs.position(engine, ada, run, clock())
    wanted = prints.worksheet(engine, ada, at, SHEET, A4, filled=filled)
    return prints.deliver(engine, ada, wanted, clock())


@pytest.mark.parametrize("then", [{}, {"flour": "spelt"}])
def test_no_print_holds_on_to_words_that_were_taken_back(
    engine: Engine, ada: Person, run: Run, keep: Keep, clock: Clock, monkeypatch: pytest.MonkeyPatch,
    then: dict[str, object],
) -> None:  # fmt: skip
    monkeypatch.setattr(pdf, "render", lambda *_given, **_more: b"%PDF-1.7")
    keep(flour="rye")
    _print(engine, ada, run, clock)
    _print(engine, ada, run, clock, filled=False)
    (own,) = [row.id for row in tables.File.select() if row.media_type == files.SEALED]

    keep(_mark(engine, run, flour="rye"), flour="rye")
    assert prints.file(engine, ada, own)[1] == b"%PDF-1.7", "nothing has changed yet"

    keep(**then)
    with pytest.raises(NotFound):
        prints.file(engine, ada, own)
    assert [row.media_type for row in tables.File.select()] == ["application/pdf"]


@pytest.mark.parametrize("then", [{}, {"flour": "spelt"}])
def test_a_print_made_while_the_words_are_taken_back_is_kept_nowhere(
    engine: Engine, ada: Person, run: Run, keep: Keep, clock: Clock, monkeypatch: pytest.MonkeyPatch,
    then: dict[str, object],
) -> None:  # fmt: skip
    def render(*_given: object, **_more: object) -> bytes:
        keep(**then)
        return b"%PDF-1.7"

    monkeypatch.setattr(pdf, "render", render)
    keep(flour="rye")

    assert _print(engine, ada, run, clock) == b"%PDF-1.7", "it is what was asked for"
    assert tables.File.select().count() == 0


def test_a_print_ordered_just_as_the_words_are_taken_back_is_not_made(
    engine: Engine, ada: Person, run: Run, keep: Keep, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(blocking: bool) -> bool:
        keep()
        return blocking

    monkeypatch.setattr("course_engine.services.prints.turn.acquire", busy)
    monkeypatch.setattr(pdf, "render", lambda *_given, **_more: b"%PDF-1.7")
    keep(flour="rye")
    own = _print(engine, ada, run, clock)
    assert not isinstance(own, bytes)
    while work.run_next(engine, {prints.KIND: prints.make}, "worker", clock):
        pass

    assert work.own(ada, own.id).state is JobState.STOPPED
    assert [row.media_type for row in tables.File.select()] == [files.SEALED_ORDER]


def test_a_print_that_waits_is_not_made_from_words_that_were_taken_back(
    engine: Engine, ada: Person, run: Run, keep: Keep, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("course_engine.services.prints.turn.acquire", lambda blocking: False)
    keep(flour="rye")
    own = _print(engine, ada, run, clock)
    blank = _print(engine, ada, run, clock, filled=False)
    assert not isinstance(own, bytes)
    assert not isinstance(blank, bytes)

    keep()

    assert work.own(ada, own.id).state is JobState.CANCELLED
    assert work.own(ada, blank.id).state is JobState.WAITING
    assert [row.media_type for row in tables.File.select()] == [files.ORDER]
    work.again(engine, ada, own.id)
    monkeypatch.setattr(pdf, "render", lambda *_given, **_more: b"%PDF-1.7")
    while work.run_next(engine, {prints.KIND: prints.make}, "worker", clock):
        pass
    stopped = work.own(ada, own.id)
    assert (stopped.state, stopped.fault) == (
        JobState.STOPPED, "What this was to be made from has changed or is gone. Ask for it anew."
    )  # fmt: skip
    assert work.own(ada, blank.id).state is JobState.DONE
