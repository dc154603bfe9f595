"""Courses from the terminal: checked, previewed, and as a learner has them."""

import json
import re
import shutil
from pathlib import Path

import pytest

from course_engine.domain.people import Person
from course_engine.domain.progress import How, Run
from course_engine.engine import Engine
from tests.cast import BREAD, COURSES, Clock, do
from tests.cli.conftest import Terminal, finish
from tests.tools.ports import free_port

FAULT = re.compile(r"[^:]+:\d+:\d+: \S.*")


@pytest.mark.parametrize("name", sorted(folder.name for folder in COURSES.glob("broken-*")))
def test_every_fault_is_a_line_with_its_place(bare: Terminal, name: str) -> None:
    result = bare.type("check", COURSES / name)

    assert result.exit_code == 1
    assert result.stdout
    for line in result.stdout.splitlines():
        assert FAULT.fullmatch(line), line
        assert line.startswith(f"{COURSES / name}/")


def test_the_faults_of_every_folder_are_told_though_they_hold_one_course(bare: Terminal) -> None:
    folders = sorted(COURSES.glob("broken-*"))

    told = bare.type("check", *folders).stdout
    all_of_them = bare.type("check", COURSES).stdout

    assert [folder.name for folder in folders if f"{folder}/" not in told] == []
    assert [line for line in all_of_them.splitlines() if BREAD not in line] == told.splitlines()


def test_a_folder_without_a_course_is_a_fault(bare: Terminal) -> None:
    result = bare.type("check", COURSES / BREAD, bare.folder)

    assert result.exit_code == 1
    assert f"{bare.folder}/course.yaml:1:1: " in result.stdout


def test_a_whole_course_has_no_faults(bare: Terminal) -> None:
    result = bare.type("check", COURSES / BREAD)

    assert result.exit_code == 0
    assert [line for line in result.stdout.splitlines() if not line.endswith("(note)")] == []
    assert result.stderr == f"{COURSES / BREAD} is a valid course.\n"


def test_without_a_path_the_shipped_courses_and_those_of_the_site_are_checked(bare: Terminal) -> None:
    assert "self-compassion is a valid course." in bare.type("check").stderr

    result = bare.type("check", COURSES=str(COURSES / "broken-keys"))

    assert result.exit_code == 1
    assert "broken-keys/course.yaml:" in result.stdout
    assert "self-compassion is a valid course." in result.stderr


def test_a_folder_that_is_not_there_is_wrong_usage(bare: Terminal) -> None:
    assert "does not exist" in bare.misused("check", "nowhere")


def test_a_preview_shows_weeks_and_steps_with_state_and_reason(terminal: Terminal) -> None:
    rows = terminal.rows("preview", BREAD, "--pace", "weekly", "--start", "2026-03-02", "--at", "2026-03-06")

    weeks = {row["item"]: row for row in rows if row["item"].startswith("week")}
    assert [row["state"] for row in weeks.values()] == ["done", "locked", "locked"]
    assert "8 March" in weeks["week 2"]["reason"]
    table = terminal.does("preview", BREAD, "--pace", "weekly", "--start", "2026-03-02", "--at", "2026-03-06")
    assert table.splitlines()[0].split() == ["item", "title", "state", "reason"]
    assert len(table.splitlines()) == len(rows) + 1


def test_each_pace_opens_the_weeks_in_its_own_time(at_home: Terminal) -> None:
    def done(pace: str, day: str) -> int:
        rows = at_home.rows("preview", BREAD, "--pace", pace, "--start", "2026-03-02", "--at", day)
        return sum(row["state"] == "done" for row in rows if row["item"].startswith("week"))

    days = ("2026-03-09", "2026-03-16", "2026-03-30")
    assert [done("free", day) for day in days] == [3, 3, 3]
    assert [done("weekly", day) for day in days] == [2, 3, 3]
    assert [done("gentle", day) for day in days] == [1, 2, 3]
    assert [done("cohort", day) for day in days] == [1, 2, 3]


