"""Names: any letters there are, and somebody who can be seen."""

import pytest

from course_engine.domain.errors import BadInput
from course_engine.services import names


@pytest.mark.parametrize("name", ["Zoë", "שלום", "小林", "نازنین\u200cزهرا", "한빛", "Ada 2", "🌸 Ada"])
def test_people_are_called_what_they_like_in_any_letters(name: str) -> None:
    assert names.checked_name(name) == name


@pytest.mark.parametrize(
    "name", ["", " ", "\u200c", "\u200d\u200d", "\u3164", "\u115f \uffa0", "\u0301", "…"]
)
def test_nobody_is_called_nothing(name: str) -> None:
    with pytest.raises(BadInput, match="Write the name"):
        names.checked_name(name)


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Ada Lovelace", "A. L."),
        ("\u200cada", "A."),
        ("Ada “Countess” Byron", "A. C. B."),
        ("Ada – Byron", "A. B."),
        ("小林 愛", "小. 愛."),
    ],
)
def test_strangers_read_the_first_letters_of_a_name(name: str, first: str) -> None:
    assert names.initials(name) == first
