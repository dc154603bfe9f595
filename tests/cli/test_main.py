"""The command itself: its help, its exit codes, its one sentence."""

import subprocess
import sys
import time

import click
import pytest

from course_engine import __version__
from course_engine.cli import main
from tests.cli.conftest import COMMAND, Terminal


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
        began = time.perf_counter()
        subprocess.run([*COMMAND, *words, "--help"], check=True, capture_output=True)
        took.append(time.perf_counter() - began)

    print(f"--help: {min(took):.2f} s at best, {max(took):.2f} s at worst")
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

    assert told == "The database is older than this program. Run: course-engine migrate"


def test_a_database_that_does_not_answer_gets_one_sentence(bare: Terminal) -> None:
    told = bare.refused("person", "list", DATABASE_URL="postgresql://nobody@127.0.0.1:1/nowhere")

    assert told == "The database does not answer right now. Please try again in a moment."


def test_a_folder_that_cannot_be_written_gets_one_sentence(bare: Terminal) -> None:
    assert bare.refused("migrate", DATA="/proc/nowhere").startswith(
        "/proc/nowhere cannot be read or written:"
    )


def test_the_exit_codes_reach_the_shell(bare: Terminal) -> None:
    codes = []
    for words in (["migrate"], ["access", "nobody@example.org"], ["access"]):
        process = bare.start(*words)
        _out, told = process.communicate(timeout=60)
        codes.append(process.returncode)
        assert "Traceback" not in told

    assert codes == [0, 1, 2]
