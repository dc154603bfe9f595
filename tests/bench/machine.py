"""The machine beside the figures: how fast it is now, who else works on it; and how figures are printed."""

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from threading import Event, Thread

import psutil

ROUNDS = 7
Clock = Callable[[], float]
_LOOP = 200_000
_PAUSE = 0.15


@dataclass(slots=True)
class Watch:
    """What was seen of the machine meanwhile: its reference loop in ms, and cores at work for others."""

    loop: float = 0.0
    foreign: float = 0.0


def loop() -> float:
    """Milliseconds for counting to 200,000: the same work every time, so it tells how fast the machine is."""
    began = time.thread_time()
    n = 0
    while n < _LOOP:
        n += 1
    return (time.thread_time() - began) * 1000


@contextmanager
def looping() -> Iterator[list[float]]:
    """The reference loop again and again meanwhile, in a thread: under load a machine may be slower."""
    taken: list[float] = []
    over = Event()

    def take() -> None:
        taken.append(loop())
        while not over.wait(_PAUSE):
            taken.append(loop())

    thread = Thread(target=take)
    thread.start()
    try:
        yield taken
    finally:
        over.set()
        thread.join()


@contextmanager
def watched() -> Iterator[Watch]:
    """Watch the machine while figures are taken."""
    seen = Watch()
    loops = [loop() for _round in range(3)]
    busy, own, began = _busy(), _own(), time.perf_counter()
    yield seen
    lasted = time.perf_counter() - began
    seen.foreign = max(0.0, (_busy() - busy - (_own() - own)) / lasted)
    seen.loop = median([*loops, *(loop() for _round in range(3))])


def interleaved(
    variants: Mapping[str, Callable[[], object]],
    rounds: int = ROUNDS,
    times: int = 1,
    clock: Clock = time.perf_counter,
) -> dict[str, float]:
    """Median milliseconds of each variant, taken in turns so that all meet the same machine.

    By `time.thread_time`, what others do meanwhile is not counted.
    """
    taken: dict[str, list[float]] = {name: [] for name in variants}
    for _round in range(rounds):
        for name, call in variants.items():
            began = clock()
            for _time in range(times):
                call()
            taken[name].append((clock() - began) * 1000 / times)
    return {name: median(found) for name, found in taken.items()}


def part(values: Sequence[float], share: float) -> float:
    """The value that this share of all values does not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def heading(title: str) -> None:
    """Begin a group of figures."""
    _write(f"\n{title}")


def figure(name: str, value: str, goal: str = "") -> None:
    """One figure, and what it is meant to be."""
    _write(f"  {name:<58} {value:>22}" + (f"   goal {goal}" if goal else ""))


def beside(seen: Watch) -> None:
    """What the machine was like while these figures were taken."""
    _write(f"  {'(reference loop, cores at work for others)':<58} {seen.loop:>11.1f} ms {seen.foreign:>8.2f}")


def not_measured(fault: Exception) -> None:
    """Why a group of figures ends here."""
    _write(f"  NOT MEASURED: {str(fault) or type(fault).__name__}")


def _write(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _busy() -> float:
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - times.iowait - times.guest - times.guest_nice)


def _own() -> float:
    ours = psutil.Process(os.getpid())
    return sum(_spent(process) for process in (ours, *ours.children(recursive=True)))


def _spent(process: psutil.Process) -> float:
    try:
        return float(sum(process.cpu_times()[:4]))
    except psutil.NoSuchProcess:
        return 0.0
