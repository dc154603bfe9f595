"""What an author is told about a course folder."""

import os
from pathlib import Path

import pytest

from course_engine.content.check import check, notes
from tests.content.conftest import COURSES, Spoil

BROKEN = sorted(folder.name for folder in COURSES.glob("broken-*"))


def told(folder: Path) -> list[str]:
    return [str(fault) for fault in check(folder)]


def only(folder: Path) -> str:
    faults = told(folder)
    assert len(faults) == 1, faults
    return faults[0]


def test_a_whole_course_has_no_faults(bread: Path) -> None:
    assert told(bread) == []


@pytest.mark.parametrize("name", BROKEN)
def test_each_planted_fault_is_told_with_its_place_and_no_other(name: str) -> None:
    expected = [line.split(": ", 1) for line in (COURSES / name / "EXPECTED").read_text("utf-8").splitlines()]
    found = told(COURSES / name)

    for place, words in expected:
        assert [line for line in found if line.startswith(f"{place}: ") and words in line], (
            place,
            words,
            found,
        )
    places = {place for place, _words in expected}
    assert [line for line in found if line.split(": ", 1)[0] not in places] == []


WEEK = "01-starter/week-1.md"
FOLD = "01-starter/practice-fold-a-dough.yaml"
SHEET = "01-starter/worksheet-my-kitchen.yaml"


@pytest.mark.parametrize(
    ("file", "old", "new", "at", "words"),
    [
        ("course.yaml", 'edition: "2026.1"', "edition: 2026.1", "edition", "quotes"),
        ("course.yaml", "title:", "titel:", "titel", "do you mean `title`"),
        ("course.yaml", "attended: 2", "attended: 4", "attended", "nobody could reach it"),
        ("course.yaml", "language: en", "language:", "language", "nothing after it"),
        (WEEK, "#day-four .lesson", "#day-four .lesson .journal", "#day-four", "`kind` twice"),
        (WEEK, "#day-four", "#week-1", "#week-1", "taken: 01-starter/week-1.md:2"),
        (WEEK, "file=my-kitchen", "file=my-kitchen minutes=3", "#my-kitchen", "take `minutes=` out"),
        (WEEK, "minutes=3", "file=x minutes=3", "file=x", "Only a practice or a worksheet"),
        (WEEK, "#day-four .lesson .required minutes=3", "#day-four .lesson", "#day-four", "minutes=5"),
        (WEEK, "#day-four .lesson .required minutes=3", ".lesson minutes=3", "{.lesson minutes", "has an id"),
        (WEEK, "#day-four .lesson", "#day-four", "#day-four", "has a kind"),
        (WEEK, " {#day-four .lesson .required minutes=3}", "", "## Why", "has braces"),
        (WEEK, "{#home-1 .home}", "{#what-lives .home}", "#what-lives .home", "taken"),
        (WEEK, "::: unknown", "::: maybe", "::: maybe", "no box `maybe`"),
        (WEEK, "### Two kinds", "##### Two kinds", "##### Two", "skips a level"),
        (WEEK, "jar.svg", "../jar.svg", "../jar.svg", "not a picture of this folder"),
        (WEEK, "Keep feeding", "[Keep](data:text/html,x) feeding", "[Keep]", "not allowed"),
        (WEEK, "kind: scale", "kind: choice", "- id: patience-1", "`options` is needed"),
        (FOLD, "pause: 15", "pause: 95", "minutes: 5", "takes 6."),
        (FOLD, "minutes: 2", "minutes: 5", "minutes: 5", "script takes"),
        (FOLD, "intensity: gentle", "intensity: deep", "intensity", "backdraft"),
        (FOLD, "intensity: gentle", "intensity: harsh", "intensity", "`gentle`, `medium`, `deep`"),
        (FOLD, "id: fold-a-dough", "id: my-jar", "id: my-jar", ""),
        (FOLD, "id: fold-a-dough", "id: journal-1", "id: journal-1", "taken"),
        (SHEET, "most: 25", "most: 95", "most: 95", "more than `least`"),
        (SHEET, "kind: box", "kind: note", "lines: 4", "means nothing for the kind `note`"),
    ],
)
def test_one_slip_is_told_where_it_stands(
    spoil: Spoil, *, file: str, old: str, new: str, at: str, words: str
) -> None:
    folder = spoil(file, old, new)
    lines = [
        number for number, line in enumerate((folder / file).read_text("utf-8").split("\n"), 1) if at in line
    ]
    found = told(folder)

    if words:
        assert [
            line for line in found if line.startswith(tuple(f"{file}:{n}:" for n in lines)) and words in line
        ], found
    else:
        assert found == []


def test_a_journal_step_without_prompts_is_told(spoil: Spoil, bread: Path) -> None:
    week = bread / WEEK
    week.write_text(
        "\n".join(line for line in week.read_text("utf-8").split("\n") if not line.startswith("- W"))
    )

    assert "has prompts: a list" in only(bread)


def test_an_unclosed_box_is_told_and_stays_in_its_step(spoil: Spoil) -> None:
    folder = spoil(WEEK, "whether it has moved.\n:::", "whether it has moved.\n")

    assert "This box is not closed before the next one begins" in only(folder)


def test_an_unclosed_fence_of_code_is_told(spoil: Spoil) -> None:
    assert "fence" in "".join(told(spoil(WEEK, "### Two kinds", "```\n### Two kinds")))


def test_a_sheet_that_two_steps_show_is_told(spoil: Spoil) -> None:
    again = "## Again {#again .worksheet file=my-kitchen}\n\n## This week at home"

    assert "shows this worksheet already" in only(
        spoil("01-starter/week-2.md", "## This week at home", again)
    )


