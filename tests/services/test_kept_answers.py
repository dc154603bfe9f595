"""What Ada filled in, read and printed after a newer edition has asked otherwise."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from course_engine.crypto import Unsealable
from course_engine.domain.answers import beside, earlier_id, labels, table
from course_engine.domain.course import Field
from course_engine.domain.errors import Refused
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.rendering import pdf
from course_engine.rendering.paper import A4
from course_engine.services import measures, prints, runs, writings
from course_engine.storage import tables
from tests.cast import Clock
from tests.tools import pdf as paper

Edit = Callable[..., str]
SHEET = "01-starter/worksheet-my-kitchen.yaml"
DAYS = 'rows: ["Day 1", "Day 2", "Day 3", "Day 4"]'


def question(at: runs.Position, id: str) -> Field:
    sheet = at.course.worksheets["my-kitchen"].worksheet
    assert sheet is not None
    return next(field for field in sheet.fields if field.id == id)


def moved(engine: Engine, ada: Person, run: Run, clock: Clock) -> runs.Position:
    at = runs.position(engine, ada, run, clock())
    return runs.position(engine, ada, runs.to_newest(engine, ada, at, clock()), clock())


@pytest.mark.parametrize(
    ("days", "rows"),
    [
        (
            'rows: ["Day 0", "Day 1", "Day 2", "Day 3", "Day 4"]',
            ["Day 0", "Day 1", "Day 2", "Day 3", "Day 4"],
        ),
        ('rows: ["Day 4", "Day 2"]', ["Day 4", "Day 2", "Day 1"]),
        ("lines: 2", ["1", "2", "Day 1", "Day 4"]),
    ],
)
def test_each_day_keeps_its_words_in_a_newer_edition(
    engine: Engine, ada: Person, run: Run, clock: Clock, edit: Edit, days: str, rows: list[str]
) -> None:
    at = runs.position(engine, ada, run, clock())
    cells = [["one", ""], ["", ""], ["", ""], ["", "four"]]
    answer: writings.Answers = {"signs": table(labels(question(at, "signs")), cells)}
    writings.save_answers(engine, ada, run, "worksheet", "my-kitchen", answer, clock())
    edit((SHEET, DAYS, days))
    at = moved(engine, ada, run, clock)
    found = beside(question(at, "signs"), writings.answers(engine, ada, at.run, "worksheet", "my-kitchen"))

    assert list(found.field.rows) == rows
    assert isinstance(found.value, list)
    stands = {row: "".join(words) for row, words in zip(rows, found.value, strict=True) if any(words)}
    assert stands == {"Day 1": "one", "Day 4": "four"}


def test_a_table_is_the_same_in_every_language(
    engine: Engine, ada: Person, run: Run, clock: Clock, edit: Edit
) -> None:
    spanish = (
        '  - id: signs\n    rows: ["Día 1", "Día 2", "Día 3", "Día 4"]\n    columns: ["Altura", "Olor"]\n'
    )
    last = '    options: ["trigo integral", "trigo blanco", "centeno", "espelta"]\n'
    edit(("01-starter/worksheet-my-kitchen.es.yaml", last, last + spanish))
    moved(engine, ada, run, clock)
    run = runs.own(engine, ada, run.id)
    english, spoken = (
        question(runs.position(engine, replace(ada, language=language), run, clock()), "signs")
        for language in ("en", "es")
    )

    assert spoken.rows == ("Día 1", "Día 2", "Día 3", "Día 4")
    assert labels(spoken) == labels(english) == (english.rows, english.columns)


def test_a_sheet_is_printed_with_words_of_questions_that_have_changed_or_are_asked_no_more(
    engine: Engine, ada: Person, run: Run, clock: Clock
) -> None:
    answers: dict[str, object] = {
        "how-to-use": "herons", "warm-place": ["on", "the fridge"], "warmth": "rather warm",
        "flour": [["wheat", "rye"]], "signs": table((["Day 9"], ["Colour"]), [["beige"]]),
        "notes": "loud bubbles", earlier_id("tools"): "an oven", "smell": "green apples",
    }  # fmt: skip
    writings.save_answers(engine, ada, run, "worksheet", "my-kitchen", answers, clock())
    at = runs.position(engine, ada, run, clock())
    wanted = prints.worksheet(engine, ada, at, "my-kitchen", A4, filled=True)
    text = " ".join(paper.text(pdf.render(wanted.kind, wanted.values, wanted.language)).split())

    assert text.count("What you wrote here earlier") == 6
    for words in (
        "herons",
        "the fridge",
        "rather warm",
        "wheat; rye",
        "beige",
        "Day 9",
        "loud bubbles",
        "an oven",
        "green apples",
    ):
        assert words in text, words
    blank = prints.worksheet(engine, ada, at, "my-kitchen", A4)
    assert not blank.own
    assert "earlier" not in paper.text(pdf.render(blank.kind, blank.values, blank.language))


def test_a_damaged_sheet_is_no_reason_to_fail(engine: Engine, ada: Person, run: Run, clock: Clock) -> None:
    at = runs.position(engine, ada, run, clock())
    for kind, item in (("worksheet", "my-kitchen"), ("check-in", "oven-1"), ("check-in", "check-in-1")):
        answer: writings.Answers = {"patience-1": 3}
        writings.save_answers(engine, ada, run, kind, item, answer, clock())  # type: ignore[arg-type]
    tables.Answer.update(sealed=b"damaged").where(tables.Answer.item != "check-in-1").execute()

    assert writings.opened(engine, ada, run, "worksheet", "my-kitchen") is None
    assert writings.opened(engine, ada, run, "worksheet", "another") == {}
    assert writings.answers_of_kind(engine, ada, run, "check-in") == {"check-in-1": {"patience-1": 3}}
    assert measures.compared(engine, ada, at, at.course.steps["oven-1"]) is None
    assert not writings.is_filled_in(engine, ada, run, "my-kitchen")
    with pytest.raises(Unsealable):
        writings.answers(engine, ada, run, "worksheet", "my-kitchen")
    with pytest.raises(Refused, match="It can be filled in anew"):
        prints.worksheet(engine, ada, at, "my-kitchen", A4, filled=True)
    assert prints.worksheet(engine, ada, at, "my-kitchen", A4).name == "my-kitchen.pdf"
