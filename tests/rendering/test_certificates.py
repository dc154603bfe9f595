"""A certificate says what was frozen, in any name, and what it is not."""

from collections.abc import Mapping
from io import BytesIO

import pytest
from pypdf import PdfReader

from course_engine.domain.errors import NotFound, Refused
from course_engine.rendering import certificates, pdf
from course_engine.rendering.letters import unprintable
from tests.rendering import sheets

FROZEN: Mapping[str, object] = {
    "name": "Ada Learner",
    "title": "Kind to yourself",
    "site": "Stillwater",
    "notice": "Not therapy.",
    "started": "2026-02-24",
    "finished": "2026-04-14",
    "modules": [{"title": "Understanding", "weeks": [{"number": 1, "title": "Beginning"}]}],
}
COHORT = {"name": "Tuesday evening", "attended": 7, "sessions": 8, "hours": 10.5}
CODE = "7KQ2M4XD9TRBV3"
ADDRESS = f"https://still.example/verify/{CODE}"
MILLIMETRE = 72 / 25.4
NAMES = [
    "Nguyễn Thị Minh Khai", "Łukasz Żółć", "Ωμέγα", "Кириллица", "عمر", "עברית", "देवनागरी", "Omar عمر",
    "Wolfeschlegelsteinhausenbergerdorff Maximiliana Theodora Alexandrina Lichtenstein",
    "W" * 60, "<b>Ada</b> {{ 1 }}",
]  # fmt: skip


def draw(paper: str = "a4", **more: object) -> bytes:
    return certificates.draw({**FROZEN, **more}, CODE, ADDRESS, paper, "en")


def test_ada_reads_her_name_the_dates_and_what_it_is_not() -> None:
    said = sheets.text(draw())
    for words in (
        "Certificate of participation", "Ada Learner", "took part in Kind to yourself",
        "from 24 February 2026 to 14 April 2026", "Understanding", "Beginning", "7KQ2-M4XD-9TRB-V3",
        "still.example/verify",
        "A record of taking part. It is not a licence to teach or a clinical qualification.",
        "Not therapy.", "Stillwater",
    ):  # fmt: skip
        assert words in said
    assert "Facilitator" not in said
    assert "sessions" not in said


def test_the_date_to_sign_is_the_day_it_was_awarded_and_the_days_of_taking_part_stay() -> None:
    said = sheets.text(draw(awarded="2026-04-20", facilitator="Ben"))
    assert "from 24 February 2026 to 14 April 2026" in said
    assert "20 April 2026 Date" in said
    assert "14 April 2026 Date" in sheets.text(draw())


def test_a_course_of_one_day_names_that_day_once() -> None:
    said = sheets.text(draw(finished=FROZEN["started"]))
    assert "on 24 February 2026" in said
    assert "from" not in said


def test_in_a_cohort_the_sessions_and_hours_are_named() -> None:
    said = sheets.text(draw(cohort=COHORT, facilitator="Ben Facilitator", organisation="The Centre"))
    assert "with the group Tuesday evening, taking part in 7 of 8 sessions (10.5 hours)" in said
    assert "Ben Facilitator" in said
    assert "The Centre" in said


@pytest.mark.parametrize("design", ["classic", "plain"])
@pytest.mark.parametrize(("paper", "width"), [("a4", 842), ("letter", 792)])
def test_every_design_fills_one_landscape_page(design: str, paper: str, width: int) -> None:
    for name in ("Ada", NAMES[-3]):
        values = certificates.certificate_values(
            {**FROZEN, "cohort": COHORT, "design": design, "name": name}, CODE, ADDRESS, paper
        )
        made = pdf.printed("certificate", values, "en")
        assert made.pages == 1
        assert made.warnings == ()
        assert round(PdfReader(BytesIO(made.pdf)).pages[0].mediabox.width) == width


@pytest.mark.parametrize("design", ["classic", "plain"])
@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_what_was_learned_ends_above_the_code_and_the_lines_to_sign(design: str, paper: str) -> None:
    weeks = [{"number": 1, "title": "What it is"}, {"number": 2, "title": "Why it may help"}]
    values = certificates.certificate_values(
        {
            **FROZEN,
            "name": NAMES[-3],
            "title": "Kind to yourself, for all who take care of others day and night, in eight weeks",
            "modules": [{"title": f"Module {number}", "weeks": weeks} for number in range(1, 6)],
            "cohort": {**COHORT, "name": "The group of those who meet behind the old bakery at the river"},
            "facilitator": "Ben",
            "design": design,
        },
        CODE, ADDRESS, paper,
    )  # fmt: skip
    places = _places(pdf.render("certificate", values, "en"))
    square = places["Check this certificate"] + 11 * MILLIMETRE
    assert places["Why it may help"] > square
    # The sun begins 45 mm above the lower edge, and the code stays clear of it.
    assert design == "plain" or square - 32 * MILLIMETRE > 53 * MILLIMETRE


def _places(made: bytes) -> dict[str, float]:
    """How high above the lower edge the last line stands that has these words, in points."""
    found: dict[str, float] = {}

    def seen(text: str, cm: list[float], place: list[float], *_rest: object) -> None:
        for words in ("Check this certificate", "Why it may help"):
            if words in text:
                found[words] = place[4] * cm[1] + place[5] * cm[3] + cm[5]

    PdfReader(BytesIO(made)).pages[0].extract_text(visitor_text=seen)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_any_writing_is_printed_whole_in_our_fonts(name: str) -> None:
    made = draw(name=name)
    assert all("CE-" in font and embedded for font, embedded in sheets.fonts(made))
    metadata = PdfReader(BytesIO(made)).metadata
    assert metadata is not None
    assert name in (metadata.title or "")


@pytest.mark.parametrize(("name", "letters"), [("Ada 🙂", "🙂"), ("李", "李")])
def test_a_name_no_font_has_is_refused_with_the_letters_named(name: str, letters: str) -> None:
    assert unprintable(name) == letters
    with pytest.raises(Refused, match=f"do not have: {letters}"):
        draw(name=name)


def test_a_name_too_long_for_two_lines_is_refused() -> None:
    with pytest.raises(Refused, match="too long for the certificate"):
        draw(name="W" * 400)


def test_a_sample_and_a_withdrawn_certificate_say_so() -> None:
    assert "Sample" in sheets.text(certificates.sample("plain", "letter", "en"))
    withdrawn = certificates.draw(FROZEN, CODE, ADDRESS, "a4", "en", state="withdrawn")
    assert "Withdrawn" in sheets.text(withdrawn)
    assert "Withdrawn" not in sheets.text(draw())


def test_an_unknown_design_gets_a_sentence() -> None:
    with pytest.raises(NotFound, match=r"no certificate design called “\.\./x”"):
        certificates.sample("../x", "a4", "en")


def test_codes_are_written_in_fours() -> None:
    assert certificates.grouped("abcd-efg hij") == "abcd-efgh-ij"
