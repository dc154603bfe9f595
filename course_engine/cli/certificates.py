"""Commands about certificates."""

import os.path
from pathlib import Path

import click

from course_engine.cli.opened import bar, json_option, now, opened, reading, table, write


@click.group()
def certificate() -> None:
    """Sample, issue, verify and withdraw certificates."""


@certificate.command()
@click.argument("design")
@click.option("--paper", type=click.Choice(["a4", "letter"]), help="The site's own unless given.")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="The PDF to write.")
def sample(design: str, paper: str | None, output: Path) -> None:
    """A sample certificate in DESIGN, for an invented person."""
    from course_engine.rendering.paper import Paper
    from course_engine.services import samples

    with reading(migrated=False) as engine:
        with bar("Printing", 1) as progress:
            made = samples.of_design(engine, design, Paper(paper or engine.config.paper))
            progress.update(1)
        write(output, made)


@certificate.command()
@click.argument("whom", metavar="COHORT|LEARNER-EMAIL")
@json_option
def issue(whom: str, as_json: bool) -> None:
    """Make the certificates that have been earned. Of a learner, or of everybody in a cohort."""
    from course_engine.services import issuing

    with opened() as engine:
        earners = issuing.whose(whom)
        rows = []
        with bar("Making certificates", len(earners)) as progress:
            for person, run in earners:
                rows.append(issuing.issue(engine, person, run, now()))
                progress.update(1)
        table(rows, as_json)


@certificate.command()
@click.argument("code", metavar="CODE-OR-FILE")
@json_option
def verify(code: str, as_json: bool) -> None:
    """Whether a certificate is valid, by its code or its PDF."""
    from course_engine.services import verifying

    with opened():
        # What is too long for a file name is a code, and a wrong one.
        given = verifying.code_in(Path(code)) if os.path.isfile(code) else code
        found = verifying.verify(given)
        row = {
            "code": found.code, "state": found.state.value, "holder": found.initials, "course": found.title,
            "from": found.started, "to": found.finished, "replaced by": found.next_code or "",
        }  # fmt: skip
        table([row], as_json)


@certificate.command()
@click.argument("code")
@click.option("--reason", required=True, help="Kept in the audit; not shown to whoever checks the code.")
def withdraw(code: str, reason: str) -> None:
    """Take a certificate out of use."""
    from course_engine.services import certificates

    with opened() as engine:
        certificates.withdraw(engine, code, reason, now())
    click.echo("The certificate is withdrawn. Whoever checks its code is told so.")
