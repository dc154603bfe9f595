"""The command itself: its help, its exit codes, its one sentence."""

import errno
import os
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from course_engine import __version__
from course_engine.cli import main
from course_engine.cli.opened import write
from course_engine.config import PREFIX
from tests.cli.conftest import COMMAND, Terminal
from tests.tools.servers import Postgres

ROOT = Path(__file__).parents[2]


def _all(command: click.Command, *before: str) -> list[tuple[str, ...]]:
    inner = getattr(command, "commands", {})
    return [before, *(words for name, one in inner.items() for words in _all(one, *before, name))]


@pytest.mark.parametrize("words", _all(main), ids=" ".join)
def test_every_command_has_help_and_needs_no_site_for_it(bare: Terminal, words: tuple[str, ...]) -> None:
    told = bare.does(*words, "--help", ENV="production")

    assert f"Usage: course-engine {' '.join(words)}".rstrip() in told
    assert bare.does(*words, "-h") == told


def test_help_answers_within_half_a_second() -> None:
    took = []
    for words in ([], ["serve"], ["certificate", "issue"]) * 2:
        before = _seconds_of_work()
        subprocess.run([*COMMAND, *words, "--help"], check=True, capture_output=True)
        took.append(_seconds_of_work() - before)

    print(f"--help: {min(took):.2f} s of work at best, {max(took):.2f} s at worst")
    assert min(took) < 0.5


def test_help_loads_nothing_heavy() -> None:
    heavy = {
        "flask",
        "peewee",
        "granian",
        "weasyprint",
        "marshmallow",
        "ruamel.yaml",
        "huey",
        "babel",
        "cryptography",
    }
    code = (
        "import sys\nfrom course_engine.cli import main\n"
        "try:\n    main(['certificate', '--help'])\nexcept SystemExit: pass\n"
        f"print('heavy:', sorted({heavy!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert done.stdout.splitlines()[-1] == "heavy: []"


def test_it_says_its_version(bare: Terminal) -> None:
    assert bare.does("--version") == f"course-engine, version {__version__}\n"


def test_a_command_that_does_not_exist_is_wrong_usage(bare: Terminal) -> None:
    assert "No such command 'sevre'" in bare.misused("sevre")
    assert "No such option" in bare.misused("serve", "--prot", "8000")


def test_a_missing_secret_in_production_is_named_with_the_line_that_makes_one(bare: Terminal) -> None:
    told = bare.refused("person", "list", ENV="")

    assert told.startswith("COURSE_ENGINE_SECRET_KEY is not set. Make one with: python3 -c")


def test_a_setting_that_does_not_exist_is_named(bare: Terminal) -> None:
    assert bare.refused("person", "list", ZOEN="UTC").startswith(
        "COURSE_ENGINE_ZOEN in the environment is not"
    )


def test_a_site_that_was_never_set_up_is_told_how(bare: Terminal) -> None:
    told = bare.refused("person", "list")

    assert told == "There is no database of this site yet. Run: course-engine migrate"


def test_the_three_commands_of_the_readme_work_on_a_machine_where_nothing_is_set(bare: Terminal) -> None:
    nothing = dict.fromkeys(bare.settings, "")
    readme = (ROOT / "README.md").read_text("utf-8")
    lines = readme.partition("Three to try:")[2].partition("```sh\n")[2].partition("```")[0].splitlines()
    for line in lines:
        program, *words = line.split()
        assert program == "course-engine"
        bare.does(*words, **nothing)

    assert len(lines) == 3
    assert sorted(path.name for path in bare.folder.iterdir()) == ["certificate.pdf", "plan.pdf"]


def test_a_database_that_does_not_answer_gets_one_sentence(bare: Terminal) -> None:
    told = bare.refused("person", "list", DATABASE_URL="postgresql://nobody@127.0.0.1:1/nowhere")

    assert told.startswith("The database does not answer right now. Please try again in a moment. (")
    assert told.endswith("Connection refused)")
    assert "\n" not in told


def test_whoever_mistypes_the_name_of_the_database_is_told_that_there_is_none(
    bare: Terminal, postgres: Postgres
) -> None:
    told = bare.refused("migrate", DATABASE_URL=postgres.url("stilwater"))

    assert told.endswith('database "stilwater" does not exist)')


def test_a_folder_that_cannot_be_written_gets_one_sentence(bare: Terminal) -> None:
    assert bare.refused("migrate", DATA="/proc/nowhere").startswith(
        "/proc/nowhere cannot be read or written:"
    )


def test_the_exit_codes_reach_the_shell(bare: Terminal) -> None:
    codes = []
    for words in (["migrate"], ["access", "nobody@example.org"], ["access"]):
        process = bare.start(*words)
        _out, told = process.communicate(timeout=240)
        codes.append(process.returncode)
        assert "Traceback" not in told

    assert codes == [0, 1, 2]


def _seconds_of_work() -> float:
    """Processor seconds of children so far: other tests run beside. The benches hold the wall to it."""
    times = os.times()
    return times.children_user + times.children_system


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("words", [("person", "list"), ("--help",), ("person", "--help")])
def test_output_that_finds_no_room_gets_one_sentence(
    at_home: Terminal, words: tuple[str, ...], unbuffered: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    with Path("/dev/full").open("wb") as full:
        process = at_home.start_into(full, *words)
        _out, told = process.communicate(timeout=240)

    assert (process.returncode, told) == (1, "This cannot be written: No space left on device.\n")


def test_a_command_is_refused_in_one_sentence_where_there_is_no_output_at_all(at_home: Terminal) -> None:
    silent = f"{shlex.join([*COMMAND, 'person', 'reset-password', 'eve@example.org'])} >&-"
    environment = {**os.environ, **{f"{PREFIX}{name}": value for name, value in at_home.settings.items()}}
    process = subprocess.run(["sh", "-c", silent], check=False, capture_output=True, env=environment)
    assert process.returncode == 1
    assert b"Traceback" not in process.stderr
    assert process.stderr.count(b"\n") == 1


def test_a_full_disk_is_named_with_the_file_that_found_no_room(at_home: Terminal) -> None:
    printed = ("certificate", "sample", "classic", "-o", "/dev/full")
    assert at_home.refused(*printed) == "/dev/full cannot be read or written: No space left on device."


def test_a_document_that_could_be_written_in_part_only_is_not_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, sheet = Path.write_bytes, tmp_path / "sheet.pdf"

    def fill_up(path: Path, data: bytes) -> int:
        whole(path, data[:2])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", fill_up)
    with pytest.raises(OSError, match="No space left") as told:
        write(sheet, b"%PDF")
    assert told.value.filename == str(sheet)
    assert not sheet.exists()


def test_a_word_that_is_no_text_and_a_missing_stdin_are_wrong_usage(at_home: Terminal) -> None:
    assert "not text in UTF-8" in at_home.misused("access", "\udcff@example.org")

    silent = f"{shlex.join([*COMMAND, 'person', 'add', 'eve@example.org', '--role', 'learner'])} <&-"
    environment = {**os.environ, **{f"{PREFIX}{name}": value for name, value in at_home.settings.items()}}
    process = subprocess.run(["sh", "-c", silent], check=False, capture_output=True, env=environment)
    assert process.returncode == 2
    assert b"Write the password to stdin" in process.stderr
