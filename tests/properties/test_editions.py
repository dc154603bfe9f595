"""Whatever somebody changes in a course is named, and only that."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from course_engine.domain.course import Course
from course_engine.domain.editions import Turn, What, differences
from course_engine.services.catalogue import Comparison
from course_engine.services.differences import told
from tests.make import course, step, week

NUMBERS = st.integers(0, 5)
EDITS = st.lists(
    st.tuples(
        st.sampled_from(["add", "remove", "title", "text", "rule", "aim", "drop-week"]), NUMBERS, NUMBERS
    ),
    max_size=6,
)


def base() -> Course:
    return course(*(week(number) for number in range(6)))


def edited(of: Course, edits: list[tuple[str, int, int]]) -> tuple[Course, set[tuple[What, str]]]:
    """The course after these edits, and what was touched and is not as it was."""
    weeks = list(of.weeks)
    for count, (what, number, place) in enumerate(edits):
        at = next((n for n, one in enumerate(weeks) if one.number == number), None)
        if at is None:
            continue
        one = weeks[at]
        steps = list(one.steps)
        where = min(place, len(steps) - 1)
        if what == "drop-week" and len(weeks) > 1:
            del weeks[at]
            continue
        if what == "add":
            steps.insert(where, step(f"new-{count}"))
        elif what == "remove" and len(steps) > 1:
            del steps[where]
        elif what == "title":
            steps[where] = replace(steps[where], title=f"Title {count}")
        elif what == "text":
            steps[where] = replace(steps[where], html=f"<p>{count}</p>")
        elif what == "rule":
            steps[where] = replace(steps[where], required=not steps[where].required, one_of="")
        weeks[at] = replace(one, steps=tuple(steps), aim=f"Aim {count}" if what == "aim" else one.aim)
    new = course(*weeks, split=99)
    old_steps, new_steps = of.steps, new.steps
    steps_touched = {id for id in {**old_steps, **new_steps} if old_steps.get(id) != new_steps.get(id)}
    weeks_gone = {one.id for one in of.weeks} - {one.id for one in new.weeks}
    aims = {a.id for a in of.weeks for b in new.weeks if a.id == b.id and a.aim != b.aim}
    return new, {(What.STEP, id) for id in steps_touched} | {(What.WEEK, id) for id in weeks_gone | aims}


@given(EDITS)
def test_every_edit_is_named_and_nothing_else(edits: list[tuple[str, int, int]]) -> None:
    old = course(*base().weeks, split=99)
    new, touched = edited(old, edits)
    found = differences(old, new)

    assert {(one.what, one.id) for one in found} == touched
    assert differences(new, new) == ()
    back = {(one.what, one.id) for one in differences(new, old)}
    assert back == touched


@given(EDITS)
def test_there_and_back_say_the_opposite(edits: list[tuple[str, int, int]]) -> None:
    old = course(*base().weeks, split=99)
    new, _touched = edited(old, edits)
    turned = {Turn.ADDED: Turn.REMOVED, Turn.REMOVED: Turn.ADDED}
    there = {(one.id, one.what, turned.get(one.turn, one.turn)) for one in differences(old, new)}
    back = {(one.id, one.what, one.turn) for one in differences(new, old)}

    assert there == back


@given(EDITS)
def test_every_difference_has_a_whole_sentence(edits: list[tuple[str, int, int]]) -> None:
    old = course(*base().weeks, split=99)
    new, _touched = edited(old, edits)
    found = differences(old, new)
    sentences = [sentence for _head, some in told(Comparison(old, new, found)) for sentence in some]

    assert len(sentences) == len(found)
    assert all(sentence.endswith(".") and "%(" not in sentence for sentence in sentences)
