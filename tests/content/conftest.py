"""A whole course to spoil, one thing at a time."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

COURSES = Path(__file__).parents[1] / "courses"
Spoil = Callable[[str, str, str], Path]


@pytest.fixture
def bread(tmp_path: Path) -> Path:
    """A copy of the three-week course."""
    return Path(shutil.copytree(COURSES / "slow-bread", tmp_path / "slow-bread"))


@pytest.fixture
def spoil(bread: Path) -> Spoil:
    """Replace words in one of its files; the words have to stand there once or more."""

    def replace(file: str, old: str, new: str) -> Path:
        path = bread / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")
        return bread

    return replace
