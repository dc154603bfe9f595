"""What people install is whole: the sdist, the wheel made from it, and a demo that runs from the wheel."""

import http.client
import os
import signal
import subprocess
import sys
import tarfile
import time
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

from tests.tools.ports import free_port

ROOT = Path(__file__).parents[2]
BUNDLED = ("modules", "templates", "certificates")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel that was made from it."""
    folder = tmp_path_factory.mktemp("built")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The commands of a fresh environment in which the wheel was installed, and nothing of the tests."""
    home = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(home)
    # What is never imported need not be compiled; the rest is when it is first run.
    pip = [sys.executable, "-m", "pip", "--python", str(home / "bin" / "python"), "install", "--no-compile"]
    pip += ["--quiet", "--disable-pip-version-check", "--retries", "10"]
    (wheel,) = built.glob("*.whl")
    for wanted in (
        ["--require-hashes", "--requirement", str(ROOT / ".dev" / "requirements.txt")],
        ["--no-deps", str(wheel)],
    ):
        subprocess.run([*pip, *wanted], check=True, timeout=900)
    return home / "bin"


def test_the_wheel_holds_every_file_of_the_package_and_no_other(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        held = {name for name in opened.namelist() if ".dist-info/" not in name}

    assert sorted(held - _wanted()) == []
    assert sorted(_wanted() - held) == []
    for part in ("web/static/site.css", "rendering/fonts.conf", "storage/migrations/0001_initial.py"):
        assert f"course_engine/{part}" in held


def test_the_wheel_carries_its_licences(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        licences = [name for name in opened.namelist() if "/licenses/" in name]

    assert any(name.endswith("/licenses/LICENSE") for name in licences)
    assert any("modules/LICENSE" in name for name in licences)


def test_the_sdist_holds_what_is_kept_and_nothing_that_is_ignored(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as opened:
        held = {name.partition("/")[2] for name in opened.getnames() if not name.endswith("/")}

    assert sorted(path for path in _kept() if path not in held) == []
    ignored = [part for part in held for word in ("__pycache__", ".venv/", "instance/") if word in part]
    assert ignored == []


def test_the_wheel_checks_its_course_and_runs_a_demo_from_any_folder(installed: Path, tmp_path: Path) -> None:
    command, clean = str(installed / "course-engine"), _environment()
    checked = subprocess.run(
        [command, "check"], cwd=tmp_path, env=clean, capture_output=True, text=True, check=True
    )
    assert f"{installed.parent}" in checked.stderr
    assert "self-compassion is a valid course." in checked.stderr

    port = free_port()
    process = subprocess.Popen(
        [command, "demo", "--port", str(port)], cwd=tmp_path, env=clean, stdout=subprocess.DEVNULL
    )
    try:
        assert "Stillwater" in _first_page(port, process)
        subprocess.run(
            [command, "certificate", "sample", "classic", "-o", "sample.pdf"],
            cwd=tmp_path, env={**clean, "COURSE_ENGINE_ENV": "demo"}, check=True, timeout=300,
        )  # fmt: skip
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=240) == 0
    assert (tmp_path / "instance" / "course-engine.db").is_file()
    assert (tmp_path / "sample.pdf").read_bytes().startswith(b"%PDF-1.7")


def _wanted() -> set[str]:
    """The package and what is bundled into it, as the wheel names them."""
    kept = _kept()
    package = {path for path in kept if path.startswith("course_engine/")}
    bundled = {f"course_engine/bundle/{path}" for path in kept if path.partition("/")[0] in BUNDLED}
    return package | bundled


def _kept() -> list[str]:
    """Every file that is not ignored, new ones too."""
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [path for path in listed if (ROOT / path).is_file()]


def _first_page(port: int, process: "subprocess.Popen[bytes]") -> str:
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        assert process.poll() is None
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
                return str(answer.read().decode())
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
    pytest.fail("The demo did not answer within four minutes.")


def _environment() -> dict[str, str]:
    left_out = ("COURSE_ENGINE_", "PYTHON", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
