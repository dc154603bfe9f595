"""Starts real servers quickly: everything is imported once, and each server is a fork of this process.

For every line `{"data": FOLDER, "url": URL, "port": N, "workers": N, "plant": NAME}` on stdin it starts a
server in a process group of its own and says its process id; the server says `ready PORT` when it answers.
Planted are: `slow`, a page at /slow that says `begun` and takes a second, `early`, which answers before
anything is written, `impatient`, which soon closes a connection that is silent, and `restful`, where a thread
that rests never comes back, and a page at /rests tells whether one does.
"""

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[2]))

from course_engine import server, silence, turns
from course_engine.config import read_config
from course_engine.domain.people import Person
from course_engine.domain.progress import Completion, How, Run
from course_engine.engine import Engine
from course_engine.services import progress, runs

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def early() -> None:
    """Answer first and write some seconds later."""
    complete = progress.complete

    def answer_first(
        engine: Engine, person: Person, run: Run, step: str, how: How, now: datetime, keep: object = None
    ) -> progress.Completed:
        threading.Timer(5, complete, (engine, person, run, step, how, now)).start()
        seen = Completion(step, how, now, how, now, run.edition)
        return progress.Completed(seen, runs.position(engine, person, run, now))

    progress.complete = answer_first


def slow() -> None:
    """A page that takes a second and tells which secrets the environment holds."""

    def tell(environ: "WSGIEnvironment") -> str:
        # In one piece: two of them may begin at once.
        sys.stdout.write("begun\n")
        sys.stdout.flush()
        time.sleep(1)
        return " ".join(name for name in environ if name.startswith("COURSE_ENGINE_"))

    add_page("/slow", tell)


def impatient() -> None:
    """Eight seconds of silence are enough."""
    silence.LONGEST = 8


def restful() -> None:
    """Whoever rests does so for ever, and a page tells of it."""
    turns.REST = 3600
    add_page("/rests", lambda _environ: "yes" if turns.is_resting() else "no")


def add_page(path: str, tell: Callable[["WSGIEnvironment"], str]) -> None:
    """A page of plain text in front of the site."""
    numbered = server.numbered

    def with_page(app: "WSGIApplication") -> "WSGIApplication":
        def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
            if environ["PATH_INFO"] != path:
                return app(environ, start_response)
            told = tell(environ)
            start_response("200 OK", [("Content-Type", "text/plain")])
            return [told.encode()]

        return numbered(answer)

    server.numbered = with_page


def grow_up(wanted: dict[str, str]) -> None:
    """Become a server."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ["COURSE_ENGINE_SECRET_KEY"] = "for nobody to see"
    plants = {"slow": slow, "early": early, "impatient": impatient, "restful": restful}
    if plant := plants.get(wanted.get("plant", "")):
        plant()
    config = read_config({}, env="demo", data=wanted["data"], database_url=wanted.get("url", ""))
    port, workers = int(wanted["port"]), int(wanted.get("workers", 1))
    try:
        server.serve(config, "127.0.0.1", port, workers, ready=f"ready {port}")
    except BaseException as error:
        print(f"ended {type(error).__name__}: {error}", flush=True)
        raise
    print("ended politely", flush=True)


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                grow_up(json.loads(line))
            finally:
                os._exit(0)
        print(f"started {child}", flush=True)


if __name__ == "__main__":
    main()
