"""Serving the site: granian in front, one application for each process, and a worker beside the pages.

The process that is started only watches; its children answer. Each child opens its own engine, because a
database connection does not survive being copied into another process.
"""

import errno
import gc
import http.client
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterable
from functools import partial
from multiprocessing.util import Finalize
from typing import TYPE_CHECKING, Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from werkzeug.wsgi import ClosingIterator

from course_engine import logs, silence, turns
from course_engine.config import PREFIX, Config
from course_engine.crypto import new_id
from course_engine.domain.errors import Misconfigured
from course_engine.engine import open_engine
from course_engine.jobs import following, worker
from course_engine.jobs.queue import open_queue
from course_engine.jobs.tasks import make_queue
from course_engine.web import create_app

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

THREADS = 2
PATIENCE = 30
HEADERS_WITHIN = 10
_LONGEST_START = 60.0
_IN_USE = "Port {port} on {host} is in use by another program. Stop that one, or choose another with --port."
_REFUSED = "It is not possible to listen on {host}, port {port}: {why}. Choose others with --host and --port."


def serve(config: Config, host: str, port: int, workers: int = 1, ready: str = "") -> None:
    """Serve until SIGTERM or SIGINT, letting requests in hand finish; says `ready` once the port answers.

    Raises Misconfigured when it is not possible to listen there.
    """
    _try_port(host, port)
    # What is wrong with the settings is told here; children would say it again and again.
    open_queue(config)
    as_json = config.env == "production"
    logs.configure(config.log_level, as_json=as_json)
    server = Granian(
        "course-engine",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        # A thread that ends takes its database connection with it.
        blocking_threads_idle_timeout=600,
        http=HTTPModes.http1,
        # Someone who does not finish asking holds up a restart for no longer than this.
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_WITHIN * 1000),
        websockets=False,
        log_level=LogLevels.warning,
        log_dictconfig=logs.settings(config.log_level, as_json=as_json),
        respawn_failed_workers=True,
        workers_kill_timeout=PATIENCE,
    )
    server.on_startup(partial(_say_when_ready, host, port, ready))
    # Children share with this process what nobody writes to; the collector would.
    gc.collect()
    gc.freeze()
    server.serve(target_loader=partial(application, config, port), wrap_loader=False)


def application(config: Config, port: int) -> "WSGIApplication":
    """The site as one serving process has it, with a worker beside it unless Redis tells others to work."""
    _behave_as_child()
    engine = open_engine(config)
    following.start(engine)
    silence.watch(port)
    app = create_app(engine)
    queue = make_queue(engine)
    if config.redis_url is None:
        # A child leaves without the usual exit handlers; this one is called all the same.
        Finalize(None, worker.embed(queue, config.data), exitpriority=10)
    gc.collect()
    gc.freeze()
    return numbered(in_turn(app))


def numbered(app: "WSGIApplication") -> "WSGIApplication":
    """The same application, every request with a number that its log lines carry."""

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        logs.request.set(new_id())
        return app(environ, start_response)

    return answer


def in_turn(app: "WSGIApplication") -> "WSGIApplication":
    """The same application, one request at a time; what is still being sent keeps nobody waiting."""

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        environ["wsgi.input"] = _Sent(environ["wsgi.input"])
        with turns.taken():
            found = app(environ, start_response)
            if not isinstance(found, ClosingIterator):
                return found
            # A page is all there: given as one piece, it is sent without asking Python again.
            whole = _Whole([b"".join(found)])
            found.close()
            return whole

    return answer


class _Whole(list[bytes]):
    """A page, all there. The server lets go of it once it is handed over, and then its thread may rest.

    Nothing else tells when that is.
    """

    def __del__(self) -> None:
        turns.rest()


class _Sent:
    """The body of a request, which may come slowly."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def read(self, *size: int) -> bytes:
        with turns.aside():
            return bytes(self._inner.read(*size))

    def readline(self, *size: int) -> bytes:
        with turns.aside():
            return bytes(self._inner.readline(*size))


def _behave_as_child() -> None:
    # Until the server sets its own, what was inherited would swallow a signal to end.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    # The server hands the whole environment to every request; secrets have been read by now.
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()


def _end_with_parent() -> None:
    # Killed without warning, the parent leaves children behind who would hold the port.
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def _try_port(host: str, port: int) -> None:
    # The server itself would share the port with another of its kind without a word.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((host, port))
    except (OSError, OverflowError) as error:
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            raise Misconfigured(_IN_USE.format(host=host, port=port)) from error
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise Misconfigured(_REFUSED.format(host=host, port=port, why=why)) from error


def _say_when_ready(host: str, port: int, ready: str) -> None:
    threading.Thread(target=_ask_until_answered, args=(host, port, ready), name="ready", daemon=True).start()


def _ask_until_answered(host: str, port: int, ready: str) -> None:
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    began = time.monotonic()
    while time.monotonic() - began < _LONGEST_START:
        time.sleep(0.05)
        if _answers(here, port):
            sys.stdout.write(f"{ready}\n" if ready else "")
            sys.stdout.flush()
            return


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
