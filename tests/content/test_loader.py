"""Course folders to editions, and editions to courses."""

import shutil
from pathlib import Path

from course_engine.content import loader
from course_engine.domain.course import Course, StepKind
from tests.content.conftest import Spoil


def course(folder: Path, language: str | None = None) -> Course:
    compiled = loader.compile_course(folder)
    assert [str(fault) for fault in compiled.faults] == []
    return loader.course_of(loader.decode(loader.encode(compiled.data)), language)


def test_a_course_has_its_weeks_and_steps_in_the_order_of_the_files(bread: Path) -> None:
    bread_course = course(bread)

    assert [(week.id, week.number) for week in bread_course.weeks] == [
        ("week-1", 1),
        ("week-2", 2),
        ("week-3", 3),
    ]
    assert [step.id for step in bread_course.weeks[0].steps] == [
        "what-lives", "day-four", "stir-and-look", "journal-1", "my-kitchen", "oven-1", "check-in-1",
    ]  # fmt: skip
    assert bread_course.pace == "free"
    assert bread_course.certificate.attended == 2


def test_a_step_carries_what_its_file_says(bread: Path) -> None:
    steps = course(bread).steps
    fold, kitchen, check_in = steps["fold-a-dough"], steps["my-kitchen"], steps["check-in-1"]

    assert fold.practice is not None
    assert kitchen.worksheet is not None
    assert (fold.kind, fold.minutes, fold.one_of) == (StepKind.PRACTICE, 5, "practice")
    assert fold.summary == fold.practice.summary
    assert fold.practice.gentler.html.startswith("<p>Wring out a tea towel")
    assert sum(line.pause for line in fold.practice.short.lines) == 90
    assert [field.kind for field in kitchen.worksheet.fields][:4] == ["note", "lines", "box", "scale"]
    assert "<strong>what you see</strong>" in kitchen.worksheet.fields[0].html
    assert (kitchen.worksheet.fields[3].least, kitchen.worksheet.fields[3].most) == (15, 25)
    assert [field.id for field in check_in.fields] == ["jar-today", "patience-1"]
    assert check_in.required


def test_the_texts_are_ready_for_a_page(bread: Path) -> None:
    week = course(bread).weeks[0]

    assert week.welcome_html.startswith("<p>Welcome.")
    assert week.home_title == "This week at home"
    assert week.home_html.startswith("<p>Once a day")
    assert "<h2>Two kinds of guests</h2>" in week.steps[0].html
    assert '<p class="box-title">Try it</p>' in week.steps[0].html


def test_a_translation_is_taken_word_by_word(bread: Path) -> None:
    compiled = loader.compile_course(bread)
    spanish, english = loader.course_of(compiled.data, "es"), loader.course_of(compiled.data)

    assert loader.languages_of(compiled.data) == ("en", "es")
    assert (spanish.language, english.language) == ("es", "en")
    assert spanish.title == "Pan lento, semana a semana"
    assert spanish.licence == english.licence
    assert spanish.weeks[0].title == "Un tarro con harina y agua"
    assert spanish.weeks[1] == english.weeks[1]
    assert spanish.steps["what-lives"].html.startswith("<p>Una masa madre")
    assert spanish.steps["what-lives"].minutes == english.steps["what-lives"].minutes
    assert spanish.steps["my-kitchen"].title == "My kitchen and my flour"
    assert spanish.steps["check-in-1"].fields[0].options[0] == "plano y tranquilo"
    assert spanish.steps["check-in-1"].fields[0].kind == "choice"
    sheet = spanish.steps["my-kitchen"].worksheet
    assert sheet is not None
    assert sheet.title == "Mi cocina y mi harina"
    assert [field.label for field in sheet.fields][1:3] == [
        "El lugar tranquilo más cálido de mi cocina",
        "Draw your jar and mark the height",
    ]


