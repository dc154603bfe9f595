"""Commands that print: PDFs without a browser."""

from pathlib import Path

import click

from course_engine.cli.opened import bar, opened, write

_paper = click.option("--paper", type=click.Choice(["a4", "letter"]), help="The site's own unless given.")
_size = click.option("--size", type=click.Choice(["normal", "large"]), default="normal", help="Of the words.")
_output = click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, help="The PDF to write."
)


@click.group("print")
def print_() -> None:
    """Print a worksheet, a week or a whole course to a PDF."""


@print_.command()
@click.argument("which", metavar="COURSE/ID")
@_paper
@_size
@_output
def worksheet(which: str, paper: str | None, size: str, output: Path) -> None:
    """A blank worksheet, such as self-compassion/friend-and-me."""
    from course_engine.rendering.paper import Paper
    from course_engine.services import prints

    with opened() as engine:
        course, id = _parts(which)
        with bar("Printing", 1) as progress:
            made = prints.blank_worksheet(engine, course, id, Paper(paper or engine.config.paper, size))
            progress.update(1)
        write(output, made)


@print_.command()
@click.argument("which", metavar="COURSE/N")
@_paper
@_size
@_output
def week(which: str, paper: str | None, size: str, output: Path) -> None:
    """A whole week, such as self-compassion/3."""
    from course_engine.rendering.paper import Paper
    from course_engine.services import prints

    with opened() as engine:
        course, number = _parts(which)
        if not number.isdecimal():
            raise click.BadParameter(f"{number} is no week. Write the course and a number, like {course}/3.")
        with bar("Printing", 1) as progress:
            made = prints.blank_week(engine, course, int(number), Paper(paper or engine.config.paper, size))
            progress.update(1)
        write(output, made)


@print_.command()
@click.argument("course")
@_paper
@_size
@_output
def workbook(course: str, paper: str | None, size: str, output: Path) -> None:
    """A whole course as one book to write in. It takes a minute or so."""
    from course_engine.rendering.paper import Paper
    from course_engine.services import prints

    with opened() as engine, bar("Printing", 100) as progress:
        on = Paper(paper or engine.config.paper, size)
        made = prints.whole_workbook(
            engine, course, on, lambda percent: progress.update(percent - progress.pos)
        )
        progress.update(100 - progress.pos)
    write(output, made)


def _parts(which: str) -> tuple[str, str]:
    course, slash, rest = which.partition("/")
    if not slash or not rest:
        raise click.BadParameter(f"{which}: write the course, a slash, and what to print of it.")
    return course, rest
