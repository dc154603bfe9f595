"""Documents of this room are made by real child processes, ended after the last test."""

from collections.abc import Iterator

import pytest

from course_engine.rendering import pdf


@pytest.fixture(scope="session", autouse=True)
def press() -> Iterator[None]:
    pdf.warm()
    yield
    pdf.close()
