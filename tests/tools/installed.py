"""Where a tool of the machine lies; a missing one fails the test with the line that installs it."""

import shutil
from pathlib import Path

import pytest

# A run of Java is over before compiling its code well would pay: this halves its work.
SHORT_LIVED = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")


def command(name: str, package: str, *folders: Path) -> str:
    """The path of a command, looked for in `folders` and then on PATH."""
    for folder in folders:
        if (folder / name).exists():
            return str(folder / name)
    return shutil.which(name) or _missing(name, package)


def file(path: Path, package: str) -> Path:
    """The path, when it exists."""
    return path if path.exists() else Path(_missing(str(path), package))


def _missing(name: str, package: str) -> str:
    pytest.fail(
        f"{name} is not installed. Run: .dev/setup test   "
        f"(or: sudo apt-get install -y --no-install-recommends {package})",
        pytrace=False,
    )
