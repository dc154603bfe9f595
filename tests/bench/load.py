"""Pages and completions under load, beside bare routes of the same server."""

from statistics import median

import psutil

from course_engine.server import THREADS
from tests.bench import client, machine
from tests.bench.client import Ask, Load
from tests.bench.machine import beside, figure, heading
from tests.bench.served import serving
from tests.bench.site import Site
from tests.tools.ports import free_port

ROUNDS = 5
PAGES = ("bare, to nobody", "bare", "shell", "course", "today", "week")


def pages(site: Site) -> None:
    """The course page over bare routes, at 8 connections and at 32, with two processes."""
    by = "wrk" if client.has_wrk() else "us (wrk is missing)"
    heading(f"Pages, 2 processes with {THREADS} threads, asked by {by}")
    variants = {
        "bare, to nobody": ([Ask("/bare")], 8),
        "bare": (_signed_in(site, "/bare"), 8),
        "shell": (_signed_in(site, "/shell"), 8),
        "course": (_signed_in(site, "/course"), 8),
        "course at 32": (_signed_in(site, "/course"), 32),
        "today": (_signed_in(site, "/today"), 8),
        "week": (_signed_in(site, "/weeks/4"), 8),
    }
    port = free_port()
    with machine.watched() as seen, serving(site.config.data, port, 2) as watcher:
        for asks, connections in variants.values():
            client.load(port, asks, connections, 1)
        found: dict[str, list[Load]] = {name: [] for name in variants}
        spent: dict[str, list[float]] = {name: [] for name in variants}
        for _round in range(ROUNDS):
            for name, (asks, connections) in variants.items():
                before = _spent(watcher)
                found[name].append(client.load(port, asks, connections))
                spent[name].append((_spent(watcher) - before) * 1000 / max(found[name][-1].rate, 1))
        memory = max(_pss(process) for process in psutil.Process(watcher).children())
    rate = {name: median(load.rate for load in loads) for name, loads in found.items()}
    p95 = {name: median(load.p95 for load in loads) for name, loads in found.items()}
    for name in PAGES:
        figure(f"{name}: requests a second, p95 at 8 connections", f"{rate[name]:.0f}, {p95[name]:.1f} ms")
    cpu = {name: median(each) for name, each in spent.items()}
    for name in PAGES:
        figure(f"{name}: processor time of the server for one", f"{cpu[name]:.2f} ms")
    figure("the same as a ratio: bare / course", f"{cpu['bare'] / cpu['course']:.2f}")
    figure(
        "course / bare (one fixed text, same server, hooks and headers)",
        _ratio(found, "bare"),
        "at least 0.35",
    )
    figure("course / bare to nobody (no cookie is sent)", _ratio(found, "bare, to nobody"))
    figure("course / shell (the same text inside the shell of pages)", _ratio(found, "shell"))
    _slowest("course: p95 at 32 connections", found["course at 32"], "35 ms, fast phase")
    figure("memory (PSS) of the larger serving process after this", f"{memory:.0f} MB", "at most 100 MB")
    beside(seen)


def completions(site: Site) -> None:
    """Completing steps by one learner and by eight at once, on the embedded default."""
    heading(f"Completing a step, 1 process with {THREADS} threads, SQLite with synchronous=FULL")
    everyone = [
        Ask(f"/steps/{step}/done", visitor.cookie, visitor.done())
        for step in _open_steps(site)
        for visitor in site.crowd
    ]
    port = free_port()
    with machine.watched() as seen, serving(site.config.data, port, 1):
        client.load(port, everyone, 8, 1)
        one, eight = [], []
        for _round in range(ROUNDS):
            one.append(client.load(port, everyone, 1))
            eight.append(client.load(port, everyone, 8))
    figure("one learner, p50", f"{median(load.p50 for load in one):.1f} ms", "at most 3 ms")
    figure("one learner, p95", f"{median(load.p95 for load in one):.1f} ms", "at most 5 ms")
    _slowest("eight at once, p95", eight, "at most 25 ms")
    figure("eight at once, completions a second", f"{median(load.rate for load in eight):.0f}")
    beside(seen)


def _slowest(name: str, loads: list[Load], goal: str) -> None:
    """How long the slowest had to wait: in the middle round, and in that which met the fastest machine."""
    figure(name, f"{median(load.p95 for load in loads):.1f} ms", goal)
    best = min(loads, key=lambda load: load.loop)
    figure(f"the same in the round with the fastest machine (loop {best.loop:.1f} ms)", f"{best.p95:.1f} ms")


def _signed_in(site: Site, path: str) -> list[Ask]:
    return [Ask(path, visitor.cookie) for visitor in site.crowd]


def _open_steps(site: Site) -> list[str]:
    at = site.position(site.crowd[0])
    return [
        step.id
        for step in at.course.steps.values()
        if at.access.steps[step.id].readable and step.kind == "lesson"
    ]


def _ratio(found: dict[str, list[Load]], over: str) -> str:
    rounds = [page.rate / max(bare.rate, 1) for page, bare in zip(found["course"], found[over], strict=True)]
    return f"{median(rounds):.2f} ({min(rounds):.2f}-{max(rounds):.2f})"


def _spent(watcher: int) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in psutil.Process(watcher).children())


def _pss(process: psutil.Process) -> float:
    with open(f"/proc/{process.pid}/smaps_rollup", encoding="ascii") as told:
        return next(int(line.split()[1]) for line in told if line.startswith("Pss:")) / 1024
