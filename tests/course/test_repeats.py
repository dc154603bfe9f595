"""No long sentence stands twice by accident: what is worth saying again is said in its own way."""

import re
from collections import defaultdict
from collections.abc import Iterator

from course_engine.domain.course import Course
from tests.course.texts import everything, prose

LONG = 10
RUN = 4
_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’)»]*\s+")


def test_no_sentence_of_ten_words_stands_twice(course: Course) -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for sentence, place in _sentences(course):
        places[sentence].append(place)

    assert {sentence: found for sentence, found in places.items() if len(set(found)) > 1} == {}
    assert len(places) > 1500


def test_what_introduces_a_sheet_or_a_practice_is_not_said_again_right_below(course: Course) -> None:
    steps = course.steps.values()
    told = {step.id: (step.html, step.worksheet.purpose) for step in steps if step.worksheet}
    told |= {step.id: (step.html, step.practice.summary) for step in steps if step.practice}
    twice = {id: _runs(" ".join(prose(above))) & _runs(below) for id, (above, below) in told.items()}

    assert len(told) >= 42
    assert {id: words for id, words in twice.items() if words} == {}


def _runs(text: str) -> set[str]:
    """Every four words that stand next to each other."""
    words = re.findall(r"[\w'’]+", text.lower())
    return {" ".join(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}


def _sentences(course: Course) -> Iterator[tuple[str, str]]:
    """Every sentence of ten words or more, bare, with its place; a practice is one place, in both forms."""
    for one in everything(course):
        place = re.sub(r" \((?:full|short)\)$", "", one.place)
        for line in one.lines:
            for sentence in _SENTENCE.split(line):
                words = re.findall(r"[\w']+", sentence.lower().replace("’", "'"))
                if len(words) >= LONG:
                    yield " ".join(words), place
