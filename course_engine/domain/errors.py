"""What can go wrong, in the words of the people it goes wrong for.

Raised on any floor, turned into a page, JSON or a line on stderr once, at the edge.
Every message is a whole sentence that says what is wrong and what to do.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager


class CourseEngineError(Exception):
    """The parent of every error that has a sentence for the person who meets it."""


class NotFound(CourseEngineError):
    """There is no such thing, or it is another person's: the two look the same on purpose."""


class NotYetOpen(CourseEngineError):
    """A week or step is locked; `item` is its id, the reasons are asked from `access`."""

    def __init__(self, item: str) -> None:
        super().__init__(item)
        self.item = item


class Refused(CourseEngineError):
    """What was asked for cannot be done as things stand; the sentence says why and what would help."""


class ChangedMeanwhile(Refused):
    """What a form would have replaced is no longer what the form was made from; nothing was overwritten."""


class BadInput(CourseEngineError):
    """Fields were filled in a way that cannot be used: one sentence for each field name."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = dict(faults)


class Misconfigured(CourseEngineError):
    """The installation cannot start like this; the sentence names the setting and the way to mend it."""


class Unavailable(CourseEngineError):
    """A part of the installation does not answer right now (database busy, disk full); trying again helps."""


class TookTooLong(Unavailable):
    """What was asked for did not end in its time: asked again just so, it would take as long."""


def with_cause(error: CourseEngineError) -> str:
    """A sentence, and behind it what the database itself has said: an installer can do something about it."""
    said = str(error.__cause__ or "").strip().splitlines()
    return f"{error} ({said[0].strip()})" if said else str(error)


@contextmanager
def noting(faults: dict[str, str]) -> Iterator[None]:
    """Go on after a field that cannot be used: whoever filled in a form is told all its faults at once."""
    try:
        yield
    except BadInput as error:
        faults.update(error.faults)