def test_a_deep_practice_is_never_always_open(spoil: Spoil) -> None:
    spoil(FOLD, "intensity: gentle", "intensity: deep")
    spoil("01-starter/week-1.md", "minutes: 20", "minutes: 20\nteaches: [backdraft]")
    assert told(spoil("01-starter/week-2.md", "minutes: 20", "minutes: 20")) == []

    folder = spoil("01-starter/week-2.md", ".practice one_of", ".practice .always-open one_of")

    assert "always-open" in only(folder)


def test_a_course_may_have_no_week_but_then_says_so(bread: Path) -> None:
    (bread / "02-loaf/week-3.md").unlink()

    assert "no weeks" in "".join(told(bread))


def test_a_file_that_no_part_reaches_is_told(bread: Path) -> None:
    (bread / "week-9.md").write_text("---\n---\n")
    (bread / "01-starter/worksheet_x.yaml").write_text("id: x\n")
    (bread / "course.yml").write_text("id: x\n")
    (bread / "words.es.yaml").write_text("avoid: {}\n")

    assert [line.split(":")[0] for line in told(bread)] == [
        "01-starter/worksheet_x.yaml", "course.yml", "week-9.md", "words.es.yaml",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "copy"),
    [("course.yaml", "course.jp.yaml"), ("01-starter/week-1.md", "01-starter/week-1.cz.md")],
)
def test_a_translation_into_no_language_is_told_by_its_file(bread: Path, file: str, copy: str) -> None:
    (bread / copy).write_bytes((bread / file).read_bytes())

    (fault,) = check(bread)
    assert fault.file == copy
    assert fault.sentence.startswith(f"There is no language `{copy.split('.')[1]}`.")
    assert [note for note in notes(bread) if "jp" in note.sentence or "cz" in note.sentence] == []


def test_a_missing_course_file_and_an_empty_folder_are_told(tmp_path: Path) -> None:
    assert "there is none" in told(tmp_path)[0]
    assert "cannot be read" in "".join(told(tmp_path / "nowhere"))


def test_week_numbers_begin_at_nought_or_one(bread: Path) -> None:
    for number in (1, 2):
        (bread / f"01-starter/week-{number}.md").unlink()
    (bread / "01-starter/week-1.es.md").unlink()

    assert any("Week 1 belongs here, and this is week 3" in line for line in told(bread))


def test_two_modules_with_one_number_are_told(bread: Path) -> None:
    (bread / "02-loaf").rename(bread / "01-loaf")

    assert any("give each its own" in line for line in told(bread))


def test_a_review_that_waits_is_a_note_and_no_fault(spoil: Spoil) -> None:
    folder = spoil("02-loaf/week-3.md", 'reviewed: "Marta Oyelaran, baker, March 2026"\n', "")

    assert told(folder) == []
    assert [str(note) for note in notes(folder) if "should be read" in note.sentence] == [
        "02-loaf/week-3.md:7:1: Before this is used it should be read by a baker who has taught beginners."
    ]


def test_what_waits_for_the_same_reader_is_one_note_with_all_its_places(spoil: Spoil) -> None:
    waits = "readers: everyone\nreview: a baker who has taught beginners\n"
    spoil("02-loaf/week-3.md", 'reviewed: "Marta Oyelaran, baker, March 2026"\n', "")
    folder = spoil("page-hot-things.md", "readers: everyone\n", waits)

    assert [str(note) for note in notes(folder) if "should be read" in note.sentence] == [
        "02-loaf/week-3.md:7:1: Before this is used it should be read by a baker who has taught beginners. "
        "So should these: `page-hot-things.md:6`."
    ]


def test_a_page_may_wait_for_its_reader_too(spoil: Spoil) -> None:
    folder = spoil("page-hot-things.md", "readers: everyone\n", "readers: everyone\nreview: a nurse\n")

    assert told(folder) == []
    assert [str(note) for note in notes(folder) if "nurse" in note.sentence] == [
        "page-hot-things.md:6:1: Before this is used it should be read by a nurse."
    ]


class TestWhatIsNotACourse:
    def test_a_link_out_of_the_folder_is_refused(self, bread: Path, tmp_path: Path) -> None:
        secret = tmp_path / "secret.yaml"
        secret.write_text("password: hunter2\n")
        (bread / "01-starter/worksheet-secret.yaml").symlink_to(secret)

        assert "link to another place" in only(bread)
        assert "hunter2" not in "".join(told(bread))

    def test_links_that_go_round_in_a_circle_are_refused(self, bread: Path) -> None:
        (bread / "03-round").symlink_to(bread)

        assert "link to another place" in only(bread)

    def test_a_large_file_is_refused(self, bread: Path) -> None:
        (bread / "01-starter/practice-long.yaml").write_bytes(b"a" * 1_000_001)

        assert "larger than 1000 kB" in only(bread)

    def test_too_many_files_are_refused(self, bread: Path) -> None:
        for number in range(2001):
            (bread / f"{number}.txt").touch()

        assert "more than 2000 files" in "".join(told(bread))

    def test_a_pipe_is_not_waited_for(self, bread: Path) -> None:
        os.mkfifo(bread / "01-starter/practice-pipe.yaml")

        assert told(bread) == []

    def test_other_bytes_than_utf_8_are_refused_with_their_line(self, bread: Path) -> None:
        path = bread / "02-loaf/module.yaml"
        path.write_bytes(path.read_bytes() + b"\n# caf\xe9\n")

        assert "is not UTF-8" in "".join(told(bread))

    def test_a_script_in_a_picture_is_refused(self, bread: Path) -> None:
        (bread / "01-starter/jar.svg").write_text(
            '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'
        )

        assert "save it as plain SVG" in told(bread)[0]
