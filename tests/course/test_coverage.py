"""What a course in self-compassion is expected to teach stands in a place of this one."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from course_engine.domain.course import Course
from tests.course.texts import everything

ROWS: list[dict[str, Any]] = YAML(typ="safe").load(Path(__file__).with_name("coverage.yaml"))


@pytest.fixture(scope="module")
def told(course: Course) -> Mapping[str, str]:
    """What a person finds under an id, in small letters and with plain quotes."""
    found: dict[str, str] = defaultdict(str)
    for one in everything(course):
        found[_named(one.place)] += _folded(one.text) + "\n"
    return found


@pytest.mark.parametrize("row", ROWS, ids=[row["item"] for row in ROWS])
def test_each_thing_to_teach_stands_in_its_place(row: dict[str, Any], told: Mapping[str, str]) -> None:
    absent = [
        f"{place['in']}: {words}"
        for place in row["found"]
        for words in place["words"]
        if _folded(words) not in told.get(place["in"], "")
    ]
    present = [words for words in row.get("nowhere", []) if any(words in text for text in told.values())]

    assert absent == []
    assert present == []


def test_all_things_to_teach_are_in_the_table_once() -> None:
    items = [row["item"] for row in ROWS]

    assert len(items) == len(set(items)) == 36
    assert all(place["words"] for row in ROWS for place in row["found"])


def _named(place: str) -> str:
    """`practice soles-of-the-feet (short)` is found under its id; a week under `week 3`."""
    kind, _space, name = place.partition(" ")
    return place if kind == "week" or not name else name.split()[0]


def _folded(text: str) -> str:
    return " ".join(text.lower().replace("’", "'").replace("“", '"').replace("”", '"').split())
