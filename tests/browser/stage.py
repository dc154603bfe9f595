"""A real site on a real port for the browser, with a clock that a test moves."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Thread

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize
from werkzeug.serving import WSGIRequestHandler, make_server

from course_engine.config import read_config
from course_engine.engine import Engine, open_engine
from course_engine.rendering import pdf
from course_engine.services import editions
from course_engine.storage.migrate import migrate
from course_engine.web import create_app
from tests.cast import ZONE, Clock
from tests.tools.browser import LONGEST

PHONE: ViewportSize = {"width": 390, "height": 844}


@dataclass(frozen=True, slots=True)
class Stage:
    """A site that answers at `url`, its engine, and its clock."""

    url: str
    engine: Engine
    clock: Clock


class _Quiet(WSGIRequestHandler):
    def log(self, *_told: object) -> None:
        """Say nothing of each request."""


@contextmanager
def stage(data: Path, course: Path, now: datetime) -> Iterator[Stage]:
    """Serve a demonstration site with this one course, and nobody in it yet."""
    # Listening already, so that nobody else is given the port meanwhile.
    door = socket.create_server(("127.0.0.1", 0), backlog=128)
    url = f"http://127.0.0.1:{door.getsockname()[1]}"
    engine = open_engine(read_config({}, ENV="demo", DATA=str(data), BASE_URL=url, ZONE=ZONE))
    migrate(engine.database)
    editions.publish(engine, course, now)
    clock = Clock(now)
    pdf.warm()
    server = make_server(
        "127.0.0.1", 0, create_app(engine, clock), threaded=True, request_handler=_Quiet, fd=door.fileno()
    )
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Stage(url, engine, clock)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        door.close()
        pdf.close()
        engine.close()


@contextmanager
def window(browser: Browser, at: Stage, *, script: bool = True, width: int = 390) -> Iterator[BrowserContext]:
    """The browser of one person: nothing of anyone else is in it."""
    context = browser.new_context(
        base_url=at.url, locale="en-GB", timezone_id=ZONE, java_script_enabled=script,
        viewport={"width": width, "height": 844},
    )  # fmt: skip
    context.set_default_timeout(LONGEST)
    try:
        yield context
    finally:
        context.close()


def sign_in(page: Page, address: str, password: str) -> None:
    """Sign in by the form."""
    page.goto("/sign-in")
    page.get_by_label("E-mail address or sign-in name").fill(address)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "sign-in" not in url)
