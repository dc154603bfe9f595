"""How far a translation has come, and what has changed since it was made."""

import re
from pathlib import Path

import pytest

from course_engine.content import loader
from course_engine.content.check import check, notes
from tests.content.conftest import Spoil

WEEK = "01-starter/week-1.md"
SPANISH = "01-starter/week-1.es.md"
SHEET = "01-starter/worksheet-my-kitchen.yaml"


def states(folder: Path, language: str = "es") -> dict[str, str]:
    compiled = loader.compile_course(folder)
    return {one.original.name: one.state.value for one in compiled.standings(language)}


def marks(folder: Path) -> dict[str, str]:
    return {one.original.name: one.of for one in loader.compile_course(folder).standings("es")}


def noted(folder: Path) -> list[str]:
    assert [str(fault) for fault in check(folder)] == []
    return [str(note) for note in notes(folder)]


def test_every_unit_has_its_state(bread: Path) -> None:
    found = states(bread)

    assert found["course.yaml"] == found[WEEK] == found[f"{WEEK}#what-lives"] == "whole"
    assert found[f"{WEEK}#home"] == found["page-hot-things.md"] == "whole"
    assert found[SHEET] == found["evidence.yaml"] == "partly"
    assert found[f"{WEEK}#my-kitchen"] == found["02-loaf/week-3.md"] == "not yet"
    assert "help.yaml" not in found
    assert "words.yaml" not in found


def test_a_language_that_is_not_there_lacks_every_unit(bread: Path) -> None:
    assert set(states(bread, "fr").values()) == {"not yet"}
    assert states(bread, "fr").keys() == states(bread).keys()


def test_one_line_says_how_far_a_language_has_come(bread: Path) -> None:
    found = states(bread)
    there = sum(state != "not yet" for state in found.values())
    partly = sum(state == "partly" for state in found.values())

    assert noted(bread) == [
        f"course.yaml:1:1: Spanish: {there} of {len(found)} texts are translated, {partly} of them in part."
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "unit"),
    [
        (WEEK, "Many jars foam", "Most jars foam", f"{WEEK}#day-four"),
        (WEEK, "Why it seems to stop", "Why it may stop", f"{WEEK}#day-four"),
        (WEEK, "Nothing has to rise yet", "Nothing rises yet", WEEK),
        (WEEK, "a few bubbles", "bubbles", WEEK),
        (WEEK, "Once a day: look", "Look once a day", f"{WEEK}#home"),
        (SHEET, "One line a day is enough.", "A line is enough.", SHEET),
        ("page-hot-things.md", "Clear the way", "Clear a way", "page-hot-things.md"),
        ("measure-oven-ease.yaml", "I had fun", "I liked it", "measure-oven-ease.yaml"),
        ("evidence.yaml", "A warmer jar", "A warm jar", "evidence.yaml"),
        ("course.yaml", "Three quiet weeks", "Three weeks", "course.yaml"),
    ],
)
def test_other_words_make_their_unit_stale_and_no_other(
    spoil: Spoil, bread: Path, *, file: str, old: str, new: str, unit: str
) -> None:
    before = states(bread)
    after = states(spoil(file, old, new))

    assert {name for name in after if after[name] != before[name]} == {unit}
    assert after[unit] == "stale"


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (WEEK, "Nothing has to rise yet. The jar", "Nothing has to rise yet.\nThe  jar"),
        (WEEK, "minutes: 20", "minutes: 25 # a little more"),
        (WEEK, ".lesson .required minutes=3", ".lesson minutes=4 .required"),
        (WEEK, 'low: "hard"', "low:   hard"),
        (SHEET, "lines: 4", "lines: 5"),
        ("course.yaml", 'authors: ["Ines Prado", "Tom Achebe"]', 'authors: ["Ines Prado"]'),
        ("evidence.yaml", "read: full", "read: summary"),
    ],
)
def test_layout_numbers_and_comments_make_nothing_stale(
    spoil: Spoil, bread: Path, *, file: str, old: str, new: str
) -> None:
    before = marks(bread)

    assert marks(spoil(file, old, new)) == before


def test_a_stale_unit_is_a_note_at_its_mark_with_the_new_one(spoil: Spoil) -> None:
    folder = spoil(WEEK, "Many jars foam", "Most jars foam")
    folder = spoil("course.yaml", "Three quiet weeks", "Three weeks")
    found, now = noted(folder), marks(folder)

    assert (
        f"{SPANISH}:44:1: The original has changed since this was translated. Compare the two; once they say "
        f"the same again, mark it with `of={now[f'{WEEK}#day-four']}`."
    ) in found
    assert next(note for note in found if note.startswith("course.es.yaml:1:1: ")).endswith(
        f"mark it with `of: {now['course.yaml']}`."
    )
    assert found[-1].endswith("The originals of 2 have changed since.")


def test_a_unit_that_does_not_say_what_it_translates_is_a_note(bread: Path) -> None:
    week = bread / SPANISH
    week.write_text(re.sub(r"of: \w+\n| of=\w+(?=}\n\nMuchos)", "", week.read_text("utf-8")), "utf-8")
    found, now = noted(bread), marks(bread)

    assert states(bread)[WEEK] == states(bread)[f"{WEEK}#day-four"] == "without of"
    assert [note for note in found if note.endswith(f"mark it with `of: {now[WEEK]}`.")]
    assert [note for note in found if note.endswith(f"mark it with `of={now[f'{WEEK}#day-four']}`.")]


@pytest.mark.parametrize("mark", ["12345678", "1234e567", "00000012", '"12345678"', "'1234e567'  # old"])
def test_a_mark_of_figures_needs_no_quotes(bread: Path, mark: str) -> None:
    path = bread / "course.es.yaml"
    path.write_text(re.sub(r"of: \w+", f"of: {mark}", path.read_text("utf-8")), "utf-8")

    assert states(bread)["course.yaml"] == "stale"
    assert check(bread) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "place"),
    [
        ("course.es.yaml", r"of: \w+", "of: now", "course.es.yaml:1:1"),
        ("course.es.yaml", r"of: \w+", "of: [a]", "course.es.yaml:1:1"),
        (SPANISH, r"of=\w+(?=}\n\nMuchos)", "of=123", f"{SPANISH}:44:1"),
        (WEEK, "minutes=3}", "minutes=3 of=12345678}", f"{WEEK}:49:1"),
        ("course.yaml", "language: en", "language: en\nof: 12345678", "course.yaml:7:1"),
    ],
)
def test_a_mark_that_is_none_or_stands_in_an_original_is_told(
    bread: Path, *, file: str, old: str, new: str, place: str
) -> None:
    path = bread / file
    text = path.read_text("utf-8")
    assert re.search(old, text)
    path.write_text(re.sub(old, new, text, count=1), "utf-8")

    assert place in [str(fault).split(": ")[0] for fault in check(bread)]


def test_marks_are_no_part_of_the_edition(bread: Path) -> None:
    before = loader.compile_course(bread).digest
    path = bread / "course.es.yaml"
    path.write_text(re.sub(r"of: \w+", "of: 12345678", path.read_text("utf-8")), "utf-8")

    assert loader.compile_course(bread).digest == before
