"""YAML that is bent, large or sly."""

import time

import pytest

from course_engine.content.faults import Faults
from course_engine.content.reading import Document, read_yaml


def read(text: str) -> tuple[Document | None, list[str]]:
    faults = Faults()
    return read_yaml("a.yaml", text, faults), [str(fault) for fault in faults]


def test_words_that_look_like_something_else_stay_words() -> None:
    document, faults = read("a: yes\nb: 12:30\nc: 2026-03-01\nd: '5'\ne: 012\nf: true\ng:\n")

    assert faults == []
    assert document is not None
    assert document.data == {
        "a": "yes",
        "b": "12:30",
        "c": "2026-03-01",
        "d": "5",
        "e": 12,
        "f": True,
        "g": None,
    }


def test_every_key_and_item_knows_its_place() -> None:
    document, _faults = read("fields:\n  - id: a\n    label: |\n\n      Hello\n")

    assert document is not None
    assert (document.at("fields").line, document.at("fields").column) == (1, 1)
    assert (document.at("fields", 0, "label").line, document.at("fields", 0, "label").column) == (3, 5)
    assert document.at("fields", 0, "nowhere", "below") == document.at("fields", 0)
    passage = document.passage("\nHello\n", "fields", 0, "label")
    assert (passage.spot.line, passage.spot.column) == (4, 7)


LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(20)
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (LAUGHS, "a.yaml:1:4: Anchors and aliases"),
        ("a: *b\n", "Anchors and aliases"),
        ("a: &a [*a]\n", "Anchors and aliases"),
        ("a: " + "[" * 200_000, "nested too deeply"),
        ("a: " + "{b: " * 100_000, "nested too deeply"),
        ("- " * 100_000, "nested too deeply"),
        ("a: !!python/object/apply:os.system [ls]\n", "Tags"),
        ("a: 1\n---\nb: 2\n", "a.yaml:2:1: One file holds one document"),
        ("%YAML 1.1\n---\na: on\n", "One file holds one document"),
        ("a: 1\nb: 2\na: 3\n", "a.yaml:3:1: The key `a` stands here a second time"),
        ("? [a]\n: b\n", "A key is a word"),
        ("a: b: c\n", "a.yaml:1:5: From here on"),
        ('a: "\\ud800"\n', "character that cannot be shown"),
        ('a: "\\U7fffffff"\n', "From here on"),
        ('a: "open\n', "From here on"),
        ("\ta: 1\n", "From here on"),
    ],
)
def test_what_cannot_be_used_gets_a_sentence_at_once(text: str, words: str) -> None:
    began = time.thread_time()
    _document, faults = read(text)

    assert len(faults) == 1
    assert words in faults[0]
    assert time.thread_time() - began < 5


def test_a_long_file_is_read_in_order() -> None:
    document, faults = read("".join(f"k{n}: {n}\n" for n in range(5000)))

    assert faults == []
    assert document is not None
    assert document.data["k4999"] == 4999
