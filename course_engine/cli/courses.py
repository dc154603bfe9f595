"""Commands about courses: check a folder, preview an edition, look at a learner's access."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from course_engine.cli.opened import json_option, moment, now, opened, table

if TYPE_CHECKING:
    from course_engine.domain.access import Access
    from course_engine.domain.course import Course


@click.command()
@click.argument(
    "paths", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="[PATH ...]"
)
def check(paths: tuple[Path, ...]) -> None:
    """Validate course folders: every fault, each as file:line:column: sentence."""
    from course_engine.config import course_folders
    from course_engine.content import loader
    from course_engine.paths import MODULES

    faults = 0
    given = paths or (*course_folders(os.environ), MODULES)
    # A folder without a course is looked at all the same: what it lacks is its fault.
    folders = [course for folder in given for course in loader.all_courses([folder]) or [folder]]
    for folder in folders:
        compiled = loader.compile_course(folder)
        for fault in compiled.faults:
            click.echo(f"{folder / str(fault)}")
        for note in compiled.notes:
            click.echo(f"{folder / str(note)} (note)")
        faults += len(compiled.faults)
        if not compiled.faults:
            click.echo(f"{folder} is a valid course.", err=True)
    if faults:
        raise SystemExit(1)


@click.command()
@click.argument("course")
@click.option("--at", "at_date", metavar="DATE", help="The day to look at; today unless given.")
@click.option(
    "--start",
    metavar="DATE",
    help="The day of joining; today, or an earlier day to look at, unless given.",
)
@click.option(
    "--pace", type=click.Choice(["weekly", "gentle", "free", "cohort"]), help="The course's own unless given."
)
@json_option
def preview(course: str, at_date: str | None, start: str | None, pace: str | None, as_json: bool) -> None:
    """COURSE (its id or folder) as a learner who does each step when it opens meets it at a date."""
    from course_engine.domain.pace import PaceKind
    from course_engine.services import previews

    with opened() as engine:
        zone = engine.config.zone
        at = moment(at_date, zone)
        begin = moment(start, zone) if start else min(at, now())
        if at < begin:
            raise click.BadParameter(f"{at_date or 'Today'} is before the day of joining, {start}.")
        chosen = PaceKind(pace) if pace else None
        found, access = previews.preview(engine, course, chosen, begin, at)
        table(_rows(found, access, zone), as_json)


@click.command()
@click.argument("email", metavar="LEARNER-EMAIL")
@click.option("--at", "instant", metavar="ISO-DATETIME", help="The instant to look at; now unless given.")
@json_option
def access(email: str, instant: str | None, as_json: bool) -> None:
    """A real learner's weeks and steps, from the same rule the pages use."""
    from course_engine.services import people, runs

    with opened() as engine:
        person = people.get(email)
        at = runs.seen_at(engine, person, runs.current(engine, person), moment(instant, person.zone))
        table(_rows(at.course, at.access, at.zone), as_json)


def _rows(course: "Course", access: "Access", zone: str) -> list[dict[str, object]]:
    from course_engine.services import wording

    rows: list[dict[str, object]] = []
    for week in course.weeks:
        standing = access.weeks[week.id]
        rows.append(
            {
                "item": f"week {week.number}",
                "title": week.title,
                "state": standing.state.value,
                "reason": wording.why(course, standing, zone),
            }
        )
        for step in week.steps:
            own = access.steps[step.id]
            why = wording.why(course, own, zone) if own.reasons != standing.reasons else ""
            rows.append(
                {"item": f"  {step.id}", "title": step.title, "state": own.state.value, "reason": why}
            )
    return rows