def test_a_day_that_is_past_is_looked_at_as_the_day_of_joining(at_home: Terminal) -> None:
    rows = at_home.rows("preview", BREAD, "--at", "2020-01-01")

    assert rows[0]["state"] == "next"


def test_days_that_cannot_be_are_wrong_usage(at_home: Terminal) -> None:
    assert "yesterday is no date" in at_home.misused("preview", BREAD, "--at", "yesterday")
    for end in ("0001-01-01T00:00+14:00", "9999-12-31T23:59-11:00"):
        assert f"{end} is no date" in at_home.misused("preview", BREAD, "--at", end)
    for far in ("9999-12-20", "2201-01-02", "0001-01-02"):
        assert f"{far} is too far away" in at_home.misused("preview", BREAD, "--start", far, "--at", far)
    told = at_home.misused("preview", BREAD, "--start", "2026-03-02", "--at", "2026-03-01")
    assert "2026-03-01 is before the day of joining, 2026-03-02." in told
    assert "'slow' is not one of" in at_home.misused("preview", BREAD, "--pace", "slow")


def test_an_author_previews_a_folder_that_is_not_published(at_home: Terminal, tmp_path: Path) -> None:
    mine = tmp_path / "my-bread"
    shutil.copytree(COURSES / BREAD, mine)
    for file in mine.glob("course*.yaml"):
        file.write_text(file.read_text("utf-8").replace("slow-bread", "my-own"), "utf-8")

    assert len(at_home.rows("preview", mine)) == len(at_home.rows("preview", BREAD))
    assert at_home.rows("preview", "my-own", COURSES=str(tmp_path)) == at_home.rows("preview", mine)
    assert at_home.refused("preview", "my-own") == "There is no course called my-own here."


def test_a_preview_of_a_folder_with_faults_tells_them(at_home: Terminal) -> None:
    told = at_home.refused("preview", COURSES / "broken-keys").splitlines()

    assert told[0].endswith(f"look again with: course-engine check {COURSES / 'broken-keys'}")
    assert all(FAULT.fullmatch(line) for line in told[1:])


def test_access_shows_what_the_learner_has(
    terminal: Terminal, engine: Engine, ada: Person, run: Run, clock: Clock
) -> None:
    do(engine, ada, run, clock(), "what-lives")

    found = terminal.rows("access", "ada@example.org", "--at", "2026-03-02T20:00")
    rows = {row["item"].strip(): row for row in found}

    assert rows["what-lives"]["state"] == "done"
    assert rows["week 1"]["state"] == "next"
    assert rows["week 2"]["state"] == "locked"
    assert rows["week 2"]["reason"]


def test_access_looks_back_at_what_had_been_done_by_then(
    terminal: Terminal, engine: Engine, ada: Person, run: Run, clock: Clock
) -> None:
    do(engine, ada, run, clock.move(days=1), "what-lives", how=How.NOT_TODAY)
    finish(engine, ada, run, clock)

    def weeks(at: str) -> list[str]:
        rows = terminal.rows("access", "ada@example.org", "--at", at)
        return [row["state"] for row in rows if row["item"].startswith("week")]

    assert weeks("2026-03-03T12:00") == ["next", "locked", "locked"]
    assert weeks("2026-03-12") == ["done", "next", "locked"]
    assert weeks("2026-12-01") == ["done", "done", "done"]


def test_somebody_who_is_not_there_or_has_not_begun_gets_a_sentence(terminal: Terminal, cleo: Person) -> None:
    assert (
        terminal.refused("access", "eve@example.org") == "There is nobody with the address eve@example.org."
    )
    assert terminal.refused("access", "cleo@example.org") == "Cleo has not begun a course yet."


