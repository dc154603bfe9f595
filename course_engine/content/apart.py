"""Compiles a course in a process of its own, which has bounds of memory and time.

Whatever a folder or a packed file holds, the process that asked goes on: it hears of a course, of every
fault, or in one sentence that this could not be read.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course_engine.content.edition import digest_of
from course_engine.content.faults import Fault
from course_engine.domain.errors import Refused
from course_engine.i18n import gettext as _
from course_engine.i18n import speak
from course_engine.paths import PACKAGE

MEMORY = 1024 * 1024 * 1024
SECONDS = 180
CPU_SECONDS = 60
LARGEST_FILE = 64_000_000
MOST_TOLD = 300
LONGEST_SENTENCE = 500
BEAT = 2.0
_PASSED_ON = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH")

Beat = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Read:
    """What became of a folder: an edition with its digest, or the faults; `more` are those not told."""

    data: dict[str, Any] = field(default_factory=dict)
    digest: str = ""
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()
    more: int = 0


def compile_folder(folder: Path, language: str, beat: Beat) -> Read:
    """Compile this folder; `beat` is called every few seconds meanwhile. Raises Refused."""
    with tempfile.TemporaryDirectory(prefix="course-") as place:
        return _answered(folder, Path(place), language, beat)


def compile_packed(data: bytes, language: str, beat: Beat) -> Read:
    """The same for a packed folder. Nothing of it is left on the disk. Raises Refused."""
    with tempfile.TemporaryDirectory(prefix="course-") as place:
        file = Path(place) / "course.zip"
        file.write_bytes(data)
        return _answered(file, Path(place), language, beat)


def _answered(source: Path, place: Path, language: str, beat: Beat) -> Read:
    answer = place / "answer.json"
    command = [sys.executable, "-P", "-m", "course_engine.content.apart"]
    child = subprocess.Popen(  # noqa: S603 - our own module, no shell
        [*command, str(source.resolve()), str(place), language],
        env=_environment(),
        cwd=place,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait(child, beat)
    finally:
        child.kill()
        child.wait()
    if not answer.is_file():
        raise Refused(_too_much())
    return _told(json.loads(answer.read_bytes()))


def _wait(child: "subprocess.Popen[bytes]", beat: Beat) -> None:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        try:
            child.wait(BEAT)
        except subprocess.TimeoutExpired:
            beat()
        else:
            return


def _told(answer: dict[str, Any]) -> Read:
    if "refused" in answer:
        raise Refused(str(answer["refused"]))
    data = answer["data"]
    faults, notes = (tuple(Fault(*row) for row in answer[name]) for name in ("faults", "notes"))
    return Read(data, digest_of(data) if data else "", faults, notes, int(answer["more"]))


def _too_much() -> str:
    return _(
        "Reading this course took more time or memory than there is for it, so it was stopped. Look for very "
        "long or deeply nested texts, or check the folder with: course-engine check"
    )


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    path = [str(PACKAGE.parent), os.environ.get("PYTHONPATH", "")]
    return {**kept, "LANG": "C.UTF-8", "PYTHONPATH": os.pathsep.join(filter(None, path))}


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    signal.alarm(SECONDS)


def _main(source: Path, place: Path, language: str) -> None:
    """The child: write down what the source is."""
    _limit()
    # The libraries that read a folder are loaded in this process only.
    from course_engine.content import loader, packed  # noqa: PLC0415

    with speak(language):
        try:
            folder = packed.unpack(source, place / "unpacked") if source.is_file() else source
            found = loader.compile_course(folder)
        except Refused as error:
            answer: dict[str, Any] = {"refused": str(error)}
        else:
            answer = {
                "data": found.data,
                "faults": _rows(found.faults),
                "notes": _rows(found.notes),
                "more": max(0, len(found.faults) - MOST_TOLD),
            }
    half = place / "answer.half"
    half.write_text(json.dumps(answer, ensure_ascii=False), "utf-8", errors="replace")
    half.replace(place / "answer.json")


def _rows(faults: tuple[Fault, ...]) -> list[tuple[str, int, int, str]]:
    return [
        (one.file[:LONGEST_SENTENCE], one.line, one.column, one.sentence[:LONGEST_SENTENCE])
        for one in faults[:MOST_TOLD]
    ]


if __name__ == "__main__":
    _main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
