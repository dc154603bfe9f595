"""The terminal: `course-engine`, a table of its commands.

Heavy things are imported inside the commands that use them, so that `--help` answers at once.
"""

import errno
import os
import sys
from pathlib import Path
from typing import Any

import click

from course_engine import __version__
from course_engine.cli import certificates, cohorts, courses, papers, people, serving, site
from course_engine.domain.errors import CourseEngineError, Unavailable, with_cause

# A full disk, or one that is worn out, is told like any other refusal; what else goes wrong is a fault.
_WRITING = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


class Told(click.Group):
    """A group whose commands end with one clear sentence on stderr, and 1, when they are refused."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        if not all(_is_text(word) for word in args):
            raise click.UsageError("A word of this command is not text in UTF-8.", context)
        return super().parse_args(context, args)

    def main(self, *args: Any, **options: Any) -> Any:
        try:
            return super().main(*args, **options)
        except Unavailable as error:
            told = with_cause(error)
        except CourseEngineError as error:
            told = str(error)
        except OSError as error:
            if isinstance(error.filename, str | Path):
                told = f"{error.filename} cannot be read or written: {error.strerror}."
            elif error.errno in _WRITING:
                told = f"This cannot be written: {error.strerror}."
            else:
                raise
        _drop_output()
        click.echo(told, err=True)
        sys.exit(1)


def _drop_output() -> None:
    """What could not be written stays buffered: Python tries again at its end, and tells a second fault."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _is_text(word: str) -> bool:
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


@click.group(cls=Told, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="course-engine")
def main() -> None:
    """Structured, weekly courses that open one week after another."""


for command in (
    serving.demo, serving.serve, serving.worker, site.migrate, courses.check, courses.preview, courses.access,
    courses.publish,
    people.person, cohorts.cohort, papers.print_, certificates.certificate, site.backup, site.restore,
    site.doctor,
):  # fmt: skip
    main.add_command(command)
