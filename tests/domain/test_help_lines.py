"""Help lines: a confirmation holds for the exact words, and a number is dialled without its spaces."""

from dataclasses import replace
from datetime import date

import pytest

from course_engine.domain.help_lines import HelpLine, dialled, nearest

LINE = HelpLine("pt-crust", "PT", "The crust line", "For bakers.", "Invented.", date(2026, 3, 1), "555 0100")


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "The Crust line"}, {"call": "555 0101"}, {"what": "For bakers"}, {"source": "Heard."},
        {"checked": date(2026, 3, 2)}, {"hours": "Day and night"}, {"languages": ("pt",)}, {"country": "ES"},
    ],
)  # fmt: skip
def test_any_change_of_words_is_another_line(changed: dict[str, object]) -> None:
    assert replace(LINE, **changed).digest != LINE.digest  # type: ignore[arg-type]
    assert replace(LINE).digest == LINE.digest


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("555 0100", "5550100"),
        ("+46 (0)8-555", "+468555"),
        ("(08) 555", "08555"),
        ("988", "988"),
        ("CRUMB to 555", ""),
        ("", ""),
    ],
)
def test_a_number_is_dialled_without_what_only_the_eye_needs(written: str, number: str) -> None:
    assert dialled(written) == number


def test_lines_of_ones_own_country_come_first() -> None:
    other = replace(LINE, id="se", country="SE")

    assert nearest((other, LINE), "PT") == ((LINE,), (other,))
    assert nearest((other, LINE), "") == ((), (other, LINE))
