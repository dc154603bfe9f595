"""`make soak`: what takes longer, or asks more of a machine, than the suite may of anyone.

With `--soak` the tests of `tests/soak` run too, and tests that take the fixture do all they can.
"""

from pathlib import Path

import pytest

_FOLDER = Path(__file__).parents[1] / "soak"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="take hours and root, and try everything")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return True if collection_path == _FOLDER and not config.getoption("--soak") else None


@pytest.fixture(scope="session")
def soak(pytestconfig: pytest.Config) -> bool:
    """Whether there is time to try everything."""
    return bool(pytestconfig.getoption("--soak"))
