"""Serving from the terminal: what is refused, how that is mended, and a demo that answers."""

import http.client
import shlex
import shutil
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path

import pytest

from course_engine.cli import serving
from course_engine.crypto import new_data_key, new_token
from course_engine.domain.errors import Refused
from course_engine.services import demo as demo_site
from tests.cast import BREAD, COURSES, PASSWORD
from tests.cli.conftest import Terminal, add_ada
from tests.tools.ports import free_port

DATABASE = "course-engine.db"


@pytest.fixture
def production(at_home: Terminal) -> Terminal:
    """A site in production with all that it needs."""
    at_home.settings |= {
        "ENV": "production", "BASE_URL": "https://course.example.org", "SECRET_KEY": new_token(),
        "SIGNING_KEY": new_token(), "DATA_KEYS": new_data_key(),
    }  # fmt: skip
    return at_home


@contextmanager
def running(
    terminal: Terminal, *words: object, **settings: str
) -> "Iterator[tuple[str, subprocess.Popen[str]]]":
    """A server that answers: its address and its process."""
    port = free_port()
    process = terminal.start(*words, "--port", port, **settings)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, process)
        yield address, process
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=240)


@pytest.mark.parametrize("name", ["SECRET_KEY", "SIGNING_KEY", "DATA_KEYS", "BASE_URL"])
def test_serving_without_a_secret_is_refused_and_says_how_to_make_it(production: Terminal, name: str) -> None:
    told = production.refused("serve", **{name: ""})

    assert told.startswith(f"COURSE_ENGINE_{name} is not set.")
    assert "Make one with: python3 -c" in told or "such as https://" in told


def test_the_line_that_makes_a_secret_makes_one_that_is_taken(production: Terminal) -> None:
    for name in ("SECRET_KEY", "DATA_KEYS"):
        line = production.refused("serve", **{name: ""}).partition("Make one with: ")[2]
        made = subprocess.run(shlex.split(line), check=True, capture_output=True, text=True).stdout.strip()
        production.does("person", "list", **{name: made})
    assert "too short" in production.refused("serve", SECRET_KEY="short")
    assert "32 bytes" in production.refused("serve", DATA_KEYS="short")


def test_serving_a_schema_behind_the_code_is_refused(production: Terminal, tmp_path: Path) -> None:
    (tmp_path / DATABASE).unlink()

    assert production.refused("serve") == (
        "There is no database of this site yet. Run: course-engine migrate"
    )


def test_serving_an_invalid_course_is_refused_with_its_faults(production: Terminal) -> None:
    folder = COURSES / "broken-keys"

    told = production.refused("serve", COURSES=str(folder))

    assert f"Mend its files, then look again with: course-engine check {folder}" in told
    assert f"{folder}/course.yaml:" in told


def test_a_course_of_the_site_is_published_and_wins_by_its_id(production: Terminal, tmp_path: Path) -> None:
    mine = tmp_path / "courses" / "another-name"
    shutil.copytree(COURSES / BREAD, mine)
    for file in mine.glob("course*.yaml"):
        file.write_text(file.read_text("utf-8").replace("id: slow-bread", "id: self-compassion"), "utf-8")

    with running(production, "serve", COURSES=str(mine.parent)) as (address, _process):
        assert "Slow bread, week by week" in _get(f"{address}/")

    assert production.rows("preview", "self-compassion")[1]["title"] == "What lives in the jar"


def test_a_demo_is_not_served_in_production(production: Terminal) -> None:
    add_ada(production, "admin@example.org")

    assert production.refused("serve").startswith(
        "This database is a demo, with a password that everybody knows"
    )


@pytest.mark.parametrize("by_file", [False, True], ids=["environment", "file"])
def test_a_demo_does_not_run_in_production(bare: Terminal, tmp_path: Path, by_file: bool) -> None:
    settings = tmp_path / "settings.env"
    settings.write_text("COURSE_ENGINE_ENV=production\n", encoding="utf-8")
    given = {"ENV": "", "DATA": "", "CONFIG": str(settings)} if by_file else {"ENV": "production"}

    told = bare.refused("demo", "--data", "demo", **given)

    assert told == "A demo does not run with COURSE_ENGINE_ENV=production. Use: course-engine serve"
    assert not Path("demo").exists()


def test_a_site_with_people_is_not_made_a_demo_nor_deleted(at_home: Terminal, tmp_path: Path) -> None:
    add_ada(at_home)

    assert "is not made a demo" in at_home.refused("demo", "--data", tmp_path)
    assert at_home.refused("demo", "--data", tmp_path, "--reset") == (
        f"{tmp_path} does not hold a demo, so nothing was deleted."
    )
    assert [row["name"] for row in at_home.rows("person", "list")] == ["Ada"]


