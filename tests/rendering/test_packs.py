"""Ben prints for the whole group: several documents in one file, each set once however many copies."""

from collections.abc import Mapping
from io import BytesIO

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject

from course_engine.domain.errors import NotFound, Refused
from course_engine.rendering import pdf, press
from course_engine.rendering.certificates import certificate_values
from course_engine.rendering.packs import Part, pack_values
from course_engine.rendering.paper import Paper
from course_engine.rendering.plans import plan_values
from course_engine.rendering.weeks import week_values
from course_engine.rendering.worksheets import worksheet_values
from tests.rendering import sheets
from tests.rendering.test_certificates import ADDRESS, CODE, FROZEN
from tests.tools import pdf as paper_tools

COURSE = sheets.course()
SHEET = worksheet_values(COURSE, "signs", site="Still")
WEEK = week_values(COURSE, COURSE.weeks[1], site="Still")
PLAN = plan_values(COURSE, "evening", site="Still")
EMPTY = "This page is left empty."


def test_ben_gets_the_plan_once_and_a_sheet_for_each_of_three() -> None:
    made = _printed([Part("plan", PLAN), Part("worksheet", SHEET, copies=3)], title="Tuesday, week 1")
    pages = _pages(made)
    assert (made.pages, made.parts, made.warnings) == (4, (1, 1), ())
    assert "A first evening" in pages[0]
    assert all("My early signs" in page for page in pages[1:])
    assert EMPTY not in " ".join(pages)
    assert PdfReader(BytesIO(made.pdf)).metadata.title == "Tuesday, week 1"  # type: ignore[union-attr]


def test_both_sides_of_paper_begin_each_copy_on_a_front_and_say_what_is_left_empty() -> None:
    made = _printed([Part("worksheet", SHEET, copies=2), Part("plan", PLAN)], sides=2)
    pages = _pages(made)
    assert made.pages == 5
    assert [EMPTY in page for page in pages] == [False, True, False, True, False]


def test_a_copy_takes_a_tenth_of_the_room_of_the_first() -> None:
    one, many = (_printed([Part("worksheet", SHEET, copies)]) for copies in (1, 30))
    assert many.pages == 30
    assert (len(many.pdf) - len(one.pdf)) / 29 < len(one.pdf) / 8


def test_links_of_a_copy_lead_within_that_copy() -> None:
    made = _printed([Part("plan", PLAN), Part("week", WEEK, copies=2), Part("week", {**WEEK, "help": "988"})])
    reader = PdfReader(BytesIO(made.pdf))
    length = made.parts[1]
    copies = [range(first, first + length) for first in (1, 1 + length, 1 + 2 * length)]
    found = _leads(reader)
    assert len({page for page, _target in found}) >= 3
    for page, target in found:
        assert any(page in copy and target in copy for copy in copies)
    assert len(found) % 3 == 0


def test_the_bookmarks_name_the_parts_and_how_many_copies_there_are() -> None:
    made = _printed([Part("plan", PLAN), Part("worksheet", SHEET, copies=3)])
    found = paper_tools.outline(made.pdf)
    assert [title for depth, title in found if depth == 0] == [
        "Week 1 · Understanding: A first evening",
        "My early signs (3 copies)",
    ]


def test_each_paper_names_its_person_on_the_first_page_alone_though_the_week_is_set_once() -> None:
    parts = [
        Part("week", {**WEEK, "paper_name": "Olga", "paper_code": "K4NA8C"}),
        Part("week", {**WEEK, "for": "J. K."}),
        Part("week", WEEK),
    ]
    made = _printed(parts)
    pages, length = _pages(made), made.parts[0]
    assert made.pages == 3 * length
    assert "For Olga. Code of this sheet: K4NA8C" in pages[0]
    for page in pages[1:length]:
        assert "Code of this sheet: K4NA8C" in page
        assert "Olga" not in page
    for page in pages[length : 2 * length]:
        assert "For J. K." in page
        assert "Olga" not in page
    assert "For " not in " ".join(page.replace("For example", "") for page in pages[2 * length :])
    assert [title for depth, title in paper_tools.outline(made.pdf) if depth == 0] == [
        "Week 1 · Understanding: Beginning (3 copies)"
    ]


def test_a_single_document_says_whose_it_is_too() -> None:
    said = sheets.text(pdf.render("worksheet", {**SHEET, "for": "J. K."}, "en"))
    assert "For J. K." in said
    alone = pdf.render("week", {**WEEK, "paper_name": "Olga", "paper_code": "K4NA8C"}, "en")
    heads = [page.extract_text() for page in PdfReader(BytesIO(alone)).pages]
    assert len(heads) > 1
    assert ["Olga" in page for page in heads] == [True] + [False] * (len(heads) - 1)
    assert all("Code of this sheet: K4NA8C" in page for page in heads)


@pytest.mark.parametrize("packed", [True, False])
def test_the_name_is_on_every_page_where_ben_asks_for_it(packed: bool) -> None:
    values = {**WEEK, "paper_name": "Olga", "paper_code": "K4NA8C", "paper_named": True}
    made = _printed([Part("week", values)]).pdf if packed else pdf.render("week", values, "en")
    pages = [page.extract_text() for page in PdfReader(BytesIO(made)).pages]
    assert len(pages) > 1
    assert all("For Olga. Code of this sheet: K4NA8C" in page for page in pages)


def test_an_empty_page_names_nobody() -> None:
    values = {**SHEET, "paper_name": "Olga", "paper_code": "K4NA8C"}
    pages = _pages(_printed([Part("worksheet", values), Part("worksheet", values)], sides=2))
    empty = [page for page in pages if "left empty" in page]
    assert empty
    assert not any("Olga" in page or "K4NA8C" in page for page in empty)


