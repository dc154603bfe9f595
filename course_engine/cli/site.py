"""Commands for the whole site: migrate, back up, restore, look for what is missing or unsafe."""

import os
from pathlib import Path

import click

from course_engine.cli.opened import bar, json_option, now, opened, table


@click.command()
@click.option("--status", is_flag=True, help="Only say what would be done.")
@json_option
def migrate(status: bool, as_json: bool) -> None:
    """Bring the database to this version; SQLite is copied first. Safe to run from two places at once."""
    from course_engine.services import people
    from course_engine.storage import migrate as migrations

    with opened(migrated=False) as engine:
        if status:
            waiting = migrations.pending(engine.database)
            if waiting or as_json:
                table([{"migration": name, "state": "waiting"} for name in waiting], as_json)
            else:
                click.echo("The database is up to date.")
            return
        done = migrations.migrate(engine.database, engine.config.data / "backups")
        nobody = not people.page().people
    click.echo(f"Done: {', '.join(done)}." if done else "The database is up to date.")
    if nobody:
        click.echo("Nobody has an account yet. Next: course-engine person add you@example.org --role admin")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Write the whole site to one FILE, while it is being used."""
    from course_engine.services import backups

    with opened() as engine, bar("Backing up", backups.count(engine)) as progress:
        rows = backups.backup(engine, file, now(), progress.update)
    click.echo(f"{file} holds the whole site ({rows} {'row' if rows == 1 else 'rows'}).")
    click.echo("The secret, data and signing keys are not in it.")
    click.echo("Keep them apart: without them it cannot be read.")
    click.echo(
        f"The ledger of erased people is not in it either. Keep {engine.config.data / backups.LEDGER} too."
    )


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Delete what this site holds now.")
@click.option("--ledger", help="The ledger of erased people, or `none` if it is gone.")
def restore(file: Path, replace: bool, ledger: str | None) -> None:
    """Fill this site from a backup FILE. People who were erased since stay erased."""
    from course_engine.services import backups

    with opened(migrated=False) as engine, bar("Restoring", backups.rows_in(file)) as progress:
        restored = backups.restore(engine, file, replace=replace, ledger=ledger, done=progress.update)
    for line in restored.told:
        click.echo(line)
    for line in restored.warnings:
        click.echo(line, err=True)


@click.command()
@json_option
def doctor(as_json: bool) -> None:
    """What is configured, missing or unsafe, and how to mend it."""
    from course_engine.config import PREFIX, faults
    from course_engine.services import checkup

    wrong = faults(os.environ)
    if wrong:
        lines = checkup.unread(wrong)
    else:
        file = os.environ.get(f"{PREFIX}CONFIG")
        with opened(migrated=False) as engine:
            lines = checkup.look(engine, Path(file) if file else None, now())
    table([{"part": one.about, "state": one.state.value, "what": one.sentence} for one in lines], as_json)
    stops = sum(one.stops for one in lines)
    if stops:
        click.echo(f"To be mended before people come: {stops}.", err=True)
        raise SystemExit(1)
