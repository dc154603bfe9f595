"""How long pages wait here for a document or a database: as long as it takes, for a machine may be slow.

A site answers with a job instead after two seconds, gives a document up after twenty, and calls a database
busy after five: on a machine that does much at once this would tell of the machine, and not of the site.
"""

from collections.abc import Iterator
from functools import partial

import pytest

from course_engine import engine
from course_engine.rendering import pdf
from course_engine.rendering.press import Terms
from course_engine.services import prints
from course_engine.storage import connections

SECONDS = 120


@pytest.fixture(scope="session", autouse=True)
def patience() -> Iterator[None]:
    """Nobody gives up waiting, but where a test says so."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(prints, "WAIT", SECONDS)
        patch.setattr(connections, "PATIENCE", SECONDS)
        patch.setattr(engine, "Terms", partial(Terms, seconds=SECONDS))
        pdf.configure(Terms(seconds=SECONDS))
        yield