class TestCoverage:
    def test_every_unit_is_listed_with_its_state_and_its_mark(self, bare: Terminal) -> None:
        result = bare.type("check", COURSES / BREAD, "--language", "es")
        rows = [line.split() for line in result.stdout.splitlines()]

        assert result.exit_code == 0
        assert rows[0] == ["unit", "state", "of"]
        assert [row[1:-1] for row in rows if row[0] == f"{BREAD}/course.yaml"] == [["whole"]]
        assert [row[1:-1] for row in rows if row[0] == f"{BREAD}/evidence.yaml"] == [["partly"]]
        assert [row[1:-1] for row in rows if row[0] == f"{BREAD}/02-loaf/week-3.md"] == [["not", "yet"]]
        assert all(re.fullmatch("[0-9a-f]{8}", row[-1]) for row in rows[1:])

    def test_a_mark_that_is_copied_from_the_table_makes_its_unit_whole(
        self, bare: Terminal, tmp_path: Path
    ) -> None:
        folder = Path(shutil.copytree(COURSES / BREAD, tmp_path / BREAD))
        (folder / "01-starter/module.es.yaml").write_text("title: Masa\nsummary: Harina y agua.\n", "utf-8")
        row = self._row(bare, folder, f"{BREAD}/01-starter/module.yaml")
        assert row["state"] == "without of"

        with (folder / "01-starter/module.es.yaml").open("a", encoding="utf-8") as file:
            file.write(f"of: {row['of']}\n")
        assert self._row(bare, folder, f"{BREAD}/01-starter/module.yaml")["state"] == "whole"

    def test_faults_are_told_beside_the_table(self, bare: Terminal) -> None:
        result = bare.type("check", COURSES / "broken-ids", "--language", "es", "--json")

        assert result.exit_code == 1
        assert json.loads(result.stdout)
        assert "week-2.md:" in result.stderr

    def test_what_is_no_language_is_wrong_usage(self, bare: Terminal) -> None:
        result = bare.type("check", COURSES / BREAD, "--language", "english")

        assert result.exit_code == 2
        assert "english is no language" in result.stderr

    def _row(self, bare: Terminal, folder: Path, unit: str) -> dict[str, str]:
        rows = json.loads(bare.type("check", folder, "--language", "es", "--json").stdout)
        return next(row for row in rows if row["unit"] == unit)


def test_faults_and_notes_can_be_read_by_a_program(bare: Terminal) -> None:
    result = bare.type("check", COURSES / BREAD, COURSES / "broken-keys", "--json")
    rows = json.loads(result.stdout)

    assert result.exit_code == 1
    assert {row["kind"] for row in rows} == {"fault", "note"}
    assert all(Path(row["file"]).is_absolute() and row["line"] and row["column"] for row in rows)


class TestPublish:
    def test_a_folder_becomes_the_newest_edition_and_only_once(self, at_home: Terminal) -> None:
        folder = Path(shutil.copytree(COURSES / BREAD, at_home.folder / "my-bakery"))
        assert "is in use already" in at_home.does("publish", folder)
        course = folder / "course.yaml"
        course.write_text(course.read_text().replace("Slow bread, week by week", "Slower bread"))

        first = at_home.does("publish", folder)
        again = at_home.does("publish", BREAD, COURSES=str(at_home.folder))

        assert re.fullmatch(rf"{BREAD}: edition [0-9a-f]{{8}} is published\.\n", first)
        assert "is in use already" in again

    def test_a_folder_with_faults_changes_nothing_and_a_course_that_is_not_there_is_told(
        self, at_home: Terminal
    ) -> None:
        broken = at_home.type("publish", COURSES / "broken-keys")
        unknown = at_home.type("publish", "fast-bread")

        assert broken.exit_code == 1
        assert re.search(r"course\.yaml:\d+:\d+: ", broken.stderr)
        assert unknown.exit_code == 1
        assert "There is no course called fast-bread here." in unknown.stderr


def test_whoever_sits_at_a_terminal_sees_how_far_a_check_and_a_new_demo_are(bare: Terminal) -> None:
    assert "Reading" in bare.watched("check", COURSES / BREAD)
    assert "Making up people" in bare.watched("demo", "--data", "demo", "--port", free_port())
