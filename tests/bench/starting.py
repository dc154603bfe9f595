"""How long people wait for the command line and for the demo."""

import http.client
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from statistics import median

from tests.bench import machine
from tests.bench.machine import beside, figure, heading, interleaved
from tests.bench.site import Site
from tests.tools.ports import free_port

COMMAND = Path(sys.executable).with_name("course-engine")


def starts(_site: Site) -> None:
    """`--help` over a bare interpreter, and a warm demo to its first page."""
    heading("Starting")
    with tempfile.TemporaryDirectory() as folder, machine.watched() as seen:
        _first_page(folder)
        pages: list[float] = []
        found = interleaved(
            {
                "python": _run(sys.executable, "-c", "pass"),
                "help": _run(COMMAND, "--help"),
                "demo": lambda: pages.append(_first_page(folder)),
            },
            rounds=5,
        )
    figure("course-engine --help", f"{found['help']:.0f} ms", "under 500 ms")
    figure("  over an interpreter that does nothing", f"{found['help'] / found['python']:.1f}")
    figure("warm demo to its first page", f"{median(pages):.0f} ms", "under 1500 ms")
    beside(seen)


def _run(*command: str | Path) -> Callable[[], object]:
    return lambda: subprocess.run(command, stdout=subprocess.DEVNULL, check=True)


def _first_page(folder: str) -> float:
    """Milliseconds from the command to the first page of a demo, which is ended afterwards."""
    port = free_port()
    began = time.perf_counter()
    command: list[str | Path] = [COMMAND, "demo", "--data", f"{folder}/demo", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while not _answers(port):
            time.sleep(0.01)
        taken = (time.perf_counter() - began) * 1000
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    return taken


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with closing(connection), suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    return False
