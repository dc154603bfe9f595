"""What was given to a question of one edition, beside the question of another."""

import pytest

from course_engine.domain.answers import beside, carried, earlier_id, gone, labels, table
from course_engine.domain.course import Field

JAR = Field("signs", "table", "What the jar did", columns=("Height", "Smell"), rows=("Day 1", "Day 2"))
NOTES = Field("signs", "table", "Anything else", columns=("When",), lines=2)
KEPT = table((("Day 1", "Day 2"), ("Height", "Smell")), [["3 cm", "sour"], ["4 cm", ""]])


def test_words_stay_beside_the_label_that_they_were_written_for() -> None:
    later = Field("signs", "table", "The jar", columns=("Smell", "Height"), rows=("Day 0", "Day 1", "Day 2"))
    found = beside(later, {"signs": KEPT})

    assert found.value == [["", ""], ["sour", "3 cm"], ["", "4 cm"]]
    assert found.field == later


def test_rows_and_columns_that_are_gone_stand_at_the_end_while_words_are_in_them() -> None:
    later = Field("signs", "table", "The jar", columns=("Colour", "Height"), rows=("Day 2",), widths=(2, 1))
    found = beside(later, {"signs": KEPT})

    assert (found.rows, found.columns) == (("Day 1",), ("Smell",))
    assert found.value == [["", "4 cm", ""], ["", "3 cm", "sour"]]
    assert (found.field.rows, found.field.columns) == (("Day 2", "Day 1"), ("Colour", "Height", "Smell"))
    assert found.field.widths == (2, 1, 2)
    without = table((("Day 2", "Day 9"), ("Height",)), [["4 cm"], [""]])
    assert beside(later, {"signs": without}).field == later


def test_a_table_that_was_kept_without_labels_is_read_by_position() -> None:
    found = beside(JAR, {"signs": [["3 cm", "sour"], ["4 cm"], [], ["6 cm"]]})

    assert found.value == [["3 cm", "sour"], ["4 cm", ""], ["", ""], ["6 cm", ""]]
    assert found.field.rows == ("Day 1", "Day 2", "3", "4")


def test_rows_with_names_and_lines_to_write_on_are_not_taken_for_each_other() -> None:
    assert beside(NOTES, {"signs": KEPT}).field.rows == ("1", "2", "Day 1", "Day 2")
    assert beside(JAR, {"signs": table(labels(NOTES), [["first"], [""]])}).value == [
        ["", "", ""], ["", "", ""], ["", "", "first"],
    ]  # fmt: skip


def test_lines_to_write_on_keep_their_order_when_they_become_fewer() -> None:
    found = beside(NOTES, {"signs": table((("",) * 4, ("When",)), [["a"], [""], [""], ["d"]])})

    assert found.value == [["a"], [""], [""], ["d"]]
    assert (found.field.rows, found.field.lines) == ((), 4)


def test_a_translated_table_is_kept_by_the_labels_of_the_course() -> None:
    spoken = Field(
        "signs", "table", "El tarro", columns=("Altura", "Olor"), rows=("Día 1", "Día 2"),
        own_columns=JAR.columns, own_rows=JAR.rows,
    )  # fmt: skip

    assert labels(spoken) == labels(JAR)
    assert beside(spoken, {"signs": KEPT}).value == beside(JAR, {"signs": KEPT}).value


@pytest.mark.parametrize(
    ("kind", "answer", "value", "earlier"),
    [
        ("lines", ["one", "two"], "one\ntwo", ""),
        ("box", 7, "7", ""),
        ("lines", KEPT, "Day 1: Height: 3 cm; Smell: sour\nDay 2: Height: 4 cm", ""),
        ("scale", "warm", None, "warm"),
        ("scale", 7, 7, ""),
        ("scale", 11, None, "11"),
        ("scale", True, None, "True"),
        ("choice", "rye", "rye", ""),
        ("choice", ["rye"], "rye", ""),
        ("choice", ["rye", "spelt"], None, "rye\nspelt"),
        ("choice", "two\nlines", None, "two\nlines"),
        ("choice", 20, None, "20"),
        ("choices", "rye", ["rye"], ""),
        ("choices", 20, None, "20"),
        ("choices", [["a", ""], ["b", "c"]], None, "a\nb; c"),
        ("table", "over the fridge", None, "over the fridge"),
        ("note", "over the fridge", None, "over the fridge"),
        ("table", "", None, ""),
        ("scale", {"cells": 3, "rows": None}, None, "3"),
    ],
)
def test_an_answer_of_another_kind_is_given_to_no_question_that_cannot_hold_it(
    kind: str, answer: object, value: object, earlier: str
) -> None:
    field = Field("it", kind, "It", columns=("One",))  # type: ignore[arg-type]
    found = beside(field, {"it": answer})

    assert (found.value, found.earlier) == (value, earlier)


def test_words_of_several_editions_stand_together() -> None:
    found = beside(JAR, {"signs": 7, earlier_id("signs"): "over the fridge"})

    assert found.earlier == "over the fridge\n\n7"


def test_words_of_a_question_asked_no_more_are_changed_only_by_a_form_that_showed_them() -> None:
    kept = {"oven": ["an old", "heron"], earlier_id("oven"): "rye", "stove": "", "bowl:earlier": "blue"}
    assert gone([JAR], kept) == {"oven": "rye\n\nan old\nheron", "bowl": "blue"}
    assert carried([JAR], kept, {}, {}, ()) == kept

    same = {earlier_id("oven"): "rye\n\nan old\nheron"}
    assert carried([JAR], kept, same, {}, {"oven"}) == kept
    other: dict[str, object] = {earlier_id("oven"): "rye", "bowl:earlier": "blue"}
    assert carried([JAR], kept, other, {}, {"oven", "bowl"}) == {"stove": "", **other}
    assert carried([JAR], kept, {}, {}, {"oven", "bowl"}) == {"stove": ""}


def test_what_the_form_showed_is_as_it_was_given_and_the_rest_as_it_was() -> None:
    kept = {"signs": KEPT, "warmth": 20, "gone": "asked no more"}
    later = Field("signs", "table", "The jar", columns=("Smell",), rows=("Day 1",))
    warmth = Field("warmth", "choices", "Warm?", options=("cold", "hot"))
    given: dict[str, object] = {"signs": table(labels(later), [["sweet"]])}
    shown = {"signs": labels(later)}

    assert carried([later, warmth], kept, given, shown, ()) == {
        "gone": "asked no more",
        earlier_id("warmth"): "20",
        "signs": table(
            (["Day 1", "Day 2"], ["Smell", "Height"]),
            [["sweet", "3 cm"], ["", "4 cm"]],
        ),
    }
    seen = {"signs": (("Day 1", "Day 2"), ("Smell", "Height"))}
    assert carried([later, warmth], kept, given, seen, {"warmth"}) == {**given, "gone": "asked no more"}
