"""A disk that is really full: pages are read, nothing acknowledged is lost, and room heals it. Needs root."""

import http.client
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.web.served import Nursery, Writer, new_site, serving

ROOM = "24M"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own with little room."""
    place = tmp_path / "disk"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(place)], check=True)
    yield place
    # A server that was killed lets go of its files a moment later.
    deadline = time.monotonic() + 20
    while subprocess.run(["umount", str(place)], check=False).returncode and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not place.is_mount()


def test_a_full_disk_refuses_kindly_and_forgets_nothing_it_acknowledged(small_disk: Path) -> None:
    writers = new_site(small_disk, 40)
    nursery = Nursery()
    with serving(nursery, small_disk) as (_pid, port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        with closing(connection):
            before = _complete(connection, writers[0], {303})
            filler = _fill(small_disk)
            during = _complete(connection, writers[1], {303, 503})
            assert {status for _thing, status in during} >= {503}
            assert _read(connection, writers[0]) == 200
            filler.unlink()
            after = _complete(connection, writers[2], {303})
    nursery.close()

    acknowledged = {thing for thing, status in (*before, *during, *after) if status == 303}
    with closing(sqlite3.connect(small_disk / "course-engine.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert acknowledged <= set(database.execute("SELECT run, step FROM completion"))


def _complete(
    connection: http.client.HTTPConnection, writer: Writer, allowed: set[int]
) -> list[tuple[tuple[str, str], int]]:
    told = [(thing, writer.complete(connection, thing)) for thing in writer.things]
    assert {status for _thing, status in told} <= allowed
    return told


def _read(connection: http.client.HTTPConnection, writer: Writer) -> int:
    connection.request("GET", "/course", headers={"Cookie": writer.cookie})
    answer = connection.getresponse()
    answer.read()
    return answer.status


def _fill(disk: Path) -> Path:
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while file.write(b"x" * size) == size:
                    pass
            except OSError:
                continue
    return filler
