"""A course whose files change while people are on their way through it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from course_engine.engine import Engine
from course_engine.services import editions
from tests.cast import BREAD, COURSES, Clock


@pytest.fixture
def bread(tmp_path: Path) -> Path:
    """The small course in a folder of one's own."""
    return Path(shutil.copytree(COURSES / BREAD, tmp_path / "courses" / BREAD))


@pytest.fixture
def edit(engine: Engine, bread: Path, clock: Clock) -> Callable[..., str]:
    """Change words in files of the course, each by (file, old, new), and publish it: the new digest."""

    def changed(*changes: tuple[str, str, str]) -> str:
        for file, old, new in changes:
            path = bread / file
            text = path.read_text("utf-8")
            assert old in text
            path.write_text(text.replace(old, new, 1), "utf-8")
        return editions.publish(engine, bread, clock.move(minutes=1))

    return changed
