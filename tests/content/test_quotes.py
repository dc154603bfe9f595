"""Quotes, apostrophes and ranges on a page and on paper, whatever stands in the files."""

import json
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_engine.content import loader
from course_engine.content.faults import Faults, Spot
from course_engine.content.markdown import render
from course_engine.content.proofs import Desk
from course_engine.content.quotes import printed, set_data
from course_engine.content.reading import Passage
from course_engine.domain import search
from course_engine.paths import MODULES
from tests.content.conftest import Spoil


def html(text: str, language: str = "en") -> str:
    made = render(Passage(text, Spot(1)), Desk("m/week-1.md", language, Faults()), 2)
    return made.removeprefix("<p>").removesuffix("</p>")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("It's John's; I can't.", "It’s John’s; I can’t."),
        ("the learners' way, three months' time", "the learners’ way, three months’ time"),
        ("'Tis here, and 'twas there", "’Tis here, and ’twas there"),
        ("rock 'n' roll in the '90s", "rock ’n’ roll in the ’90s"),
        ("'Fraid so.", "’Fraid so."),
        ('"Yes," she said. "No?" "No!"', "“Yes,” she said. “No?” “No!”"),
        ('("so") and ["no"] — "or"', "(“so”) and [“no”] — “or”"),
        ('Wait—"now"—or "never"—she', "Wait—“now”—or “never”—she"),
        ("\"Who said 'no'?\" \"'No', 'no'\"", "“Who said ‘no’?” “‘No’, ‘no’”"),
        ("\"'Tis the dogs' bowl\"", "“’Tis the dogs’ bowl”"),
        ('"…and then" "and…"', "“…and then” “and…”"),
        ('"She is 6"', "“She is 6”"),
        ("“She” isn’t «he»", "“She” isn’t «he»"),
    ],
)
def test_ada_reads_the_signs_of_a_printed_book(typed: str, read: str) -> None:
    assert printed(typed, "en") == read
    assert html(typed) == read


@pytest.mark.parametrize("sure", ["5' 10\" tall, 5'10\"", 'a " b', "a ' b", "10:30-11:30", "24-7", "2-1"])
def test_feet_inches_times_and_lone_signs_stay(sure: str) -> None:
    assert printed(sure, "en") == sure


def test_a_range_has_the_dash_of_a_range_and_nothing_else_has() -> None:
    assert printed("True (0-10), 3-4 times, 2003-2011.", "en") == "True (0–10), 3–4 times, 2003–2011."
    for stays in (
        "0800-0113", "1-800-273", "116-123", "4-7-8", "2026-11-22", "10.1016/5-9", "A1-2", "1-2-day",
        "https://example.org/a'b?1-2", "week-1-2",
    ):  # fmt: skip
        assert printed(stays, "en") == stays


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ('*"Yes"* and **"no"**,', "<em>“Yes”</em> and <strong>“no”</strong>,"),
        ('"*Yes*", "**no**"', "“<em>Yes</em>”, “<strong>no</strong>”"),
        ("*Ada*'s and the *bakers*' bread", "<em>Ada</em>’s and the <em>bakers</em>’ bread"),
        ('"`code`"\'s', "“<code>code</code>”’s"),
        ('`it\'s "so" 1-2`', '<code>it\'s "so" 1-2</code>'),
        ('"one\ntwo" three', "“one\ntwo” three"),
        ('["You ruin it."]{.critic}', '<span class="critic">“You ruin it.”</span>'),
        (r"5\'10\" and \"so\" it's", '5\'10" and "so" it’s'),
    ],
)
def test_what_is_strong_or_linked_or_code_does_not_confuse_them(typed: str, read: str) -> None:
    assert html(typed) == read


def test_an_address_leads_where_it_led() -> None:
    made = html("\"[it's](https://example.org/it's?1-2)\" <https://example.org/it's>")

    assert made.startswith('“<a href="https://example.org/it\'s?1-2" rel="noopener noreferrer">it’s</a>” <a')
    assert ">https://example.org/it's</a>" in made


def test_each_language_has_its_own_custom() -> None:
    assert html('¿"Qué"? "Di \'sí\'"', "es") == "¿«Qué»? «Di “sí”»"
    assert printed("\"'Ja', sagte er.\"", "de") == "„‚Ja‘, sagte er.“"
    assert printed('"l\'ami"', "fr_CA") == "«\u202fl’ami\u202f»"
    assert printed('"d\'Artagnan"', "pl") == '"d’Artagnan"'


def test_a_course_is_set_in_its_own_language_and_its_translation_in_another(spoil: Spoil) -> None:
    spoil("course.yaml", "title: ", 'title: "Bread, \\"slow\\"" # ')
    folder = spoil("course.es.yaml", "title: ", 'title: "Pan \\"lento\\"" # ')
    compiled = loader.compile_course(folder)

    assert loader.course_of(compiled.data).title == "Bread, “slow”"
    assert loader.course_of(compiled.data, "es").title == "Pan «lento»"


def test_ids_and_numbers_to_call_stay_what_they_are() -> None:
    data = {"steps": [{"id": "1-2", "title": "1-2 'x'", "uses": ["1-2"], "minutes": 3, "html": "'1-2'"}]}

    assert set_data(data, "en") == {"steps": [{**data["steps"][0], "title": "1–2 ‘x’"}]}
    assert set_data({"call": "1-2", "hours": "9-17"}, "en") == {"call": "1-2", "hours": "9–17"}


def test_a_search_finds_words_with_either_sign() -> None:
    assert search.words("can't") == search.words(printed("can't", "en")) != search.words("cant")


@pytest.mark.parametrize("typed", ["you mustn't", "you mustn’t"])
def test_a_word_to_avoid_is_found_with_either_sign(spoil: Spoil, typed: str) -> None:
    spoil("words.yaml", "went wrong", '"mustn\'t"')
    folder = spoil("course.yaml", "Slow bread", typed)

    assert any("mustn" in str(fault) for fault in loader.compile_course(folder).faults)


def test_no_straight_sign_is_left_in_the_shipped_course_and_its_translations_know_their_originals() -> None:
    compiled = loader.compile_course(MODULES / "self-compassion")
    words = re.sub(r"<[^>]*>", "", " ".join(_words(json.loads(json.dumps(compiled.data)))))

    assert re.findall(r".{0,20}(?:[\"']|&quot;).{0,20}", words) == []
    assert not [one for one in compiled.standings("es") if one.state == "stale"]


@given(st.text("ab \"'-–19.(“’\n"), st.sampled_from(["en", "es", "pl"]))
def test_only_signs_change_and_a_second_time_nothing_does(text: str, language: str) -> None:
    made = printed(text, language)

    plain = str.maketrans("“”‘’«»–", '""\'\'""-')
    assert made.translate(plain).replace('"', "'") == text.translate(plain).replace('"', "'")
    if '"' not in made and "'" not in made:
        assert printed(made, language) == made


def test_a_text_of_nothing_but_signs_is_set_quickly() -> None:
    began = time.thread_time()
    for piece in ("'a ", '"', "a'", "@", "1-", "a:/", "'a' "):
        printed(piece * 10_000, "en")

    assert time.thread_time() - began < 2


def _words(data: object) -> list[str]:
    if isinstance(data, dict):
        return [word for value in data.values() for word in _words(value)]
    if isinstance(data, list):
        return [word for value in data for word in _words(value)]
    return [data] if isinstance(data, str) else []
