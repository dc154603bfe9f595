"""What is known of a document while it is drawn: complaints of the library, progress, seconds by stage."""

import logging
import time
from collections.abc import Callable

LAID_OUT = 70
DRAWN = 95


class Complaints(logging.Handler):
    """The warnings of the library, a line each."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


class Progress(logging.Handler):
    """How far a long document is: by its parts, or from what the library says of the pages of one.

    It sets every page three times before it knows the numbers in the contents; how many pages there will
    be is a guess from the letters.
    """

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.tell: Callable[[int], None] = lambda _percent: None
        self._wanted = False
        self._likely = self._set = self._told = 0

    def begin(self, likely: int = 0, *, wanted: bool = False) -> None:
        """Begin to count; `likely` is how often a page will be set, 0 when parts are counted instead."""
        self._wanted = wanted or likely > 0
        self._likely, self._set, self._told = likely, 0, 0

    def emit(self, record: logging.LogRecord) -> None:
        if self._likely and "- Page" in record.msg:
            self._set += 1
            self.laid_out(self._set, self._likely)

    def laid_out(self, done: int, whole: int) -> None:
        """So much of the layout is done."""
        self.reach(min(LAID_OUT * done // whole, LAID_OUT))

    def reach(self, percent: int) -> None:
        """Tell, where that is news of at least five hundredths."""
        if self._wanted and percent >= self._told + 5:
            self._told = percent
            self.tell(percent)


class Clock:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        """The stage that ends now."""
        now = time.perf_counter()
        self.laps[stage] = self.laps.get(stage, 0.0) + now - self._last
        self._last = now
