"""What holds for every text that is sealed, and every code that is typed."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_engine.crypto import DataKeys, Envelope, Unsealable, new_code, new_data_key, read_code

OLD, NEW = new_data_key(), new_data_key()


@given(st.text(), st.text(min_size=1))
def test_a_sealed_text_opens_in_its_place_and_shows_nothing_before(text: str, place: str) -> None:
    keys = DataKeys([NEW])
    key = keys.open(keys.new_person_key())
    sealed = key.seal(text, place)

    assert key.open(sealed, place) == text
    assert len(text) < 4 or text.encode() not in sealed


@given(st.text(), st.text(), st.text())
def test_a_sealed_text_opens_nowhere_else_and_with_no_other_key(text: str, place: str, other: str) -> None:
    keys = DataKeys([NEW])
    ada, cleo = (keys.open(keys.new_person_key()) for _name in ("Ada", "Cleo"))
    sealed = ada.seal(text, place)

    with pytest.raises(Unsealable):
        cleo.open(sealed, place)
    if other != place:
        with pytest.raises(Unsealable):
            ada.open(sealed, other)


@given(st.text(), st.integers(0, 200), st.integers(1, 255))
def test_a_sealed_text_that_was_changed_does_not_open(text: str, where: int, by: int) -> None:
    keys = DataKeys([NEW])
    key = keys.open(keys.new_person_key())
    sealed = bytearray(key.seal(text, "journal"))
    sealed[where % len(sealed)] ^= by

    with pytest.raises(Unsealable):
        key.open(bytes(sealed), "journal")


def test_keys_wrapped_before_a_new_data_key_still_open() -> None:
    wrapped = DataKeys([OLD]).new_person_key()
    sealed = DataKeys([OLD]).open(wrapped).seal("quiet", "journal")

    assert DataKeys([NEW, OLD]).open(wrapped).open(sealed, "journal") == "quiet"
    with pytest.raises(Unsealable):
        DataKeys([NEW]).open(wrapped)


@given(st.integers(1, 40), st.sampled_from([" ", "-", " - ", "\t"]))
def test_a_code_is_read_however_it_was_typed(signs: int, between: str) -> None:
    code = new_code(signs)
    typed = between.join(code).lower().replace("0", "o").replace("1", "l")

    assert read_code(typed) == code


@given(st.text(max_size=60))
def test_what_goes_round_in_an_address_opens_for_its_purpose_with_an_earlier_key_too(words: str) -> None:
    closed = Envelope(["old"], "board").close(words)

    assert re.fullmatch(r"[A-Za-z0-9_-]+", closed)
    assert Envelope(["new", "old"], "board").open(closed) == words
    for other in (Envelope(["old"], "letters"), Envelope(["new"], "board")):
        with pytest.raises(Unsealable):
            other.open(closed)