def test_squares_of_different_sheets_stay_different() -> None:
    parts = [Part("worksheet", {**SHEET, "address": f"https://still.example/{name}"}) for name in "ab"]
    reader = PdfReader(BytesIO(_printed(parts).pdf))
    assert len({image.data for page in reader.pages for image in page.images}) == 2


def test_what_belongs_to_one_person_stays_together() -> None:
    made = _printed([Part("plan", PLAN, copies=2), Part("worksheet", SHEET, joined=True)])
    assert ["Bring" in page for page in _pages(made)] == [True, False, True, False]
    assert made.pages == 4


def test_a_certificate_may_be_in_the_pack_and_keeps_its_landscape() -> None:
    certificate = certificate_values({**FROZEN}, CODE, ADDRESS, "a4")
    made = _printed([Part("worksheet", SHEET), Part("certificate", certificate)])
    assert paper_tools.page_size(made.pdf, 1) == (210, 297)
    assert paper_tools.page_size(made.pdf, 2) == (297, 210)


def test_a_part_in_another_language_says_so_to_those_who_listen() -> None:
    made = _printed(
        [Part("worksheet", SHEET), Part("worksheet", {**SHEET, "title": "Señales"}, language="es")]
    )
    reader = PdfReader(BytesIO(made.pdf))
    root = reader.root_object["/StructTreeRoot"]["/K"][0].get_object()  # type: ignore[index]
    spoken = {str(kid.get_object().get("/Lang", "")) for kid in root["/K"]}
    assert spoken == {"", "es"}
    assert str(reader.root_object["/Lang"]) == "en"


def test_pages_are_counted_before_anything_is_drawn() -> None:
    values = pack_values(
        [Part("week", {**WEEK, "for": name}) for name in ("A. L.", "J. K.")] + [Part("worksheet", SHEET, 3)],
        title="Pack",
        language="en",
        sides=2,
    )
    counted, made = pdf.count("pack", values, "en"), pdf.printed("pack", values, "en")
    assert (counted.pages, counted.parts) == (made.pages, made.parts)
    assert pdf.count("worksheet", SHEET, "en") == pdf.Counted(1, (1,))


def test_a_long_pack_tells_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "BEAT", 0.05)
    told: list[int] = []
    parts = [Part("week", {**WEEK, "help": str(number)}) for number in range(4)]
    made = pdf.render_long("pack", pack_values(parts, title="All", language="en"), "en", told.append)
    assert made.parts == (made.parts[0],) * 4
    assert told == sorted(told)
    assert len({percent for percent in told if 0 < percent < 100}) >= 2


def test_the_same_pack_is_the_same_file_and_another_has_another_name() -> None:
    values = pack_values([Part("worksheet", SHEET, 2)], title="Pack", language="en")
    once, again = (pdf.render("pack", values, "en") for _time in range(2))
    assert once == again
    assert pdf.render("pack", {**values, "title": "Other"}, "en") != once


@pytest.mark.parametrize(
    ("parts", "options", "sentence"),
    [
        ([], {}, "Choose at least one thing"),
        ([Part("plan", PLAN, copies=0)], {}, "between 1 and 200 copies"),
        ([Part("plan", PLAN, copies=201)], {}, "between 1 and 200 copies"),
        ([Part("plan", PLAN)], {"sides": 3}, "Choose 1 or 2"),
        ([Part("plan", {**PLAN, "size": "large"})], {"booklet": True}, "Large print does not fit"),
        ([Part("certificate", {})], {"booklet": True}, "Print certificates and books flat"),
        (
            [Part("plan", PLAN), Part("plan", {**PLAN, "paper": "letter"})],
            {"booklet": True},
            "Choose A4 or Letter for all of it",
        ),
    ],
)
def test_what_cannot_be_packed_gets_a_sentence(
    parts: list[Part], options: Mapping[str, int], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        pack_values(parts, title="Pack", language="en", **options)  # type: ignore[arg-type]


def test_an_unknown_kind_in_a_pack_and_far_too_many_pages_get_a_sentence() -> None:
    with pytest.raises(NotFound, match="no kind of document called “song”"):
        _printed([Part("song", {})])
    with pytest.raises(Refused, match="more than 2000 pages"):
        pdf.count("pack", pack_values([Part("week", WEEK, 200)] * 3, title="Pack", language="en"), "en")


def test_paper_of_a_pack_is_that_of_its_parts_and_so_are_its_empty_pages() -> None:
    letter = plan_values(COURSE, "evening", site="Still", paper=Paper("letter", ink="saver"))
    made = _printed([Part("plan", letter, copies=2)], sides=2)
    assert {paper_tools.page_size(made.pdf, page) for page in range(1, made.pages + 1)} == {(216, 279)}


def _printed(parts: list[Part], *, title: str = "Pack", sides: int = 1) -> pdf.Printed:
    return pdf.printed("pack", pack_values(parts, title=title, language="en", sides=sides), "en")


def _pages(made: pdf.Printed) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(made.pdf)).pages]


def _leads(reader: PdfReader) -> list[tuple[int, int]]:
    """For each link inside, the page it stands on and the page it leads to."""
    pages, found = [page.indirect_reference for page in reader.pages], []
    for number, page in enumerate(reader.pages):
        for note in page.get("/Annots") or ():
            place = note.get_object().get("/Dest")
            if place is None:
                continue
            target = (
                place[0] if isinstance(place, ArrayObject) else reader.named_destinations[str(place)].page
            )
            found.append((number, pages.index(target)))
    return found
