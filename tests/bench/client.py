"""Many requests at once: by wrk where it is installed, or else by a small client in another process."""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import cycle
from statistics import median
from threading import Thread

from tests.bench.machine import looping, part

SECONDS = 1
_HTML = "application/x-www-form-urlencoded"
_SCRIPT = """
local asked, turn, wrong = {}, 0, 0
%s
request = function()
  turn = turn %% #asked + 1
  return asked[turn]
end
response = function(status) if status >= 400 then wrong = wrong + 1 end end
done = function(summary, latency)
  io.write(string.format("told %%f %%f %%f %%d\\n", summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, summary.errors.status))
end
"""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: its path, the cookie it carries, and the form it sends, if it sends one."""

    path: str
    cookie: str = ""
    form: str = ""


@dataclass(frozen=True, slots=True)
class Load:
    """How a server stood so many requests: how many in a second, and how long they took in ms.

    `loop` is the reference loop meanwhile.
    """

    rate: float
    p50: float
    p95: float
    loop: float


def has_wrk() -> bool:
    return shutil.which("wrk") is not None


def load(port: int, asks: Sequence[Ask], connections: int, seconds: float = SECONDS) -> Load:
    """Ask in turns over so many connections. Raises RuntimeError when an answer is an error."""
    with looping() as loops:
        rate, p50, p95, wrong = (_by_wrk if has_wrk() else _by_ours)(port, asks, connections, seconds)
    if wrong:
        raise RuntimeError(f"{wrong:.0f} of the answers to {asks[0].path} were errors.")
    return Load(rate, p50, p95, median(loops))


def _by_wrk(port: int, asks: Sequence[Ask], connections: int, seconds: float) -> list[float]:
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_SCRIPT % "\n".join(_lua(ask) for ask in asks))
        script.flush()
        command = [
            "wrk",
            "-t1",
            f"-c{connections}",
            f"-d{seconds}s",
            "-s",
            script.name,
            f"http://127.0.0.1:{port}",
        ]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    told = next(line for line in said.splitlines() if line.startswith("told"))
    return [float(word) for word in told.split()[1:]]


def _lua(ask: Ask) -> str:
    headers = [f'["Cookie"]="{ask.cookie}"'] if ask.cookie else []
    if not ask.form:
        return f'asked[#asked+1] = wrk.format("GET", "{ask.path}", {{{", ".join(headers)}}})'
    headers.append(f'["Content-Type"]="{_HTML}"')
    return f'asked[#asked+1] = wrk.format("POST", "{ask.path}", {{{", ".join(headers)}}}, "{ask.form}")'


def _by_ours(port: int, asks: Sequence[Ask], connections: int, seconds: float) -> list[float]:
    order = json.dumps([port, [[ask.path, ask.cookie, ask.form] for ask in asks], connections, seconds])
    command = [sys.executable, "-m", "tests.bench.client"]
    said = subprocess.run(command, input=order, capture_output=True, text=True, check=True).stdout
    return [float(number) for number in json.loads(said)]


def _ask_all(port: int, asks: Sequence[Ask], connections: int, seconds: float) -> list[float]:
    taken: list[float] = []
    wrong: list[int] = []
    until = time.perf_counter() + seconds
    threads = [
        Thread(target=_ask, args=(port, asks[place:] or asks, until, taken, wrong))
        for place in range(connections)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [len(taken) / seconds, part(taken, 0.5), part(taken, 0.95), len(wrong)]


def _ask(port: int, asks: Sequence[Ask], until: float, taken: list[float], wrong: list[int]) -> None:
    connection = HTTPConnection("127.0.0.1", port)
    for ask in cycle(asks):
        began = time.perf_counter()
        if began > until:
            break
        headers = {"Cookie": ask.cookie, "Content-Type": _HTML}
        connection.request("POST" if ask.form else "GET", ask.path, ask.form or None, headers)
        answer = connection.getresponse()
        answer.read()
        taken.append((time.perf_counter() - began) * 1000)
        if answer.status >= 400:
            wrong.append(answer.status)
    connection.close()


if __name__ == "__main__":
    its_port, its_asks, its_connections, its_seconds = json.load(sys.stdin)
    found = _ask_all(its_port, [Ask(*ask) for ask in its_asks], its_connections, its_seconds)
    json.dump(found, sys.stdout)
