"""Commands for the whole site: migrate, back up, restore."""

from pathlib import Path

import click

from course_engine.cli.opened import json_option, now, opened, table


@click.command()
@click.option("--status", is_flag=True, help="Only say what would be done.")
@json_option
def migrate(status: bool, as_json: bool) -> None:
    """Bring the database to this version; SQLite is copied first. Safe to run from two places at once."""
    from course_engine.storage import migrate as migrations

    with opened(migrated=False) as engine:
        if status:
            waiting = migrations.pending(engine.database)
            table([{"migration": name, "state": "waiting"} for name in waiting], as_json)
            return
        done = migrations.migrate(engine.database, engine.config.data / "backups")
    click.echo(f"Done: {', '.join(done)}." if done else "The database is up to date.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Write the whole site to one FILE, while it is being used."""
    from course_engine.services import backups

    with opened() as engine:
        rows = backups.backup(engine, file, now())
    click.echo(f"{file} holds {rows} rows.")
    click.echo(
        "It does not hold the secret, data and signing keys: keep them apart, it cannot be read without."
    )


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Delete what this site holds now.")
@click.option("--ledger", help="The ledger of erased people, or `none` if it is gone.")
def restore(file: Path, replace: bool, ledger: str | None) -> None:
    """Fill this site from a backup FILE; people who were erased since stay erased."""
    from course_engine.services import backups

    with opened(migrated=False) as engine:
        told = backups.restore(engine, file, replace=replace, ledger=ledger, now=now())
    for line in told:
        click.echo(line)