def test_a_demo_asked_for_beside_a_site_in_production_changes_nothing_of_it(
    production: Terminal, bare: Terminal, tmp_path: Path
) -> None:
    add_ada(production)
    before = _held(tmp_path)

    told = bare.refused("demo", "--data", tmp_path, **dict.fromkeys(production.settings, ""))

    assert "is not made a demo" in told
    assert _held(tmp_path) == before
    assert "secrets.json" not in before


def test_a_folder_whose_people_are_in_a_database_elsewhere_is_not_made_a_demo(
    bare: Terminal, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "erased.ledger").write_text("# the-name-of-the-ledger\n", encoding="utf-8")

    assert "is not made a demo" in bare.refused("demo", "--data", site, DATA="")
    assert [path.name for path in site.iterdir()] == ["erased.ledger"]


@pytest.mark.parametrize("made", ["no database at all", ""])
def test_a_file_that_nobody_can_read_is_kept_and_an_empty_one_becomes_a_demo(
    tmp_path: Path, made: str
) -> None:
    (tmp_path / DATABASE).write_text(made, encoding="utf-8")
    if made:
        with pytest.raises(Refused, match="is not made a demo"):
            demo_site.refuse_real_site(tmp_path)
    else:
        demo_site.refuse_real_site(tmp_path)
    assert (tmp_path / DATABASE).read_text("utf-8") == made


def test_a_demo_is_seeded_once_answers_and_begins_again_when_asked(bare: Terminal) -> None:
    data = bare.folder / "demo"
    demo = {"ENV": "demo", "DATA": str(data)}
    with running(bare, "demo", "--data", data) as (address, process):
        assert "demo" in _get(f"{address}/").lower()
        assert process.stdout is not None
        # A letter to the made-up facilitator may be shown before.
        text = "".join(takewhile(lambda line: not line.startswith("Stop it"), process.stdout))
    assert address in text
    for told in (demo_site.LEARNER, demo_site.FACILITATOR, demo_site.ADMIN, demo_site.PASSWORD):
        assert told in text
    everybody = len(demo_site.GROUP) + len(demo_site.BEFORE) + 2
    assert len(bare.rows("person", "list", **demo)) == everybody

    bare.does(
        "person",
        "add",
        "eve@example.org",
        "--role",
        "learner",
        stdin=f"{PASSWORD}\n",
        **demo,
    )
    with running(bare, "demo", "--data", data):
        assert len(bare.rows("person", "list", **demo)) == everybody + 1
    serving._clear(data)
    assert not data.exists()


@pytest.mark.parametrize("words", [["serve", "--port", "8798"], ["worker"]])
def test_whoever_starts_a_site_whose_queue_is_damaged_is_told_what_mends_it(
    at_home: Terminal, tmp_path: Path, words: list[str]
) -> None:
    (tmp_path / "queue.db").write_bytes(b"no database" * 500)
    told = at_home.start(*words, PUBLISH="manual").communicate(timeout=240)[1]
    assert told.startswith(f"{tmp_path / 'queue.db'} cannot be used: file is not a database. ")
    assert told.count("\n") == 1


def test_a_port_in_use_is_told(bare: Terminal) -> None:
    with running(bare, "demo", "--data", "demo") as (address, _process):
        port = address.rpartition(":")[2]
        second = bare.start("demo", "--data", "demo", "--port", port)
        _out, told = second.communicate(timeout=240)

    assert second.returncode == 1
    assert told.startswith(f"Port {port} on 127.0.0.1 is in use by another program.")


@pytest.mark.parametrize(
    "words", [("serve", "--workers", "0"), ("serve", "--port", "99999"), ("demo", "--port", "0")]
)
def test_a_port_or_a_number_of_processes_that_cannot_be_is_wrong_usage(
    bare: Terminal, words: tuple[str, ...]
) -> None:
    assert "is not in the range" in bare.misused(*words)


def test_an_address_with_colons_is_written_in_brackets() -> None:
    assert serving._address("::1", 8000) == "http://[::1]:8000"
    assert serving._address("127.0.0.1", 80) == "http://127.0.0.1:80"


def _held(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def _wait(address: str, process: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()
        try:
            _get(f"{address}/healthz")
            return
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
    pytest.fail("The server did not answer within four minutes.")


def _get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return str(answer.read().decode())
