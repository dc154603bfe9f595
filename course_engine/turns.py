"""Turns: the threads that answer requests work one at a time, and step aside while they wait.

Python runs one thread at a time anyhow. Without turns, threads would take it from each other at every
statement to the database, which costs a quarter of all pages (`make bench`). Whoever waits for a disk, a
server or another process does so inside `aside`, and works within that in `back`; in threads that took no
turn both do nothing.

A turn guards nothing, it only saves time: who has waited `LONGEST` seconds for one works without it. So
nobody waits for ever, whatever else two threads may wait for, nor long for a page that takes long.

Passing the turn on at every page costs as much again, because the next thread has to be woken, often on
another core. So whoever had to wait for a turn rests after the answer, and the other serves alone meanwhile.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

LONGEST = 0.25
REST = 0.25
"""Seconds: how late a thread that rests notices by itself that the other one has begun to wait."""

_turn = threading.Lock()
_mine = threading.local()
_waiting: set[int] = set()
_resting = threading.Lock()
_called = threading.Event()


@contextmanager
def taken() -> Iterator[None]:
    """Work while no other thread that takes turns does."""
    _mine.had_to_wait = False
    _take()
    try:
        yield
    finally:
        _give()


@contextmanager
def aside(calling: bool = False) -> Iterator[None]:
    """Let others work while this thread waits; it goes on when it is its turn again.

    With `calling` one that rests comes back at once, for waits that are seldom short.
    """
    if not getattr(_mine, "held", False):
        yield
        return
    _waiting.add(threading.get_ident())
    _give()
    if calling and is_resting():
        _called.set()
    _mine.away = True
    try:
        yield
    finally:
        _mine.away = False
        _take()
        _waiting.discard(threading.get_ident())


@contextmanager
def back() -> Iterator[None]:
    """Work again in the middle of a wait: what was waited for is here, and more waiting comes after."""
    if not getattr(_mine, "away", False):
        yield
        return
    _mine.away = False
    _take()
    try:
        yield
    finally:
        _give()
        _mine.away = True


def rest() -> None:
    """Leave the work to another thread for a while, if there was one: for after an answer.

    One at most rests, and nobody while another waits for something.
    """
    if not getattr(_mine, "had_to_wait", False) or not _resting.acquire(blocking=False):
        return
    try:
        # Looked at only now: who begins to wait from here on sees that somebody rests, and calls.
        if not _waiting:
            _called.wait(REST)
    finally:
        _called.clear()
        _resting.release()


def is_resting() -> bool:
    """Whether a thread rests."""
    return _resting.locked()


def _take() -> None:
    _mine.held = _turn.acquire(blocking=False)
    if not _mine.held:
        _mine.had_to_wait = True
        _mine.held = _turn.acquire(timeout=LONGEST)


def _give() -> None:
    if _mine.held:
        _mine.held = False
        _turn.release()
