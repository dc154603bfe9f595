"""Child processes that draw, one document at a time each.

A child is started when first needed, told little (no secrets reach its environment), ended when it
takes too long, and replaced after many documents because the libraries in it leak a little. It ends
by itself when this process goes away.
"""

import json
import logging
import os
import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotInTime
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from course_engine import turns
from course_engine.domain.errors import CourseEngineError, NotFound, Refused, TookTooLong, Unavailable
from course_engine.i18n import gettext as _
from course_engine.paths import PACKAGE
from course_engine.rendering import wire

Reply = tuple[dict[str, object], bytes]
Tell = Callable[[int], None]

BEAT = 2.0

_log = logging.getLogger(__name__)
_ERRORS: Mapping[str, type[CourseEngineError]] = {
    "not_found": NotFound,
    "refused": Refused,
    "unavailable": Unavailable,
}
_PASSED_ON = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "PYTHONHASHSEED", "SYSTEMROOT")


@dataclass(frozen=True, slots=True)
class Terms:
    """How children live: folders before ours, seconds a document may take, documents a child draws."""

    templates: Sequence[Path] = ()
    designs: Sequence[Path] = ()
    processes: int = 1
    seconds: float = 20.0
    documents: int = 500


class Press:
    """Some children behind one door; safe to call from any thread."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self._children: queue.SimpleQueue[_Child] = queue.SimpleQueue()
        self._all = [_Child(terms) for _number in range(terms.processes)]
        for child in self._all:
            self._children.put(child)
        self._hands = ThreadPoolExecutor(terms.processes, thread_name_prefix="press")
        self._open = True

    def ask(self, question: Mapping[str, object], within: float | None = None) -> Reply:
        """What a child answers. Raises NotFound, Refused, TookTooLong, or Unavailable (also after `within`
        seconds).

        A question given up on is still worked out, its answer is thrown away.
        """
        if not self._open:
            raise Unavailable(_("The printing part of this site is closing. Please try again in a moment."))
        answer: Future[Reply] = self._hands.submit(self._answer, question)
        try:
            with turns.aside(calling=True):
                return answer.result(within)
        except NotInTime:
            answer.cancel()
            raise Unavailable(
                _("Other documents are being made right now. Please try again in a moment.")
            ) from None

    def ask_long(self, question: Mapping[str, object], tell: Tell) -> Reply:
        """As `ask`, for a document that takes its time: every few seconds `tell` hears how many of a hundred
        parts are done. When `tell` raises, the document is given up and its child ended.
        """
        percent = [0]

        def heard(now: int) -> None:
            percent[0] = now

        answer: Future[Reply] = self._hands.submit(self._answer, question, heard)
        while True:
            try:
                return answer.result(BEAT)
            except NotInTime:
                tell(percent[0])

    def warm(self) -> None:
        """Start every child now rather than at the first document."""
        idle = [self._children.get() for _number in range(self.terms.processes)]
        for child in idle:
            child.start()
            self._children.put(child)

    def close(self) -> None:
        """Let the documents in hand finish, then end the children."""
        self._open = False
        self._hands.shutdown(wait=True, cancel_futures=True)
        with suppress(queue.Empty):
            while True:
                self._children.get_nowait().end()

    def stop(self) -> None:
        """End the children now, whatever they are at."""
        self._open = False
        for child in self._all:
            # Held, because the thread that waits for it may let go of it at any moment.
            process = child.process
            if process:
                process.kill()
        self.close()

    def _answer(self, question: Mapping[str, object], heard: Tell | None = None) -> Reply:
        child = self._children.get()
        try:
            head, body = child.ask(question, heard)
        finally:
            self._children.put(child)
        for word, error in _ERRORS.items():
            if word in head:
                raise error(str(head[word]))
        return head, body


@dataclass(slots=True)
class _Child:
    terms: Terms
    process: subprocess.Popen[bytes] | None = None
    line: socket.socket | None = None
    asked: int = 0
    starting: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, question: Mapping[str, object], heard: Tell | None = None) -> Reply:
        line = self.start()
        deadline = time.monotonic() + self.terms.seconds
        try:
            line.settimeout(self.terms.seconds)
            wire.send(line, question)
            reply = wire.receive(line, deadline)
            while "percent" in reply[0]:
                if heard is not None:
                    heard(int(str(reply[0]["percent"])))
                reply = wire.receive(line, deadline)
        except TimeoutError:
            self.end(patience=0)
            _log.warning("a document took over %s seconds and was stopped", self.terms.seconds)
            raise TookTooLong(
                _("This document took too long to make and was stopped. A shorter one may work.")
            ) from None
        except (OSError, EOFError):
            self.end()
            _log.warning("the process that makes documents ended unexpectedly")
            raise Unavailable(
                _("The document could not be made just now. Please try again in a moment.")
            ) from None
        self._count()
        return reply

    def start(self) -> socket.socket:
        with self.starting:
            if self.line and self.process and self.process.poll() is None:
                return self.line
            self.end()
            ours, theirs = socket.socketpair()
            with theirs:
                try:
                    self.process = subprocess.Popen(  # noqa: S603 - our own module, no shell
                        self._command(theirs.fileno()),
                        env=_environment(),
                        stdin=subprocess.DEVNULL,
                        stdout=subprocess.DEVNULL,
                        pass_fds=(theirs.fileno(),),
                        start_new_session=True,
                    )
                except OSError:
                    ours.close()
                    raise Unavailable(
                        _("The process that makes documents could not be started. Please try again later.")
                    ) from None
            self.line, self.asked = ours, 0
            return ours

    def end(self, patience: float = 1.0) -> None:
        if self.line:
            self.line.close()
        if self.process:
            # An idle child ends by itself now that its line is closed; a fallen one is writing its traceback.
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
            self.process.kill()
            self.process.wait()
        self.line = self.process = None

    def _count(self) -> None:
        self.asked += 1
        if self.asked >= self.terms.documents:
            self.end()
            self.start()

    def _command(self, line: int) -> list[str]:
        settings = {
            "line": line,
            "seconds": self.terms.seconds,
            "templates": [str(folder) for folder in self.terms.templates],
            "designs": [str(folder) for folder in self.terms.designs],
        }
        return [sys.executable, "-P", "-m", "course_engine.rendering.child", json.dumps(settings)]


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    path = [str(PACKAGE.parent), os.environ.get("PYTHONPATH", "")]
    return {
        **kept,
        "LANG": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join(filter(None, path)),
        "FONTCONFIG_FILE": str(PACKAGE / "rendering" / "fonts.conf"),
    }
