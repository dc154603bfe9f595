"""Ports for the programs that tests start: each is given once in a run, whichever of its processes asks."""

import fcntl
import os
import socket
from pathlib import Path

FOLDER = "TEST_SERVERS_FOLDER"


def free_port() -> int:
    """A port nobody listens on, and that nobody else of this run is given before it is used."""
    folder = os.environ.get(FOLDER)
    if folder is None:
        return _unused()
    with (Path(folder) / "ports").open("a+", encoding="utf-8") as given:
        fcntl.flock(given, fcntl.LOCK_EX)
        given.seek(0)
        known = given.read().split()
        while str(port := _unused()) in known:
            pass
        print(port, file=given, flush=True)
        return port


def _unused() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
