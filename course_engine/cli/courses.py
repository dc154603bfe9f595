"""Commands about courses: check a folder, preview or publish it, look at a learner's access."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from course_engine.cli.opened import bar, json_option, moment, now, opened, reading, table

if TYPE_CHECKING:
    from course_engine.content.loader import Compiled
    from course_engine.domain.access import Access
    from course_engine.domain.course import Course


@click.command()
@click.argument(
    "paths", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="[PATH ...]"
)
@click.option("--language", metavar="CODE", help="List every part and how it stands in this language.")
@json_option
def check(paths: tuple[Path, ...], language: str | None, as_json: bool) -> None:
    """Look for faults in course folders. Each is told as file:line:column: sentence."""
    from course_engine.config import course_folders
    from course_engine.content import loader
    from course_engine.i18n import is_language
    from course_engine.paths import MODULES

    if language and not is_language(language):
        raise click.BadParameter(f"{language} is no language. Write one like es or pt_BR.")
    given = paths or (*course_folders(os.environ), MODULES)
    # A folder without a course is looked at all the same: what it lacks is its fault.
    folders = [course for folder in given for course in loader.all_courses([folder]) or [folder]]
    found = {}
    with bar("Reading", len(folders)) as progress:
        for folder in folders:
            found[folder] = loader.compile_course(folder)
            progress.update(1)
    if language:
        _tell(found, err=True, notes=False)
        table([row for folder in folders for row in _units(folder, found[folder], language)], as_json)
    elif as_json:
        table([row for folder in folders for row in _told(folder, found[folder])], as_json)
    else:
        _tell(found)
    if any(compiled.faults for compiled in found.values()):
        raise SystemExit(1)


def _tell(found: "Mapping[Path, Compiled]", *, err: bool = False, notes: bool = True) -> None:
    for folder, compiled in found.items():
        for fault in compiled.faults:
            click.echo(f"{folder / str(fault)}", err=err)
        for note in compiled.notes if notes else ():
            click.echo(f"{folder / str(note)} (note)")
        if notes and not compiled.faults:
            click.echo(f"{folder} is a valid course.", err=True)


def _told(folder: Path, compiled: "Compiled") -> list[dict[str, object]]:
    told = [("fault", fault) for fault in compiled.faults] + [("note", note) for note in compiled.notes]
    return [
        {"kind": kind, "file": str(folder / one.file), "line": one.line, "column": one.column,
         "sentence": one.sentence}
        for kind, one in told
    ]  # fmt: skip


def _units(folder: Path, compiled: "Compiled", language: str) -> list[dict[str, object]]:
    """What a translator looks at: each unit, how it stands, and the `of` that stands for its text of now."""
    return [
        {"unit": f"{folder.name}/{standing.original.name}", "state": standing.state.value, "of": standing.of}
        for standing in compiled.standings(language)
    ]


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
    """Show COURSE (its id or folder) as it opens for a learner. They do each step as soon as they can.

    At the weekly pace the next week opens on the sixth day after the one before, so that it is there when
    somebody returns on the same weekday; whoever goes on at once meets it a weekday earlier each time.
    """
    from course_engine.domain.pace import PaceKind
    from course_engine.services import previews

    with reading() as engine:
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
    """A real learner's weeks and steps, as the pages show them."""
    from course_engine.domain.errors import NotFound
    from course_engine.services import people, runs

    with opened() as engine:
        person = people.get(email)
        if not runs.of_person(engine, person):
            raise NotFound(f"{person.name} has not begun a course yet.")
        at = runs.seen_at(engine, person, runs.current(engine, person), moment(instant, person.zone))
        table(_rows(at.course, at.access, at.zone), as_json)


@click.command()
@click.argument("course")
def publish(course: str) -> None:
    """Publish COURSE (its id or folder) for new people and groups. Others keep what they have."""
    from course_engine.services import catalogue, editions

    with opened() as engine:
        instant = now()
        made = catalogue.use(editions.publish_named(engine, course, instant)).edition
        told = "published" if made.published_at == instant else "in use already"
        click.echo(f"{made.course}: edition {made.short} is {told}.")


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
