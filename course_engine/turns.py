"""Turns: the threads that answer requests work one at a time, and step aside while they wait.

Python runs one thread at a time anyhow. Without turns, threads would take it from each other at every
statement to the database, which costs a quarter of all pages (`make bench`). Whoever waits for a disk, a
server or another process does so inside `aside`, and works within that in `back`; in threads that took no
turn both do nothing.

A turn guards nothing, it only saves time: who has waited `LONGEST` seconds for one works without it. So
nobody waits for ever, whatever else two threads may wait for, nor long for a page that takes long.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

LONGEST = 0.25

_turn = threading.Lock()
_mine = threading.local()


@contextmanager
def taken() -> Iterator[None]:
    """Work while no other thread that takes turns does."""
    _take()
    try:
        yield
    finally:
        _give()


@contextmanager
def aside() -> Iterator[None]:
    """Let others work while this thread waits; it goes on when it is its turn again."""
    if not getattr(_mine, "held", False):
        yield
        return
    _give()
    _mine.away = True
    try:
        yield
    finally:
        _mine.away = False
        _take()


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


def _take() -> None:
    _mine.held = _turn.acquire(timeout=LONGEST)


def _give() -> None:
    if _mine.held:
        _mine.held = False
        _turn.release()
