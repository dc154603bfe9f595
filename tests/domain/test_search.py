"""Whoever looks for words finds the places that have them, the nearest first."""

import pytest

from course_engine.domain.search import Hit, Index, Text, slips

TEXTS = (
    Text("page", "/pages/oven", "The oven", ("Heat",), ("A loaf wants steam, then dry heat.",)),
    Text("lesson", "/steps/crumb", "Crumb and crust", ("Steam", "Crème"), ("Nothing about ovens here.",)),
    Text("plan", "/plans/one", "Steam, step by step", (), ("Say that flour forgives. " * 20 + "Then bake.",)),
    Text("evidence", "/evidence#a", "Bread lasts", (), ("Ça dépend de l’été.", "Straße & <b>salt</b>")),
)
INDEX = Index(TEXTS)


def places(words: str) -> list[str]:
    return [hit.text.address for hit in INDEX.find(words, 10)[0]]


def shown(hit: Hit) -> str:
    return "".join(f"[{piece.words}]" if piece.found else piece.words for piece in hit.snippet)


def test_a_title_comes_before_a_heading_and_a_heading_before_the_text() -> None:
    assert places("steam") == ["/plans/one", "/steps/crumb", "/pages/oven"]


def test_every_word_has_to_be_there_if_only_its_beginning() -> None:
    assert places("loaf ste") == ["/pages/oven"]
    assert places("loaf crumb") == []
    assert places("team") == []


@pytest.mark.parametrize("words", ["CA DEPEND", "ça  dépend", "ete", "l'été", "strasse", "  Salt!  "])
def test_case_accents_and_signs_make_no_difference(words: str) -> None:
    assert places(words) == ["/evidence#a"]


@pytest.mark.parametrize("words", ["", "   ", "?!", "\u0301", "zzz"])
def test_nothing_is_found_for_nothing(words: str) -> None:
    assert INDEX.find(words, 10) == ([], 0)


def test_the_words_are_marked_in_a_stretch_of_the_text_around_them() -> None:
    (hit,), total = INDEX.find("bake forg", 10)
    assert total == 1
    assert "[forgives]" in shown(hit)
    assert len(shown(hit)) < 300
    (late,), _total = INDEX.find("bake", 10)
    assert shown(late).startswith("… ")
    assert shown(late).endswith("Then [bake].")
    assert shown(INDEX.find("strasse", 1)[0][0]) == "[Straße] & <b>salt</b>"
    assert "".join(piece.words for piece in INDEX.find("ovens", 1)[0][0].title) == "Crumb and crust"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("staem", "steam"), ("crumbb", "crumb"), ("forgivse", "forgives"), ("laof stea", "loaf stea"),
        ("forgyvse", "forgives"), ("STRASE", "strasse"),
    ],
)  # fmt: skip
def test_a_slip_of_the_fingers_leads_to_the_nearest_words(typed: str, meant: str) -> None:
    assert places(typed) == []
    assert INDEX.nearest(typed) == meant
    assert places(meant)


@pytest.mark.parametrize("typed", ["", "sat", "breathing", "zzzzzzzzz", "steam bicycle", "x" * 5000])
def test_short_words_and_those_that_are_near_to_nothing_are_left(typed: str) -> None:
    assert INDEX.nearest(typed) == ""


@pytest.mark.parametrize(
    ("one", "two", "count"),
    [("bread", "bread", 0), ("bread", "beard", 2), ("bread", "braed", 1), ("ab", "ba", 1), ("", "ab", 2),
     ("crust", "crest", 1), ("crumb", "crumbs", 1), ("salt", "flour", 3)],
)  # fmt: skip
def test_slips_are_counted_up_to_where_it_matters(one: str, two: str, count: int) -> None:
    assert slips(one, two, 2) == slips(two, one, 2) == count


def test_only_the_nearest_are_given_and_all_are_counted() -> None:
    hits, total = INDEX.find("steam", 2)
    assert (len(hits), total) == (2, 3)


def test_long_words_and_many_words_are_no_trouble() -> None:
    assert INDEX.find("x" * 10_000, 10) == ([], 0)
    assert INDEX.find(" ".join(["steam"] * 500), 10)[1] == 3
    one = Index([Text("page", "/p", "T", (), ("y" * 5_000,))])
    assert one.find("yyy", 1)[1] == 1
