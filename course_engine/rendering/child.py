"""The loop of a child process: read a question, answer it, until the other side is gone.

Started by `press`; the only place from which WeasyPrint is reached.
"""

import json
import logging
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from course_engine import i18n
from course_engine.domain.errors import CourseEngineError, NotFound
from course_engine.i18n import gettext as _
from course_engine.rendering import wire
from course_engine.rendering.drawing import Drawer, missing_libraries

MEMORY = 1536 * 1024 * 1024

_log = logging.getLogger("course_engine.print")

Answer = tuple[dict[str, object], bytes]


def main(settings: Mapping[str, object]) -> None:
    """Serve the socket named in the settings."""
    _limit()
    # The folder it was started from may be deleted while it lives, and its library asks where it stands.
    os.chdir("/")
    sys.excepthook = _name_only
    drawer = Drawer(_folders(settings, "templates"), _folders(settings, "designs"))
    seconds = int(float(str(settings["seconds"]))) + 5
    with socket.socket(fileno=int(str(settings["line"]))) as line:
        drawer.tell = lambda percent: wire.send(line, {"percent": percent})
        while True:
            try:
                question, _body = wire.receive(line)
            except (EOFError, OSError):
                return
            # Were the asking process killed meanwhile, nobody else would end a document without end.
            signal.alarm(seconds)
            try:
                head, body = _answer(drawer, question)
            except Exception as error:  # the values may hold a person's words, and so may a traceback
                _log.error("%s while making a %s", type(error).__name__, question.get("kind", "document"))
                return
            signal.alarm(0)
            try:
                wire.send(line, head, body)
            except OSError:
                return


def _answer(drawer: Drawer, question: Mapping[str, object]) -> Answer:
    with i18n.speak(str(question.get("language", "en"))):
        try:
            return _ANSWERS[str(question["verb"])](drawer, question)
        except NotFound as fault:
            return {"not_found": str(fault)}, b""
        except CourseEngineError as fault:
            return {"refused": str(fault)}, b""
        except RecursionError:
            return {"refused": _("This text is nested too deeply to be printed.")}, b""
        except (MemoryError, OSError):
            return {"unavailable": _("There is not enough room to make this document just now.")}, b""


def _render(drawer: Drawer, question: Mapping[str, object]) -> Answer:
    values = question["values"]
    return drawer.draw(
        str(question["kind"]), values if isinstance(values, dict) else {}, str(question["language"])
    )


def _count(drawer: Drawer, question: Mapping[str, object]) -> Answer:
    values = question["values"]
    told = drawer.count(
        str(question["kind"]), values if isinstance(values, dict) else {}, str(question["language"])
    )
    return told, b""


def _libraries(_drawer: Drawer, _question: Mapping[str, object]) -> Answer:
    return {"missing": missing_libraries()}, b""


_ANSWERS: Mapping[str, Callable[[Drawer, Mapping[str, object]], Answer]] = {
    "render": _render,
    "count": _count,
    "libraries": _libraries,
}


def _name_only(kind: type[BaseException], _error: BaseException, _trace: object) -> None:
    _log.error("%s ended the process that makes documents", kind.__name__)


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _folders(settings: Mapping[str, object], name: str) -> tuple[Path, ...]:
    folders = settings[name]
    return tuple(Path(str(folder)) for folder in folders) if isinstance(folders, list) else ()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
