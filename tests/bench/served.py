"""A server to measure: the site as it is, and beside it two bare routes that only these measurements know.

Run by itself with a folder, a port and a number of processes.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, render_template

from course_engine import server
from course_engine.config import read_config
from course_engine.web import create_app
from course_engine.web.access import public

SIZE = 20_000
_TEXT = "<p>" + "still water " * (SIZE // 12) + "</p>"
_SHELL = '{% extends "base.html" %}{% block content %}{{ text|safe }}{% endblock %}'


def with_bare_routes(*given: Any) -> Flask:
    """The application, and one fixed text of a course page's size at `/bare`, in the shell at `/shell`."""
    app = create_app(*given)
    shell = app.jinja_env.from_string(_SHELL)
    app.add_url_rule("/bare", "bare", public(lambda: _TEXT))
    app.add_url_rule("/shell", "shell", public(lambda: render_template(shell, text=_TEXT)))
    return app


@contextmanager
def serving(data: Path, port: int, workers: int) -> Iterator[int]:
    """A server in processes of its own; gives the id of the one that watches the others."""
    command = [sys.executable, "-m", "tests.bench.served", str(data), str(port), str(workers)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while process.stdout.readline().strip() != "ready":
            if process.poll() is not None:
                raise RuntimeError("The server to measure did not start.")
            time.sleep(0.01)
        try:
            yield process.pid
        finally:
            os.kill(process.pid, signal.SIGTERM)
            process.wait(20)


def _main(data: str, port: str, workers: str) -> None:
    vars(server)["create_app"] = with_bare_routes
    server.serve(read_config({}, env="demo", data=data), "127.0.0.1", int(port), int(workers), "ready")


if __name__ == "__main__":
    _main(*sys.argv[1:])
