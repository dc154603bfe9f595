"""Whatever becomes of a question, no word that was given to it is lost."""

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from course_engine.domain.answers import beside, carried, earlier_id, in_words, labels, table
from course_engine.domain.course import Field, FieldKind

WORD = st.text("abcdefgh", min_size=1, max_size=6)
LABELS = st.lists(st.sampled_from(["Day 1", "Day 2", "Day 3", "Night"]), min_size=1, max_size=4).map(tuple)
FIELDS = st.builds(
    Field,
    id=st.just("signs"),
    kind=st.sampled_from(get_args(FieldKind)),
    label=st.just("Signs"),
    lines=st.integers(1, 4),
    options=st.lists(WORD, max_size=3).map(tuple),
    other=st.booleans(),
    columns=LABELS,
    rows=st.one_of(st.just(()), LABELS),
)
CELLS = st.lists(st.lists(st.one_of(st.just(""), WORD), min_size=1, max_size=5), min_size=1, max_size=6)
TABLES = st.builds(lambda rows, columns, cells: table((rows, columns), cells), LABELS, LABELS, CELLS)
ANSWERS = st.one_of(
    st.text("abc\n", max_size=9), st.integers(-3, 14), st.lists(WORD, max_size=4), CELLS, TABLES,
    st.none(), st.booleans(), st.floats(0, 1), st.dictionaries(WORD, st.lists(WORD)),
)  # fmt: skip


def words(*answers: object) -> set[str]:
    """The words of these answers, and the labels of tables beside them."""
    return set(" ".join(in_words(one) for one in answers).replace(";", " ").replace(":", " ").split())


@given(FIELDS, ANSWERS, WORD)
def test_what_was_kept_is_shown(field: Field, answer: object, before: str) -> None:
    kept = {"signs": answer, earlier_id("signs"): before}
    found = beside(field, kept)
    cells = answer
    if isinstance(answer, dict) and "cells" in answer:
        across = len(answer["columns"])
        cells = [row[:across] for row in answer["cells"][: len(answer["rows"])]]

    assert words(cells, before) <= words(found.value, found.earlier)


@given(FIELDS, ANSWERS, WORD)
def test_what_the_form_did_not_show_is_kept(field: Field, answer: object, word: str) -> None:
    kept = {"signs": answer, "gone": "a question of old"}
    seen = beside(field, kept)
    fresh: dict[str, object] = {"other": word}
    after = carried([field, Field("other", "lines", "Other")], kept, fresh, {"signs": labels(field)}, ())

    assert after["other"] == word
    assert after["gone"] == "a question of old"
    if field.kind == "table":
        rows, columns = map(len, labels(field))
        value = seen.value if isinstance(seen.value, list) else []
        unseen = [*(row[columns:] for row in value), *value[rows:]]
        assert words(unseen, seen.earlier) <= words(*after.values())
    else:
        assert words(seen.earlier) <= words(*after.values())


@given(FIELDS, ANSWERS)
def test_a_table_that_is_sent_as_it_stood_is_kept_as_it_was(field: Field, answer: object) -> None:
    kept = {"signs": answer}
    seen = beside(field, kept)
    if field.kind != "table" or not isinstance(seen.value, list):
        return
    rows, columns = labels(field)
    shown = ((*rows, *seen.rows), (*columns, *seen.columns))
    sent = table(shown, seen.value)
    after = carried([field], kept, {"signs": sent}, {"signs": shown}, ())

    assert beside(field, after) == seen
