"""The floors: imports point down, and each library stays on its own."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_imports_point_down_and_libraries_stay_where_they_belong() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_a_checkout_holds_no_bundle_that_would_shadow_its_folders() -> None:
    assert not (ROOT / "course_engine" / "bundle").exists()
