"""What holds for every measure and all answers."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from course_engine.domain.measures import Change, Item, Measure, change, score


@st.composite
def measures(draw: st.DrawFn) -> Measure:
    """Any measure that a file could hold."""
    least = draw(st.integers(-20, 20))
    count = draw(st.integers(1, 8))
    items = tuple(Item(f"q{n}", "", reversed=draw(st.booleans())) for n in range(count))
    return Measure(
        "any", "", "", "", least, least + draw(st.integers(1, 10)), "", "", items,
        draw(st.sampled_from(["sum", "mean"])), draw(st.integers(1, count)), draw(st.integers(1, 5)),
        change=draw(st.integers(0, 300)) / 100,
    )  # fmt: skip


@st.composite
def answered(draw: st.DrawFn) -> tuple[Measure, dict[str, int]]:
    """A measure and answers to some of its questions, in some order."""
    of = draw(measures())
    ids = draw(st.permutations([item.id for item in of.items]))
    some = ids[: draw(st.integers(0, len(ids)))]
    return of, {id: draw(st.integers(of.least, of.most)) for id in some}


@given(answered())
def test_a_result_lies_between_its_ends_and_is_there_for_enough_answers(
    given: tuple[Measure, dict[str, int]],
) -> None:
    of, answers = given
    result = score(of, answers)

    assert (result is None) == (len(answers) < of.answered)
    if result is not None:
        assert of.ends[0] <= result <= of.ends[1]


@given(answered())
def test_the_order_of_answers_and_words_that_are_no_answer_do_not_matter(
    given: tuple[Measure, dict[str, int]],
) -> None:
    of, answers = given

    assert score(of, dict(reversed(answers.items()))) == score(of, answers)
    assert score(of, {**answers, "another": of.most, "note": "words"}) == score(of, answers)


@given(answered())
def test_turning_every_question_and_every_answer_round_changes_nothing(
    given: tuple[Measure, dict[str, int]],
) -> None:
    of, answers = given
    turned = tuple(Item(item.id, item.text, reversed=not item.reversed) for item in of.items)
    other = Measure(of.id, "", "", "", of.least, of.most, "", "", turned, of.scoring, of.answered, of.times)

    round_the_other_way = {id: of.least + of.most - value for id, value in answers.items()}
    assert score(other, round_the_other_way) == score(of, answers)


@given(answered(), st.data())
def test_a_higher_answer_never_lowers_a_result(
    given: tuple[Measure, dict[str, int]], data: st.DataObject
) -> None:
    of, answers = given
    if not answers or score(of, answers) is None:
        return
    id = data.draw(st.sampled_from(sorted(answers)))
    item = next(item for item in of.items if item.id == id)
    value = data.draw(st.integers(answers[id], of.most))
    before, after = score(of, answers), score(of, {**answers, id: value})

    assert before is not None
    assert after is not None
    assert after <= before if item.reversed else after >= before


@given(measures(), st.fractions(-200, 200, max_denominator=50), st.fractions(-200, 200, max_denominator=50))
def test_going_back_is_the_opposite_of_going_there(of: Measure, then: Fraction, now: Fraction) -> None:
    opposite = {Change.HIGHER: Change.LOWER, Change.LOWER: Change.HIGHER, Change.SAME: Change.SAME}

    assert change(of, now, then) is opposite[change(of, then, now)]
