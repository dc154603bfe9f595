"""Commands that serve: a demo, a site, a worker."""

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from course_engine.cli.opened import bar, now

if TYPE_CHECKING:
    from course_engine.config import Config

_MARK = "this-is-a-demo"
_host = click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
_port = click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="The port to listen on."
)


@click.command()
@_host
@_port
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    default=Path("instance"),
    show_default=True,
    help="Where the demo is kept.",
)
@click.option("--reset", is_flag=True, help="Begin with a fresh demo; what is in the old one is deleted.")
def demo(host: str, port: int, data: Path, reset: bool) -> None:
    """Serve a demo site with made-up people. It is made first if there is none."""
    from course_engine import server
    from course_engine.config import read_demo_config
    from course_engine.services import demo as made_up

    if reset:
        _clear(data)
    made_up.refuse_real_site(data)
    config = read_demo_config(os.environ, data, _address(host, port))
    _prepare(config)
    server.serve(config, host=host, port=port, workers=1, ready=_greeting(host, port))


@click.command()
@_host
@_port
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="How many processes serve pages.",
)
def serve(host: str, port: int, workers: int) -> None:
    """Serve this installation."""
    from course_engine import server
    from course_engine.cli.opened import opened
    from course_engine.services import backups, boards, demo, editions

    with opened() as engine:
        demo.refuse_in_production(engine)
        if engine.config.publish == "auto":
            editions.publish_all(engine, now())
        boards.recount_once(engine, now())
        backups.ledger(engine)
        config = engine.config
    _warn(config)
    server.serve(config, host=host, port=port, workers=workers, ready=f"Serving on {_address(host, port)}")


@click.command()
def worker() -> None:
    """Run jobs and send mail until stopped."""
    from course_engine.cli.opened import opened
    from course_engine.jobs import worker as jobs

    with opened() as engine:
        _warn(engine.config)
        click.echo("Running jobs and sending mail. Stop it with Ctrl+C.")
        jobs.run(engine)


def _warn(config: "Config") -> None:
    """Say what works less well than the installer may think."""
    if config.env == "production" and config.mail_url is None:
        click.echo(
            "COURSE_ENGINE_MAIL_URL is not set: letters wait in the outbox, and nobody can sign up or get "
            "back in by mail.",
            err=True,
        )
    if config.secure and not config.proxy_hops:
        click.echo(
            "COURSE_ENGINE_BASE_URL is https and COURSE_ENGINE_PROXY_HOPS is 0: behind a proxy all visitors "
            "look like one. Set it to the number of proxies in front.",
            err=True,
        )


def _clear(data: Path) -> None:
    """Delete an old demo, and nothing that is not one. Raises Refused."""
    from course_engine.domain.errors import Refused

    if not data.exists():
        return
    if not (data / _MARK).is_file():
        raise Refused(f"{data} does not hold a demo, so nothing was deleted.")
    shutil.rmtree(data)


def _prepare(config: "Config") -> None:
    """Make the database, the courses and the made-up people, unless they are there."""
    from course_engine.engine import open_engine
    from course_engine.services import backups, boards, demo, editions
    from course_engine.storage import migrate

    engine = open_engine(config)
    try:
        migrate.migrate(engine.database, config.data / "backups")
        if config.publish == "auto" or not demo.is_seeded():
            editions.publish_all(engine, now())
        boards.recount_once(engine, now())
        backups.ledger(engine)
        if not demo.is_seeded():
            (config.data / _MARK).touch()
            with bar("Making up people", len(demo.GROUP) + len(demo.BEFORE)) as progress:
                demo.seed(engine, now(), progress.update)
    finally:
        engine.close()


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _greeting(host: str, port: int) -> str:
    from course_engine.services import demo

    people = "\n".join(f"  {address}" for address in (demo.LEARNER, demo.FACILITATOR, demo.ADMIN))
    return f"""
The demo is at {_address(host, port)}

Sign in as one of
{people}
with the password {demo.PASSWORD}

Stop it with Ctrl+C."""
