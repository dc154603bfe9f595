"""The shipped course on paper: every sheet fits its stated pages, and no text brings a complaint."""

from collections.abc import Mapping
from io import BytesIO

import pytest
from pypdf import PdfReader

from course_engine.content import edition, loader
from course_engine.domain.course import Course
from course_engine.domain.pages import Readers
from course_engine.rendering import pdf
from course_engine.rendering.paper import SHEETS, SIZES, Paper
from course_engine.rendering.plans import plan_values
from course_engine.rendering.weeks import week_values
from course_engine.rendering.worksheets import worksheet_values
from tests.tools import pdf as paper_tools

ADDRESS = "https://still.example/runs/0123456789abcdef/worksheets/a-sheet"
HELP = "988 Suicide and Crisis Lifeline: call 988, day and night."
PAPERS = [Paper(sheet, size) for sheet in SHEETS for size in SIZES]


@pytest.fixture(scope="module")
def courses(compiled_self_compassion: loader.Compiled) -> Mapping[str, Course]:
    data = compiled_self_compassion.data
    return {language: edition.course_of(data, language) for language in edition.languages_of(data)}


@pytest.fixture(scope="module")
def course(courses: Mapping[str, Course]) -> Course:
    return courses["en"]


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: f"{paper.sheet}-{paper.size}")
def test_every_worksheet_has_the_pages_its_file_says(course: Course, paper: Paper) -> None:
    stated, found = {}, {}
    for id, step in course.worksheets.items():
        assert step.worksheet is not None
        values = worksheet_values(course, id, site="Stillwater", paper=paper, address=ADDRESS, help=HELP)
        made = pdf.printed("worksheet", values, "en")
        stated[id] = step.worksheet.large_pages if paper.size == "large" else step.worksheet.pages
        found[id] = made.pages
        assert made.warnings == (), id
    assert found == stated


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: f"{paper.sheet}-{paper.size}")
def test_a_translated_sheet_has_no_more_pages_than_the_original(
    courses: Mapping[str, Course], paper: Paper
) -> None:
    for language in courses.keys() - {"en"}:
        for id, step in courses[language].worksheets.items():
            sheet, own = step.worksheet, courses["en"].worksheets[id].worksheet
            assert sheet is not None
            assert own is not None
            if sheet == own:
                continue
            values = worksheet_values(
                courses[language], id, site="Stillwater", paper=paper, address=ADDRESS, help=HELP
            )
            stated = own.large_pages if paper.size == "large" else own.pages
            assert pdf.printed("worksheet", values, language).pages <= stated, (language, id)


@pytest.mark.parametrize("sheet", SHEETS)
def test_every_plan_is_two_to_four_pages(course: Course, sheet: str) -> None:
    for id in course.plan_of:
        for short in (False, True):
            values = plan_values(course, id, site="Stillwater", paper=Paper(sheet), short=short)
            made = pdf.printed("plan", values, "en")
            assert 2 <= made.pages <= 4, (id, short)
            assert made.warnings == (), id


@pytest.mark.parametrize("size", SIZES)
def test_every_week_prints_without_a_complaint_and_in_normal_size_in_at_most_forty_pages(
    course: Course, size: str
) -> None:
    for week in course.weeks:
        values = week_values(course, week, site="Stillwater", paper=Paper("letter", size), help=HELP)
        made = pdf.printed("week", values, "en")
        assert made.warnings == (), week.id
        assert size == "large" or made.pages <= 40, week.id


def test_the_whole_course_is_one_book_in_which_everything_can_be_found(
    course: Course, workbook: pdf.Printed
) -> None:
    assert workbook.warnings == ()
    names = [title for _depth, title in paper_tools.outline(workbook.pdf)]
    wanted = {week.title for week in course.weeks} | {step.title for step in course.steps.values()}
    wanted |= {page.title for page in course.pages if page.readers is Readers.EVERYONE}
    assert wanted <= set(names)
    reader = PdfReader(BytesIO(workbook.pdf))
    inside = {
        str(note.get_object()["/Dest"])
        for page in reader.pages
        for note in page.get("/Annots") or ()
        if "/Dest" in note.get_object()
    }
    assert inside <= set(reader.named_destinations)
    assert course.evidence is not None
    assert {f"claim-{claim.id}" for claim in course.evidence.claims} & inside
