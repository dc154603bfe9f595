"""In which order paper lies: plain sums, without a printer."""

from course_engine.rendering.collating import (
    UNLABELLED,
    Asked,
    Length,
    Wanted,
    collate,
    folding,
    imposed,
    length,
)


def test_ben_gets_copies_one_after_the_other() -> None:
    assert _order([2, 1], [3, 2]) == [0, 1, 0, 1, 0, 1, 2, 2]


def test_each_copy_begins_on_the_front_of_a_sheet_when_ben_prints_both_sides() -> None:
    empty = 4
    assert _order([3, 1], [2, 2], sides=2) == [0, 1, 2, empty, 0, 1, 2, empty, 3, empty, 3]


def test_what_one_person_gets_may_follow_without_empty_backs_and_the_next_begins_on_a_front() -> None:
    empty = 6
    assert _order([3, 1, 2], [2, 2, 1], sides=2, joined=(1,), run_on=True) == [0, 1, 2, 3, 0, 1, 2, 3, 4, 5]
    assert _order([3, 2, 1], [2, 2, 1], sides=2, joined=(1,), run_on=True) == [
        0, 1, 2, 3, 4, empty, 0, 1, 2, 3, 4, empty, 5,
    ]  # fmt: skip


def test_what_belongs_together_is_repeated_together() -> None:
    assert _order([2, 1, 1], [2, 1, 1], joined=(1,)) == [0, 1, 2, 0, 1, 2, 3]


def test_a_booklet_of_eight_pages_is_two_sheets_with_the_last_page_beside_the_first() -> None:
    assert _sheets(8, 8) == [(7, 0), (1, 6), (5, 2), (3, 4)]


def test_a_booklet_of_five_pages_is_filled_up_to_eight() -> None:
    empty = 5
    assert _sheets(5, 5) == [(empty, 0), (1, empty), (empty, 2), (3, 4)]


def test_ben_is_told_how_long_a_pack_will_be_before_it_is_made() -> None:
    parts = [Asked("week", {}, "en", 2), Asked("week", {}, "en", 1, joined=True), Asked("week", {}, "en")]
    lengths = (3, 2, 1)
    assert length(lengths, Wanted(parts, "en")) == Length(11, 11, 0, lengths)
    assert length(lengths, Wanted(parts, "en", sides=2)) == Length(13, 7, 2, lengths)
    assert length(lengths, Wanted(parts, "en", sides=2, run_on=True)) == Length(13, 7, 2, lengths)
    assert length(lengths, Wanted(parts, "en", booklet=True)) == Length(17, 5, 6, lengths)


def test_plans_sign_in_sheets_and_what_is_short_are_not_folded() -> None:
    kinds = ("plan", "sign-in", "week", "worksheet", "log")
    parts = [Asked(kind, {}, "en", joined=kind == "log") for kind in kinds]
    assert folding(parts) == [False, False, True, True, True]
    assert folding(parts, (9, 1, 3, 1, 1)) == [False, False, True, False, False]
    assert folding(parts, (9, 1, 2, 1, 2)) == [False, False, False, True, True]


def _order(
    lengths: list[int],
    copies: list[int],
    *,
    sides: int = 1,
    joined: tuple[int, ...] = (),
    run_on: bool = False,
) -> list[int]:
    parts = [Asked("week", {}, "en", times, place in joined) for place, times in enumerate(copies)]
    places = [range(sum(lengths[:place]), sum(lengths[: place + 1])) for place in range(len(lengths))]
    of = Wanted(parts, "en", "Pack", sides, run_on=run_on)
    found = collate(places, [UNLABELLED] * len(lengths), sum(lengths), of)
    assert found.pages == len([face for run in found.runs for face in run])
    return [page for run in found.runs for page, _label in run]


def _sheets(pages: int, filler: int) -> list[tuple[int, int]]:
    of = Wanted([Asked("week", {"folded": True}, "en")], "en", "Pack", booklet=True)
    found = collate([range(pages)], [UNLABELLED], filler - 1, of)
    assert found.pages == 4
    return [(left[0], right[0]) for left, right in imposed(found.runs[0])]
