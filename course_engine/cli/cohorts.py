"""Commands about groups: list them, make one, share it, take a roster in and out."""

from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from course_engine.cli.opened import bar, json_option, now, opened, table, write

if TYPE_CHECKING:
    from course_engine.services.roster_rows import Change


@click.group()
def cohort() -> None:
    """Make groups, list and share them, take their rosters in and out."""


@cohort.command("list")
@json_option
def list_(as_json: bool) -> None:
    """Every group, with its first session and how many people are in it."""
    from course_engine.services import registers

    with opened():
        rows: list[dict[str, object]] = [
            {
                "id": one.cohort.id,
                "name": one.cohort.name,
                "course": one.cohort.course,
                "first": one.first.starts_at if one.first else None,
                "zone": one.cohort.zone,
                "people": one.people,
                "ended": one.cohort.ended_at.date().isoformat() if one.cohort.ended_at else None,
            }
            for one in registers.all()
        ]
        table(rows, as_json)


@cohort.command()
@click.argument("course")
@click.option("--start", required=True, metavar="DATE", help="Day of the first session, such as 2026-03-17.")
@click.option("--zone", required=True, help="Time zone of the group, such as Europe/Lisbon.")
@click.option("--name", help="What it is called; the course and the day unless given.")
@click.option("--hour", default="18:30", show_default=True, metavar="HH:MM", help="When a session begins.")
@click.option("--minutes", default=120, show_default=True, type=click.IntRange(10, 600), help="Of a session.")
@click.option("--facilitator", metavar="ADDRESS", help="Who leads it; needed where there are several.")
def add(
    course: str, start: str, zone: str, name: str | None, hour: str, minutes: int, facilitator: str | None
) -> None:
    """Make a group for COURSE that meets once a week."""
    from course_engine.i18n import is_zone
    from course_engine.services import cohorts, registers

    try:
        day, begins = date.fromisoformat(start), time.fromisoformat(hour)
    except ValueError:
        day, begins = None, time()
    if day is None or begins.tzinfo is not None or not is_zone(zone):
        raise click.BadParameter(
            f"{start} {hour} {zone}: write them like 2026-03-17, 18:30 and Europe/Lisbon."
        )
    first = datetime.combine(day, begins, ZoneInfo(zone))
    with opened() as engine:
        leader = registers.leader(facilitator)
        made = cohorts.add(engine, leader, course, name or f"{course}, {start}", first, zone, minutes, now())
    click.echo(f"{made.id}: “{made.name}”, led by {leader.name}.")


@cohort.command("import")
@click.argument("which", metavar="COHORT")
@click.argument("file", metavar="CSV", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option(
    "--faults", type=click.Path(path_type=Path), help="Where to write rows that cannot be taken in."
)
@json_option
def import_(which: str, file: Path, dry_run: bool, faults: Path | None, as_json: bool) -> None:
    """Take the people of a CSV file into a group. People are added and changed, and never removed."""
    from course_engine.services import registers, roster_files, rosters
    from course_engine.services.roster_rows import Deed

    with opened() as engine:
        cohort = registers.find(which)
        data = file.read_bytes()
        batch = f"{cohort.id}|{_name_of(data)}"
        plan = rosters.plan(cohort, roster_files.read(data), batch)
        table([_told(one) for one in plan.changes if as_json or one.deed is not Deed.SAME], as_json)
        if faults is not None:
            faults.write_bytes(rosters.faults(plan))
        bad = len(plan.of(Deed.BAD))
        if dry_run:
            would = f"Rows that would change something: {len(plan.doing)}, that cannot be taken in: {bad}."
            click.echo(would, err=True)
            return
        leader = registers.leads(cohort)
        with bar("Taking in", len(plan.doing)) as progress:
            for start in range(0, len(plan.doing), rosters.AT_ONCE):
                some = plan.doing[start : start + rosters.AT_ONCE]
                rosters.apply(engine, cohort, some, batch, leader, now())
                progress.update(len(some))
        click.echo(f"Rows taken in: {len(plan.doing)}, that cannot be: {bad}.", err=True)


@cohort.command()
@click.argument("which", metavar="COHORT")
@click.argument("address", metavar="EMAIL")
def share(which: str, address: str) -> None:
    """Let the facilitator EMAIL lead a group too, such as when its own is away for good."""
    from course_engine.services import cohorts, registers

    with opened() as engine:
        cohort = registers.find(which)
        found = cohorts.share(engine, cohort, address, None, now())
    click.echo(f"{found.name} leads “{cohort.name}” from now on.")


@cohort.command()
@click.argument("which", metavar="COHORT")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="The CSV to write.")
def export(which: str, output: Path) -> None:
    """Write the people of a group to a CSV file."""
    from course_engine.services import registers, rosters

    with opened():
        write(output, rosters.export(registers.find(which)))


def _name_of(data: bytes) -> str:
    """What a file is known by, so that taking it in twice adds nobody twice."""
    from hashlib import sha256

    return sha256(data).hexdigest()


def _told(one: "Change") -> dict[str, object]:
    return {
        "line": one.row.line,
        "person": one.name or one.row.name or one.row.email,
        "does": one.deed.value,
        "fields": [f"{name}: {new}" for name, (_old, new) in one.fields.items()],
        "reason": one.reason,
    }
