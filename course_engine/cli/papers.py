"""Commands that print: PDFs without a browser."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from course_engine.cli.opened import bar, now, opened, reading, write

if TYPE_CHECKING:
    from course_engine.engine import Engine
    from course_engine.rendering.paper import Paper

_paper = click.option("--paper", type=click.Choice(["a4", "letter"]), help="The site's own unless given.")
_size = click.option("--size", type=click.Choice(["normal", "large"]), default="normal", help="Of the words.")
_ink = click.option(
    "--ink", type=click.Choice(["normal", "saver"]), default="normal", help="Saver is black lines only."
)
_output = click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, help="The PDF to write."
)


@click.group("print")
def print_() -> None:
    """Print worksheets, weeks, courses and session papers to PDF."""


@print_.command()
@click.argument("which", metavar="COURSE/ID")
@_paper
@_size
@_ink
@_output
def worksheet(which: str, paper: str | None, size: str, ink: str, output: Path) -> None:
    """A blank worksheet, such as self-compassion/friend-and-me."""
    from course_engine.services import blanks

    with reading() as engine:
        course, id = _parts(which)
        with bar("Printing", 1) as progress:
            made = blanks.worksheet(engine, course, id, _on(engine, paper, size, ink))
            progress.update(1)
        write(output, made)


@print_.command()
@click.argument("which", metavar="COURSE/N")
@_paper
@_size
@_ink
@_output
def week(which: str, paper: str | None, size: str, ink: str, output: Path) -> None:
    """A whole week, such as self-compassion/3."""
    from course_engine.services import blanks

    with reading() as engine:
        course, number = _parts(which)
        if not number.isdecimal():
            raise click.BadParameter(f"{number} is no week. Write the course and a number, like {course}/3.")
        with bar("Printing", 1) as progress:
            made = blanks.week(engine, course, int(number), _on(engine, paper, size, ink))
            progress.update(1)
        write(output, made)


@print_.command()
@click.argument("course")
@_paper
@_size
@_ink
@_output
def workbook(course: str, paper: str | None, size: str, ink: str, output: Path) -> None:
    """A whole course as one book to write in. It takes a minute or so."""
    from course_engine.services import blanks

    with reading() as engine, bar("Printing", 100) as progress:
        on = _on(engine, paper, size, ink)
        made = blanks.workbook(engine, course, on, lambda percent: progress.update(percent - progress.pos))
        progress.update(100 - progress.pos)
    write(output, made)


@print_.command()
@click.argument("cohort")
@click.argument("number", metavar="N", type=int)
@click.option(
    "--for", "whom", type=click.Choice(["expected", "all"]), default="expected", help="Who gets handouts."
)
@click.option("--sides", type=click.Choice(["1", "2"]), default="1", help="Of the paper.")
@click.option("--scripts", is_flag=True, help="Give each person the scripts too, not the leader alone.")
@_paper
@_size
@_ink
@_output
def session(
    cohort: str,
    number: int,
    whom: str,
    sides: str,
    scripts: bool,
    paper: str | None,
    size: str,
    ink: str,
    output: Path,
) -> None:
    """The papers of session N of a group.

    The plan, the sign-in sheet, and handouts for those expected.

    COHORT is its id, or its name where no other group has it.
    """
    from course_engine.services import choices, packs, registers

    with opened() as engine, bar("Printing", 100) as progress:
        choice = choices.Choice(
            choices.What.HANDOUTS,
            number,
            whom=choices.Whom(whom),
            paper=_on(engine, paper, size, ink),
            sides=int(sides),
            scripts=scripts,
        )
        made = packs.session_pdf(
            engine,
            registers.find(cohort),
            choice,
            now(),
            lambda percent: progress.update(percent - progress.pos),
        )
        progress.update(100 - progress.pos)
    write(output, made)


def _on(engine: "Engine", paper: str | None, size: str, ink: str) -> "Paper":
    from course_engine.rendering.paper import Paper

    return Paper(paper or engine.config.paper, size, ink)


def _parts(which: str) -> tuple[str, str]:
    course, slash, rest = which.partition("/")
    if not slash or not rest:
        raise click.BadParameter(f"{which}: write the course, a slash, and what to print of it.")
    return course, rest
