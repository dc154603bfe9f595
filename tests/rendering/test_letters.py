"""Which letters our fonts have is known without opening a font, and said as the fonts say it."""

import subprocess
import sys
import unicodedata

import pytest
from fontTools.ttLib import TTFont

from course_engine.paths import FONTS
from course_engine.rendering import letters


def test_the_list_beside_the_fonts_holds_every_letter_that_a_font_has_and_no_other() -> None:
    codes = {code for font in FONTS.glob("*.ttf") for code in TTFont(font).getBestCmap()}
    assert {code for code in range(sys.maxunicode + 1) if letters.has(chr(code))} == codes


@pytest.mark.parametrize(
    ("name", "strange"),
    [
        ("Zoë Renée Łukasz Nguyễn Ștefan", ""), ("Zoe\u0308", ""), ("Ελένη Катерина", ""),
        ("עברית عمر देवनागरी", ""), ("Ada\u200d Marie\u00a0Ann", ""), ("李小龙 Lee 李", "李小龙"),
        ("สมชาย", "สมชาย"), ("Ada 🙂", "🙂"), ("が", "が"), ("か\u3099", "が"), ("", ""),
    ],
)  # fmt: skip
def test_of_a_name_the_letters_are_told_that_nobody_could_read_on_paper(name: str, strange: str) -> None:
    assert letters.unprintable(name) == strange
    unseen = [letter for letter in unicodedata.normalize("NFC", name) if letter in strange.strip("🙂")]
    signs = [letter for letter in unseen if not unicodedata.category(letter).startswith("M")]
    assert letters.signed(name).count(letters.SIGN) == len(signs)


def test_ben_enters_a_name_with_an_accent_and_nothing_is_started_or_loaded_for_it() -> None:
    asked = (
        "import sys; from course_engine.services import frozen; "
        "assert frozen.unprintable('Zoë') == '' and '李' in frozen.unprintable('李'); "
        "print([name for name in ('weasyprint', 'fontTools') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