def test_a_place_of_a_language_speaks_the_language_and_an_unknown_one_the_original(bread: Path) -> None:
    assert course(bread, "es_MX").title == "Pan lento, semana a semana"
    assert course(bread, "fr").title == "Slow bread, week by week"


def test_a_practice_is_translated_line_by_line_and_keeps_its_quiet(bread: Path) -> None:
    (bread / "01-starter/practice-fold-a-dough.es.yaml").write_text(
        "title: Pliega\ngentler:\n  title: Un paño\nshort:\n  script:\n    - part: Un pliegue\n      lines:\n"
        "        - say: Moja las manos.\n        - pause: 1\n        - say: Cubre el cuenco.\n",
        "utf-8",
    )
    fold = course(bread, "es").steps["fold-a-dough"].practice

    assert fold is not None
    assert (fold.title, fold.gentler.title) == ("Pliega", "Un paño")
    assert fold.gentler.html.startswith("<p>Wring out")
    assert [(line.say[:5], line.pause) for line in fold.short.lines] == [
        ("Moja ", 20),
        ("Turn ", 40),
        ("Cubre", 30),
    ]


def test_a_translation_with_another_number_of_lines_is_told(bread: Path) -> None:
    (bread / "01-starter/practice-fold-a-dough.es.yaml").write_text(
        "short:\n  script:\n    - part: A\n      lines:\n        - say: B\nanchors: [uno]\n", "utf-8"
    )

    assert [str(fault).split(": ")[0] for fault in loader.compile_course(bread).faults] == [
        "01-starter/practice-fold-a-dough.es.yaml:4:7",
        "01-starter/practice-fold-a-dough.es.yaml:6:1",
    ]


def test_a_translation_of_nothing_or_into_the_same_language_is_told(bread: Path) -> None:
    shutil.copy(bread / "01-starter/week-1.es.md", bread / "01-starter/week-1.en.md")
    shutil.copy(bread / "01-starter/week-1.es.md", bread / "02-loaf/week-8.es.md")

    assert [fault.file for fault in loader.compile_course(bread).faults] == [
        "01-starter/week-1.en.md",
        "02-loaf/week-8.es.md",
    ]


def test_equal_files_make_an_equal_digest_and_other_words_another(
    bread: Path, tmp_path: Path, spoil: Spoil
) -> None:
    first = loader.compile_course(bread)
    other = loader.compile_course(Path(shutil.copytree(bread, tmp_path / "elsewhere")))
    spoil("course.yaml", "Tom Achebe", "Tom Adeyemi")

    assert (first.digest, first.data) == (other.digest, other.data)
    assert loader.encode(loader.decode(loader.encode(first.data))) == loader.encode(first.data)
    assert loader.compile_course(bread).digest != first.digest


def test_who_reviewed_a_week_is_not_part_of_the_edition(bread: Path, spoil: Spoil) -> None:
    before = loader.compile_course(bread).digest
    spoil("02-loaf/week-3.md", "Marta Oyelaran, baker", "Marta Oyelaran, master baker")

    assert loader.compile_course(bread).digest == before


def test_a_course_with_faults_is_no_edition(spoil: Spoil) -> None:
    compiled = loader.compile_course(spoil("course.yaml", "pace: free", "pace: fast"))

    assert compiled.faults
    assert (compiled.data, compiled.digest) == ({}, "")


def test_the_earlier_folder_wins_when_two_courses_have_one_id(
    bread: Path, tmp_path: Path, spoil: Spoil
) -> None:
    mine, theirs = tmp_path / "mine", tmp_path / "theirs"
    shutil.copytree(bread, mine / "a")
    shutil.copytree(bread, theirs / "b")
    spoil("course.yaml", "id: slow-bread", "id: other-bread")
    shutil.copytree(bread, theirs / "c")

    assert loader.find_courses([mine, theirs]) == [mine / "a", theirs / "c"]
    assert loader.find_courses([theirs / "b", tmp_path / "nowhere"]) == [theirs / "b"]
